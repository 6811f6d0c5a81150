"""A release that grows by runs is the release of all logs at once, and can forget."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline import cli, forgetting, recipe, run, tombstones
from pipeline.errors import CurationError, ForeignOutputError, IdentityError, InputError
from pipeline.forgetting import Request
from pipeline.recipe import Recipe
from pipeline.stage import FittedStage
from tests import runs

STEPS = 3
MODELS = ("release", "rich")


def parts(folder: Path, target: Path) -> list[str]:
    """The logs of a folder in three pieces, each file's lines dealt like cards.

    That is the hard case: votes and later turns come with logs of their own, and belong to rows
    that are released already.
    """
    for path in sorted(folder.glob("server*/*.json")):
        lines = path.read_bytes().splitlines(keepends=True)
        for step in range(STEPS):
            mine = [line for at, line in enumerate(lines) if at * 7 % 11 * STEPS // 11 == step]
            place = target / str(step) / path.parent.name / path.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(b"".join(mine))
    return [f"{target}/{step}/server*/*.json" for step in range(STEPS)]


def grown(patterns: Sequence[str], folder: Path, made: Recipe, **settings: Any) -> Path:
    """Runs one after the other, each on its own logs; the output of the last one."""
    output, after = folder, None
    for step, pattern in enumerate(patterns):
        output = folder / f"step{step}"
        runs.curate(pattern, output, made, after=after, **settings)
        after = str(output)
    return output


def small_recipe(name: str) -> Recipe:
    """A recipe of many small shards that fits nothing: a model is given to all runs, or to none."""
    made = runs.small(name, shard_mb=0.05)
    return replace(made, stages=tuple(s for s in made.stages if not isinstance(s, FittedStage)))


@dataclass
class World:
    """Logs in pieces, the release of all of them, and the release that grew."""

    pieces: list[str]
    made: Recipe
    whole: Path
    last: Path


@pytest.fixture(scope="module", params=MODELS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Both ways to the same release, on logs dealt like cards."""
    folder = tmp_path_factory.mktemp("world")
    made = small_recipe(request.param)
    runs.sample(folder / "logs", 200)
    pieces = parts(folder / "logs", folder / "pieces")
    runs.curate(pieces, folder / "whole", made)
    return World(pieces, made, folder / "whole", grown(pieces, folder, made))


def test_step_by_step_is_at_once(world: World) -> None:
    """The same files with the same bytes: shards, documents and manifest."""
    assert runs.rows(world.last)
    assert runs.tree(world.last / "release") == runs.tree(world.whole / "release")


def test_the_books_balance_over_all_steps(world: World) -> None:
    """Each line of each step is staged once, and ends once."""
    whole, last = (
        json.loads((output / "run" / "manifest.json").read_text())["books"]
        for output in (world.whole, world.last)
    )

    assert last == whole


def test_logs_that_were_read_are_not_read_again(world: World, tmp_path: Path) -> None:
    """All logs given again after the last step: nothing to stage, the same release."""
    manifest = runs.curate(world.pieces, tmp_path / "out", world.made, after=str(world.last))

    assert manifest.cpu_s["stage"] == 0
    assert runs.tree(tmp_path / "out" / "release") == runs.tree(world.last / "release")


def test_shards_without_news_are_taken_over(tmp_path: Path) -> None:
    """A new day leaves the files of the days before as they are: no work, the same file."""
    made = runs.small(shard_mb=0.05)
    runs.sample(tmp_path / "logs", 300)
    days = sorted({path.name[-20:-10] for path in (tmp_path / "logs").glob("server*/*.json")})
    earlier = [f"{tmp_path}/logs/server*/*{day}-conv.json" for day in days[:-1]]
    runs.curate(earlier, tmp_path / "early", made)
    runs.curate(
        f"{tmp_path}/logs/server*/*.json", tmp_path / "late", made, after=str(tmp_path / "early")
    )
    before, after = (
        {
            path.relative_to(tmp_path / name / "release"): path.stat().st_ino
            for path in (tmp_path / name / "release" / "data" / "conversations").rglob("*.parquet")
        }
        for name in ("early", "late")
    )
    same = [path for path in before if before[path] == after.get(path)]

    assert len(after) > len(before) > len(same) / 2 > 0


def test_finished_rows_are_not_worked_on_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the last step most rows come finished from the release before."""
    from pipeline import writing  # noqa: PLC0415 (beside its use)

    worked: list[int] = []

    def counted(table: Any, *rest: Any) -> Any:
        worked.append(table.num_rows)
        return finish(table, *rest)

    finish = writing.finished
    monkeypatch.setattr(writing, "finished", counted)
    before = str(world.last.parent / "step1")
    runs.curate(world.pieces[2], tmp_path / "out", world.made, after=before)

    assert 0 < sum(worked) < len(runs.rows(world.last)) * 2 / 3


def test_a_killed_take_over_goes_on(world: World, tmp_path: Path) -> None:
    """Without the last receipts of the take-over the same command ends in the same release."""
    before = str(world.last.parent / "step1")
    runs.curate(world.pieces[2], tmp_path / "out", world.made, after=before)
    private = tmp_path / "out" / "run"
    shutil.rmtree(tmp_path / "out" / "release")
    shutil.rmtree(private / "receipts" / "adopt")
    shutil.rmtree(private / "receipts" / "judge")
    shutil.rmtree(private / "receipts" / "write")
    (private / "manifest.json").unlink()
    receipt = min((private / "receipts" / "stage").iterdir())
    receipt.unlink()
    runs.curate(world.pieces[2], tmp_path / "out", world.made, after=before)

    assert runs.tree(tmp_path / "out" / "release") == runs.tree(world.last / "release")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small finished run."""
    runs.curate(runs.sample(tmp_path / "logs", 60), tmp_path / "before", runs.small())
    return tmp_path / "before"


def refusal(tmp_path: Path, before: Path, made: Recipe | None = None, key: str = runs.KEY) -> str:
    """Why a run cannot go on from another one; it leaves nothing."""
    settings = run.Settings(1, "plain", after=str(before))
    with runs.keyed(key), pytest.raises(CurationError) as caught:
        run.run(made or runs.small(), "tested", [], str(tmp_path / "after"), settings)
    left = [name for name in runs.tree(tmp_path / "after") if name != "run/lock"]
    assert left == []
    return f"{type(caught.value).__name__}: {caught.value}"


def test_another_recipe_is_refused(small: Path, tmp_path: Path) -> None:
    """Rows of two recipes do not go into one release."""
    assert "ForeignOutputError: the run in" in refusal(tmp_path, small, runs.small("fastchat"))


def test_another_key_is_refused(small: Path, tmp_path: Path) -> None:
    """A wrong identity key is noticed before anything is read."""
    told = refusal(tmp_path, small, key="cd" * 32)

    assert told.startswith("IdentityError")
    assert "another identity key" in told


@pytest.mark.parametrize("folder", ["index", "staged", "cuts", "receipts/stage"])
def test_changed_private_state_is_refused(small: Path, tmp_path: Path, folder: str) -> None:
    """A byte that is not what the run left stops the next run before any work."""
    path = max((small / "run" / folder).rglob("*.*"), key=lambda path: path.stat().st_size)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))

    assert "1 file(s) were changed" in refusal(tmp_path, small)


def test_a_forged_seal_is_refused(small: Path, tmp_path: Path) -> None:
    """Who changes the state and its hashes, but has no key, is noticed too."""
    path = small / "run" / "seal.json"
    seal = json.loads(path.read_text())
    name = next(name for name in seal["files"] if name.startswith("index/"))
    (small / "run" / name).write_bytes(b"PAR1")
    seal["files"][name] = hashlib.sha256(b"PAR1").hexdigest()
    path.write_text(json.dumps(seal))

    assert "seal.json was changed" in refusal(tmp_path, small)


def test_an_unfinished_run_is_refused(small: Path, tmp_path: Path) -> None:
    """There is nothing to go on from before a release is there."""
    (small / "run" / "manifest.json").unlink()

    assert "InputError" in refusal(tmp_path, small)


def decoded(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The path and content of every file below a folder, and what is in Parquet files."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(folder))
            yield name, name.encode() + path.read_bytes()
            if path.suffix == ".parquet":
                with pq.ParquetFile(path) as source:
                    if source.metadata.num_rows:
                        yield name, repr(source.read().to_pylist()).encode()


def forget(output: Path, made: Recipe, **request: Any) -> None:
    """Forget something in a finished run."""
    with runs.keyed():
        settings = run.Settings(1, "plain")
        forgetting.forget(made, "tested", str(output), Request(**request), settings)


def taken(world: World, tmp_path: Path) -> Path:
    """A copy of the grown run that a test may change."""
    shutil.copytree(world.last, tmp_path / "out")
    return tmp_path / "out"


def test_what_is_forgotten_is_nowhere(world: World, tmp_path: Path) -> None:
    """A conversation, a user and a text: after it no file of the folder holds them, decoded."""
    output = taken(world, tmp_path)
    columns = ["conversation_id", "user_id", "conversation"]
    staged = sorted((output / "run" / "staged").glob("*/conversations.parquet"))
    indexed = [row for path in staged for row in pq.read_table(path, columns=columns).to_pylist()]
    first, second, third = (
        next(row for row in indexed if row["conversation_id"] == released["conversation_id"])
        for released in runs.rows(output)[3:40:15]
    )
    text = max((message["content"] for message in third["conversation"]), key=len)
    forget(
        output,
        world.made,
        conversations=[first["conversation_id"]],
        users=[second["user_id"]],
        texts=[hashlib.sha256(text.encode()).hexdigest()],
    )
    content = list(decoded(output))
    others = {
        message["content"]
        for row in indexed
        for message in row["conversation"]
        if row["conversation_id"] != first["conversation_id"]
        and row["user_id"] != second["user_id"]
    }
    said = [m["content"] for row in (first, second) for m in row["conversation"]]
    said = [text for text in said if text not in others]

    assert runs.rows(output)
    assert said
    for value in (first["conversation_id"], second["user_id"], text, *said):
        shown = [value.encode(), repr(value)[1:-1].encode(), json.dumps(value)[1:-1].encode()]
        assert not [name for name, part in content if any(form in part for form in shown)]


def test_raw_logs_do_not_bring_it_back(world: World, tmp_path: Path) -> None:
    """All logs again with the tombstones: the same release as after forgetting."""
    output = taken(world, tmp_path)
    gone = runs.rows(output)[5]["conversation_id"]
    forget(output, world.made, conversations=[gone])
    stones = tombstones.load(str(output / "run" / "tombstones.json"))
    manifest = runs.curate(world.pieces, tmp_path / "anew", world.made, forget=stones)

    assert manifest.books.quarantined["forgotten"] >= 1
    assert gone not in {row["conversation_id"] for row in runs.rows(output)}
    assert runs.tree(tmp_path / "anew" / "release") == runs.tree(output / "release")


def test_the_next_run_knows_what_was_forgotten(world: World, tmp_path: Path) -> None:
    """A run that goes on from it leaves the conversation's new lines out, too."""
    shutil.copytree(world.last.parent / "step1", tmp_path / "out")
    later = runs.read(world.last / "run" / "index", ["conversation_id", "file"])
    before = runs.read(tmp_path / "out" / "run" / "index", ["conversation_id"])
    known = {row["conversation_id"] for row in before}
    files = {row["file"] for row in later}
    gone = next(
        row["conversation_id"]
        for row in later
        if row["file"] == max(files) and row["conversation_id"] in known
    )
    forget(tmp_path / "out", world.made, conversations=[gone])
    runs.curate(world.pieces[2], tmp_path / "next", world.made, after=str(tmp_path / "out"))

    assert gone not in {row["conversation_id"] for row in runs.rows(tmp_path / "next")}
    assert not [name for name, part in decoded(tmp_path / "next") if gone.encode() in part]


def test_a_dropped_twin_comes_back(tmp_path: Path) -> None:
    """A copy takes the place of the conversation that it was dropped for."""
    output = tmp_path / "out"
    runs.curate(runs.sample(tmp_path / "logs", 300), output, runs.small())
    dropped = runs.read(output / "run" / "dropped" / "conversations")
    twin = next(row for row in dropped if row["dropped_by"] == "drop_duplicates")
    forget(output, runs.small(), conversations=[twin["into"]])
    released = {row["conversation_id"] for row in runs.rows(output)}

    assert twin["conversation_id"] in released
    assert twin["into"] not in released


def test_an_interrupted_change_of_places_is_finished(tmp_path: Path) -> None:
    """Killed between its two renames, the command finds the folder and ends in the same."""
    output = tmp_path / "out"
    runs.curate(runs.sample(tmp_path / "logs", 60), output, runs.small())
    gone = runs.rows(output)[0]["conversation_id"]
    forget(output, runs.small(), conversations=[gone])
    wanted = runs.tree(output / "release")
    shutil.copytree(output, tmp_path / "out.forgotten")
    output.rename(tmp_path / "out.patched")
    forget(output, runs.small(), conversations=[gone])

    assert runs.tree(output / "release") == wanted
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs", "out"]


def test_a_released_text_names_its_conversation(tmp_path: Path) -> None:
    """Who asks knows the text as it was released, after redaction."""
    output = tmp_path / "out"
    runs.curate(runs.sample(tmp_path / "logs", 120), output, runs.small())
    row = next(row for row in runs.rows(output) if row["redacted"])
    text = next(row["conversation"][span["message"]]["content"] for span in row["redactions"])
    forget(output, runs.small(), texts=[hashlib.sha256(text.encode()).hexdigest()])

    assert row["conversation_id"] not in {one["conversation_id"] for one in runs.rows(output)}


@pytest.mark.parametrize(
    ("request_", "error"),
    [({"texts": ["short"]}, InputError), ({}, InputError)],
)
def test_odd_requests_are_refused(small: Path, request_: Any, error: type[CurationError]) -> None:
    """Something that is no hash, or nothing at all: one message, and nothing changed."""
    before = runs.tree(small / "release")
    with pytest.raises(error):
        forget(small, runs.small(), **request_)

    assert runs.tree(small / "release") == before


def test_without_a_key_nothing_can_be_forgotten(tmp_path: Path) -> None:
    """Plain hashes of ids could be looked up, so tombstones need the key."""
    made = recipe.build(
        {"stages": ["drop_errors"], "identity": "none", "release": {"user_id": False}}, Path()
    )
    runs.curate(runs.sample(tmp_path / "logs", 60), tmp_path / "out", made)
    with pytest.raises(IdentityError):
        forget(tmp_path / "out", made, conversations=["ab" * 16])


def test_the_command_line(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`curate forget` names the new release and what is gone, and no value."""
    gone = runs.rows(small)[0]["conversation_id"]
    (tmp_path / "key").write_text(runs.KEY)
    (tmp_path / "key").chmod(0o600)
    config = tmp_path / "plain.yaml"
    config.write_text("stages: [drop_errors, drop_superseded, tag_feedback]\n")
    logs = f"{tmp_path}/logs/server*/*-conv.json*"
    with runs.keyed():
        out = str(tmp_path / "cli")
        assert (
            cli.main(["run", str(config), "--input", logs, "--output", out, "--workers", "1"]) == 0
        )
        capsys.readouterr()
        code = cli.main(["forget", str(config), out, "--conversation-id", gone, "--workers", "1"])
    told = capsys.readouterr().out

    assert code == 0
    assert "lines are forgotten" in told
    assert gone not in told


def test_other_tombstones_are_another_run(small: Path, tmp_path: Path) -> None:
    """An output folder goes on only with what it began with."""
    logs = f"{tmp_path}/logs/server*/*-conv.json*"
    with runs.keyed():
        key = runs.small().identity
        stone = tombstones.mark(key.load() if key else None, "conversation", "ab" * 16)
    stones = tombstones.NONE.joined([stone])
    with pytest.raises(ForeignOutputError, match="other tombstones"):
        runs.curate(logs, small, replace(runs.small()), forget=stones)
