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
from pipeline.stage import KeyedStage
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
    with files.open_parquet(path) as source:
        own = [n for n in source.schema_arrow.names if n.startswith(f"{stage.name}.")]
    index = indexed(path, [*dict.fromkeys([*stage.index, "tstamp"]), *own])
    rows = index.rename_columns([n.removeprefix(f"{stage.name}.") for n in index.column_names])
    rows = _addressed(rows, home, job.recipe.release.interval)
    rows = rows.append_column("row", state["row"])
    rows = rows.append_column("dropped", pc.is_valid(state["dropped_by"]))
    for name in stage.uses:
        if name in state.column_names:
            rows = rows.append_column(name, state[name])
    if not stage.sees_dropped:
        rows = rows.filter(pc.invert(rows["dropped"]))
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
            state = state.append_column(added, pa.nulls(rows, added.type))
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
        state = state.append_column(added, made[added.name].combine_chunks().take(at))
    return state
