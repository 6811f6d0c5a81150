"""One stage on one log file: what would it change?"""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import intervals, judging, staging, states
from pipeline.ingest import lines
from pipeline.ingest.lines import Limits, Span
from pipeline.ingest.rows import Ingest
from pipeline.stage import BatchStage, EditingStage, KeyedStage, PairedStage, Stage
from schemas.staged import IDS, TABLES

TRIAL_KEY = bytes(32)
"""A trial releases nothing, so its surrogates and hashes need no secret."""


class Change(msgspec.Struct):
    """One row that a stage dropped or changed."""

    table: str
    conversation_id: str
    what: dict[str, tuple[Any, Any]]  # column -> before, after


class Trial(msgspec.Struct):
    """What a stage did to the rows of a file."""

    stage: str
    rows: dict[str, int]  # table -> rows
    dropped: dict[str, int]  # reason -> rows
    changed: dict[str, int]  # column -> rows
    changes: list[Change]


def attempt(stage: Stage, path: str, limit: int, show: int) -> Trial:
    """Run a stage alone on the first lines of a log.

    Args:
        stage: with its options.
        path: a raw log.
        limit: lines read.
        show: changed rows that are kept, texts and all.

    Raises:
        InputError: the file cannot be read.
    """
    before = tables(path, limit)
    trial = Trial(stage.name, {name: rows.num_rows for name, rows in before.items()}, {}, {}, [])
    for table, after in _applied(stage, before).items():
        drops = Counter(after["reason"].drop_null().to_pylist())
        staging.add(trial.dropped, drops)
        for change in _changes(table, before[table], after):
            staging.add(trial.changed, {name: 1 for name in change.what if name != "dropped_by"})
            if len(trial.changes) < show:
                trial.changes.append(change)
    return trial


def tables(path: str, limit: int) -> dict[str, pa.RecordBatch]:
    """The rows of a log by table, in memory; without user ids."""
    pieces = lines.read(Span(path, 0, max_lines=limit), Limits())
    batches = list(Ingest(Limits(), None, limit).batches(pieces, 0))
    return {
        name: pa.Table.from_batches([b.tables[name] for b in batches], schema)
        .combine_chunks()
        .to_batches()[0]
        for name, schema in TABLES.items()
        if any(b.tables[name].num_rows for b in batches)
    }


def _applied(stage: Stage, before: dict[str, pa.RecordBatch]) -> dict[str, pa.RecordBatch]:
    mine = {name: rows for name, rows in before.items() if name in stage.tables}
    if isinstance(stage, BatchStage):
        return {name: stage.apply(rows) for name, rows in mine.items()}
    assert isinstance(stage, KeyedStage)  # noqa: S101 (there are two kinds)
    if isinstance(stage, EditingStage):
        mine = {name: stage.mark(rows) for name, rows in mine.items()}
    rows = judging.together([_keyed(stage, name, batch) for name, batch in mine.items()])
    if isinstance(stage, PairedStage):
        made = _paired(stage, rows)
    else:
        survey = stage.survey(rows)
        made = stage.choose(judging.placed(rows), stage.settle([] if survey is None else [survey]))
    decided = {name: _decided(stage, name, batch, made) for name, batch in mine.items()}
    if isinstance(stage, EditingStage):
        decided = {
            name: stage.edit(rows, TRIAL_KEY).drop_columns([mark.name for mark in stage.marks])
            for name, rows in decided.items()
        }
    return decided


def _paired(stage: PairedStage, rows: pa.Table) -> pa.Table:
    """The decisions on rows that are all in one unit, whose sets are at hand."""

    def evidence(unit: np.ndarray, row: np.ndarray, column: str) -> tuple[np.ndarray, np.ndarray]:
        del unit
        sets = rows[column].combine_chunks().take(pa.array(row))
        return pc.list_flatten(sets).to_numpy(), np.cumsum(pc.list_value_length(sets).to_numpy())

    rows = rows.append_column("former", pa.array(np.zeros(rows.num_rows, bool)))
    members = stage.meet(judging.placed(rows.select(["key", "unit", "row", *stage.travels])))
    return stage.resolve(rows, members, evidence)


def _keyed(stage: KeyedStage, table: str, batch: pa.RecordBatch) -> pa.Table:
    """What `choose` is shown of these rows."""
    index = pa.Table.from_batches([staging.indexed(batch, table, (stage,))])
    names = [name.removeprefix(f"{stage.name}.") for name in index.column_names]
    count = batch.num_rows
    rows = index.rename_columns(names)
    for name, values in (
        ("table", np.full(count, list(TABLES).index(table), np.int8)),
        ("unit", np.zeros(count, np.int32)),
        ("row", np.arange(count, dtype=np.int32)),
        ("dropped", np.zeros(count, bool)),
        ("interval", intervals.number(batch["tstamp"].to_numpy(), "week")),
    ):
        rows = rows.append_column(name, pa.array(values))
    return rows


def _decided(
    stage: KeyedStage, table: str, batch: pa.RecordBatch, made: pa.Table
) -> pa.RecordBatch:
    mine = made.filter(pc.equal(made["table"], list(TABLES).index(table)))
    state = states.fresh(batch["dropped_by"], batch["reason"])
    state = states.settled(stage, state, [mine])
    for name in state.column_names:
        if name not in {"row", "into"}:
            column = state[name].combine_chunks()
            at = batch.schema.get_field_index(name)
            batch = (
                batch.append_column(name, column) if at < 0 else batch.set_column(at, name, column)
            )
    return batch


def _changes(table: str, before: pa.RecordBatch, after: pa.RecordBatch) -> Iterator[Change]:
    names = [n for n in after.schema.names if n != "reason"]
    old = {n: before[n].to_pylist() for n in names if n in before.schema.names}
    new = {n: after[n].to_pylist() for n in names}
    ids = after[IDS[table]].to_pylist()
    missing = itertools.repeat(None)
    rows = zip(*(zip(old.get(n, missing), new[n], strict=False) for n in names), strict=True)
    for at, pairs in enumerate(rows):
        what = {n: pair for n, pair in zip(names, pairs, strict=True) if _is_news(*pair)}
        if what:
            if "dropped_by" in what:
                what["dropped_by"] = (None, f"{stage_of(after, at)}")
            yield Change(table, ids[at], what)


def _is_news(before: Any, after: Any) -> bool:
    """Whether a value says something that was not said; a new column's "no" does not."""
    return before != after and not (before is None and (after is False or after == []))


def stage_of(after: pa.RecordBatch, row: int) -> str:
    """The verdict of a row, `stage: reason`."""
    return f"{after['dropped_by'][row].as_py()}: {after['reason'][row].as_py()}"
