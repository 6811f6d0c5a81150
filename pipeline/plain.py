"""The phases in a plain loop, without Beam: for tests, small jobs, and to know what Beam costs."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa

from pipeline import cutting, judging
from pipeline.job import Job
from pipeline.judging import Home
from pipeline.stage import PairedStage

States = dict[int, pa.Table]


def map_work(work: Callable[[Any], object], items: Iterable[Any]) -> None:
    """Do the work for each item, one after the other."""
    for item in items:
        work(item)


def _paired(
    stage: PairedStage, states: States, parts: dict[int, list[pa.Table]], job: Job
) -> States:
    for number in range(len(job.former)):
        for part, rows in judging.former(stage, number, job):
            parts[part].append(rows)
    members = [stage.meet(judging.together(rows)) for rows in parts.values()]
    decided = dict(judging.returned(judging.resolved(stage, members, job))) if members else {}
    return {
        key: judging.settled(stage, state, [decided[key]] if key in decided else [])
        for key, state in states.items()
    }


def judge(job: Job) -> None:
    """All keyed stages, then the cut."""
    states = {key: judging.opened(Home.of(key), job) for key in judging.homes(job)}
    for stage in job.recipe.keyed:
        parts: dict[int, list[pa.Table]] = defaultdict(list)
        for key, state in states.items():
            for number, rows in judging.scatter(stage, Home.of(key), state, job):
                parts[number].append(rows)
        if isinstance(stage, PairedStage):
            states = _paired(stage, states, parts, job)
            continue
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
