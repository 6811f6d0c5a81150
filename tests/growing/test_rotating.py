"""A new identity key: what it unlinks, what the operator alone can link, what stays forgotten."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline import cli, files, forgetting, identity, recipe, rotating, run, tombstones
from pipeline.errors import ForeignOutputError, IdentityError, InputError
from pipeline.forgetting import Request
from pipeline.identity import KeySource
from pipeline.recipe import Recipe
from pipeline.rotating import Wanted
from schemas.manifest import ReleaseManifest
from tests import runs

NEW = "cd" * 32


@pytest.fixture(name="old")
def _old(tmp_path: Path) -> Path:
    """A run under the old key, of logs some of which have derived ids, with two key files."""
    for name, key in (("old.key", runs.KEY), ("new.key", NEW)):
        (tmp_path / name).write_text(key)
    runs.curate(runs.sample(tmp_path / "logs", 120), tmp_path / "old", made())
    return tmp_path / "old"


def made() -> Recipe:
    """A recipe that releases the handles of users."""
    return runs.small("rich")


def rotated(before: Path, name: str = "new", **given: Any) -> rotating.Rotation:
    """Rotate the key of a run beside it."""
    folder = before.parent
    asked: dict[str, Any] = {
        "before": str(before),
        "inputs": [f"{folder}/logs/server*/*-conv.json*"],
        "output": str(folder / name),
        "old": KeySource(file=str(folder / "old.key")),
        "new": KeySource(file=str(folder / "new.key")),
    }
    settings = run.Settings(1, "plain")
    return rotating.rotate(made(), "tested", Wanted(**(asked | given)), settings)[1]


def users(folder: Path) -> dict[str, str]:
    """Conversation id -> handle, of a release."""
    return {row["conversation_id"]: row["user_id"] for row in runs.rows(folder)}


def test_without_a_map_nothing_links(old: Path) -> None:
    """The same conversations, and no handle of the old release anywhere in the new one."""
    done = rotated(old)
    before, after = users(old), users(old.parent / "new")
    handles = set(before.values()) - {None}
    held = [path.read_bytes() for path in (old.parent / "new").rglob("*") if path.is_file()]

    assert before.keys() == after.keys()
    assert len(handles) > 20
    assert not handles & set(after.values())
    assert not [one for one in handles if any(str(one).encode() in data for data in held)]
    assert done == rotating.Rotation(done.before, done.after, 0, [], is_linked=False)
    assert done.before != done.after
    assert not (old.parent / "new" / "run" / rotating.LINKS).exists()


def test_the_operator_can_link(old: Path) -> None:
    """The private map says for each old handle the new one; the release says nothing of it."""
    rotated(old, "plain")
    rotated(old, is_linked=True)
    links = pq.read_table(old.parent / "new" / "run" / rotating.LINKS).to_pylist()
    known = {row["before"]: row["after"] for row in links if row["kind"] == "user"}
    before, after = users(old), users(old.parent / "new")

    assert all(known[handle] == after[one] for one, handle in before.items() if handle)
    assert (old.parent / "new" / "run").stat().st_mode & 0o077 == 0
    assert runs.tree(old.parent / "new" / "release") == runs.tree(old.parent / "plain" / "release")


def test_it_is_a_run_under_the_new_key(old: Path) -> None:
    """Byte for byte what the new key alone would have made; the same command again is no work."""
    rotated(old)
    fresh = old.parent / "fresh"
    with runs.keyed(NEW):
        logs = [f"{old.parent}/logs/server*/*-conv.json*"]
        run.run(made(), "tested", logs, str(fresh), run.Settings(1, "plain"))
    rotated(old)

    assert runs.tree(old.parent / "new" / "release") == runs.tree(fresh / "release")


def test_derived_ids_follow_the_key(tmp_path: Path) -> None:
    """Ids of rows that were logged without one are keyed, so they change, and the map knows."""
    runs.sample(tmp_path / "logs", 60)
    found = sorted((tmp_path / "logs").glob("server*/*-conv.json"))
    records = [json.loads(line) for line in found[0].read_bytes().splitlines() if line[:1] == b"{"]
    chats = [one for one in records if type(one.get("state")) is dict]
    for one in chats:
        one["state"].pop("conv_id", None)
        one["tstamp"] = 1_679_000_000.0 + one["tstamp"] % 1000
    found[0].write_text("".join(json.dumps(one) + "\n" for one in chats))
    keys = identity._decode(runs.KEY), identity._decode(NEW)
    limits = recipe.load("release").limits
    read = rotating.read([str(found[0])], limits, keys, tombstones.NONE, is_linked=True)

    assert read.handles
    assert len(read.ids) > 5
    assert all(was != now for was, now in (read.handles | read.ids).items())
    assert len(set(read.handles.values())) == len(read.handles)


def test_what_was_forgotten_stays_forgotten(old: Path) -> None:
    """A conversation, a user and a text are left out under the new key, too, by new marks."""
    rows = runs.rows(old)
    first, second, third = rows[2], next(r for r in rows[9:] if r["user_id"]), rows[30]
    told = [m["content"] for row in rows for m in row["conversation"]]
    text = next(m["content"] for m in third["conversation"] if told.count(m["content"]) == 1)
    with runs.keyed():
        request = Request(
            [first["conversation_id"]],
            [second["user_id"]],
            [hashlib.sha256(text.encode()).hexdigest()],
        )
        forgetting.forget(made(), "tested", str(old), request, run.Settings(1, "plain"))
        key = made().identity
        nobody = tombstones.mark(key.load() if key else None, "user", "ef" * 16)
        path = str(old / "run" / tombstones.NAME)
        stones = tombstones.load(path).joined([nobody])
        files.write_record(path, stones)
    done = rotated(old)
    new = old.parent / "new"
    marks = tombstones.load(str(new / "run" / tombstones.NAME)).marks
    public = files.read_record(str(new / "release" / "manifest.json"), ReleaseManifest)

    assert users(new).keys() == users(old).keys()
    assert first["conversation_id"] not in users(new)
    assert done.left == [nobody]
    assert done.carried == len(marks) == len(stones.marks) - 1 > 3
    assert not set(marks) & set(stones.marks)
    assert sum(map(len, public.forgotten.values())) == len(marks)


def test_state_under_another_key_is_refused(old: Path) -> None:
    """Nothing goes on from the old run under the new key, and no index of it is taken."""
    logs = [f"{old.parent}/logs/server*/*-conv.json*"]
    near = runs.small("release")
    runs.curate(logs, old.parent / "near", near)
    for settings in ({"after": str(old)}, {"against": (str(old.parent / "near"),)}):
        with runs.keyed(NEW), pytest.raises(IdentityError, match="another identity key"):
            run.run(
                near if "against" in settings else made(),
                "tested",
                logs,
                str(old.parent / "no"),
                run.Settings(1, "plain", **settings),
            )


def test_odd_rotations_are_refused(old: Path) -> None:
    """The same key twice, a wrong old key, logs that are missing: before any work."""
    new = KeySource(file=str(old.parent / "new.key"))
    wrong = old.parent / "wrong.key"
    wrong.write_text("12" * 32)
    some = sorted((old.parent / "logs").glob("server*/*-conv.json*"))[:1]
    with pytest.raises(IdentityError, match="is the old one"):
        rotated(old, old=new)
    with pytest.raises(IdentityError, match="another identity key"):
        rotated(old, old=KeySource(file=str(wrong)))
    with pytest.raises(InputError, match="are not given"):
        rotated(old, inputs=[str(some[0])])
    assert not (old.parent / "new").exists()
    rotated(old)
    with pytest.raises(ForeignOutputError):
        rotated(old, new=KeySource(file=str(wrong)))


def test_the_command_line(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It tells fingerprints and counts, no key and no handle."""
    folder = old.parent
    config = folder / "plain.yaml"
    config.write_text("stages: [drop_errors, drop_superseded]\nrelease: {user_id: true}\n")
    logs = f"{folder}/logs/server*/*-conv.json*"
    base = ["--workers", "1", "--id-key-file", f"{folder}/old.key"]
    one = ["run", str(config), "--input", logs, "--output", f"{folder}/one", "--no-report", *base]
    assert cli.main(one) == 0
    capsys.readouterr()
    two = ["rotate", str(config), f"{folder}/one", "--input", logs, "--output", f"{folder}/two"]
    assert cli.main([*two, *base, "--new-key-file", f"{folder}/new.key", "--linked"]) == 0
    told = capsys.readouterr().out

    assert "0 tombstones go on under the new one" in told
    assert runs.KEY not in told
    assert NEW not in told
    assert f"{folder}/two/run/{rotating.LINKS}" in told
