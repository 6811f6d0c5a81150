"""`curate topics`, from a release of sample logs to a tagged release."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from pipeline import cli, recipe
from pipeline.topics import comparing
from tests import runs

STAGES = ["drop_malformed_turns", "drop_errors", "drop_empty", "drop_superseded"]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run on sample logs, with its run folder."""
    folder = tmp_path_factory.mktemp("topics")
    runs.curate(runs.sample(folder / "logs", 900), folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def models(output: Path) -> tuple[str, str]:
    """Two models of it."""
    made = []
    for name, topics in (("old", 6), ("new", 4)):
        made.append(str(output.parent / name))
        given = ["--output", made[-1], "--topics", str(topics), "--sample", "600"]
        assert cli.main(["topics", "fit", str(output), *given]) == 0
    return made[0], made[1]


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    """What `curate topics` prints as JSON."""
    assert cli.main(["topics", *arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_card_tells_how_a_model_was_made(
    models: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Sizes, users, the sample's fingerprint, versions; every topic is large enough."""
    capsys.readouterr()
    card = said(capsys, "show", models[0])

    assert card["sample"]["conversations"] == 600
    assert card["sample"]["seen"] > 600
    assert len(card["sample"]["sha256"]) == 64
    assert card["scikit_learn"]
    assert card["topics"]
    for topic in card["topics"]:
        assert topic["users"] >= 5
        assert topic["conversations"] >= 20
    assert cli.main(["topics", "show", models[0]]) == 0
    assert card["id"][:12] in capsys.readouterr().out


def test_a_release_does_not_drift_from_itself(
    output: Path, models: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The sample and the release it is of are near; a bound of less than that gives exit code 1."""
    capsys.readouterr()
    found = said(capsys, "drift", models[0], str(output))

    assert 0 < found["divergence"] < 0.02
    assert sum(topic["now"] for topic in found["topics"]) + found["other"]["now"] == (
        pytest.approx(1, abs=0.001)
    )
    assert said(capsys, "drift", models[0], str(output), "--most", "0", code=1) == found | {
        "most": 0.0
    }


def test_the_crosswalk_leads_from_each_old_topic_to_new_ones(
    output: Path, models: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Shares of an old topic sum to one; to itself a model leads straight."""
    capsys.readouterr()
    found = said(capsys, "crosswalk", *models, str(output / "release"))
    itself = said(capsys, "crosswalk", models[0], models[0], str(output))

    for topic in found["topics"]:
        if topic["conversations"]:
            assert sum(one["share"] for one in topic["to"]) == pytest.approx(1, abs=0.001)
    for topic in itself["topics"]:
        assert [one["id"] for one in topic["to"]] == [topic["id"]] * bool(topic["conversations"])


def test_a_model_tags_a_release(output: Path, models: tuple[str, str], tmp_path: Path) -> None:
    """A recipe with the model writes the columns; ids and labels are the card's."""
    content = {"stages": [*STAGES, {"tag_topics": {"model": models[0]}}]}
    logs = f"{output.parent}/logs/server*/*-conv.json*"
    runs.curate(logs, tmp_path / "out", recipe.build(content))
    files = sorted((tmp_path / "out" / "release" / "data" / "conversations").rglob("*.parquet"))
    card = json.loads((Path(models[0]) / "topics.json").read_text("utf-8"))
    names = {topic["id"]: topic["label"] for topic in card["topics"]} | {-1: "other", None: None}
    rows = [row for file in files for row in pq.read_table(file).to_pylist() if "topic" in row]

    assert rows
    assert {row["topic_id"] for row in rows} >= set(range(len(card["topics"])))
    for row in rows:
        assert row["topic"] == names[row["topic_id"]]
        assert (row["topic_id"] is None) == bool(row["tag_errors"])


def test_a_model_is_never_overwritten(output: Path, models: tuple[str, str]) -> None:
    """A folder that exists is refused."""
    assert cli.main(["topics", "fit", str(output), "--output", models[0]]) == 4


def test_users_are_counted_or_it_is_said_that_they_are_not(output: Path, tmp_path: Path) -> None:
    """A release alone has no users: it needs --min-users 0."""
    given = ["topics", "fit", str(output / "release"), "--output", str(tmp_path / "m")]

    assert cli.main(given) == 3
    assert cli.main([*given, "--min-users", "0"]) == 0


def test_labels_are_distilled(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--labels` makes a model whose topics bear the labels."""
    tables = [
        pq.read_table(file, columns=["conversation_id", "conversation"])
        for file in (output / "release" / "data" / "conversations").rglob("*.parquet")
        if "conversation_id" in pq.read_schema(file).names
    ]
    rows = [row for table in tables for row in table.to_pylist()]
    lines = [
        {
            "conversation_id": row["conversation_id"],
            "label": "long" if len(row["conversation"][0]["content"]) > 60 else "short",
        }
        for row in rows
    ]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    given = ["--output", str(tmp_path / "m"), "--labels", str(tmp_path / "labels.jsonl")]
    card = said(capsys, "fit", str(output), *given)

    assert {topic["label"] for topic in card["topics"]} == {"long", "short"}
    assert card["labels"]["kinds"] == 2


def test_the_divergence_is_that_of_the_book() -> None:
    """0 for equal shares, 1 bit for disjoint ones, and one case by hand."""
    reckoned = comparing.divergence(np.array([1, 1]), np.array([1, 0]))

    assert comparing.divergence(np.array([2, 4]), np.array([1, 2])) == pytest.approx(0)
    assert comparing.divergence(np.array([3, 0]), np.array([0, 5])) == pytest.approx(1)
    by_hand = (0.5 * np.log2(0.5 / 0.75) + 0.5 * np.log2(0.5 / 0.25) + np.log2(1 / 0.75)) / 2
    assert reckoned == pytest.approx(by_hand)
