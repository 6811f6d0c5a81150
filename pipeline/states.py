"""What the judge has said so far of the rows of each home: one small file a home.

A home is a table of a unit. Its state has a row a staged row: `dropped_by`, `reason`, `into`, and
the columns that keyed stages joined. Between two stages it lies on disk, so that the judge's
memory is that of one stage's keys. A state is never written over: each stage that has something
to say writes the next one, so that an engine may repeat any piece of work, however late.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files
from pipeline.job import Job
from pipeline.stage import KeyedStage
from schemas.staged import TABLES

VERDICT = ("row", "dropped_by", "reason", "into")


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
    return list(range(len(job.plan.units) * len(TABLES)))


def index_path(home: Home, job: Job) -> str:
    """The index of a home's rows."""
    return job.folders.index(job.plan.units[home.unit].id, home.name)


def _path(home: Home, step: int, job: Job) -> str:
    return job.folders.at("judged", "states", f"{home.key}-{step}.parquet")


def begin(home: Home, job: Job) -> None:
    """Write the state before the first keyed stage: the verdicts of the batch stages."""
    index = indexed(index_path(home, job), ["dropped_by", "reason"])
    files.write_table(_path(home, 0, job), fresh(index["dropped_by"], index["reason"]))


def load(home: Home, job: Job) -> pa.Table:
    """The state of a home after the stages that have decided."""
    paths = (_path(home, step, job) for step in range(job.step, -1, -1))
    return files.read_table(next(filter(files.exists, paths))).combine_chunks()


def settle(stage: KeyedStage, home: Home, decisions: list[pa.Table], job: Job) -> None:
    """Write the state of a home after a stage that decided on some of its rows."""
    state = settled(stage, load(home, job), decisions)
    files.write_table(_path(home, job.step + 1, job), state)


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


def settled(stage: KeyedStage, state: pa.Table, decisions: list[pa.Table]) -> pa.Table:
    """The state after a stage: its drops, and what it joins. To repeat it changes nothing."""
    if not decisions:
        return completed(state, (stage,))
    made = pa.concat_tables(decisions).combine_chunks()
    if "place" in made.column_names:
        made = _by_row(stage, made)
    mapped = np.full(state.num_rows, -1, np.int64)
    mapped[made["row"].to_numpy()] = np.arange(made.num_rows)
    at = pa.array(mapped, mask=mapped < 0)
    reason = made["reason"].combine_chunks().take(at)
    is_new = pc.and_(pc.is_valid(reason), pc.is_null(state["dropped_by"]))
    for name, value in (
        ("dropped_by", pa.scalar(stage.name)),
        ("reason", reason),
        ("into", made["into"].combine_chunks().take(at)),
    ):
        state = _put(state, name, pc.if_else(is_new, value, state[name]))
    for added in stage.adds:
        column = made[added.name].combine_chunks().take(at)
        state = _put(state, added.name, _defaulted(stage, added, column))
    return state


def _by_row(stage: KeyedStage, made: pa.Table) -> pa.Table:
    """Decisions of several places of a row as one: the first reason, lists of what was added."""
    order = [("row", "ascending"), ("place", "ascending")]
    made = made.take(pc.sort_indices(made, sort_keys=order)).combine_chunks()
    row = made["row"].to_numpy()
    is_first = np.ones(len(row), bool)
    is_first[1:] = row[1:] != row[:-1]
    starts = np.flatnonzero(is_first)
    columns = {"row": made["row"].take(pa.array(starts))}
    for name in ("reason", "into"):
        said = made.filter(pc.is_valid(made[name]))
        at = np.searchsorted(said["row"].to_numpy(), row[starts])
        has = np.isin(row[starts], said["row"].to_numpy())
        columns[name] = said[name].combine_chunks().take(pa.array(at, mask=~has))
    for added in stage.adds:
        is_given = pc.is_valid(made[added.name]).to_numpy()
        ends = np.cumsum(np.add.reduceat(is_given, starts, dtype=np.int64))
        given = made[added.name].combine_chunks().drop_null()
        offsets = pa.array(np.append(0, ends), pa.int32())
        columns[added.name] = pa.ListArray.from_arrays(offsets, given).cast(added.type)
    return pa.table(columns)


def completed(state: pa.Table, stages: tuple[KeyedStage, ...]) -> pa.Table:
    """The state with the columns of all stages, also those that decided on none of its rows."""
    for stage in stages:
        for added in stage.adds:
            if added.name not in state.column_names:
                nothing = pa.nulls(state.num_rows, added.type)
                state = _put(state, added.name, _defaulted(stage, added, nothing))
    return state


def _put(state: pa.Table, name: str, column: pa.Array) -> pa.Table:
    at = state.schema.get_field_index(name)
    return state.append_column(name, column) if at < 0 else state.set_column(at, name, column)


def _defaulted(stage: KeyedStage, added: pa.Field, column: pa.Array) -> pa.Array:
    default = stage.defaults.get(added.name)
    return column if default is None else pc.fill_null(column, pa.scalar(default, added.type))
