"""Texts -> what a linear model looks at: words, pairs of words, and pieces of words.

The manner is that of pipeline/shingles.py: each letter is decoded, looked up and hashed once for a
whole batch, without a vocabulary. A feature counts once a text, however often it stands there. A
piece of a word is 3 to 5 of its letters, its borders being letters, too; pieces are made once for
each distinct word of a chunk of texts, and not once for each place where it stands.
"""

import functools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import messages

CHUNK_CHARS = 1 << 18
TABLE = 0x30000
PIECES = (3, 4, 5)
LONGEST = 24
"""Letters of a word that its pieces are made of; a run of signs without end is no word."""
WORD_BITS, PAIR_BITS, PIECE_BITS = 17, 17, 16
BASE = 0x9E3779B97F4A7C15
SECOND = 0xC2B2AE3D27D4EB4F
BORDER = 0x165667B19E3779F9


@dataclass(frozen=True)
class Terms:
    """The features of some texts, as places in tables of hashes.

    Attributes:
        texts: how many texts there are.
        text: of each distinct word of a text, which text: shape (words of texts,), ascending.
        word: and which of the distinct words of all of them.
        words: place of each distinct word in a table of 2**WORD_BITS: shape (words,) int64.
        hashes: of the distinct words, 64 bits.
        piece_word: of each piece, the word it is in, ascending: shape (pieces,).
        pieces: place of the piece in a table of 2**PIECE_BITS.
        pair_text: of each distinct pair of a text, which text: shape (pairs,), ascending.
        pairs: place of the pair in a table of 2**PAIR_BITS.
    """

    texts: int
    text: np.ndarray
    word: np.ndarray
    words: np.ndarray
    hashes: np.ndarray
    piece_word: np.ndarray
    pieces: np.ndarray
    pair_text: np.ndarray
    pairs: np.ndarray


def chunks(texts: pa.StringArray) -> Iterator[pa.StringArray]:
    """Runs of texts of about CHUNK_CHARS bytes, so that the arrays stay in the cache."""
    for begin, end in messages.chunks(texts, CHUNK_CHARS):
        yield texts.slice(begin, end - begin)


def of(texts: pa.StringArray) -> Terms:
    """The features of some texts; null is empty."""
    codes, ends = _code_points(pc.fill_null(texts, ""))
    is_letter, letters = _tables()
    start, stop = _borders(is_letter.take(codes), ends)
    letter = letters.take(codes)
    hashes = _spans(_running(letter), start, stop)
    text = np.searchsorted(ends, start, "right")
    distinct, first, word = np.unique(hashes, return_index=True, return_inverse=True)
    held = _distinct(text * len(distinct) + word)
    piece_word, pieces = _pieces(letter, start[first], stop[first])
    pair_text, pairs = _pairs(hashes, text)
    return Terms(
        texts=len(texts),
        text=held // max(len(distinct), 1),
        word=held % max(len(distinct), 1),
        words=(distinct >> np.uint64(64 - WORD_BITS)).astype(np.int64),
        hashes=distinct,
        piece_word=piece_word,
        pieces=pieces,
        pair_text=pair_text,
        pairs=pairs,
    )


def _code_points(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """All letters of the texts as int64, and where each text ends among them."""
    whole = b"".join(messages.views(texts))
    ends = np.cumsum(messages.lengths(texts))
    if whole.isascii():
        return np.frombuffer(whole, np.uint8).astype(np.int64), ends
    codes = np.frombuffer(whole.decode().encode("utf-32-le"), np.int32).astype(np.int64)
    is_first = (np.frombuffer(whole, np.uint8) & 0xC0) != 0x80  # noqa: PLR2004 (UTF-8)
    ends = np.concatenate([[0], np.cumsum(is_first)])[ends]
    return np.minimum(codes, TABLE - 1, out=codes), ends


@functools.cache
def _tables() -> tuple[np.ndarray, np.ndarray]:
    """Of each code point: is it part of a word, and a mixed hash of it when folded."""
    is_letter = np.zeros(TABLE, bool)
    letter = np.arange(TABLE, dtype=np.uint64)
    for code in (*range(0xD800), *range(0xE000, TABLE)):
        sign = chr(code)
        is_letter[code] = unicodedata.category(sign)[0] in "LNM" or sign == "'"
        folded = unicodedata.normalize("NFKC", sign).casefold()
        if len(folded) == 1:
            letter[code] = ord(folded)
    letter[0x2019], is_letter[0x2019] = ord("'"), True
    return is_letter, mixed(letter + np.uint64(1))


def mixed(values: np.ndarray) -> np.ndarray:
    """Spread each 64-bit value over all bits: the finaliser of SplitMix64."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@functools.cache
def _powers(length: int) -> tuple[np.ndarray, np.ndarray]:
    """BASE**i and BASE**-i modulo 2**64, for i below `length`."""
    both = []
    for base in (BASE, pow(BASE, -1, 1 << 64)):
        powers = np.full(length, base, np.uint64)
        powers[0] = 1
        both.append(np.multiply.accumulate(powers))
    return both[0], both[1]


def _room(length: int) -> tuple[np.ndarray, np.ndarray]:
    return _powers(max(2 * CHUNK_CHARS, 1 << length.bit_length()) + 1)


def _borders(is_letter: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where words begin and end: two of shape (words,)."""
    goes_on = np.zeros(len(is_letter) + 1, bool)
    goes_on[1:-1] = is_letter[1:] & is_letter[:-1]
    goes_on[ends] = False
    starts = np.flatnonzero(is_letter & ~goes_on[:-1])
    return starts, np.flatnonzero(is_letter & ~goes_on[1:]) + 1


def _running(letter: np.ndarray) -> np.ndarray:
    """Sums of letters times powers, up to each place: shape (letters + 1,)."""
    running = np.zeros(len(letter) + 1, np.uint64)
    np.cumsum(letter * _room(len(letter))[0][: len(letter)], out=running[1:])
    return running


def _spans(running: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Hash of each span: a polynomial of its letters."""
    return mixed((running[stop] - running[start]) * _room(len(running) - 1)[1][start])


def _distinct(values: np.ndarray) -> np.ndarray:
    """The distinct values, sorted. `np.unique` goes through a hash table, 10 times as long."""
    values = np.sort(values)
    is_new = np.ones(len(values), bool)
    is_new[1:] = values[1:] != values[:-1]
    return values[is_new]


def _pieces(
    letter: np.ndarray, start: np.ndarray, stop: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The pieces of some words: which word, and the place in the table."""
    size = np.minimum(stop - start, LONGEST) + 2
    ends = np.cumsum(size)
    begins = ends - size
    word = np.repeat(np.arange(len(size)), size)
    inside = np.arange(len(word)) - begins[word]
    flat = letter[np.minimum(start[word] + np.maximum(inside - 1, 0), max(len(letter) - 1, 0))]
    is_border = (inside == 0) | (inside == size[word] - 1)
    flat = np.where(is_border, np.uint64(BORDER), flat)
    running, left = _running(flat), ends[word] - np.arange(len(word))
    owners, places = [], []
    for length in PIECES:
        at = np.flatnonzero(left >= length)
        hashes = _spans(running, at, at + length)
        places.append((hashes >> np.uint64(64 - PIECE_BITS)).astype(np.int64))
        owners.append(word[at])
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return owner[order], np.concatenate(places)[order]


def _pairs(hashes: np.ndarray, text: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct pairs of neighbours of each text: which text, and the place in the table."""
    both = mixed(hashes[:-1] * np.uint64(BASE) + hashes[1:] * np.uint64(SECOND))
    place = (both >> np.uint64(64 - PAIR_BITS)).astype(np.int64)
    same = text[:-1] == text[1:]
    held = _distinct((text[:-1][same] << PAIR_BITS) | place[same])
    return held >> PAIR_BITS, held & ((1 << PAIR_BITS) - 1)
