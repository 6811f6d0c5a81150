"""Duplicate pairs for a reviewer: what was dropped as nearly the same, beside what stands for it.

Texts come from the staged rows, which are raw; every place that the redactor marked is masked by
its kind, also those that the policy or the judge would let stand, unless raw texts are asked for.
"""

import difflib
import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np
import pyarrow.compute as pc
import xxhash

from pipeline import files
from pipeline.errors import InputError
from pipeline.folders import Folders
from pipeline.stages.redaction import KIND_NAMES
from schemas.manifest import JudgeReceipt, Plan

TABLE, STAGE = "conversations", "drop_near_duplicates"
COLUMNS = ("conversation_id", "file", "offset", "into", "similarity")
MOST_CHARS = 12_000
"""Of a side; what is beyond is not shown."""
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
Verdict = Literal["same", "different", "unsure"]
Change = Literal["both", "left", "right"]


class Pair(msgspec.Struct):
    """A dropped conversation and its witness; the reviewer says whether they are the same.

    A line of the reviewer's file; it holds no text.
    """

    conversation_id: str
    into: str
    similarity: float | None
    verdict: Verdict | None = None
    note: str = ""


class Sides(NamedTuple):
    """Both texts, with what they share: runs of text, each in both or in one."""

    left: list[tuple[str, Change]]
    right: list[tuple[str, Change]]


class Drawn(NamedTuple):
    """A pair, and where its texts are: unit, and file and offset or row."""

    pair: Pair
    unit: str
    line: tuple[int, int]


def draw(output: str, size: int, seed: int) -> list[Drawn]:
    """Pairs by the smallest hashes of their ids, at most `size`.

    Args:
        output: the output folder of a finished run.
        size: how many.
        seed: another one, other pairs.
    """
    folders = Folders(output)
    found: list[tuple[int, Drawn]] = []
    for unit in files.read_record(folders.at("plan.json"), Plan).units:
        path = folders.dropped(unit.id, TABLE)
        if not files.exists(path):
            continue
        rows = files.read_table(path)
        if "similarity" not in rows.column_names:
            continue
        rows = rows.filter(pc.equal(rows["dropped_by"], STAGE)).select(COLUMNS)
        for one in rows.to_pylist():
            pair = Pair(one["conversation_id"], one["into"], one["similarity"])
            key = f"{pair.conversation_id}|{one['file']}|{one['offset']}"
            hashed = xxhash.xxh3_64_intdigest(key.encode(), seed % 2**64)
            found.append((hashed, Drawn(pair, unit.id, (one["file"], one["offset"]))))
        found = sorted(found, key=lambda one: one[0])[:size]
    return [drawn for _, drawn in found]


def sides(output: str, drawn: Drawn, *, raw: bool) -> Sides:
    """Both texts of a pair with their differences.

    Args:
        output: the output folder of the run.
        drawn: the pair.
        raw: as it was logged, nothing masked.

    Raises:
        InputError: the run folder no longer holds the texts.
    """
    folders = Folders(output)
    path = folders.staged(drawn.unit, TABLE)
    dropped = _text(path, _row_of(path, drawn.line), raw=raw)
    unit, row = _witness(folders, drawn.pair.into)
    witness = _text(folders.staged(unit, TABLE), row, raw=raw)
    return compared(dropped, witness)


def _row_of(path: str, line: tuple[int, int]) -> int:
    with files.open_parquet(path) as source:
        rows = source.read(["file", "offset"], use_threads=False)
    is_it = (rows["file"].to_numpy() == line[0]) & (rows["offset"].to_numpy() == line[1])
    found = np.flatnonzero(is_it)
    if not len(found):
        raise InputError(f"{path} no longer holds the row of this pair")
    return int(found[0])


def _witness(folders: Folders, wanted: str) -> tuple[str, int]:
    """The unit and row of a released conversation."""
    units = files.read_record(folders.at("plan.json"), Plan).units
    shards = files.read_record(folders.receipt("judge", "all"), JudgeReceipt).shards
    for shard in shards:
        cut = files.read_table(folders.cut(shard.id), ["conversation_id", "unit", "row"])
        at = pc.index(cut["conversation_id"], wanted).as_py()
        if at >= 0:
            return units[cut["unit"][at].as_py()].id, cut["row"][at].as_py()
    raise InputError("the witness of this pair is not in this release: it is of a former one")


def _text(path: str, row: int, *, raw: bool) -> str:
    """A staged conversation as one text, masked."""
    with files.open_parquet(path) as source:
        names = set(source.schema_arrow.names)
    if not raw and "pii" not in names:
        raise InputError("this recipe redacts nothing, so its texts are shown only with --show-raw")
    wanted = ["conversation", *(() if raw else ("pii", "pii_entities"))]
    place = np.array([row])
    one = {name: files.read_rows(path, place, name).to_pylist()[0] for name in wanted}
    parts = [
        f"{message['role']}: {_masked(message['content'] or '', at, one)}"
        for at, message in enumerate(one["conversation"])
    ]
    return "\n\n".join(parts)[:MOST_CHARS]


def _masked(text: str, message: int, one: dict[str, Any]) -> str:
    entities = one.get("pii_entities") or []
    marks = [mark for mark in one.get("pii") or [] if mark["message"] == message]
    for mark in sorted(marks, key=lambda mark: -int(mark["start"])):
        kind = KIND_NAMES[entities[mark["entity"]]["kind"]]
        text = f"{text[: mark['start']]}⟦{kind}⟧{text[mark['end'] :]}"
    return text


def compared(one: str, other: str) -> Sides:
    """What two texts share and what only one has, word by word."""
    left, right = TOKEN.findall(one), TOKEN.findall(other)
    blocks = difflib.SequenceMatcher(None, left, right, autojunk=True).get_matching_blocks()
    return Sides(
        list(_runs(left, [(block.a, block.size) for block in blocks], "left")),
        list(_runs(right, [(block.b, block.size) for block in blocks], "right")),
    )


def _runs(
    tokens: list[str], blocks: list[tuple[int, int]], side: Change
) -> Iterator[tuple[str, Change]]:
    at = 0
    for begin, size in blocks:
        if begin > at:
            yield "".join(tokens[at:begin]), side
        if size:
            yield "".join(tokens[begin : begin + size]), "both"
        at = begin + size


def encoded(pairs: list[Pair]) -> bytes:
    """JSON lines."""
    return b"".join(msgspec.json.encode(pair) + b"\n" for pair in pairs)


def decoded(data: bytes) -> list[Pair]:
    """What JSON lines hold.

    Raises:
        msgspec.MsgspecError: a line is no pair.
    """
    return [msgspec.json.decode(line, type=Pair) for line in data.split(b"\n") if line.strip()]
