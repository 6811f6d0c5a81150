"""Released rows -> a sample of them to fit a model to, the same in any order of rows."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import hashing
from pipeline.topics import words

SIZE = 50_000
COLUMNS = ("conversation_id", "text", "user_id")


@dataclass(frozen=True)
class Sample:
    """Some conversations, in an order that their ids and a seed give.

    Attributes:
        ids: conversation ids: shape (texts,).
        texts: the prose of their prompts, never empty.
        users: a number for each user, -1 for unknown: shape (texts,) int64.
        seen: conversations that the sample was drawn from.
    """

    ids: pa.StringArray
    texts: pa.StringArray
    users: np.ndarray
    seen: int

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def has_users(self) -> bool:
        """Whether any user is known."""
        return bool((self.users >= 0).any())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the ids and texts."""
        digest = hashlib.sha256()
        for column in (self.ids, self.texts):
            digest.update(hashing.wide(text.encode() for text in column.to_pylist()))
        return digest.hexdigest()


def draw(batches: Iterable[pa.RecordBatch], size: int = SIZE, seed: int = 0) -> Sample:
    """Draw conversations that hold prose; memory is that of twice the sample.

    Args:
        batches: with `conversation_id`, `conversation` and, if it is known, `user_id`.
        size: of the sample.
        seed: another one, another sample.
    """
    held, rows, seen = [], 0, 0
    for batch in batches:
        seen += batch.num_rows
        held.append(read(batch))
        rows += held[-1].num_rows
        if rows > 2 * size:
            held = [_lowest(pa.concat_tables(held), size, seed)]
            rows = size
    return of(pa.concat_tables(held) if held else _empty(), size, seed, seen)


def of(table: pa.Table, size: int, seed: int, seen: int) -> Sample:
    """The sample that `draw` draws from rows that `read` gave, in any order.

    Args:
        table: the rows.
        size: of the sample.
        seed: another one, another sample.
        seen: conversations that they were taken from.
    """
    table = _lowest(table, size, seed)
    users = table["user_id"].combine_chunks().dictionary_encode().indices
    return Sample(
        ids=_whole(table["conversation_id"]),
        texts=_whole(table["text"]),
        users=pc.fill_null(users, -1).to_numpy().astype(np.int64),
        seen=seen,
    )


def prose_of(texts: Sequence[str]) -> pa.StringArray:
    """Texts that are labelled by themselves, as prompts are."""
    conversations = [[{"content": text, "role": "user"}] for text in texts]
    kind = pa.list_(pa.struct([("content", pa.string()), ("role", pa.string())]))
    return words.of_prompts(pa.array(conversations, kind))


def read(batch: pa.RecordBatch) -> pa.Table:
    """Id, prose and user of the rows that hold prose."""
    users = pa.nulls(batch.num_rows, pa.string())
    if "user_id" in batch.schema.names:
        users = batch["user_id"].cast(pa.string())
    found = (batch["conversation_id"], words.of_prompts(batch["conversation"]), users)
    table = pa.table(dict(zip(COLUMNS, found, strict=True)))
    return table.filter(pc.not_equal(table["text"], ""))


def _lowest(table: pa.Table, size: int, seed: int) -> pa.Table:
    """The conversations of the lowest hashes of id and seed, in their order.

    Of several rows of a conversation the longest counts, which is its last state, and of equal
    texts one.
    """
    id_, text = (hashing.narrow(_whole(table[name])) for name in COLUMNS[:2])
    first = hashing.mix(id_, seed)
    length = pc.binary_length(table["text"]).to_numpy().astype(np.int64)
    order = np.lexsort((text, -length, first))
    order = order[np.sort(np.unique(first[order], return_index=True)[1])]
    order = order[np.sort(np.unique(text[order], return_index=True)[1])]
    return table.take(pa.array(order[:size]))


def _whole(column: pa.ChunkedArray) -> pa.StringArray:
    return pa.concat_arrays([pa.array([], pa.string()), *column.chunks])


def _empty() -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in COLUMNS})
