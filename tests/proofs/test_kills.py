"""A run may be killed at any moment; the same command finishes it. The long form of the proof."""

import pytest

from tests import aftermath
from tests.aftermath import Kill, Scene

STEPS = 180
"""At least as many steps as the run has; those beyond its end kill nothing."""
RESTARTS = 14
KILLS = [
    *(Kill(step, is_late=is_late) for step in range(1, STEPS) for is_late in (False, True)),
    *(Kill(step, workers=2, is_late=True) for step in range(1, STEPS, 5)),
    *(Kill(step, workers=2, is_alone=True) for step in range(1, STEPS, 4)),
    *aftermath.at_random(30, seed=3),
    *aftermath.at_random(30, seed=4, workers=2),
    *aftermath.at_random(15, seed=5, workers=2, is_alone=True),
    *(Kill(step, engine="local", is_late=True) for step in range(1, STEPS, 9)),
    *(Kill(step, engine="local", workers=2, is_alone=True) for step in range(5, STEPS, 14)),
    *aftermath.at_random(10, seed=6, engine="local", workers=2),
]
pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Where the runs are killed."""
    made = Scene(tmp_path_factory.mktemp("scene"))
    assert made.steps < STEPS
    return made


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_a_killed_run_resumes(kill: Kill, scene: Scene) -> None:
    """At every step and at random moments: nothing half-written is seen, read or left."""
    after = scene.after(kill)
    assert after.visible in (None, scene.release)
    assert after.release == scene.release
    assert after.redone == []
    assert after.partial == []
    assert after.extra == []


@pytest.mark.parametrize("when", ["early", "late", "torn"])
@pytest.mark.parametrize("step", range(1, RESTARTS))
def test_a_killed_restart_resumes(step: int, when: str, scene: Scene) -> None:
    """`--restart` may die while it clears, even within the removal of a folder."""
    after = scene.after_restart(step, when)
    assert after.was_killed
    assert after.visible in (None, scene.release)
    assert after.release == scene.release
    assert after.partial == []
