"""Stages that compare rows two by two: find the rows that share a key, then decide on them.

Band keys are many a row, so they do not travel: each range of keys is looked through where the
indexes lie, and only rows that share a key with another are kept in mind. What a decision needs
beside that is fetched for those rows alone.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, intervals, judging, states
from pipeline.job import Job
from pipeline.stage import PairedStage
from pipeline.states import Home

RANGE_BYTES = 8 << 20
MEMBER_BYTES = 16


def ranges(stage: PairedStage, job: Job) -> range:
    """How many ranges of keys to look through, so that one fits into memory."""
    members = 0
    for unit, _ in _sources(stage, job):
        with files.open_parquet(unit) as source:
            names = source.schema_arrow.names
            at = names.index(f"{stage.name}.key") if f"{stage.name}.key" in names else -1
            if at >= 0:
                members += source.metadata.num_rows * stage.keys_per_row()
    return range(max(1, -(-members * MEMBER_BYTES // RANGE_BYTES)))


def _sources(stage: PairedStage, job: Job) -> Iterator[tuple[str, int]]:
    """The index files a stage looks at, and their unit: those of earlier releases come last."""
    table = 0
    for unit in range(len(job.plan.units)):
        path = states.index_path(Home(table, unit), job)
        if judging.own_columns(stage, path):
            yield path, unit
    for number, path in enumerate(job.former):
        yield path, len(job.plan.units) + number


def met(stage: PairedStage, number: int, count: int, job: Job) -> pa.Table:
    """The rows that share a key of one range with another row: `key`, `unit`, `row`, `place`."""
    pieces = []
    for path, unit in _sources(stage, job):
        names = [f"{stage.name}.{name}" for name in ("key", *stage.travels)]
        rows = states.indexed(path, names)
        rows = rows.rename_columns(["key", *stage.travels])
        rows = rows.append_column("row", pa.array(np.arange(rows.num_rows, dtype=np.int32)))
        if unit < len(job.plan.units):
            alive = pc.is_null(states.load(Home(0, unit), job)["dropped_by"])
            rows = rows.filter(alive)
        rows = judging.placed(rows)
        mine = judging.partition(rows["key"].to_numpy(), count) == number
        rows = rows.filter(pa.array(mine))
        rows = rows.append_column("unit", pa.array(np.full(rows.num_rows, unit, np.int32)))
        pieces.append(rows)
    if not pieces:
        return pa.table({"key": pa.array([], pa.uint64())})
    return stage.distinct(stage.meet(judging.together(pieces)))


def resolved(stage: PairedStage, found: list[pa.Table], job: Job) -> pa.Table | None:
    """All candidates of a stage, decided on in one place; None if there are none."""
    members = [table for table in found if table.num_rows]
    if not members:
        return None
    whole = stage.distinct(judging.together(members))

    def evidence(unit: np.ndarray, row: np.ndarray, column: str) -> tuple[np.ndarray, np.ndarray]:
        sets = _fetched(unit, row, f"{stage.name}.{column}", job)
        return pc.list_flatten(sets).to_numpy(), np.cumsum(pc.list_value_length(sets).to_numpy())

    return stage.resolve(_described(stage, whole, job), whole, evidence)


def _described(stage: PairedStage, members: pa.Table, job: Job) -> pa.Table:
    """The distinct rows among the members, with what a decision needs to know of each."""
    units, rows = members["unit"].to_numpy(), members["row"].to_numpy()
    pieces = []
    for unit in np.unique(units).tolist():
        wanted = pa.array(np.unique(rows[units == unit]))
        is_former = unit >= len(job.plan.units)
        if is_former:
            index = states.indexed(job.former[unit - len(job.plan.units)], _columns(stage))
            found = _former(index, unit, job).take(wanted)
        else:
            home = Home(0, unit)
            index = states.indexed(states.index_path(home, job), _columns(stage))
            found = judging.with_state(index, stage, home, job).take(wanted)
        pieces.append(found.append_column("former", pa.array(np.full(len(wanted), is_former))))
    return judging.together(pieces)


def _columns(stage: PairedStage) -> list[str]:
    return list(dict.fromkeys([*stage.index, "tstamp"]))


def _former(index: pa.Table, unit: int, job: Job) -> pa.Table:
    count = index.num_rows
    interval = intervals.number(index["tstamp"].to_numpy(), job.recipe.release.interval)
    columns = {
        "table": np.zeros(count, np.int8),
        "unit": np.full(count, unit, np.int32),
        "row": np.arange(count, dtype=np.int32),
        "interval": interval,
        "dropped": np.zeros(count, bool),
    }
    for name, column in columns.items():
        index = index.append_column(name, pa.array(column))
    return index


def _fetched(unit: np.ndarray, row: np.ndarray, column: str, job: Job) -> pa.ListArray:
    """One column of the index for some rows, in their order; only their row groups are read."""
    order = np.lexsort([row, unit])
    units = len(job.plan.units)
    pieces = []
    for number in np.unique(unit).tolist():
        is_former = number >= units
        path = job.former[number - units] if is_former else states.index_path(Home(0, number), job)
        pieces.append(files.read_rows(path, np.sort(row[unit == number]), column))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return pa.concat_arrays(pieces).take(pa.array(place))
