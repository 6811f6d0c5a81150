"""Phase `judge`: what the keyed stages decide, as plain functions over narrow tables.

For each keyed stage: `scatter` sends a unit's keys to partitions, `KeyedStage.choose` decides in
each partition, `returned` sends the decisions home, `settled` writes them into the unit's state.
A state is one row a staged row: its verdict so far and the columns joined so far. Text stays in
the staged files.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, intervals
from pipeline.job import Job
from pipeline.stage import KeyedStage, PairedStage
from schemas.staged import TABLES

STATE = ("row", "dropped_by", "reason", "into")
ADDRESS = ("table", "unit", "row")


@dataclass(frozen=True)
class Home:
    """Where a state belongs: a table and a unit, by their places in TABLES and in the plan."""

    table: int
    unit: int

    @property
    def name(self) -> str:
        """The name of the table."""
        return list(TABLES)[self.table]

    @property
    def key(self) -> int:
        """One number for both, to group by."""
        return self.unit * len(TABLES) + self.table

    @classmethod
    def of(cls, key: int) -> "Home":
        """The home with that number."""
        return cls(key % len(TABLES), key // len(TABLES))


def homes(job: Job) -> list[int]:
    """The keys of all homes of a run."""
    return [
        Home(table, unit).key for unit in range(len(job.plan.units)) for table in range(len(TABLES))
    ]


def opened(home: Home, job: Job) -> pa.Table:
    """The state before the first keyed stage: the verdicts of the batch stages."""
    path = job.folders.index(job.plan.units[home.unit].id, home.name)
    index = indexed(path, ["dropped_by", "reason"])
    return fresh(index["dropped_by"], index["reason"])


def fresh(dropped_by: pa.Array, reason: pa.Array) -> pa.Table:
    """A state with the verdicts so far, each of shape (rows,), and nothing joined yet."""
    return pa.table(
        {
            "row": pa.array(np.arange(len(dropped_by), dtype=np.int32)),
            "dropped_by": dropped_by,
            "reason": reason,
            "into": pa.nulls(len(dropped_by), pa.string()),
        }
    )


def indexed(path: str, columns: list[str]) -> pa.Table:
    """Some columns of an index file; one that was left empty has none of them."""
    with files.open_parquet(path) as source:
        if source.metadata.num_rows == 0:
            return pa.table({name: pa.nulls(0, pa.string()) for name in columns})
        return source.read(columns, use_threads=False).combine_chunks()


def scatter(
    stage: KeyedStage, home: Home, state: pa.Table, job: Job
) -> Iterator[tuple[int, pa.Table]]:
    """The rows of a home that this stage compares, by partition of their keys."""
    if home.name not in stage.tables or not state.num_rows:
        return
    path = job.folders.index(job.plan.units[home.unit].id, home.name)
    rows = _addressed(_keys(stage, path), home, job.recipe.release.interval)
    rows = rows.append_column("row", state["row"])
    rows = rows.append_column("dropped", pc.is_valid(state["dropped_by"]))
    for name in stage.uses:
        if name in state.column_names:
            rows = rows.append_column(name, state[name])
    if not stage.sees_dropped:
        rows = rows.filter(pc.invert(rows["dropped"]))
    yield from _partitioned(rows, job)


def _keys(stage: KeyedStage, path: str) -> pa.Table:
    """What a stage's decisions need of an index file: not its evidence."""
    evidence = stage.evidence if isinstance(stage, PairedStage) else ()
    with files.open_parquet(path) as source:
        own = [n for n in source.schema_arrow.names if n.startswith(f"{stage.name}.")]
    own = [n for n in own if n.removeprefix(f"{stage.name}.") not in evidence]
    index = indexed(path, [*dict.fromkeys([*stage.index, "tstamp"]), *own])
    return index.rename_columns([n.removeprefix(f"{stage.name}.") for n in index.column_names])


def _partitioned(rows: pa.Table, job: Job) -> Iterator[tuple[int, pa.Table]]:
    rows = placed(rows)
    part = partition(rows["key"].to_numpy(), job.partitions)
    for number in np.unique(part).tolist():
        yield number, rows.filter(pa.array(part == number)).combine_chunks()


def _addressed(rows: pa.Table, home: Home, kind: str) -> pa.Table:
    interval = intervals.number(rows["tstamp"].to_numpy(), kind)
    return (
        rows.append_column("table", pa.array(np.full(rows.num_rows, home.table, np.int8)))
        .append_column("unit", pa.array(np.full(rows.num_rows, home.unit, np.int32)))
        .append_column("interval", pa.array(interval))
    )


def placed(rows: pa.Table) -> pa.Table:
    """One row a place: rows with a list of keys become several."""
    at = rows.schema.get_field_index("key")
    if not pa.types.is_list(rows.schema.field(at).type):
        return rows.append_column("place", pa.array(np.zeros(rows.num_rows, np.int8)))
    keys = rows["key"].combine_chunks()
    parents = pc.list_parent_indices(keys)
    counts = pc.list_value_length(keys).to_numpy(zero_copy_only=False)
    place = np.arange(len(parents)) - np.repeat(np.cumsum(counts) - counts, counts)
    flat = rows.take(parents).set_column(at, "key", pc.list_flatten(keys))
    return flat.append_column("place", pa.array(place, pa.int8()))


def partition(key: np.ndarray, partitions: int) -> np.ndarray:
    """The partition of each key, by hash range: shape (rows,) int64."""
    return ((key >> np.uint64(32)) * np.uint64(partitions) >> np.uint64(32)).astype(np.int64)


def together(pieces: list[pa.Table]) -> pa.Table:
    """The pieces of one partition as a table; columns that some lack become null there."""
    return pa.concat_tables(pieces, promote_options="default").combine_chunks()


def returned(decisions: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    """Decisions by the home of their rows."""
    home = decisions["unit"].to_numpy().astype(np.int64) * len(TABLES)
    home += decisions["table"].to_numpy()
    for key in np.unique(home).tolist():
        yield key, decisions.filter(pa.array(home == key)).drop_columns(["table", "unit"])


def settled(stage: KeyedStage, state: pa.Table, decisions: list[pa.Table]) -> pa.Table:
    """The state after a stage: its drops, and the columns it joins."""
    rows = state.num_rows
    if not decisions:
        for added in stage.adds:
            column = _defaulted(stage, added, pa.nulls(rows, added.type))
            state = state.append_column(added, column)
        return state
    made = pa.concat_tables(decisions).combine_chunks()
    mapped = np.full(rows, -1, np.int64)
    mapped[made["row"].to_numpy()] = np.arange(made.num_rows)
    at = pa.array(mapped, mask=mapped < 0)
    reason = made["reason"].combine_chunks().take(at)
    is_new = pc.and_(pc.is_valid(reason), pc.is_null(state["dropped_by"]))
    for name, value in (
        ("dropped_by", pa.scalar(stage.name)),
        ("reason", reason),
        ("into", made["into"].combine_chunks().take(at)),
    ):
        column = pc.if_else(is_new, value, state[name])
        state = state.set_column(state.schema.get_field_index(name), name, column)
    for added in stage.adds:
        column = _defaulted(stage, added, made[added.name].combine_chunks().take(at))
        state = state.append_column(added, column)
    return state


def _defaulted(stage: KeyedStage, added: pa.Field, column: pa.Array) -> pa.Array:
    default = stage.defaults.get(added.name)
    return column if default is None else pc.fill_null(column, pa.scalar(default, added.type))


def former(stage: PairedStage, number: int, job: Job) -> Iterator[tuple[int, pa.Table]]:
    """The rows of an index of an earlier release, by partition of their keys.

    Their unit is the number of the index behind the last unit of the run.
    """
    rows = _keys(stage, job.former[number])
    home = Home(0, len(job.plan.units) + number)
    rows = _addressed(rows, home, job.recipe.release.interval)
    count = rows.num_rows
    rows = rows.append_column("row", pa.array(np.arange(count, dtype=np.int32)))
    yield from _partitioned(rows.append_column("dropped", pa.array(np.zeros(count, bool))), job)


def resolved(stage: PairedStage, members: list[pa.Table], job: Job) -> pa.Table:
    """All candidates of a stage, decided on in one place."""
    rows = together(members)
    is_former = rows["unit"].to_numpy() >= len(job.plan.units)
    rows = rows.append_column("former", pa.array(is_former))

    def evidence(unit: np.ndarray, row: np.ndarray, column: str) -> tuple[np.ndarray, np.ndarray]:
        sets = _fetched(unit, row, f"{stage.name}.{column}", job)
        return pc.list_flatten(sets).to_numpy(), np.cumsum(pc.list_value_length(sets).to_numpy())

    return stage.resolve(rows, evidence)


def _fetched(unit: np.ndarray, row: np.ndarray, column: str, job: Job) -> pa.ListArray:
    """One column of the index for some rows, in their order; only their row groups are read."""
    order = np.lexsort([row, unit])
    pieces = []
    for number in np.unique(unit).tolist():
        units = len(job.plan.units)
        path = (
            job.folders.index(job.plan.units[number].id, "conversations")
            if number < units
            else job.former[number - units]
        )
        pieces.append(files.read_rows(path, np.sort(row[unit == number]), column))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return pa.concat_arrays(pieces).take(pa.array(place))
