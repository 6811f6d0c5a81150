"""A release that grows by runs is the release of all logs at once."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline import run
from pipeline.errors import CurationError
from pipeline.recipe import Recipe
from tests import runs
from tests.growing.conftest import World


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


def test_workers_do_not_show_in_a_step(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last step by two worker processes on Beam gives the same bytes."""
    monkeypatch.setattr("pipeline.engines.WORTH_WORKERS", 0)
    before = str(world.last.parent / "step1")
    settings = {"engine": "local", "workers": 2, "after": before}
    runs.curate(world.pieces[2], tmp_path / "out", world.made, **settings)

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
