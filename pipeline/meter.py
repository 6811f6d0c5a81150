"""What work takes, in this process: CPU seconds by name, and the highest memory.

A unit of work takes what was spent since the last one did; both go into its receipt. The result
of no work depends on it.
"""

import contextlib
import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterator

KIB_A_MIB = 1024
_spent: defaultdict[str, float] = defaultdict(float)


@contextlib.contextmanager
def at(name: str) -> Iterator[None]:
    """What happens meanwhile is of that name."""
    began = time.process_time()
    try:
        yield
    finally:
        _spent[name] += time.process_time() - began


def taken() -> dict[str, float]:
    """Name -> CPU seconds since this was asked last."""
    found = {name: round(spent, 4) for name, spent in sorted(_spent.items())}
    _spent.clear()
    return found


def cpu_s() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def peak_mb() -> float:
    """The highest resident memory of this process so far, in MiB (Linux counts it in KiB)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB, 1)
