"""Peak memory of a command: proportional set size of its whole process tree."""

import contextlib
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

EVERY_S = 0.05
REST = 9
"""Times as long as a look took it rests: the kernel walks the pages of all processes for each."""


@dataclass(frozen=True)
class Peak:
    """What a command took at most: shared pages count once.

    Attributes:
        mb: sum over the processes of the tree, in MB, at its largest.
        processes: how many there were at most.
        samples: how often it was looked.
        code: exit code.
        wall_s: seconds.
    """

    mb: float
    processes: int
    samples: int
    code: int
    wall_s: float


def peak(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    stderr: int | None = subprocess.DEVNULL,
) -> Peak:
    """Run a command to its end and look at its memory every 50 ms, less often if that is costly.

    Args:
        command: its standard output is dropped.
        environment: beside that of this process.
        stderr: where it goes; None: where that of this process goes.
    """
    began = time.monotonic()
    process = psutil.Popen(
        list(command),
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )
    largest, most, samples = 0, 0, 0
    while process.poll() is None:
        began_look = time.process_time()
        sizes = tree(process)
        look_s = time.process_time() - began_look
        largest, most, samples = max(largest, sum(sizes)), max(most, len(sizes)), samples + 1
        time.sleep(max(EVERY_S, REST * look_s))
    return Peak(largest / 1e6, most, samples, process.returncode, time.monotonic() - began)


def tree(process: psutil.Process) -> list[int]:
    """PSS in bytes of a process and of each that descends from it."""
    sizes = []
    with contextlib.suppress(psutil.NoSuchProcess):
        for each in [process, *process.children(recursive=True)]:
            with contextlib.suppress(
                psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess
            ):
                sizes.append(each.memory_full_info().pss)
    return sizes
