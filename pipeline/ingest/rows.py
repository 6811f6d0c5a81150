"""Events -> staged rows: columns are collected as lists and become Arrow arrays once a batch."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import identity, messages
from pipeline.ingest import events, json_lines
from pipeline.ingest.json_lines import Unreadable
from pipeline.ingest.lines import Damage, Limits, Lines, LongLine, Piece
from schemas.staged import BATTLES, CONVERSATIONS, FEEDBACK, GENERATION, QUARANTINE


@dataclass(frozen=True)
class Batch:
    """What some lines became: three tables, the quarantine, and how many lines they were."""

    conversations: pa.RecordBatch
    battles: pa.RecordBatch
    feedback: pa.RecordBatch
    quarantine: pa.RecordBatch
    lines: int

    @property
    def tables(self) -> dict[str, pa.RecordBatch]:
        """The staged tables by name."""
        return {
            "conversations": self.conversations,
            "battles": self.battles,
            "feedback": self.feedback,
        }


@dataclass
class Ingest:
    """Turns the pieces of a log into batches of staged rows.

    Attributes:
        limits: what a line may ask of us.
        key: the identity key; None: no user ids.
        batch_rows: lines a batch.
    """

    limits: Limits
    key: bytes | None
    batch_rows: int = 2048
    _columns: dict[str, list[Any]] = field(default_factory=dict)
    _lines: int = 0

    def batches(
        self, pieces: Iterator[Piece], file: int, *, is_csam: bool = False
    ) -> Iterator[Batch]:
        """The batches of one span, in the order of its lines.

        Args:
            pieces: what `lines.read` gives.
            file: the place of the file among the inputs of the run.
            is_csam: the file's name says that it holds matches of PhotoDNA: no row is staged.
        """
        self._reset()
        for piece in pieces:
            match piece:
                case Lines():
                    for line, offset in zip(piece.lines, piece.offsets, strict=True):
                        self._add(line, file, offset, is_csam=is_csam)
                        if self._lines >= self.batch_rows:
                            yield self._flush()
                case LongLine():
                    self._reject(file, piece.offset, piece.length, piece.digest, "line_too_long")
                case Damage():
                    self._reject(file, piece.offset, 0, bytes(16), piece.reason)
        if self._lines:
            yield self._flush()

    def _reset(self) -> None:
        names = ("conversations", "battles", "feedback", "quarantine", "contents", "contents_ab")
        self._columns = {name: [] for name in names}
        self._lines = 0

    def _add(self, line: bytes, file: int, offset: int, *, is_csam: bool) -> None:
        digest = hashlib.sha256(line).digest()[:16]
        record: dict[str, Any] = {}
        try:
            record, repaired = json_lines.parse(line)
            event = events.read(record, self.limits, is_csam=is_csam)
        except Unreadable as why:
            known = events.conversation_id_of(record)
            self._reject(file, offset, len(line), digest, why.reason, known)
            return
        user = self._user(event.address)
        where = (event.tstamp, user, digest, file, offset, repaired)
        self._lines += 1
        if event.kind == events.CHAT:
            self._add_chat(event, where)
        elif event.kind in events.VOTES:
            self._add_vote(event, where)
        else:
            ids = self._id(event.sides[0], user)
            self._columns["feedback"].append((ids, event.kind, *where))

    def _add_chat(self, event: events.Event, where: tuple[Any, ...]) -> None:
        side = event.sides[0]
        self._columns["contents"].extend(side.contents)
        self._columns["conversations"].append(
            (
                self._id(side, where[1]),
                side.model,
                len(side.contents),
                *where,
                event.sampling,
                event.seconds,
            )
        )

    def _add_vote(self, event: events.Event, where: tuple[Any, ...]) -> None:
        a, b = event.sides
        self._columns["contents_ab"].extend(a.contents)
        self._columns["contents_ab"].extend(b.contents)
        self._columns["battles"].append(
            (
                self._id(a, where[1]),
                self._id(b, where[1]),
                *event.labels,
                a.model,
                b.model,
                event.kind,
                len(a.contents),
                len(b.contents),
                *where,
            )
        )

    def _reject(self, *row: Any) -> None:
        """Quarantine: file, offset, length, digest, reason and, where known, conversation id."""
        self._lines += 1
        self._columns["quarantine"].append((*row, None)[:6])

    def _user(self, address: str | None) -> str | None:
        if address is None or self.key is None:
            return None
        return identity.user(self.key, address)

    def _id(self, side: events.Side, user: str | None) -> str:
        """The conversation id; before 2023-04-05 there was none, and it is derived.

        From user, model and first exchange, so that all turns of a conversation share it; keyed,
        where there is a key, for an id must not tell its text.
        """
        if side.conversation_id is not None:
            return side.conversation_id
        parts = [user, side.model, *side.contents[:2]]
        text = "\0".join(part or "" for part in parts).encode()
        return hmac.digest(self.key or b"no key", text, "sha256").hex()[:32]

    def _flush(self) -> Batch:
        batch = Batch(
            _conversations(self._columns["conversations"], self._columns["contents"]),
            _battles(self._columns["battles"], self._columns["contents_ab"]),
            _plain(self._columns["feedback"], FEEDBACK),
            _plain(self._columns["quarantine"], QUARANTINE),
            self._lines,
        )
        self._reset()
        return batch


def _conversations(rows: list[Any], contents: list[str | None]) -> pa.RecordBatch:
    ids, models, counts, *event, sampling, seconds = _transposed(rows, 11)
    per_row = np.array(counts, np.int64)
    texts = _texts(contents)
    conversation = messages.build(texts, per_row)
    return _batch(
        CONVERSATIONS,
        [
            *(ids, models, conversation, per_row // 2),
            *_mended(event, texts, per_row),
            *(_generation(sampling), seconds),
        ],
    )


def _battles(rows: list[Any], contents: list[str | None]) -> pa.RecordBatch:
    a, b, *names, vote, counts_a, counts_b, tstamp, user, digest, file, offset, repaired = (
        _transposed(rows, 15)
    )
    pairs = np.array([counts_a, counts_b], np.int64).T.reshape(-1)
    both = messages.build(_texts(contents), pairs)
    at = np.arange(len(rows)) * 2
    sides = [both.take(pa.array(at)), both.take(pa.array(at + 1))]
    return _batch(
        BATTLES, [a, a, b, *names, vote, *sides, tstamp, user, digest, file, offset, repaired]
    )


def _plain(rows: list[Any], schema: pa.Schema) -> pa.RecordBatch:
    width = len(schema) - 2 * ("dropped_by" in schema.names)
    return _batch(schema, _transposed(rows, width))


def _transposed(rows: list[Any], width: int) -> list[Any]:
    return list(zip(*rows, strict=True)) if rows else [[] for _ in range(width)]


def _texts(contents: list[str | None]) -> pa.StringArray:
    return pa.array(contents, pa.string())


def _mended(event: list[Any], texts: pa.StringArray, per_row: np.ndarray) -> list[Any]:
    """The event columns; a row whose text holds U+0000, which few tools bear, says so."""
    if not messages.has_byte(texts, b"\0"):
        return event
    rows = np.repeat(np.arange(len(per_row)), per_row)
    has_nul = np.zeros(len(per_row), bool)
    has_nul[rows[messages.containing(texts, ["\0"])]] = True
    repaired = pc.if_else(pa.array(has_nul), "nul", pa.array(event[-1], pa.string()))
    return [*event[:-1], repaired]


def _generation(sampling: Any) -> pa.StructArray:
    empty = (None, None, None)
    columns = _transposed([given or empty for given in sampling], 3)
    return pa.StructArray.from_arrays(
        [pa.array(c, f.type) for c, f in zip(columns, GENERATION, strict=True)],
        fields=list(GENERATION),
        mask=pa.array([given is None for given in sampling], pa.bool_()),
    )


def _batch(schema: pa.Schema, columns: list[Any]) -> pa.RecordBatch:
    """Arrays for the first fields of a schema; the verdict columns behind them are null."""
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column, fld.type)
        for column, fld in zip(columns, schema, strict=False)
    ]
    rows = len(arrays[0])
    arrays += [pa.nulls(rows, fld.type) for fld in list(schema)[len(arrays) :]]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
