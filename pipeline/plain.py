"""The phases in a plain loop, without Beam: for tests, small jobs, and to know what Beam costs."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa

from pipeline import cutting, judging
from pipeline.job import Job
from pipeline.judging import Home


def map_work(work: Callable[[Any], object], items: Iterable[Any]) -> None:
    """Do the work for each item, one after the other."""
    for item in items:
        work(item)


def judge(job: Job) -> None:
    """All keyed stages, then the cut."""
    states = {key: judging.opened(Home.of(key), job) for key in judging.homes(job)}
    for stage in job.recipe.keyed:
        parts: dict[int, list[pa.Table]] = defaultdict(list)
        for key, state in states.items():
            for number, rows in judging.scatter(stage, Home.of(key), state, job):
                parts[number].append(rows)
        surveys = [stage.survey(judging.together(rows)) for rows in parts.values()]
        context = stage.settle([survey for survey in surveys if survey is not None])
        decided: dict[int, list[pa.Table]] = defaultdict(list)
        for rows in parts.values():
            for key, made in judging.returned(stage.choose(judging.together(rows), context)):
                decided[key].append(made)
        states = {key: judging.settled(stage, state, decided[key]) for key, state in states.items()}
    groups: dict[int, list[pa.Table]] = defaultdict(list)
    for key, state in states.items():
        for number, rows in cutting.sentence(Home.of(key), state, job):
            groups[number].append(rows)
    for number, pieces in groups.items():
        cutting.cut(number, pieces, job)
