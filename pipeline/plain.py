"""The phases in a plain loop, without Beam: for tests, small jobs, and to know what Beam costs."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pyarrow as pa

from pipeline import cutting, judging, pairing, states
from pipeline.job import Job
from pipeline.stage import KeyedStage, PairedStage
from pipeline.states import Home

Pieces = dict[int, list[pa.Table]]


def map_work(work: Callable[[Any], object], items: Iterable[Any]) -> None:
    """Do the work for each item, one after the other."""
    for item in items:
        work(item)


def judge(job: Job) -> None:
    """All keyed stages, then the cut."""
    homes = [Home.of(key) for key in states.homes(job)]
    for home in homes:
        states.begin(home, job)
    for step, stage in enumerate(job.recipe.keyed):
        job = replace(job, step=step)
        if isinstance(stage, PairedStage):
            for work, items in pairing.phases(stage, job):
                map_work(work, items)
            continue
        for key, decisions in _choices(stage, homes, job).items():
            states.settle(stage, Home.of(key), decisions, job)
    job = replace(job, step=len(job.recipe.keyed))
    survivors: Pieces = defaultdict(list)
    for home in homes:
        for number, rows in cutting.sentence(home, job):
            survivors[number].append(rows)
    for number, pieces in survivors.items():
        cutting.cut(number, pieces, job)


def _choices(stage: KeyedStage, homes: list[Home], job: Job) -> Pieces:
    parts: Pieces = defaultdict(list)
    for home in homes:
        for number, rows in judging.scatter(stage, home, job):
            parts[number].append(rows)
    surveys = [stage.survey(judging.together(rows)) for rows in parts.values()]
    context = stage.settle([survey for survey in surveys if survey is not None])
    made: Pieces = defaultdict(list)
    for rows in parts.values():
        for key, decisions in judging.returned(stage.choose(judging.together(rows), context)):
            made[key].append(decisions)
    return made
