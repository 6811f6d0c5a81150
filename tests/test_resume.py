"""A run may be killed at any moment; the same command finishes it. The short form of the proof."""

import contextlib
import shutil
from pathlib import Path

import pytest

from pipeline.errors import ForeignOutputError
from tests import aftermath, runs
from tests.aftermath import SETTINGS, Kill, Scene

KILLS = [
    *(Kill(step, is_late=bool(step % 2)) for step in (2, 9, 27, 40)),
    *(Kill(-back, is_late=bool(back % 2)) for back in range(1, aftermath.CRITICAL + 1)),
    Kill(-2, is_late=True),
    Kill(12, workers=2, is_alone=True),
    *aftermath.at_random(2, seed=1),
    *aftermath.at_random(2, seed=2, workers=2, is_alone=True),
]
each_kill = pytest.mark.parametrize("kill", KILLS, ids=str)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Where the runs are killed."""
    return Scene(tmp_path_factory.mktemp("scene"))


@each_kill
def test_no_half_release_is_visible(kill: Kill, scene: Scene) -> None:
    """After a kill the release is absent, or whole."""
    after = scene.after(kill)
    assert kill.step is None or after.was_killed
    assert after.visible in (None, scene.release)


@each_kill
def test_the_next_run_writes_the_same_bytes(kill: Kill, scene: Scene) -> None:
    """The same command, run again, ends with the release of an undisturbed run."""
    assert scene.after(kill).release == scene.release


@each_kill
def test_finished_units_are_not_done_again(kill: Kill, scene: Scene) -> None:
    """What has a receipt keeps its inode and its time."""
    assert scene.after(kill).redone == []


@each_kill
def test_nothing_half_written_is_left(kill: Kill, scene: Scene) -> None:
    """The finished output holds the files of an undisturbed run, and no partial ones."""
    after = scene.after(kill)
    assert after.partial == []
    assert after.extra == []


def test_a_second_run_at_once_is_refused(scene: Scene, tmp_path: Path) -> None:
    """While a run is at work in a folder, another process is told so and leaves it alone."""
    first = scene.start(tmp_path, SETTINGS | {"step": 20, "end": "hold"})
    assert first.stdout
    assert first.stdout.readline() == "held\n"
    before = runs.tree(tmp_path)
    second = scene.start(tmp_path, SETTINGS)
    told = aftermath.ended(second)
    assert told.startswith("LockedError: ")
    assert str(first.pid) in told
    assert second.returncode == 5
    assert runs.tree(tmp_path) == before
    first.kill()
    aftermath.ended(first)
    assert scene.run(tmp_path, SETTINGS).startswith("steps")
    assert runs.tree(tmp_path / "release") == scene.release


def test_a_worker_that_is_killed(scene: Scene, tmp_path: Path) -> None:
    """A worker that the system kills ends the run with one message; the same command resumes."""
    told = SETTINGS | {"workers": 2, "step": 12, "end": "worker"}
    process = scene.start(tmp_path, told)
    assert "a worker process was killed" in aftermath.ended(process)
    assert process.returncode == 1
    runs.curate(scene.logs, tmp_path, runs.small(), **SETTINGS)
    assert runs.tree(tmp_path / "release") == scene.release


@pytest.mark.parametrize(("step", "when"), [(1, "late"), (2, "torn"), (3, "late"), (4, "torn")])
def test_a_restart_that_is_killed(step: int, when: str, scene: Scene) -> None:
    """`--restart` that dies while it clears: no half release is seen, the next run ends well."""
    after = scene.after_restart(step, when)
    assert after.visible in (None, scene.release)
    assert after.release == scene.release
    assert after.partial == []


@pytest.mark.parametrize("step", [2, 4, 6])
def test_another_recipe_after_a_killed_restart(step: int, scene: Scene, tmp_path: Path) -> None:
    """What a killed `--restart` leaves is refused to another recipe, or does not harm it."""
    shutil.copytree(scene.folder / "reference", tmp_path, dirs_exist_ok=True)
    aftermath.ended(scene.start(tmp_path, SETTINGS | {"restart": True, "step": step, "late": True}))
    with contextlib.suppress(ForeignOutputError):
        runs.curate(scene.logs, tmp_path, runs.small("fastchat"), **SETTINGS)
        assert runs.tree(tmp_path / "release") == scene.other
