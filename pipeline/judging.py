"""Phase `judge`: what the keyed stages decide, as plain functions over narrow tables.

For each keyed stage: `scatter` sends a home's keys to partitions, `KeyedStage.choose` decides in
each partition, `returned` sends the decisions home, where `states.settle` writes them down. Text
stays in the staged files. Stages that compare pairs are carried out by pipeline/pairing.py.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, intervals, states
from pipeline.job import Job
from pipeline.stage import KeyedStage
from pipeline.states import Home
from schemas.staged import TABLES

ADDRESS = ("table", "unit", "row")


def scatter(stage: KeyedStage, home: Home, job: Job) -> Iterator[tuple[int, pa.Table]]:
    """The rows of a home that this stage compares, by partition of their keys."""
    if home.name not in stage.tables:
        return
    path = states.index_path(home, job)
    names = own_columns(stage, path)
    if not names:
        return
    rows = states.indexed(path, [*dict.fromkeys([*stage.index, "tstamp"]), *names])
    rows = rows.rename_columns([n.removeprefix(f"{stage.name}.") for n in rows.column_names])
    rows = with_state(rows, stage, home, job)
    if not stage.sees_dropped:
        rows = rows.filter(pc.invert(rows["dropped"]))
    rows = placed(rows)
    part = partition(rows["key"].to_numpy(), job.partitions)
    for number in np.unique(part).tolist():
        yield number, rows.filter(pa.array(part == number)).combine_chunks()


def own_columns(stage: KeyedStage, path: str) -> list[str]:
    """The columns of an index file that hold the keys of a stage; none if it has no rows."""
    with files.open_parquet(path) as source:
        return [n for n in source.schema_arrow.names if n.startswith(f"{stage.name}.")]


def with_state(rows: pa.Table, stage: KeyedStage, home: Home, job: Job) -> pa.Table:
    """Rows of a home's index with their addresses, intervals, and what is known of them."""
    state = states.load(home, job)
    interval = intervals.number(rows["tstamp"].to_numpy(), job.recipe.release.interval)
    columns = {
        "table": pa.array(np.full(rows.num_rows, home.table, np.int8)),
        "unit": pa.array(np.full(rows.num_rows, home.unit, np.int32)),
        "row": state["row"],
        "interval": pa.array(interval),
        "dropped": pc.is_valid(state["dropped_by"]),
    } | {name: state[name] for name in stage.uses if name in state.column_names}
    for name, column in columns.items():
        rows = rows.append_column(name, column)
    return rows


def placed(rows: pa.Table) -> pa.Table:
    """One row a place: rows with a list of keys become several."""
    at = rows.schema.get_field_index("key")
    if not pa.types.is_list(rows.schema.field(at).type):
        return rows.append_column("place", pa.array(np.zeros(rows.num_rows, np.int16)))
    keys = rows["key"].combine_chunks()
    parents = pc.list_parent_indices(keys)
    counts = pc.list_value_length(keys).to_numpy(zero_copy_only=False)
    place = np.arange(len(parents)) - np.repeat(np.cumsum(counts) - counts, counts)
    flat = rows.take(parents).set_column(at, "key", pc.list_flatten(keys))
    return flat.append_column("place", pa.array(place, pa.int16()))


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
