"""Why a conversation is in a release, changed, or out: every line that speaks of it."""

import datetime as dt
from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files
from pipeline.errors import OutputError
from pipeline.folders import Folders
from schemas.manifest import JudgeReceipt, Plan
from schemas.staged import TABLES

JOINED = ("regenerated", "branched", "variant", "feedback", "battle_id", "side", "duplicates")
JOINED_TOO = ("prompt_frequency", "high_frequency", "repaired")


class Trace(msgspec.Struct):
    """One log line about a conversation, and what became of it. No text, no address."""

    time: str | None
    log: str
    offset: int
    fate: str  # released, dropped, absorbed, quarantined
    by: str | None = None  # the stage that dropped it
    reason: str | None = None
    into: str | None = None  # the conversation that stands for it
    shard: str | None = None
    row: int | None = None  # in the shard, from 0
    columns: dict[str, object] = {}  # what the judge joined


def explain(output: str, conversation_id: str) -> list[Trace]:
    """All traces of a conversation in an output folder, oldest first.

    Raises:
        OutputError: the folder holds no run, or nothing in it has that id.
    """
    folders = Folders(output.rstrip("/").removesuffix("/release"))
    if not files.exists(folders.at("plan.json")):
        raise OutputError(f"{output} holds no run: explaining needs its run folder")
    plan = files.read_record(folders.at("plan.json"), Plan)
    found = [
        *_released(folders, plan, conversation_id),
        *_dropped(folders, plan, conversation_id),
        *_quarantined(folders, plan, conversation_id),
    ]
    if not found:
        raise OutputError(f"{output}: no log line speaks of conversation {conversation_id}")
    return sorted(found, key=lambda trace: (trace.time or "", trace.log, trace.offset))


def _released(folders: Folders, plan: Plan, wanted: str) -> Iterator[Trace]:
    path = folders.receipt("judge", "all")
    if not files.exists(path):
        return
    for shard in files.read_record(path, JudgeReceipt).shards:
        cut = files.read_table(folders.cut(shard.id))
        for row in _where(cut, wanted).tolist():
            one = cut.slice(row, 1).to_pylist()[0]
            trace = _trace(one, plan, "released")
            trace.shard, trace.row = shard.path, row
            trace.columns = {
                name: one[name] for name in (*JOINED, *JOINED_TOO) if one.get(name) is not None
            }
            yield trace


def _dropped(folders: Folders, plan: Plan, wanted: str) -> Iterator[Trace]:
    for table in TABLES:
        for name in files.names(folders.at("dropped", table)):
            rows = files.read_table(folders.at("dropped", table, name))
            for one in rows.take(pa.array(_where(rows, wanted))).to_pylist():
                trace = _trace(one, plan, "absorbed" if one["reason"] == "absorbed" else "dropped")
                trace.by, trace.reason, trace.into = one["dropped_by"], one["reason"], one["into"]
                yield trace


def _quarantined(folders: Folders, plan: Plan, wanted: str) -> Iterator[Trace]:
    for name in files.names(folders.at("quarantine")):
        rows = files.read_table(folders.at("quarantine", name))
        for one in rows.take(pa.array(_where(rows, wanted))).to_pylist():
            trace = _trace(one, plan, "quarantined")
            trace.reason = one["reason"]
            yield trace


def _where(rows: pa.Table, wanted: str) -> np.ndarray:
    found = pc.fill_null(pc.equal(rows["conversation_id"], wanted), fill_value=False)
    return np.flatnonzero(found.to_numpy())


def _trace(row: dict[str, object], plan: Plan, fate: str) -> Trace:
    moment = row.get("tstamp")
    time = None
    if isinstance(moment, float):
        time = dt.datetime.fromtimestamp(moment, dt.UTC).isoformat(" ", "seconds")[:19]
    return Trace(time, plan.inputs[int(str(row["file"]))].path, int(str(row["offset"])), fate)
