"""The end of the judge: what is dropped is filed, what survives is cut into shards.

The released order is (interval, time, conversation id, hash of the line); shards are cut from
staged bytes and rows before anything is written, so that they depend on no later stage.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, intervals, judging, meter, near_index, reuse, samples, staging, states
from pipeline.folders import Folders
from pipeline.job import Job
from pipeline.states import Home
from schemas.manifest import JudgeReceipt, Shard
from schemas.staged import TABLES

RELEASED = ("conversations",)
"""The tables that become configs of a release."""
PURGED, NO_TEXT = "purged", "no_text"
"""The verdict on a row that would be released, but whose text was purged after an earlier run."""
LEDGER = ("conversation_id", "tstamp", "event_hash", "file", "offset", "repaired")


class Sentence(msgspec.Struct):
    """What became of the rows of one home: kept, and dropped by "stage: reason"."""

    table: str
    kept: int
    dropped: dict[str, int]


def sentence(home: Home, job: Job) -> Iterator[tuple[int, pa.Table]]:
    """File the dropped rows of a home; send the surviving ones to their interval."""
    unit = job.plan.units[home.unit].id
    state = states.load(home, job)
    if home.name in RELEASED:
        state = states.completed(state, job.recipe.keyed)
    index = states.indexed(job.folders.index(unit, home.name), [*LEDGER, "text_bytes"])
    if home.name in RELEASED and not files.exists(job.folders.staged(unit, home.name)):
        state = _without_lost(state, index, job)
    is_dropped = pc.is_valid(state["dropped_by"])
    ledger = index.select(LEDGER)
    for name in ("dropped_by", "reason", "into", "similarity"):
        if name in state.column_names:
            ledger = ledger.append_column(name, state[name])
    gone = ledger.filter(is_dropped)
    if gone.num_rows:
        files.write_table(job.folders.dropped(unit, home.name), gone)
    counts = Counter() if not gone.num_rows else staging.drops(gone)
    record = Sentence(home.name, state.num_rows - gone.num_rows, dict(counts))
    files.write_record(job.folders.at("judged", f"{home.key}.json"), record)
    if home.name in RELEASED and gone.num_rows < state.num_rows:
        path = job.folders.index(unit, home.name)
        near_index.write(unit, path, pc.invert(is_dropped), job.folders, job.recipe)
        yield from _by_interval(home, state, index, pc.invert(is_dropped), job)


def _without_lost(state: pa.Table, index: pa.Table, job: Job) -> pa.Table:
    """The verdicts on rows whose texts were purged: who would come back or change is lost."""
    rows = state.select([n for n in state.column_names if n not in index.column_names])
    for name in ("conversation_id", "event_hash"):
        rows = rows.append_column(name, index[name])
    is_lost = pc.and_(pc.is_null(state["dropped_by"]), pa.array(~reuse.has(rows, job)))
    for name, value in (("dropped_by", PURGED), ("reason", NO_TEXT)):
        at = state.schema.get_field_index(name)
        state = state.set_column(at, name, pc.if_else(is_lost, pa.scalar(value), state[name]))
    return state


def _by_interval(
    home: Home, state: pa.Table, index: pa.Table, alive: pa.Array, job: Job
) -> Iterator[tuple[int, pa.Table]]:
    rows = index
    for name in state.column_names:
        if name not in {"dropped_by", "reason", "into"}:
            rows = rows.append_column(name, state[name])
    rows = rows.append_column("unit", pa.array(np.full(rows.num_rows, home.unit, np.int32)))
    rows = rows.filter(alive)
    interval = intervals.number(rows["tstamp"].to_numpy(), job.recipe.release.interval)
    for number in np.unique(interval).tolist():
        yield number * len(TABLES) + home.table, rows.filter(pa.array(interval == number))


def cut(key: int, pieces: list[pa.Table], job: Job) -> None:
    """Sort the survivors of one interval and cut them into shards of equal text."""
    release = job.recipe.release
    config = list(TABLES)[key % len(TABLES)]
    interval = intervals.name(key // len(TABLES), release.interval)
    rows = judging.together(pieces)
    order = ("tstamp", "conversation_id", "event_hash", "unit", "row")
    rows = rows.take(pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in order]))
    if release.sample:
        picked = samples.chosen(rows["conversation_id"], release.sample)
        rows = rows.append_column(samples.COLUMN, picked)
    ends = np.cumsum(rows["text_bytes"].to_numpy())
    total = int(ends[-1])
    of = max(1, min(rows.num_rows, round(total / (release.shard_mb * 2**20) + 0.5)))
    bounds = [0, *np.searchsorted(ends, total * np.arange(1, of) / of).tolist(), rows.num_rows]
    shards = []
    for number, (begin, end) in enumerate(itertools.pairwise(bounds)):
        part = rows.slice(begin, end - begin)
        text = pc.sum(part["text_bytes"]).as_py() or 0
        shard = Shard(config, interval, number, of, part.num_rows, text)
        files.write_table(job.folders.cut(shard.id), part)
        shards.append(shard)
    path = job.folders.at("judged", f"{_safe(f'{config}-{interval}')}.shards.json")
    files.write_bytes(path, msgspec.json.encode(shards, order="sorted"))


def verdicts(folders: Folders, cpu_s: float) -> JudgeReceipt:
    """Gather what the judge left in files, in an order that depends on nothing."""
    receipt = JudgeReceipt({}, {}, [], round(cpu_s, 3), meter.peak_mb())
    for name in files.names(folders.at("judged")):
        path = folders.at("judged", name)
        if name.endswith(".shards.json"):
            receipt.shards += msgspec.json.decode(files.read_bytes(path), type=list[Shard])
            continue
        found = files.read_record(path, Sentence)
        staging.add(receipt.kept, {found.table: found.kept})
        staging.add(receipt.dropped.setdefault(found.table, {}), found.dropped)
    receipt.shards.sort(key=lambda shard: shard.id)
    return receipt


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name)
