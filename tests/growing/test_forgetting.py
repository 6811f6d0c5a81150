"""A release can forget, and private files can go."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline import cli, differences, files, forgetting, recipe, retention, run, tombstones
from pipeline.card import method
from pipeline.contract import verify
from pipeline.errors import CurationError, ForeignOutputError, IdentityError, InputError
from pipeline.forgetting import Request
from pipeline.recipe import Recipe
from schemas.manifest import ReleaseManifest
from tests import runs
from tests.growing.conftest import World


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


def test_the_manifest_shows_that_nothing_came_back(world: World, tmp_path: Path) -> None:
    """Each release has a mark of what those before it left out, and card and diff count them."""
    output = taken(world, tmp_path)
    before = files.read_record(str(output / "release" / "manifest.json"), ReleaseManifest)
    gone = [row["conversation_id"] for row in runs.rows(output)[:9:4]]
    forget(output, world.made, conversations=gone[:1])
    one = files.read_record(str(output / "release" / "manifest.json"), ReleaseManifest)
    forget(output, world.made, conversations=gone[1:], users=["ab" * 16])
    two = files.read_record(str(output / "release" / "manifest.json"), ReleaseManifest)
    stones = tombstones.load(str(output / "run" / "tombstones.json"))
    card = (output / "release" / "README.md").read_text("utf-8")

    assert before.forgotten == {}
    assert [len(one.forgotten["conversation"]), *map(len, two.forgotten.values())] == [1, 3, 1]
    assert set(one.forgotten["conversation"]) < set(two.forgotten["conversation"])
    assert not {mark.mark[:16] for mark in stones.marks} & set(two.forgotten["conversation"])
    assert "(3 conversations, 1 user)" in card
    assert method.forgotten(one, two) == [
        "On request, 2 conversations, 1 user went, with all of their rows."
    ]
    assert "4 requests" in method.forgotten(two, before)[0]
    assert one.release != two.release
    assert verify(str(output / "release")).is_kept
    difference = differences.between(*(differences.side(str(p)) for p in (world.last, output)))
    assert difference.requests == [
        "On request, 3 conversations, 1 user went, with all of their rows."
    ]


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


def test_the_same_command_finds_it_done(tmp_path: Path) -> None:
    """After forgetting, the command that made the run changes nothing; forgetting again works."""
    output, logs = tmp_path / "out", runs.sample(tmp_path / "logs", 60)
    runs.curate(logs, output, runs.small())
    first, second = (row["conversation_id"] for row in runs.rows(output)[:2])
    forget(output, runs.small(), conversations=[first])
    wanted = runs.tree(output / "release")
    runs.curate(logs, output, runs.small())

    assert runs.tree(output / "release") == wanted
    forget(output, runs.small(), conversations=[second])
    assert {first, second}.isdisjoint(row["conversation_id"] for row in runs.rows(output))


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


def test_after_a_purge_a_run_goes_on(world: World, tmp_path: Path) -> None:
    """Without staged texts finished rows are taken over; rows that change are lost, and told."""
    shutil.copytree(world.last.parent / "step1", tmp_path / "out")
    gone = retention.purge(str(tmp_path / "out"), "texts")
    texts = [message["content"] for row in runs.rows(world.last) for message in row["conversation"]]
    manifest = runs.curate(world.pieces[2], tmp_path / "next", world.made, after=f"{tmp_path}/out")
    lost = manifest.books.dropped["conversations"].get("purged: no_text", 0)
    released = {json.dumps(row, default=str) for row in runs.rows(tmp_path / "next")}
    wanted = {json.dumps(row, default=str) for row in runs.rows(world.last)}

    assert "staged" in {one.path for one in gone}
    assert sum(one.bytes for one in gone) > sum(map(len, texts)) / 10
    assert not (tmp_path / "out" / "run" / "staged").exists()
    assert lost < len(wanted) / 10
    assert len(released) == len(wanted) - lost
    assert len(released - wanted) <= lost


def test_a_purge_asks_for_age_and_publication(small: Path) -> None:
    """Too young, or not published: nothing goes; a dry run changes nothing; tombstones stay."""
    before = runs.tree(small)

    assert retention.purge(str(small), "everything", days=1) == []
    assert retention.purge(str(small), "everything", dry=True)
    with pytest.raises(InputError, match="not published"):
        retention.purge(str(small), "everything", published=True)
    assert {name: data for name, data in runs.tree(small).items() if "lock" not in name} == {
        name: data for name, data in before.items() if "lock" not in name
    }
    (small / "run" / "tombstones.json").write_text('{"marks": []}')
    retention.purge(str(small), "everything")
    assert sorted(path.name for path in (small / "run").iterdir()) == ["lock", "tombstones.json"]
    assert runs.rows(small)
