"""Each week: the logs that are new become a release, which a person approves.

`docs/airflow.md` shows how it is run. Every task is one call of `curate`, so a retry goes on where
the last try ended, and a second run of an interval changes nothing.
"""

import datetime as dt
import os
from collections.abc import Sequence

from airflow.sdk import (
    DAG,
    CronDataIntervalTimetable,
    Param,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowException
from arena import outputs, steps
from arena.child import JUDGE, KEY, curate

PHASES = ("stage", "judge", "fit", "write")
ASKING = ("stage", "write")
"""Phases in which stages may ask a language model."""
PARAMS = {
    "logs": Param(
        os.environ.get("ARENA_LOGS", f"{outputs.DEFAULT}/raw/**/*-conv.json*"),
        type="string",
        description="pattern of log files with a day in their names",
    ),
    "engine": Param(os.environ.get("ARENA_ENGINE", "local"), type="string"),
    "fresh": Param(
        default=False,
        type="boolean",
        description="throw the interval's output away, and begin anew from all logs: "
        "for another recipe or version",
    ),
}


@task
def find_logs() -> str:
    """The interval; what its release is made from is written down, and the same each time.

    Raises:
        AirflowException: there are no new logs; they may come yet.
    """
    context = get_current_context()
    run, given = context["dag_run"], context["params"]
    name = outputs.interval(run.data_interval_start, run.data_interval_end, run.run_after)
    if outputs.plan(given["releases"], name, given["logs"], fresh=given["fresh"]) is None:
        raise AirflowException(f"no new logs before the end of {name} in {given['logs']}")
    if given["fresh"]:
        _run(name, "plan", "--restart", secrets=KEY)
    return name


@task
def advance(phase: str, interval: str) -> str:
    """One phase of `curate run`."""
    _run(interval, phase, secrets=(*KEY, *JUDGE))
    return interval


@task
def assemble(interval: str) -> str:
    """The last phase; the output folder."""
    return _run(interval, "assemble", secrets=KEY)


def _run(interval: str, phase: str, *more: str, secrets: Sequence[str]) -> str:
    given = get_current_context()["params"]
    found = outputs.planned(given["releases"], interval)
    if outputs.is_taken_down(found["output"]) and not more:
        return str(found["output"])
    known = [
        word
        for option in ("after", "tombstones")
        if found.get(option)
        for word in (f"--{option}", found[option])
    ]
    asked = ["--output", found["output"], "--engine", given["engine"], "--no-report", *known, *more]
    inputs = ["--input", *found["inputs"]]
    curate("run", given["recipe"], *asked, "--through", phase, *inputs, secrets=secrets)
    return str(found["output"])


with DAG(
    "arena_weekly_release",
    schedule=CronDataIntervalTimetable("0 6 * * MON", timezone="UTC"),
    start_date=dt.datetime(2023, 1, 2, 6, tzinfo=dt.UTC),
    params={**steps.params(), **PARAMS},
    doc_md=__doc__,
    tags=["arena"],
    **steps.settings(),
):
    found = find_logs()
    for phase in PHASES:
        pool = steps.BUDGET if phase in ASKING else "default_pool"
        found = advance.override(task_id=phase, pool=pool)(phase, found)
    steps.released(assemble(found))
