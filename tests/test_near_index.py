"""A release drops near copies of what earlier ones hold, by their index, without their text."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pytest
import yaml

from benchmarks import inputs
from pipeline import cli, identity, recipe, run, shingles
from pipeline.errors import CurationError, ForeignOutputError, IdentityError, InputError
from pipeline.recipe import Recipe
from tests import runs

STAGES: tuple[Any, ...] = ("drop_errors", "drop_superseded", "tag_feedback", "tag_battles")
NEAR: dict[str, Any] = {"threshold": 0.6, "shingle": 2}
OTHER_KEY = "cd" * 32


def made(name: str = "drop_near_duplicates", **options: Any) -> Recipe:
    """A recipe with a near-duplicate stage."""
    stages = [*STAGES, {name: NEAR | options}]
    return recipe.build({"stages": stages, "release": {"interval": "day"}}, runs.ROOT / "configs")


def curate(
    logs: str, output: Path, used: Recipe, against: Sequence[Path] = (), key: str = runs.KEY
) -> None:
    """A run under a key, against earlier outputs."""
    settings = run.Settings(1, "plain", 0.3, against=tuple(map(str, against)))
    with runs.keyed(key):
        run.run(used, "tested", [logs], str(output), settings)


class World:
    """Logs of two seasons, the second saying nearly what the first said, and their releases."""

    def __init__(self, folder: Path) -> None:
        self.early = runs.sample(folder / "early", 60)
        inputs.copies(folder / "early", folder / "late", 2)
        for path in (folder / "early").glob("server*/*"):
            (folder / "late" / path.relative_to(folder / "early")).unlink()
        self.late = f"{folder}/late/server*/*-conv.json*"
        self.old, self.new = folder / "old", folder / "new"
        curate(self.early, self.old, made())
        self.before = runs.tree(self.old)
        curate(self.late, self.new, made(), [self.old])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two releases, the second against the first."""
    return World(tmp_path_factory.mktemp("world"))


def dropped(output: Path) -> list[dict[str, Any]]:
    """The near copies that a run dropped."""
    found = runs.read(output / "run" / "dropped" / "conversations")
    return [row for row in found if row["dropped_by"] == "drop_near_duplicates"]


def index(output: Path) -> list[dict[str, Any]]:
    """The rows of the index that a release left."""
    return runs.read(output / "run" / "near_index")


def refused(kind: type[CurationError], world: World, used: Recipe, key: str = runs.KEY) -> str:
    """What a run against the old release says before it stops; no plan is made."""
    output = world.old.parent / "refused"
    with pytest.raises(kind) as caught:
        curate(world.late, output, used, [world.old], key)
    assert not (output / "run" / "plan.json").exists()
    return str(caught.value)


def test_a_copy_names_the_row_of_the_earlier_release(world: World) -> None:
    """Nearly all of the late log is dropped, most of it for an id that the old release holds."""
    old = {row["conversation_id"] for row in runs.rows(world.old)}
    late = {row["conversation_id"] for row in runs.rows(world.new)}
    gone = dropped(world.new)

    assert len([row for row in gone if row["into"] in old]) >= 40
    assert all(row["into"] in old | late and row["similarity"] >= 0.6 for row in gone)


def test_an_earlier_release_stays_as_it_is(world: World, tmp_path: Path) -> None:
    """No file of it changes; none of its rows is released again or dropped, only those of the log.

    Without it, the same log keeps what was dropped for an old row.
    """
    curate(world.late, tmp_path / "out", made())
    alone, here = (
        [row["conversation_id"] for row in [*runs.rows(output), *dropped(output)]]
        for output in (tmp_path / "out", world.new)
    )

    assert runs.tree(world.old) == world.before
    assert sorted(here) == sorted(alone)
    assert len(runs.rows(tmp_path / "out")) >= len(runs.rows(world.new)) + 40


def test_an_earlier_row_wins_whatever_the_times(world: World, tmp_path: Path) -> None:
    """A log of an earlier season is dropped for the release of a later one, too."""
    curate(world.late, tmp_path / "late", made())
    curate(world.early, tmp_path / "early", made(), [tmp_path / "late"])
    late = {row["conversation_id"] for row in runs.rows(tmp_path / "late")}

    assert len([row for row in dropped(tmp_path / "early") if row["into"] in late]) >= 40


def test_several_releases_count(world: World, tmp_path: Path) -> None:
    """Against both, the same log has nothing left to release but what has no copy with a witness.

    Indexes may be named in any order.
    """
    outputs = [world.old, world.new]
    curate(world.late, tmp_path / "one", made(), outputs)
    curate(world.late, tmp_path / "other", made(), outputs[::-1])

    assert runs.tree(tmp_path / "one" / "release") == runs.tree(tmp_path / "other" / "release")
    assert len(runs.rows(tmp_path / "one")) < len(runs.rows(world.new))


def test_a_tag_names_the_earlier_row(world: World, tmp_path: Path) -> None:
    """`tag_near_duplicates` works against an index of its own kind, and drops nothing."""
    tag = made("tag_near_duplicates")
    curate(world.early, tmp_path / "old", tag)
    curate(world.late, tmp_path / "new", tag, [tmp_path / "old"])
    old = {row["conversation_id"] for row in runs.rows(tmp_path / "old")}
    named = [row["near_duplicate_of"] for row in runs.rows(tmp_path / "new")]

    assert len([name for name in named if name in old]) >= 40


def test_another_key_is_refused(world: World) -> None:
    """Hashes under another key could not be compared: exit code 7."""
    assert "another identity key" in refused(IdentityError, world, made(), OTHER_KEY)


@pytest.mark.parametrize("options", [{"shingle": 3}, {"threshold": 0.7}, {"over": "prompts"}])
def test_other_options_are_refused(world: World, options: dict[str, Any]) -> None:
    """Keys made by other options would meet by chance only: exit code 4."""
    assert "other near-duplicate options" in refused(ForeignOutputError, world, made(**options))


def test_a_recipe_without_the_stage_or_a_key_is_refused(world: World) -> None:
    """Nothing of such a run could be compared."""
    bare = recipe.build({"stages": [*STAGES]}, runs.ROOT / "configs")
    near = {"stages": [*STAGES, {"drop_near_duplicates": NEAR}]}
    keyless = recipe.build(
        near | {"identity": "none", "release": {"user_id": False}}, runs.ROOT / "configs"
    )

    assert "--against needs" in refused(ForeignOutputError, world, bare)
    assert "--against needs" in refused(ForeignOutputError, world, keyless)


def test_a_folder_without_an_index_is_refused(world: World, tmp_path: Path) -> None:
    """A folder that is no output, or of a run that did not finish, is told by name."""
    with pytest.raises(InputError, match="holds no index of a finished release"):
        curate(world.late, tmp_path / "out", made(), [tmp_path])


def test_exit_codes(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line ends with the code of each error, and one line that says it."""
    told: dict[str, Any] = {"release": {"interval": "day"}}
    found = []
    for name, key, against in (
        ("key", OTHER_KEY, world.old),
        ("options", runs.KEY, world.old),
        ("folder", runs.KEY, tmp_path),
    ):
        options = {"shingle": 4} if name == "options" else {}
        told["stages"] = [*STAGES, {"drop_near_duplicates": NEAR | options}]
        (tmp_path / "recipe.yaml").write_text(yaml.safe_dump(told))
        where = ["--input", world.late, "--output", str(tmp_path / name)]
        arguments = ["run", str(tmp_path / "recipe.yaml"), *where, "--against", str(against)]
        identity._load.cache_clear()
        with mock.patch.dict(os.environ, {"CURATE_ID_KEY": key}):
            found.append(cli.main(arguments))
        said = capsys.readouterr().err.strip().splitlines()
        assert [line.startswith("curate: ") for line in said[-2:]] == [False, True]
    identity._load.cache_clear()

    assert found == [7, 4, 3]


def test_an_index_holds_no_text(world: World) -> None:
    """Ids, times, sizes and hashes only: no message, no name of a model or user."""
    allowed = {"conversation_id", "tstamp", "event_hash", "file", "offset", "repaired"}
    allowed |= {"text_bytes", "messages"}
    allowed |= {f"drop_near_duplicates.{name}" for name in ("key", "prompts", "answers")}
    files = runs.tree(world.old / "run" / "near_index")
    said = {
        message["content"].encode()
        for row in runs.rows(world.old)
        for message in row["conversation"]
        if len(message["content"]) > 20
    }

    assert len(index(world.old)) == len(runs.rows(world.old))
    assert {name for row in index(world.old) for name in row} <= allowed
    assert all(text not in data for data in files.values() for text in said)
    for row in index(world.old):
        strings = [value for value in row.values() if isinstance(value, str)]
        assert strings == [row["conversation_id"]]


def hashes(row: dict[str, Any], name: str) -> set[int]:
    """The hashes of one column of a row of an index; sets are packed, band keys are a list."""
    found = row[f"drop_near_duplicates.{name}"]
    if isinstance(found, bytes):
        return set(shingles.unpacked(pa.array([found], pa.binary()))[0].tolist())
    return set(found)


def test_the_hashes_are_keyed(world: World, tmp_path: Path) -> None:
    """The same log under another key has an index without one hash in common."""
    curate(world.early, tmp_path / "out", made(), key=OTHER_KEY)
    mine, theirs = (
        {
            name: {one for row in index(output) for one in hashes(row, name)}
            for name in ("key", "prompts", "answers")
        }
        for output in (world.old, tmp_path / "out")
    )

    assert len(index(tmp_path / "out")) == len(index(world.old))
    assert all(mine[name] and mine[name].isdisjoint(theirs[name]) for name in mine)


def test_a_recipe_without_a_key_leaves_no_index(world: World, tmp_path: Path) -> None:
    """Unkeyed hashes of texts could be looked up in a dictionary: there is none."""
    near = {"stages": [*STAGES, {"drop_near_duplicates": NEAR}], "identity": "none"}
    used = recipe.build(near | {"release": {"user_id": False}}, runs.ROOT / "configs")
    curate(world.early, tmp_path / "out", used)

    assert runs.rows(tmp_path / "out")
    assert not (tmp_path / "out" / "run" / "near_index").exists()


def test_the_index_is_of_numbers_and_packed_sets(world: World) -> None:
    """Band keys are 64 bits, sets six bytes a hash: what a later version must be able to read."""
    path = next((world.old / "run" / "near_index").glob("*.parquet"))
    schema = pa.parquet.read_schema(path)

    assert schema.field("drop_near_duplicates.key").type == pa.list_(pa.uint64())
    assert schema.field("drop_near_duplicates.prompts").type == pa.binary()
