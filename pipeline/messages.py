"""Work on the text inside a `conversation` column, without a row loop."""

import itertools
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ROLES = pa.array(["user", "assistant"])


class Messages:
    """The messages of a column of conversations, flat: shape (messages,).

    Attributes:
        texts: their contents, null where an answer was never finished.
        rows: the row of each message, int64.
        place: its place in the conversation from 0; even places are the user's.
        counts: messages of each row, shape (rows,), int64.
    """

    def __init__(self, conversations: pa.ListArray) -> None:
        flat = conversations.flatten()
        self.texts: pa.StringArray = flat.field("content")
        self.counts = counts(conversations)
        self.rows = np.repeat(np.arange(len(self.counts)), self.counts)
        self.place = np.arange(len(self.rows)) - np.repeat(
            np.cumsum(self.counts) - self.counts, self.counts
        )

    def by(self, role: str) -> np.ndarray:
        """Whether each message is of that role: shape (messages,) bool."""
        return self.place % 2 == ("user", "assistant").index(role)

    def rows_with(self, where: np.ndarray) -> np.ndarray:
        """Rows that have any message where `where`, shape (messages,), is true: (rows,) bool."""
        found = np.zeros(len(self.counts), bool)
        found[self.rows[where]] = True
        return found

    def sum(self, per_message: np.ndarray) -> np.ndarray:
        """Sum a number per message, shape (messages,), to shape (rows,), int64."""
        return np.bincount(self.rows, per_message, len(self.counts)).astype(np.int64)


def counts(conversations: pa.ListArray) -> np.ndarray:
    """Number of messages of each conversation: shape (rows,) int64."""
    return _numpy(pc.fill_null(pc.list_value_length(conversations), 0)).astype(np.int64)


def build(texts: pa.Array, per_row: np.ndarray) -> pa.ListArray:
    """Conversations from flat texts, shape (messages,), and how many belong to each row.

    Roles alternate from `user`, whatever the log called them.
    """
    offsets = np.concatenate([[0], np.cumsum(per_row)])
    place = np.arange(offsets[-1]) - np.repeat(offsets[:-1], per_row)
    roles = ROLES.take(pa.array(place % 2))
    flat = pa.StructArray.from_arrays([texts, roles], names=["content", "role"])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat)


def with_texts(conversations: pa.ListArray, texts: pa.Array) -> pa.ListArray:
    """Put edited texts, shape (messages,), back into their conversations."""
    return build(texts, counts(conversations))


def lengths(texts: pa.StringArray) -> np.ndarray:
    """Bytes of each text, UTF-8; 0 for null: shape (messages,) int64."""
    return _numpy(pc.fill_null(pc.binary_length(texts), 0)).astype(np.int64)


def ends_with(texts: pa.StringArray, ending: str) -> np.ndarray:
    """Whether each text ends so, white space behind it aside: shape (messages,) bool."""
    found = _numpy(pc.fill_null(pc.ends_with(texts, ending), fill_value=False)).copy()
    blank = np.flatnonzero(_numpy(pc.fill_null(pc.ends_with(texts, "\n"), fill_value=False)))
    trimmed = pc.utf8_rtrim_whitespace(texts.take(pa.array(blank)))
    found[blank] = _numpy(pc.ends_with(trimmed, ending))
    return found


def views(texts: pa.StringArray) -> Iterator[memoryview]:
    """Each text's UTF-8 bytes without a copy; empty for null. Measured: 0.1 us a message."""
    buffer, bounds = _layout(texts)
    data = memoryview(buffer)
    ends = bounds.tolist()
    return (data[start:end] for start, end in itertools.pairwise(ends))


class Haystack:
    """Texts laid end to end, to look for rare strings at the speed of memory.

    Measured: 0.15 us a message and string, against 2 us for `pc.match_substring`.
    """

    def __init__(self, texts: pa.StringArray) -> None:
        buffer, self.bounds = _layout(texts)
        self.data = bytes(memoryview(buffer)[: self.bounds[-1]]) if len(texts) else b""

    def containing(self, needle: str) -> np.ndarray:
        """Whether each text holds the string: shape (messages,) bool. Linear time."""
        found = np.zeros(len(self.bounds) - 1, bool)
        sought = needle.encode()
        at = self.data.find(sought, int(self.bounds[0]))
        while at >= 0:
            message = int(np.searchsorted(self.bounds, at, "right")) - 1
            end = int(self.bounds[message + 1])
            is_inside = at + len(sought) <= end
            found[message] |= is_inside
            at = self.data.find(sought, end if is_inside else at + 1)
        return found


def map_texts(conversations: pa.ListArray, edit: Callable[[str], str]) -> pa.ListArray:
    """Replace every text by `edit(text)`; nulls, roles and order stay."""
    texts = conversations.flatten().field("content").to_pylist()
    edited = pa.array([None if text is None else edit(text) for text in texts], pa.string())
    return with_texts(conversations, edited)


def _layout(texts: pa.StringArray) -> tuple[pa.Buffer, np.ndarray]:
    """The data buffer, and where texts begin and end in it: shape (messages + 1,) int64."""
    _, offsets, data = texts.buffers()
    if offsets is None or data is None:
        return pa.py_buffer(b""), np.zeros(len(texts) + 1, np.int64)
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return data, bounds.astype(np.int64)


def _numpy(array: pa.Array) -> np.ndarray:
    return array.to_numpy(zero_copy_only=False)
