"""`curate diff` finds what came, went and changed, and tells drift from chance."""

import json
import random
import shutil
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from pipeline import cli, differences, drift, forgetting, run
from pipeline.errors import InputError
from pipeline.forgetting import Request
from tests import runs
from tests.growing.conftest import World


def test_steps_differ_by_what_the_rows_say(world: World) -> None:
    """Counts of rows that came, went and changed are those of a comparison row by row."""
    before, after = world.last.parent / "step1", world.last
    old, new = (
        {(row["conversation_id"], row.get("variant")): row for row in runs.rows(output)}
        for output in (before, after)
    )
    changed = Counter(
        name for at in old.keys() & new for name in old[at] if old[at][name] != new[at][name]
    )
    found = differences.between(differences.side(str(before)), differences.side(str(after)))

    assert sum(found.came.values()) == len(new.keys() - old)
    assert sum(found.went.values()) == len(old.keys() - new)
    assert found.changed == dict(changed)
    assert found.same == sum(old[at] == new.get(at) for at in old)
    assert changed


def test_a_release_does_not_differ_from_itself(world: World) -> None:
    """The same files are not opened; nothing came, went, changed or drifted."""
    whole = differences.side(str(world.whole / "release"))
    found = differences.between(whole, differences.side(str(world.last)))

    assert found.same == len(runs.rows(world.whole))
    assert (found.came, found.went, found.changed, found.drifts) == ({}, {}, {}, [])
    assert found.unchanged_files == len(whole.files()) + sum(
        len(shards) - 1 for shards in whole.files().values()
    )


def test_what_went_says_why(world: World, tmp_path: Path) -> None:
    """A forgotten conversation is told from one that a stage drops."""
    shutil.copytree(world.last, tmp_path / "out")
    gone = runs.rows(world.last)[0]["conversation_id"]
    with runs.keyed():
        request = Request(conversations=[gone])
        settings = run.Settings(1, "plain")
        forgetting.forget(world.made, "tested", str(tmp_path / "out"), request, settings)
    sides = differences.side(str(world.last)), differences.side(str(tmp_path / "out"))
    found = differences.between(*sides)

    assert found.went.get(differences.FORGOTTEN, 0) >= 1
    assert set(found.went) <= {differences.FORGOTTEN} | {
        f"{row['dropped_by']}: {row['reason']}"
        for row in runs.read(tmp_path / "out" / "run" / "dropped" / "conversations")
    }


def counted(shares: dict[str, float], rows: int, seed: int) -> Counter[str]:
    """A draw of categories."""
    draw = random.Random(seed)  # noqa: S311 (an experiment, not a secret)
    return Counter(draw.choices(list(shares), list(shares.values()), k=rows))


LANGUAGES = {"English": 0.7, "German": 0.15, "Russian": 0.1, "Thai": 0.04, "Yoruba": 0.01}


def test_the_same_spread_is_within_chance() -> None:
    """Of 200 draws from one spread, no more than a hundredth and some are called drift."""
    told = 0
    for seed in range(200):
        sides = counted(LANGUAGES, 4000, seed), counted(LANGUAGES, 400, seed + 1000)
        one = drift.tested("language", *sides)
        assert one is not None
        told += drift.corrected([one])[0].is_beyond_chance

    assert told <= 6


def test_another_spread_is_beyond_chance() -> None:
    """Twice as much Russian among 400 new rows is seen, and named first."""
    shifted = LANGUAGES | {"English": 0.5, "Russian": 0.3}
    one = drift.tested("language", counted(LANGUAGES, 4000, 1), counted(shifted, 400, 2))
    assert one is not None

    assert drift.corrected([one])[0].is_beyond_chance
    assert one.effect > drift.EFFECT
    assert one.shares[0].category == "Russian"


def test_small_categories_go_together() -> None:
    """Chi-squared wants five expected rows a cell; a hundred rare models are one category."""
    rare = Counter({f"model {at}": 1 for at in range(100)})
    one = drift.tested("model", rare + Counter(big=900), rare + Counter(big=100))
    assert one is not None

    assert {share.category for share in one.shares} == {"big", drift.OTHER}


def test_many_tests_are_corrected() -> None:
    """Eleven columns at p 0.005: none is beyond chance at one in a hundred."""
    one = drift.tested("turn", counted(LANGUAGES, 400, 1), counted(LANGUAGES, 400, 2))
    assert one is not None
    many = [msgspec.structs.replace(one, column=str(at), p=0.005) for at in range(11)]

    assert not any(told.is_beyond_chance for told in drift.corrected(many))
    assert drift.corrected(many[:1])[0].is_beyond_chance


def test_the_command(world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Words and JSON tell the same; the gate fails only for what is large; no text is shown."""
    sides = [str(world.last.parent / "step0"), str(world.last)]
    assert cli.main(["diff", *sides]) == 0
    words = capsys.readouterr().out
    assert cli.main(["diff", *sides, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    strict = cli.main(["diff", *sides, "--gate", "--effect", "0"])
    capsys.readouterr()

    assert f"{sum(found['came'].values()):,}  rows came" in words
    assert strict == int(any(one["is_beyond_chance"] for one in found["drifts"]))
    assert not [
        row["conversation_id"] for row in runs.rows(world.last) if row["conversation_id"] in words
    ]
    with pytest.raises(InputError, match="holds no release"):
        differences.side(str(tmp_path))
