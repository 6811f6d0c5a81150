"""Texts -> words as arrays: where they are, what they hash to, what stands around them.

The manner is that of pipeline/shingles.py: each letter is decoded, looked up and hashed once for a
whole batch. A word is a run of letters, marks and digits of one script,
as far as Han, kana and Hangul go. All
positions are code points of the batch's texts put together; `Words.bytes_at` turns them to bytes.
"""

import functools
import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipeline import messages

CHUNK_CHARS = 1 << 18
TABLE = 0x30000
BASE = 0x9E3779B97F4A7C15
MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)

SCRIPTS = (
    *(("cyrillic", 0x0400, 0x052F), ("greek", 0x0370, 0x03FF), ("greek", 0x1F00, 0x1FFF)),
    *(("armenian", 0x0530, 0x058F), ("georgian", 0x10A0, 0x10FF), ("hebrew", 0x0590, 0x05FF)),
    *(("arabic", 0x0600, 0x06FF), ("arabic", 0x0750, 0x077F), ("arabic", 0xFB50, 0xFEFC)),
    *(("indic", 0x0900, 0x0DFF), ("thai", 0x0E00, 0x0EFF), ("hangul", 0x1100, 0x11FF)),
    *(("hangul", 0xAC00, 0xD7A3), ("hiragana", 0x3040, 0x309F), ("katakana", 0x30A0, 0x30FF)),
    *(("han", 0x3400, 0x4DBF), ("han", 0x4E00, 0x9FFF), ("han", 0xF900, 0xFAFF)),
    *(("han", 0x20000, 0x2FFFF), ("han", 0x3005, 0x3007)),
)
SCRIPT = ("latin", *sorted({name for name, _, _ in SCRIPTS}))
ALONE = ("han", "hiragana", "katakana", "hangul")
"""Scripts that end a word of another script: where words are not spaced, and Korean endings."""
NO_WORD = 0
UPPER, LOWER, UNCASED, DIGIT = 1, 2, 3, 4
"""What a word's first letter can be."""

SIGNS = "\n \t'-.,:;!?\"()[]<>@#/\\_*`=&%|+"
"""Signs around a word that tell something; see `_sign_table`."""
UTF8 = (0x80, 0x800, 0x10000)
"""From here on a code point takes 2, 3 and 4 bytes; a byte behind the first is 10xxxxxx."""
BORDER, OTHER, NEWLINE, SPACE = 0, 1, 2, 3
TAB, QUOTE, HYPHEN, DOT, COMMA, COLON = 4, 5, 6, 7, 8, 9
AT, HASH = 2 + SIGNS.index("@"), 2 + SIGNS.index("#")
ALIKE = {"\r": "\n", "\u2028": "\n", "\u00a0": " ", "\u3000": " ", "\u202f": " ", "\u2019": "'"}
ALIKE |= {"\u2018": "'", "\u02bc": "'", "\uff0c": ",", "\u060c": ",", "\u3001": ",", "\uff1a": ":"}
ALIKE |= {"\u3002": ".", "\uff01": "!", "\uff1f": "?", "\u061f": "?", "\u201c": '"', "\u201d": '"'}
ALIKE |= {"\u00ab": '"', "\u00bb": '"', "\u201e": '"', "\u300c": '"', "\u300d": '"', "\uff08": "("}
ALIKE |= {"\uff09": ")", "\u2010": "-", "\u2011": "-", "\u00b7": "-", "\u30fb": "-", "\u2013": "/"}
ALIKE |= {"\u2014": "/", "\u2022": "*", "\u0964": ".", "\u200b": " ", "\u05f3": "'"}


@dataclass(frozen=True)
class Words:
    """The words of some texts, flat: arrays of shape (words,), unless said otherwise.

    Attributes:
        codes: all letters and signs of the texts, shape (letters,) int64.
        ends: where each text ends in `codes`, shape (texts,) int64.
        start: first letter of the word in `codes`.
        stop: behind its last.
        folded: 64-bit hash of the word in lower case.
        text: which of the texts.
        before: the sign before it and the sign after the word before it, 32 * after + before.
        gap: letters and signs between the word before it and it, at a text's begin 1 << 20.
        first: UPPER, LOWER, UNCASED or DIGIT.
        script: place in SCRIPT.
        uppers: capital letters in it.
    """

    codes: np.ndarray
    ends: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    folded: np.ndarray
    text: np.ndarray
    before: np.ndarray
    gap: np.ndarray
    first: np.ndarray
    script: np.ndarray
    uppers: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    def begins(self) -> np.ndarray:
        """Where each text begins in `codes`: shape (texts,)."""
        return np.concatenate([[0], self.ends])[:-1]

    def string(self, start: int, stop: int) -> str:
        """The letters from `start` to `stop`."""
        return self.codes[start:stop].astype(np.uint32).tobytes().decode("utf-32-le")


def of(texts: pa.StringArray) -> Words:
    """The words of texts without null."""
    whole = b"".join(messages.views(texts))
    codes, ends = _codes(whole, messages.lengths(texts))
    kinds, letters, signs = _tables()
    kind = kinds.take(codes)
    start, stop = _borders(kind, ends)
    text = np.searchsorted(ends, start, "right")
    return Words(
        codes=codes,
        ends=ends,
        start=start,
        stop=stop,
        folded=_hashes(letters.take(codes), start, stop),
        text=text,
        before=_before(signs.take(codes), ends, start, stop),
        gap=_gaps(text, start, stop),
        first=(kind[start] >> 5).astype(np.int64),
        script=(kind[start] & 31).astype(np.int64),
        uppers=_uppers(kind, start, stop),
    )


def folded(word: str) -> int:
    """The hash that a word gets in any text."""
    made = of(pa.array([word]))
    if len(made) != 1:
        raise ValueError(f"{word!r} is {len(made)} words")
    return int(made.folded[0])


def byte_places(words: Words, texts: pa.StringArray) -> np.ndarray:
    """Byte of each position in `codes`, from the begin of all texts: shape (letters + 1,)."""
    codes = words.codes
    if len(codes) == int(messages.lengths(texts).sum()):
        return np.arange(len(codes) + 1)
    size = 1 + (codes >= UTF8[0]).astype(np.int64) + (codes >= UTF8[1]) + (codes >= UTF8[2])
    return np.concatenate([[0], np.cumsum(size)])


def _codes(whole: bytes, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Code points as int64, and where each text ends among them."""
    ends = np.cumsum(lengths)
    if whole.isascii():
        return np.frombuffer(whole, np.uint8).astype(np.int64), ends
    codes = np.frombuffer(whole.decode().encode("utf-32-le"), np.int32).astype(np.int64)
    is_first = (np.frombuffer(whole, np.uint8) & 0xC0) != UTF8[0]
    return codes, np.concatenate([[0], np.cumsum(is_first)])[ends]


@functools.cache
def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each code point: kind (first * 32 + script), mixed hash of its lower case, sign class."""
    kind = np.zeros(0x110000, np.uint8)
    letter = np.arange(0x110000, dtype=np.uint64)
    for code in (*range(0xD800), *range(0xE000, TABLE)):
        sign = chr(code)
        group = unicodedata.category(sign)
        if group[0] in "LNM":
            first = {"Lu": UPPER, "Lt": UPPER, "Ll": LOWER}.get(group, UNCASED)
            kind[code] = 32 * (DIGIT if group[0] == "N" else first)
            letter[code] = ord(sign.lower()) if len(sign.lower()) == 1 else code
    letter[[0x2019, 0x02BC]] = ord("'")
    for name, low, high in SCRIPTS:
        some = kind[low : high + 1]
        some[some > 0] += SCRIPT.index(name)
    signs = np.full(0x110000, OTHER, np.uint8)
    for place, sign in enumerate(SIGNS):
        signs[ord(sign)] = 2 + place
    for other, sign in ALIKE.items():
        signs[ord(other)] = 2 + SIGNS.index(sign)
    return kind, mixed(letter + np.uint64(1)), signs


def mixed(values: np.ndarray) -> np.ndarray:
    """Spread each 64-bit value over all bits: the finaliser of SplitMix64."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(MIX[0])
    values = (values ^ (values >> np.uint64(27))) * np.uint64(MIX[1])
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


def _borders(kind: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where words begin and end: two of shape (words,)."""
    is_word = kind != NO_WORD
    goes_on = np.zeros(len(kind) + 1, bool)
    goes_on[1:-1] = is_word[1:] & is_word[:-1]
    alone = _alone().take(kind)
    goes_on[1:-1] &= alone[1:] == alone[:-1]
    goes_on[ends] = False
    starts = np.flatnonzero(is_word & ~goes_on[:-1])
    return starts, np.flatnonzero(is_word & ~goes_on[1:]) + 1


@functools.cache
def _alone() -> np.ndarray:
    """Of each kind: a number of the script if it is in ALONE, else 0."""
    table = np.zeros(256, np.uint8)
    for place, name in enumerate(ALONE):
        table[np.arange(8) * 32 + SCRIPT.index(name)] = 1 + place
    return table


def _hashes(letters: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Hash of each word: a polynomial of its letters, from one running sum."""
    up, down = _powers(max(CHUNK_CHARS, 1 << len(letters).bit_length()) + 1)
    running = np.zeros(len(letters) + 1, np.uint64)
    np.cumsum(letters * up[: len(letters)], out=running[1:])
    return mixed((running[stop] - running[start]) * down[start])


def _before(signs: np.ndarray, ends: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Class of the sign behind the word before, times 32, plus that of the sign before.

    A colon behind a space counts as the sign behind.
    """
    padded = np.zeros(len(signs) + 2, np.uint8)
    padded[1:-1] = signs
    left = padded[start]
    is_end = np.zeros(len(signs) + 1, bool)
    is_end[0] = True
    is_end[ends] = True
    left[is_end[start]] = BORDER
    right = padded[stop + 1]
    right[is_end[stop]] = BORDER
    is_french = (right == SPACE) & (padded[np.minimum(stop + 2, len(signs) + 1)] == COLON)
    right[is_french] = COLON
    after = np.concatenate([[BORDER], right[:-1]])[: len(start)]
    after[np.diff(np.searchsorted(ends, start, "right"), prepend=-1) > 0] = BORDER
    return after.astype(np.int64) * 32 + left


def _uppers(kind: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Capital letters of each word."""
    running = np.zeros(len(kind) + 1, np.int32)
    np.cumsum(kind >> 5 == UPPER, out=running[1:])
    return running[stop] - running[start]


def _gaps(text: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Letters and signs between each word and the one before it in its text."""
    gap = np.full(len(start), 1 << 20, np.int64)
    gap[1:] = np.where(text[1:] == text[:-1], start[1:] - stop[:-1], 1 << 20)
    return gap
