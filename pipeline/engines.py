"""Where phases are carried out: on Beam or in a plain loop, in one process or several."""

import contextlib
import functools
from collections.abc import Callable, Iterable
from typing import Any

from pipeline.job import Job

WORTH_WORKERS = 32 << 20
"""Bytes of log from which on workers are forked: a second of work against 0.1 s of start-up."""


class Engine:
    """How units are mapped, and how the judge is run."""

    def __init__(self, map_work: Any, judge: Callable[[Job], None]) -> None:
        self.map_work: Callable[[Callable[[Any], object], Iterable[Any]], None] = map_work
        self.judge = judge


def engine(name: str, workers: int, job: Job, stack: contextlib.ExitStack) -> Engine:
    """The engine of a run; worker processes only where there is work for them.

    Args:
        name: `local` (Apache Beam) or `plain`.
        workers: processes at most.
        job: the work.
        stack: ends the workers.
    """
    if name == "plain":
        from pipeline import plain  # noqa: PLC0415

        module: Any = plain
    else:
        from pipeline import flow  # noqa: PLC0415 (Beam takes two seconds to import)

        module = flow
    units = job.plan.units
    workers = min(workers, len(units))
    if workers > 1 and sum(unit.weight for unit in units) >= WORTH_WORKERS:
        from pipeline import warming  # noqa: PLC0415
        from pipeline.workers import Pool, apart  # noqa: PLC0415

        warming.warm(job.recipe, stack)
        pool = stack.enter_context(Pool(workers, module.map_work))
        return Engine(pool.map_work, functools.partial(apart, module.judge))
    return Engine(module.map_work, module.judge)
