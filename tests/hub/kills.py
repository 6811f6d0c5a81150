"""Publishers that end by `kill -9` when the Hub sees a certain request of theirs."""

import os
import subprocess
import sys
import threading
import time

import psutil

from pipeline.hub.candidate import Candidate
from tests.hub import faults
from tests.hub.loopback import Loopback


def killed(place: Loopback, release: Candidate, tag: str, at: int, *, match: str = "") -> bool:
    """Kill a publisher with `kill -9` when it makes its n-th request; whether it got so far.

    The Hub does what that request asks for, as the wire may have had it already; the process that
    speaks to the Hub must end by itself, and does before this returns.
    """
    children: list[psutil.Process] = []

    def kill() -> None:
        children.extend(psutil.Process(process.pid).children(recursive=True))
        process.kill()

    made = faults.put(place.hub, lambda number: number == at, None, match, kill)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.hub.victim", "hub", release.folder, place.repo, tag],
        env=os.environ | place.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    process.wait(900)
    place.hub.faults.remove(made)
    psutil.wait_procs(children, timeout=300)
    assert not any(child.is_running() for child in children)
    return len(made.seen) >= at


def killed_after(place: Loopback, release: Candidate, tag: str, wait_s: float) -> None:
    """Kill a publisher with `kill -9` some time after its first request."""
    began = threading.Event()
    made = faults.put(place.hub, lambda number: number == 1, None, "", began.set)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.hub.victim", "hub", release.folder, place.repo, tag],
        env=os.environ | place.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert began.wait(900)
    time.sleep(wait_s)
    process.kill()
    process.wait(900)
    place.hub.faults.remove(made)
