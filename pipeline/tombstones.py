"""What must never be released again: keyed marks of conversations, users and texts.

A tombstone is an HMAC under the identity key, so that the list names nobody and can travel from
release to release. Rows that it matches are left out where they enter: when lines are staged, and
when an earlier run's rows are taken over.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files
from pipeline.errors import IdentityError
from pipeline.identity import handle
from pipeline.messages import Messages
from schemas.staged import QUARANTINE, TEXTS

NAME = "tombstones.json"
REASON = "forgotten"
DIGITS = 16
"""Of a mark in a manifest."""
Kind = Literal["conversation", "user", "text"]
NAMED = {
    "conversations": ("conversation_id",),
    "feedback": ("conversation_id",),
    "battles": ("question_id", "conversation_id_a", "conversation_id_b"),
}
"""The columns of each staged table that name conversations."""


class Tombstone(msgspec.Struct, frozen=True, order=True):
    """One mark: what it is of, and 32 hexadecimal digits of a keyed HMAC."""

    kind: Kind
    mark: str


class Tombstones(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sorted list of marks."""

    marks: tuple[Tombstone, ...] = ()

    def of(self, kind: Kind) -> set[str]:
        """The marks of one kind."""
        return {one.mark for one in self.marks if one.kind == kind}

    def digest(self) -> str:
        """SHA-256 over all marks."""
        return hashlib.sha256(msgspec.json.encode(self.marks)).hexdigest()

    def joined(self, more: Iterable[Tombstone]) -> "Tombstones":
        """The same with more marks."""
        return Tombstones(tuple(sorted({*self.marks, *more})))


NONE = Tombstones()


def mark(key: bytes | None, kind: Kind, value: str) -> Tombstone:
    """The tombstone of a conversation id, a user's handle, or the SHA-256 of a text in hex.

    Raises:
        IdentityError: there is no key; a plain hash of an id could be looked up.
    """
    if key is None:
        raise IdentityError("tombstones are keyed: they need a recipe with an identity key")
    return Tombstone(kind, handle(key, f"forgotten {kind}", value))


def told(stones: Tombstones, key: bytes | None) -> dict[str, list[str]]:
    """What a manifest says of a list: for each kind 16 hexadecimal digits a tombstone, in order.

    They are keyed once more, so that who reads them knows no tombstone; equal ones are equal in
    each release under the same key, so that anyone can see which lists hold another.
    """
    if key is None:
        return {}
    found: dict[str, list[str]] = {}
    for one in stones.marks:
        found.setdefault(one.kind, []).append(handle(key, f"told {one.kind}", one.mark)[:DIGITS])
    return {kind: sorted(marks) for kind, marks in found.items()}


def load(path: str) -> Tombstones:
    """The list in a file; an empty one if there is no file.

    Raises:
        InputError: it is no such list.
    """
    if not files.exists(path):
        return NONE
    return files.read_record(path, Tombstones)


def read(table: str, stones: Tombstones) -> list[str]:
    """The columns of a staged table that `matched` looks at; texts only if one is forgotten."""
    return [*NAMED[table], "user_id", *(TEXTS.get(table, ()) if stones.of("text") else ())]


def matched(
    rows: pa.RecordBatch | pa.Table, table: str, stones: Tombstones, key: bytes | None
) -> np.ndarray:
    """Whether a staged row is to be forgotten: shape (rows,) bool.

    Texts are compared only where the rows have them.
    """
    found = np.zeros(rows.num_rows, bool)
    if not stones.marks or not rows.num_rows:
        return found
    have = set(rows.schema.names)
    conversations, users, texts = (stones.of(k) for k in ("conversation", "user", "text"))
    for name in NAMED[table] if conversations else ():
        if name in have:
            found |= _among(rows[name], "conversation", conversations, key)
    if users and "user_id" in have:
        found |= _among(rows["user_id"], "user", users, key)
    for name in TEXTS.get(table, ()) if texts else ():
        if name in have:
            flat = Messages(_whole(rows[name]))
            digests = pa.array(map(text_hash, flat.texts.to_pylist()), pa.string())
            found |= flat.rows_with(_among(digests, "text", texts, key))
    return found


def text_hash(text: str | None) -> str | None:
    """The SHA-256 of a text's UTF-8, in hexadecimal."""
    if text is None:
        return None
    return hashlib.sha256(text.encode()).hexdigest()


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _among(
    values: pa.Array | pa.ChunkedArray, kind: Kind, marks: set[str], key: bytes | None
) -> np.ndarray:
    coded = pc.dictionary_encode(_whole(values))
    is_marked = [
        value is not None and mark(key, kind, value).mark in marks
        for value in coded.dictionary.to_pylist()
    ]
    at = pc.fill_null(coded.indices, len(is_marked)).to_numpy()
    return np.array([*is_marked, False])[at]


def quarantined(file: Sequence[int], offset: Sequence[int]) -> pa.Table:
    """Rows of the quarantine for forgotten lines: where they are, and nothing of them."""
    count = len(file)
    columns = {
        "file": pa.array(file, pa.int32()),
        "offset": pa.array(offset, pa.int64()),
        "length": pa.array(np.zeros(count, np.int64)),
        "event_hash": pa.array([bytes(16)] * count, pa.binary(16)),
        "reason": pa.array([REASON] * count, pa.string()),
        "conversation_id": pa.nulls(count, pa.string()),
    }
    return pa.Table.from_pydict(columns, QUARANTINE)
