"""Texts -> sets of keyed shingle hashes, by array operations over a whole batch.

A token is a word where words are spaced, and a character in scripts that do not space them
(Chinese, Japanese, Thai, Lao, Khmer, Burmese). Case, full-width forms and punctuation do not
count. A shingle is some tokens in a row; its hash is 48 bits under a salt made from the identity
key, so that nobody without the key can look for a text in an index. Each byte is decoded, looked
up and hashed once: 13 ns a byte, measured, against 100 of the next best library.
"""

import functools
import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from pipeline import messages

BITS = 48
"""Of a shingle hash; two sets of 300 share one by chance once in 3 billion pairs."""
WORDS = BITS // 16
"""Words of 16 bits that a hash takes."""
CHUNK_CHARS = 1 << 16
TABLE = 0x30000
UNSPACED = (
    *((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFF)),
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0xFF66, 0xFF9F)),
)
"""Blocks whose characters are tokens of their own: kana, Han, Thai and Lao, Burmese, Khmer."""
SEPARATOR, WORD, ALONE = 0, 1, 2

BASE = 0x9E3779B97F4A7C15
PLACES = (BASE, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)


@dataclass(frozen=True)
class Sets:
    """A set of shingle hashes for each document, flat.

    Attributes:
        hashes: shape (elements,) uint64 of 48 bits, sorted and distinct in each document.
        ends: where each document's hashes end, shape (documents,) int64.
    """

    hashes: np.ndarray
    ends: np.ndarray

    @property
    def begins(self) -> np.ndarray:
        """Where each document's hashes begin: shape (documents,) int64."""
        return np.concatenate([[0], self.ends])[: len(self.ends)].astype(np.int64)


def packed(sets: Sets) -> pa.BinaryArray:
    """The set of each document as bytes, six a hash, little-endian: shape (documents,).

    As a list of integers a set costs five times the CPU to write and to read: Parquet says of each
    element in which list it is.
    """
    words = sets.hashes.astype("<u8", copy=False).view("<u2").reshape(-1, 4)[:, :WORDS]
    offsets = (np.concatenate([[0], sets.ends]) * (2 * WORDS)).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(words))]
    return pa.Array.from_buffers(pa.binary(), len(sets.ends), buffers)


def unpacked(given: pa.BinaryArray) -> tuple[np.ndarray, np.ndarray]:
    """The hashes of some documents, flat, shape (elements,) int64; and where each one's end."""
    buffer, bounds = messages.layout(given)
    flat = np.frombuffer(buffer, "<u2")[bounds[0] // 2 : bounds[-1] // 2]
    words = np.zeros((len(flat) // WORDS, 4), "<u2")
    words[:, :WORDS] = flat.reshape(-1, WORDS)
    return words.reshape(-1).view(np.int64), (bounds[1:] - bounds[0]) // (2 * WORDS)


def of(texts: pa.StringArray, document: np.ndarray, documents: int, size: int, salt: int) -> Sets:
    """The shingle sets of documents that consist of texts in order.

    A document of fewer tokens than a shingle has one hash, of all its tokens; one without any
    token, of its text without white space. So short documents are similar only if they are equal.

    Args:
        texts: shape (texts,); null is empty.
        document: which document each text belongs to, ascending: shape (texts,).
        documents: how many there are.
        size: tokens of a shingle.
        salt: 64 bits that key the hashes.
    """
    texts = messages.in_form(pc.fill_null(texts, ""), "NFC")
    words, owner = tokens(texts, document, salt)
    hashes, mine = _rolled(words, owner, size)
    count = np.bincount(owner, minlength=documents)
    short, short_mine = _short(words, count, size)
    none = np.flatnonzero(count == 0)
    blank = _blank(texts, document, none, salt)
    return _sets(
        np.concatenate([hashes, short, blank]),
        np.concatenate([mine, short_mine, none]),
        documents,
    )


def tokens(texts: pa.StringArray, document: np.ndarray, salt: int) -> tuple[np.ndarray, np.ndarray]:
    """Hash and document of each token of some texts, in order: two of shape (tokens,)."""
    parts = [
        _tokens(texts.slice(begin, end - begin), document[begin:end], salt)
        for begin, end in messages.chunks(texts, CHUNK_CHARS)
    ]
    hashes = np.concatenate([t for t, _ in parts] or [np.zeros(0, np.uint64)])
    return hashes, np.concatenate([d for _, d in parts] or [np.zeros(0, np.int64)])


@functools.cache
def _tables() -> tuple[np.ndarray, np.ndarray]:
    """Class of each code point, and a mixed hash of the letter it stands for when folded."""
    kind = np.zeros(TABLE, np.uint8)
    letter = np.arange(TABLE, dtype=np.uint64)
    for code in (*range(0xD800), *range(0xE000, TABLE)):
        sign = chr(code)
        if unicodedata.category(sign)[0] in "LNM" or sign == "_":
            kind[code] = WORD
        folded = unicodedata.normalize("NFKC", sign).casefold()
        if len(folded) == 1:
            letter[code] = ord(folded)
    for first, last in UNSPACED:
        kind[first : last + 1] *= ALONE
    return kind, _mixed(letter + np.uint64(1))


@functools.cache
def _powers(length: int) -> tuple[np.ndarray, np.ndarray]:
    """BASE**i and BASE**-i modulo 2**64, for i below `length`."""
    both = []
    for base in (BASE, pow(BASE, -1, 1 << 64)):
        powers = np.full(length, base, np.uint64)
        powers[0] = 1
        both.append(np.multiply.accumulate(powers))
    return both[0], both[1]


def _mixed(values: np.ndarray) -> np.ndarray:
    """Spread each 64-bit value over all bits: the finaliser of SplitMix64."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _tokens(
    texts: pa.StringArray, document: np.ndarray, salt: int
) -> tuple[np.ndarray, np.ndarray]:
    """Hash and document of each token, in order: two of shape (tokens,).

    A word's hash is a polynomial of its letters, had from one running sum over all letters.
    """
    codes, ends = _code_points(texts)
    kinds, letters = _tables()
    starts, stops = _borders(kinds.take(codes), ends)
    up, down = _powers(max(CHUNK_CHARS, 1 << len(codes).bit_length()) + 1)
    running = np.empty(len(codes) + 1, np.uint64)
    running[0] = 0
    letters.take(codes, out=running[1:])
    running[1:] *= up[: len(codes)]
    np.cumsum(running, out=running)
    hashes = _mixed((running[stops] - running[starts]) * down[starts] ^ np.uint64(salt))
    return hashes, document[np.searchsorted(ends, starts, "right")]


def _code_points(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """All letters of the texts as int64, and where each text ends among them."""
    whole = b"".join(messages.views(texts))
    if whole.isascii():
        return np.frombuffer(whole, np.uint8).astype(np.int64), np.cumsum(messages.lengths(texts))
    codes = np.frombuffer(whole.decode().encode("utf-32-le"), np.int32).astype(np.int64)
    ends = np.cumsum(pc.utf8_length(texts).to_numpy(zero_copy_only=False).astype(np.int64))
    return np.minimum(codes, TABLE - 1, out=codes), ends


def _borders(kind: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where tokens begin and end: two of shape (tokens,)."""
    is_token = kind != SEPARATOR
    goes_on = np.zeros(len(kind) + 1, bool)
    goes_on[1:-1] = (kind[1:] == WORD) & (kind[:-1] == WORD)
    goes_on[ends] = False
    starts = np.flatnonzero(is_token & ~goes_on[:-1])
    return starts, np.flatnonzero(is_token & ~goes_on[1:]) + 1


def _rolled(tokens: np.ndarray, owner: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Hash and document of each run of `size` tokens of one document."""
    count = max(0, len(tokens) - size + 1)
    hashes = np.zeros(count, np.uint64)
    for place in range(size):
        factor = np.uint64(PLACES[place % len(PLACES)] + 2 * (place // len(PLACES)))
        hashes += tokens[place : place + count] * factor
    is_whole = owner[:count] == owner[size - 1 :][:count]
    return _mixed(hashes[is_whole]), owner[:count][is_whole]


def _short(tokens: np.ndarray, count: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """One hash for each document of some tokens, but fewer than a shingle."""
    found = np.flatnonzero((count > 0) & (count < size))
    begins = np.cumsum(count) - count
    hashes = np.zeros(len(found), np.uint64)
    for place in range(size - 1):
        has = count[found] > place
        at = begins[found[has]] + place
        hashes[has] = _mixed(hashes[has] + tokens[at] * np.uint64(PLACES[place % len(PLACES)] + 1))
    return hashes, found


def _blank(texts: pa.StringArray, document: np.ndarray, none: np.ndarray, salt: int) -> np.ndarray:
    """One hash for each document without a token: of its signs, such as emoji."""
    wanted = np.isin(document, none)
    signs: dict[int, str] = dict.fromkeys(none.tolist(), "")
    for at, text in zip(
        document[wanted].tolist(), texts.filter(pa.array(wanted)).to_pylist(), strict=True
    ):
        signs[at] += "".join(text.split())
    seed = salt & 0xFFFFFFFFFFFFFFFF
    hashes = [xxhash.xxh3_64_intdigest(text.encode(), seed) for text in signs.values()]
    return np.array(hashes, np.uint64)


def _sets(hashes: np.ndarray, document: np.ndarray, documents: int) -> Sets:
    """Sort and make distinct in each document, 65,536 documents at a time."""
    room = np.uint64(BITS)
    made, counts = [], np.zeros(documents, np.int64)
    for first in range(0, documents, 1 << 16):
        mine = (document >= first) & (document < first + (1 << 16))
        keys = (document[mine] - first).astype(np.uint64) << room
        keys |= hashes[mine] >> np.uint64(64 - BITS)
        keys.sort()
        is_new = np.ones(len(keys), bool)
        is_new[1:] = keys[1:] != keys[:-1]
        keys = keys[is_new]
        here = min(documents - first, 1 << 16)
        borders = np.arange(1, here + 1, dtype=np.uint64) << room
        borders[-1] = np.iinfo(np.uint64).max
        ends = np.searchsorted(keys, borders, "left")
        ends[-1] = len(keys)
        counts[first : first + here] = np.diff(ends, prepend=0)
        made.append(keys & np.uint64((1 << BITS) - 1))
    flat = np.concatenate(made) if made else np.zeros(0, np.uint64)
    return Sets(flat, np.cumsum(counts))
