"""Work on the text inside a `conversation` column, without a row loop."""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Form = Literal["NFC", "NFKC"]
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

    def spans(self) -> Iterator[tuple[int, int]]:
        """Where the messages of each row begin and end."""
        ends = np.cumsum(self.counts).tolist()
        return zip([0, *ends][: len(ends)], ends, strict=True)

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


def in_form(texts: pa.StringArray, form: Form) -> pa.StringArray:
    """The texts in a Unicode normal form.

    Most text is in it already; to look costs a fifth of `pc.utf8_normalize`.
    """
    is_ascii = _numpy(pc.fill_null(pc.string_is_ascii(texts), fill_value=True))
    suspects = np.flatnonzero(~is_ascii)
    found = texts.take(pa.array(suspects)).to_pylist()
    wrong = [i for i, text in enumerate(found) if not unicodedata.is_normalized(form, text)]
    if not wrong:
        return texts
    where = np.zeros(len(texts), bool)
    where[suspects[wrong]] = True
    mended = pa.array([unicodedata.normalize(form, found[i]) for i in wrong], pa.string())
    return pc.replace_with_mask(texts, pa.array(where), mended)


def folded(texts: pa.StringArray, form: Form) -> pa.StringArray:
    """The texts in one Unicode form, every run of white space one space; null becomes empty."""
    texts = pc.fill_null(texts, "")
    is_ascii = pc.string_is_ascii(texts).to_numpy(zero_copy_only=False)
    plain = texts.take(pa.array(np.flatnonzero(is_ascii)))
    other = in_form(texts.take(pa.array(np.flatnonzero(~is_ascii))), form)
    folded = pa.concat_arrays(
        [
            pc.binary_join(pc.ascii_split_whitespace(plain), " "),
            pc.binary_join(pc.utf8_split_whitespace(other), " "),
        ]
    )
    place = np.empty(len(is_ascii), np.int64)
    place[np.argsort(~is_ascii, kind="stable")] = np.arange(len(is_ascii))
    return pc.utf8_trim(folded, " ").take(pa.array(place))


def ends_with(texts: pa.StringArray, ending: str) -> np.ndarray:
    """Whether each text ends so, white space behind it aside: shape (messages,) bool."""
    ended = pc.ends_with(pc.utf8_rtrim_whitespace(texts), ending)
    return _numpy(pc.fill_null(ended, fill_value=False)).copy()


def views(texts: pa.StringArray) -> Iterator[memoryview]:
    """Each text's UTF-8 bytes without a copy; empty for null. Measured: 0.1 us a message."""
    buffer, bounds = layout(texts)
    data = memoryview(buffer)
    ends = bounds.tolist()
    return (data[start:end] for start, end in itertools.pairwise(ends))


def chunks(texts: pa.StringArray, size: int) -> Iterator[tuple[int, int]]:
    """Runs of texts of about `size` bytes, so that arrays over them stay in the cache."""
    ends = np.cumsum(lengths(texts))
    begin = 0
    while begin < len(texts):
        before = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, before + size, "right")))
        yield begin, end
        begin = end


def containing(
    texts: pa.StringArray, needles: Sequence[str], *, ignore_case: bool = False
) -> np.ndarray:
    """Whether each text holds any of the strings: shape (messages,) bool.

    One automaton for all of them, linear time. Measured: 1.6 ns a byte for 37 strings, against
    0.6 ns a byte and string for `bytes.find`.
    """
    if not needles:
        return np.zeros(len(texts), bool)
    pattern = "|".join(map(re.escape, needles))
    found = pc.match_substring_regex(texts, pattern, ignore_case=ignore_case)
    return _numpy(pc.fill_null(found, fill_value=False)).copy()


def has_byte(texts: pa.StringArray, byte: bytes) -> bool:
    """Whether any of the texts holds the byte; looks at memory once, and copies nothing."""
    buffer, bounds = layout(texts)
    held = np.frombuffer(buffer, np.uint8)[bounds[0] : bounds[-1]]
    return bool((held == byte[0]).any())


def map_texts(conversations: pa.ListArray, edit: Callable[[str], str]) -> pa.ListArray:
    """Replace every text by `edit(text)`; nulls, roles and order stay."""
    texts = conversations.flatten().field("content").to_pylist()
    edited = pa.array([None if text is None else edit(text) for text in texts], pa.string())
    return with_texts(conversations, edited)


def layout(texts: pa.StringArray) -> tuple[pa.Buffer, np.ndarray]:
    """The data buffer, and where texts begin and end in it: shape (messages + 1,) int64."""
    _, offsets, data = texts.buffers()
    if offsets is None or data is None:
        return pa.py_buffer(b""), np.zeros(len(texts) + 1, np.int64)
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return data, bounds.astype(np.int64)


def _numpy(array: pa.Array) -> np.ndarray:
    return array.to_numpy(zero_copy_only=False)
