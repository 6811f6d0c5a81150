"""Stages that compare rows two by two: find the rows that share a key, then decide on them.

Band keys are many a row, and the sets that prove a similarity are large, so neither travels
through memory. Each step reads files that the step before it cut as this one needs them:

    spread     a unit's keys          -> by range of keys
    meet       a range of keys        -> the rows that share a key in it
    group      those of all ranges    -> components (pipeline/components.py), in blocks of rows
    gather     a unit's rows and sets -> by block
    deal       the members of a range -> by block
    decide     a block of components  -> decisions, by unit
    settle     a unit's decisions     -> its state

Rows of different components never meet, so a block can be decided on alone. What is held of all
rows at once is a number or two of four bytes each; all else is a unit, a range or a block.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import components, files, hashing, intervals, judging, sets, spill, states
from pipeline.components import Forest
from pipeline.job import Job
from pipeline.stage import PairedStage
from pipeline.states import Home

RANGE_BYTES = 8 << 20
MEMBER_BYTES = 16
BLOCK_BYTES = 8 << 20
"""Text of a block; its sets of shingles are up to three times as large."""
Phase = tuple[Callable[[Any], object], Iterable[Any]]


class Shape(msgspec.Struct, frozen=True):
    """Into how many pieces the work of a stage is cut."""

    units: list[int]
    ranges: int
    blocks: int = 0
    parts: int = 0


def phases(stage: PairedStage, job: Job) -> Iterator[Phase]:
    """The steps in order: what to do, and for what; a step may begin when the last one ended."""
    units = sources(stage, job)
    shape = Shape(units, ranges(units, stage, job))
    files.remove_tree(_folder(job))

    def step(work: Callable[..., object], items: Iterable[int]) -> Phase:
        return functools.partial(work, stage=stage, job=job, shape=shape), items

    yield step(_spread, units)
    yield step(_meet, range(shape.ranges))
    yield step(_group, [0])
    shape = files.read_record(_at("shape.json", job), Shape)
    if shape.blocks:
        yield step(_gather, units)
        yield step(_deal, range(shape.ranges))
        yield step(_decide, range(shape.blocks))
        yield step(_settle, range(len(job.plan.units)))
    files.remove_tree(_folder(job))


def sources(stage: PairedStage, job: Job) -> list[int]:
    """The units a stage looks at; the index files of earlier releases are the last ones."""
    units = range(len(job.plan.units) + len(job.former))
    return [unit for unit in units if judging.own_columns(stage, _index(unit, job))]


def ranges(units: list[int], stage: PairedStage, job: Job) -> int:
    """How many ranges of keys to look through, so that one fits into memory."""
    keys = sum(_rows(unit, job) for unit in units) * stage.keys_per_row()
    return max(1, -(-keys * MEMBER_BYTES // RANGE_BYTES))


def _index(unit: int, job: Job) -> str:
    now = len(job.plan.units)
    return job.former[unit - now] if unit >= now else states.index_path(Home(0, unit), job)


def _rows(unit: int, job: Job) -> int:
    with files.open_parquet(_index(unit, job)) as source:
        return int(source.metadata.num_rows)


def _folder(job: Job) -> str:
    """A folder a stage: work that an engine repeats late must not meet that of another stage."""
    return job.folders.at("judged", f"pairs-{job.step}")


def _at(name: str, job: Job) -> str:
    return files.join(_folder(job), name)


def _of_units(name: str, job: Job, shape: Shape) -> list[tuple[int, str]]:
    return [(unit, _at(f"{name}-{unit}.arrow", job)) for unit in shape.units]


def _spread(unit: int, stage: PairedStage, job: Job, shape: Shape) -> None:
    """Cut the keys of a unit's rows by range."""
    names = ["key", *stage.travels]
    rows = states.indexed(_index(unit, job), [f"{stage.name}.{name}" for name in names])
    rows = rows.rename_columns(names)
    rows = rows.append_column("row", pa.array(np.arange(rows.num_rows, dtype=np.int32)))
    if unit < len(job.plan.units):
        rows = rows.filter(pc.is_null(states.load(Home(0, unit), job)["dropped_by"]))
    rows = _placed(rows)
    part = judging.partition(rows["key"].to_numpy(), shape.ranges)
    spill.write(_at(f"keys-{unit}.arrow", job), rows, part, shape.ranges)


def _placed(rows: pa.Table) -> pa.Table:
    """One row a key: `key`, `place` in the list of keys, and the other columns."""
    keys = rows["key"].combine_chunks()
    parents = pc.list_parent_indices(keys)
    counts = pc.list_value_length(keys).to_numpy(zero_copy_only=False)
    place = np.arange(len(parents)) - np.repeat(np.cumsum(counts) - counts, counts)
    flat = rows.drop_columns(["key"]).take(parents)
    flat = flat.append_column("key", pc.list_flatten(keys))
    return flat.append_column("place", pa.array(place, pa.int16()))


def _meet(number: int, stage: PairedStage, job: Job, shape: Shape) -> None:
    """Find the rows that share a key of one range."""
    if not shape.units:
        return
    rows = spill.gather(_of_units("keys", job, shape), number)
    if rows.num_rows:
        met = stage.distinct(stage.meet(rows))
        path = _at(f"met-{number}.arrow", job)
        spill.write(path, met, np.zeros(met.num_rows, np.int64), 1)


def _met(number: int, job: Job) -> pa.Table | None:
    path = _at(f"met-{number}.arrow", job)
    return spill.read(path, 0) if files.exists(path) else None


def _group(_: int, stage: PairedStage, job: Job, shape: Shape) -> None:
    """Put rows that share keys, directly or through others, into blocks, and say which."""
    counts = np.zeros(len(job.plan.units) + len(job.former), np.int64)
    counts[shape.units] = [_rows(unit, job) for unit in shape.units]
    base = np.cumsum(counts) - counts
    forest = Forest(int(counts.sum()))
    is_met = np.zeros(len(forest.parent), bool)
    for number in range(shape.ranges):
        members = _met(number, job)
        if members is not None:
            is_met[_join(forest, members, base)] = True
    _join_battles(forest, is_met, base, stage, job)
    rows = np.flatnonzero(is_met)
    weight = _weights(is_met, base, job, shape)
    made = components.blocks(forest.roots(rows), weight, BLOCK_BYTES)
    for unit in shape.units:
        mine = slice(*np.searchsorted(rows, [base[unit], base[unit] + counts[unit]]))
        where = {"row": rows[mine] - base[unit], "block": made.block[mine], "part": made.part[mine]}
        table = pa.table({name: pa.array(each, pa.int32()) for name, each in where.items()})
        files.write_table(_at(f"where-{unit}.parquet", job), table)
    shape = Shape(shape.units, shape.ranges, made.blocks, made.parts)
    files.write_record(_at("shape.json", job), shape)


def _join(forest: Forest, members: pa.Table, base: np.ndarray) -> np.ndarray:
    """Join the rows that share a key; returns all of them."""
    key = members["key"].to_numpy()
    order = np.argsort(key, kind="stable")
    rows = (base[members["unit"].to_numpy()] + members["row"].to_numpy())[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = key[order][1:] != key[order][:-1]
    first = rows[np.flatnonzero(is_first)[np.cumsum(is_first) - 1]]
    forest.join(first[~is_first], rows[~is_first])
    return rows


def _join_battles(
    forest: Forest, is_met: np.ndarray, base: np.ndarray, stage: PairedStage, job: Job
) -> None:
    """Join the sides of a battle, for one is not decided on without the other."""
    keys, rows = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for unit in range(len(job.plan.units)) if "battle_id" in stage.uses else ():
        state = states.load(Home(0, unit), job)
        if "battle_id" in state.column_names:
            at = np.flatnonzero(pc.is_valid(state["battle_id"]).to_numpy())
            at = at[is_met[base[unit] + at]]
            keys.append(hashing.pair(state["battle_id"].combine_chunks().take(pa.array(at)))[0])
            rows.append(base[unit] + at)
    key, row = np.concatenate(keys), np.concatenate(rows)
    order = np.argsort(key, kind="stable")
    same = key[order][1:] == key[order][:-1]
    forest.join(row[order][:-1][same], row[order][1:][same])


def _weights(is_met: np.ndarray, base: np.ndarray, job: Job, shape: Shape) -> np.ndarray:
    """Bytes of text of each row that met another: shape (rows that met,) int64."""
    found = [np.zeros(0, np.int64)]
    for unit in shape.units:
        size = states.indexed(_index(unit, job), ["text_bytes"])["text_bytes"].to_numpy()
        found.append(size[is_met[base[unit] : base[unit] + len(size)]])
    return np.concatenate(found)


def _gather(unit: int, stage: PairedStage, job: Job, shape: Shape) -> None:
    """Cut what a decision needs to know of a unit's rows by block, and their sets by part."""
    where = files.read_table(_at(f"where-{unit}.parquet", job))
    at, part = where["row"], where["part"].to_numpy()
    path = _index(unit, job)
    rows = _described(unit, path, stage, job).take(at).append_column("part", where["part"])
    spill.write(_at(f"rows-{unit}.arrow", job), rows, where["block"].to_numpy(), shape.blocks)
    for name in stage.evidence:
        column = f"{stage.name}.{name}"
        if column in judging.own_columns(stage, path):
            table = pa.table({"row": at, name: files.read_rows(path, at.to_numpy(), column)})
            spill.write(_at(f"{name}-{unit}.arrow", job), table, part, shape.parts)


def _deal(number: int, stage: PairedStage, job: Job, shape: Shape) -> None:
    """Cut the members of a range by block."""
    del stage
    members = _met(number, job)
    if members is None:
        return
    block = np.empty(members.num_rows, np.int32)
    units, rows = members["unit"].to_numpy(), members["row"].to_numpy()
    for unit in shape.units:
        where = files.read_table(_at(f"where-{unit}.parquet", job), ["row", "block"])
        mine = units == unit
        at = np.searchsorted(where["row"].to_numpy(), rows[mine])
        block[mine] = where["block"].to_numpy()[at]
    spill.write(_at(f"members-{number}.arrow", job), members, block, shape.blocks)


def _decide(block: int, stage: PairedStage, job: Job, shape: Shape) -> None:
    """Decide on the rows of a block."""
    rows = spill.gather(_of_units("rows", job, shape), block)
    paths = [_at(f"members-{number}.arrow", job) for number in range(shape.ranges)]
    members = [spill.read(path, block) for path in paths if files.exists(path)]
    whole = stage.distinct(spill.together(members))
    del members
    of_units = {name: _of_units(name, job, shape) for name in stage.evidence}
    evidence = sets.Shelf(of_units, rows.select(["unit", "row", "part"]))
    made = stage.resolve(rows.drop_columns(["part"]), whole, evidence)
    unit = made["unit"].to_numpy()
    spill.write(_at(f"decided-{block}.arrow", job), made, unit, len(job.plan.units))


def _settle(unit: int, stage: PairedStage, job: Job, shape: Shape) -> None:
    """Write what was decided on a unit's rows into its state."""
    paths = [_at(f"decided-{block}.arrow", job) for block in range(shape.blocks)]
    found = [rows for path in paths if (rows := spill.read(path, unit)).num_rows]
    if found:
        states.settle(stage, Home(0, unit), found, job)


def _described(unit: int, path: str, stage: PairedStage, job: Job) -> pa.Table:
    """The rows of a unit, with what a decision needs to know of each."""
    columns = list(dict.fromkeys([*stage.index, "tstamp"]))
    index = states.indexed(path, columns)
    is_former = unit >= len(job.plan.units)
    if is_former:
        rows = _former(index, job)
    else:
        rows = judging.with_state(index, stage, Home(0, unit), job).drop_columns(["unit"])
    return rows.append_column("former", pa.array(np.full(rows.num_rows, is_former)))


def _former(index: pa.Table, job: Job) -> pa.Table:
    count = index.num_rows
    columns = {
        "table": np.zeros(count, np.int8),
        "row": np.arange(count, dtype=np.int32),
        "interval": intervals.number(index["tstamp"].to_numpy(), job.recipe.release.interval),
        "dropped": np.zeros(count, bool),
    }
    for name, column in columns.items():
        index = index.append_column(name, pa.array(column))
    return index
