"""A run fits its own topics: a frozen model from redacted survivors, the same however it is run."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import fitting, recipe
from pipeline.recipe import Recipe
from pipeline.stages.topics import Fit, TagTopics
from pipeline.topics import model, words
from tests import runs
from tests.conftest import conversations

FEW: dict[str, Any] = {"topics": 4, "sample": 300, "min_users": 2, "min_conversations": 5}


def fits(**options: Any) -> Recipe:
    """A recipe that redacts, then fits topics, into many small shards."""
    stages = ["drop_malformed_turns", "drop_superseded", "redact_pii", {"tag_topics": options}]
    release = {"interval": "day", "shard_mb": 0.1, "row_group_mb": 0.03}
    return recipe.build({"stages": stages, "release": release})


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A synthetic log of 800 conversations."""
    return runs.sample(tmp_path_factory.mktemp("logs"), 800)


@pytest.fixture(scope="module")
def first(logs: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run that fits topics."""
    output = tmp_path_factory.mktemp("first")
    runs.curate(logs, output, fits(fit=FEW))
    return output


def released(output: Path) -> dict[str, Any]:
    """The manifest of a release."""
    return dict(json.loads((output / "release" / "manifest.json").read_bytes()))


def same(one: Path, other: Path) -> bool:
    """Whether two runs released the same rows, by the same model."""
    data = [runs.tree(output / "release" / "data") for output in (one, other)]
    return data[0] == data[1] and released(one)["models"] == released(other)["models"]


def test_rows_have_topics_of_the_model_that_the_manifest_names(first: Path) -> None:
    """The id in the manifest is that of the model in the run folder, and rows have its labels."""
    name = released(first)["models"]["tag_topics"]
    frozen = model.load(str(first / "run" / "models" / name))
    labels = dict(enumerate(frozen.labels)) | {-1: model.OTHER}

    found = {(row["topic_id"], row["topic"]) for row in runs.rows(first)}

    assert frozen.card["id"] == name
    assert len(found - {(None, None)}) >= 2
    assert all(labels[number] == label for number, label in found - {(None, None)})


def test_no_small_topic_is_published(first: Path) -> None:
    """Each topic of the model has the users and conversations that the recipe asks for."""
    name = released(first)["models"]["tag_topics"]
    card = model.load(str(first / "run" / "models" / name)).card

    assert all(topic["users"] >= FEW["min_users"] for topic in card["topics"])
    assert all(topic["conversations"] >= FEW["min_conversations"] for topic in card["topics"])


@pytest.mark.parametrize(
    "settings",
    [
        {"batch_rows": 64},
        {"split_mb": 0.05},
        {"engine": "local"},
        {"engine": "local", "workers": 2},
    ],
    ids=["batch", "split", "beam", "workers"],
)
def test_how_it_is_run_does_not_show(
    settings: dict[str, Any],
    logs: str,
    first: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same sample, the same model, the same bytes of the release."""
    monkeypatch.setattr("pipeline.engines.WORTH_WORKERS", 0)
    runs.curate(logs, tmp_path, fits(fit=FEW), **settings)

    assert same(tmp_path, first)


def test_what_a_killed_run_fitted_is_taken_over(
    logs: str, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that dies behind a part of the sample goes on there; one that has a model keeps it."""

    class Killed(Exception):  # noqa: N818 (what happens, not what is wrong)
        """The process ends here."""

    drawn: list[str] = []
    draw = fitting.draw

    def some(unit: Any, **rest: Any) -> None:
        if len(drawn) == 2:
            raise Killed
        drawn.append(unit.id)
        draw(unit, **rest)

    monkeypatch.setattr(fitting, "draw", some)
    with pytest.raises(Killed):
        runs.curate(logs, tmp_path, fits(fit=FEW), split_mb=0.2)
    parts = list((tmp_path / "run" / "fit").glob("*/*.parquet"))
    assert len(parts) == 2
    assert not (tmp_path / "run" / "models").exists()

    monkeypatch.setattr(fitting, "draw", draw)
    monkeypatch.setattr("pipeline.writing.write", _raises(Killed))
    with pytest.raises(Killed):
        runs.curate(logs, tmp_path, fits(fit=FEW), split_mb=0.2)
    monkeypatch.undo()
    monkeypatch.setattr(fitting, "fit", _raises(Killed))
    runs.curate(logs, tmp_path, fits(fit=FEW), split_mb=0.2)

    assert same(tmp_path, first)


def _raises(error: type[Exception]) -> Any:
    def work(*_: Any, **__: Any) -> None:
        raise error

    return work


def test_later_runs_keep_the_topics(logs: str, first: Path, tmp_path: Path) -> None:
    """Given the model, a run of fewer conversations gives each the topic that it had."""
    name = released(first)["models"]["tag_topics"]
    place = str(first / "run" / "models" / name)
    runs.curate(logs, tmp_path, fits(model=place), limit=300)

    before = {row["conversation_id"]: row["topic_id"] for row in runs.rows(first)}
    after = {row["conversation_id"]: row["topic_id"] for row in runs.rows(tmp_path)}
    shared = before.keys() & after.keys()

    assert len(shared) > 100
    assert released(tmp_path)["models"] == {"tag_topics": name}
    assert sum(before[one] != after[one] for one in shared) <= len(shared) * 0.05  # other turns


def test_the_sample_is_of_redacted_text(first: Path) -> None:
    """What a run fits to is prose of the prompts as they are released, or the beginning of it."""
    parts = runs.read(first / "run" / "fit" / "tag_topics")
    table = runs.table(first).select(["conversation_id", "conversation"]).combine_chunks()
    prose = words.of_prompts(table["conversation"].chunk(0))
    said = dict(zip(table["conversation_id"].to_pylist(), prose.to_pylist(), strict=True))

    assert any(row["redacted"] for row in runs.rows(first))
    assert len(parts) >= 200
    assert all(said[row["conversation_id"]].startswith(row["text"]) for row in parts)


def by_days(logs: str) -> list[list[str]]:
    """The files of a log, day by day."""
    found = sorted(Path(logs.partition("/server")[0]).glob("server*/*-conv.json*"))
    days = sorted({path.name[-20:-10] for path in found})
    return [[str(path) for path in found if day in path.name] for day in days]


def test_logs_of_later_days_do_not_change_the_model(logs: str, first: Path, tmp_path: Path) -> None:
    """The sample is of the first day, which holds enough."""
    runs.curate(by_days(logs)[0], tmp_path, fits(fit=FEW))

    assert len(by_days(logs)) == 3
    assert released(tmp_path)["models"] == released(first)["models"]


def test_step_by_step_is_at_once(logs: str, first: Path, tmp_path: Path) -> None:
    """Day after day gives the bytes of the release of all days, topics among them."""
    after = None
    for step, files in enumerate(by_days(logs)):
        runs.curate(files, tmp_path / str(step), fits(fit=FEW), after=after)
        after = str(tmp_path / str(step))

    assert runs.tree(tmp_path / "2" / "release") == runs.tree(first / "release")


def test_too_little_at_first_is_fitted_later(logs: str, first: Path, tmp_path: Path) -> None:
    """A first release without topics gets them as soon as there is enough to fit to."""
    few, rest = tmp_path / "few" / "server0" / "2023-06-24-conv.json", by_days(logs)
    lines = Path(rest[0][0]).read_bytes().splitlines(keepends=True)
    few.parent.mkdir(parents=True)
    few.write_bytes(b"".join(lines[:4]))
    Path(tmp_path / "more.json").write_bytes(b"".join(lines[4:]))
    others = [*rest[0][1:], *rest[1], *rest[2], str(tmp_path / "more.json")]
    runs.curate(str(few), tmp_path / "early", fits(fit=FEW))
    runs.curate(others, tmp_path / "late", fits(fit=FEW), after=str(tmp_path / "early"))

    assert released(tmp_path / "early")["models"] == {}
    assert same(tmp_path / "late", first)


def test_too_little_to_fit_to_is_no_error(
    logs: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A handful of conversations is released, without topics and with the reason."""
    runs.curate(logs, tmp_path, fits(fit={}), limit=12)
    rows = runs.rows(tmp_path)

    assert rows
    assert released(tmp_path)["models"] == {}
    assert released(tmp_path)["tag_errors"] == {"tag_topics": {"no_model": len(rows)}}
    assert "no model could be fitted" in caplog.text
    for row in rows:
        assert row["topic_id"] is row["topic"] is row["topic_score"] is None
        assert {"tag": "tag_topics", "message": None, "reason": "no_model"} in row["tag_errors"]


def test_no_rows_at_all_are_no_error(logs: str, tmp_path: Path) -> None:
    """A run whose every row is dropped fits nothing."""
    made = fits(fit={})
    nothing = recipe.build({"stages": [{"drop_models": {"names": ["*"]}}]})
    runs.curate(logs, tmp_path, replace(made, stages=(*nothing.stages, *made.stages)), limit=50)

    assert runs.rows(tmp_path) == []


def test_a_model_is_not_given_twice() -> None:
    """A model and a fit at once are a fault."""
    with pytest.raises(ValueError, match="leave one out"):
        TagTopics(model="anywhere", fit=Fit())


def test_without_a_model_yet_topics_are_null() -> None:
    """`curate try` shows a recipe that fits: each topic is null, and why."""
    made = TagTopics(fit=Fit()).apply(conversations(["hello", "hi"], []))

    assert made["topic_id"].to_pylist() == [None, None]
    assert [[e["reason"] for e in row] for row in made["tag_errors"].to_pylist()] == [
        ["no_model"],
        ["no_model"],
    ]


def test_recipes_without_fits_have_no_models() -> None:
    """Stages that apply no model neither lack one nor name one."""
    assert fitting.lacking(recipe.build({"stages": ["tag_language"]})) == []
    assert recipe.build({"stages": ["tag_language"]}).models == {}
