"""Killing something in mid-run: when a phase has begun, and what is done by then."""

import threading
from collections.abc import Callable
from pathlib import Path

from tests import runs
from tests.cluster.processes import Processes
from tests.cluster.releases import Local, check

WAIT_S = 600.0


def receipts(output: Path) -> dict[str, int]:
    """When each unit was staged."""
    found = (output / "run" / "receipts" / "stage").glob("*.json")
    return {path.name: path.stat().st_mtime_ns for path in found}


def begun(output: Path, phase: str) -> Callable[[], bool]:
    """Whether a phase has begun, and has done something, but not all."""
    if phase == "stage":
        return lambda: len(receipts(output)) >= 2
    states = output / "run" / "judged" / "states"
    return lambda: any(not path.name.endswith("-0.parquet") for path in states.glob("*.parquet"))


def dies_and_is_made_good(
    machine: str, phase: str, cluster: Processes, local: Local, name: str, output: Path
) -> None:
    """A machine dies with its pool in a phase; the other one writes the same bytes; it returns."""
    pool = f"pool-{machine.rpartition('-')[2]}"

    def die() -> None:
        cluster.kill(machine)
        cluster.kill(pool)

    with meanwhile(begun(output, phase), die):
        local.on(cluster, name, output)
    check(output, local.release(name))
    assert machine not in cluster.processes()
    cluster.begin(pool, {"CURATE_ID_KEY": runs.KEY})
    cluster.begin(machine)
    cluster.wait_for(2)


class meanwhile:  # noqa: N801 (reads as a word)
    """Do something once a condition holds, while the context's work goes on; it must happen."""

    def __init__(self, condition: Callable[[], bool], act: Callable[[], None]) -> None:
        self.condition, self.act = condition, act
        self.thread = threading.Thread(target=self._wait)
        self.over, self.happened = threading.Event(), False

    def _wait(self) -> None:
        for _ in range(int(WAIT_S / 0.1)):
            if self.condition():
                self.act()
                self.happened = True
                return
            if self.over.wait(0.1):
                return

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, kind: object, *_: object) -> None:
        self.over.set()
        self.thread.join()
        assert kind or self.happened
