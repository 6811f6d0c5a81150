"""Phrases that stand before a name: where they are among the words of a batch.

What each kind of cue asks of the signs between it and the name:
    self    "my name is X": a space, a colon, a quotation mark
    am      "I am X": a space
    named   "a man named X", "her name is X": likewise
    hello   "Dear X": a space, at the begin of a line or sentence
    bye     "Regards, X": a comma or a line break
    field   "Name: X", `"name": "X"`, "name | X": a colon, an equals sign, a cell border
    header  "From: X": likewise, at the begin of a line
    kin     "my wife X": a space or a comma
    author  "(written by X": a space or a colon
"""

import functools
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipeline.pii.names import gazetteer, words
from pipeline.pii.names.words import (
    BORDER,
    COLON,
    COMMA,
    DOT,
    HYPHEN,
    NEWLINE,
    QUOTE,
    SIGNS,
    SPACE,
    TAB,
    Words,
)

KINDS = ("self", "am", "named", "hello", "bye", "field", "header", "kin", "author")
LONGEST = 4
BITS = 18
PLACES = tuple(np.uint64(one) for one in (3, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 7))


def _signs(signs: str) -> tuple[int, ...]:
    return tuple(2 + SIGNS.index(sign) for sign in signs)


QUOTES = (SPACE, *_signs("\"'(*`_"), 1)
INSIDE = (SPACE, QUOTE, HYPHEN, COMMA, *_signs("_"))
ENDS = (BORDER, NEWLINE, DOT, *_signs('!?"(*>'))
FIELD_AFTER = (COLON, TAB, *_signs("\"'=|*"))
BYE_AFTER = (COMMA, NEWLINE, DOT, *_signs("!"))
ASKED = {
    "self": ((SPACE, COLON, *_signs('"*')), QUOTES, 4),
    "am": ((SPACE, COLON), (SPACE, *_signs("*")), 3),
    "named": ((SPACE, COLON), (SPACE, *_signs("*")), 3),
    "hello": ((SPACE, COMMA), (SPACE, *_signs("*")), 2),
    "bye": (BYE_AFTER, (SPACE, NEWLINE, HYPHEN, *_signs("*")), 6),
    "field": (FIELD_AFTER, (*QUOTES, TAB, *_signs("|")), 6),
    "header": (FIELD_AFTER, (*QUOTES, TAB, *_signs("|")), 6),
    "kin": ((SPACE, COMMA), (SPACE, *_signs("(")), 3),
    "author": ((SPACE, COLON), (SPACE, *_signs("*")), 4),
}
"""Of each kind: signs right behind the cue, signs right before the name, letters between."""
INSIDE_GAP = 2
IS_INSIDE = np.isin(np.arange(32), INSIDE)
ALL = np.uint16((1 << len(KINDS)) - 1)
OPENED = np.uint16(sum(1 << KINDS.index(kind) for kind in ("hello", "bye", "header")))
"""Kinds of cue that begin a line or sentence."""


@dataclass(frozen=True)
class Phrases:
    """Hashes of all phrases.

    Attributes:
        is_last: whether a word whose hash has these top bits may end a phrase: (1 << BITS,) bool.
        keys: hashes of the phrases of each number of words, sorted.
        kinds: bits of the kinds that each of those is of.
        stops: words that no name goes on with, sorted.
    """

    is_last: np.ndarray
    keys: dict[int, np.ndarray]
    kinds: dict[int, np.ndarray]
    stops: np.ndarray


@functools.cache
def phrases() -> Phrases:
    """All phrases of cues.txt."""
    is_last = np.zeros(1 << BITS, bool)
    held: dict[int, dict[int, int]] = {size: {} for size in range(1, LONGEST + 1)}
    stops: list[int] = []
    for kind, _, several in gazetteer.rows("cues.txt"):
        parts = several.split("|")
        found = words.of(pa.array(parts, pa.string()))
        for at in range(len(parts)):
            mine = found.folded[found.text == at]
            if kind == "stop":
                stops.extend(mine.tolist())
                continue
            is_last[int(mine[-1] >> np.uint64(64 - BITS))] = True
            group, key = held[len(mine)], int(_combined(mine))
            group[key] = group.get(key, 0) | 1 << KINDS.index(kind)
    keys = {size: np.array(sorted(group), np.uint64) for size, group in held.items()}
    kinds = {
        size: np.array([group[key] for key in sorted(group)], np.uint16)
        for size, group in held.items()
    }
    return Phrases(is_last, keys, kinds, np.unique(np.array(stops, np.uint64)))


@functools.cache
def _allowed() -> tuple[np.ndarray, np.ndarray]:
    """Bits of the kinds that allow each pair of signs, and each gap up to 7."""
    pairs, gaps = np.zeros(1 << 10, np.uint16), np.zeros(8, np.uint16)
    for place, kind in enumerate(KINDS):
        after, before, most = ASKED[kind]
        for one in after:
            pairs[[32 * one + other for other in before]] |= 1 << place
        gaps[: most + 1] |= 1 << place
    return pairs, gaps


@functools.cache
def _openings() -> np.ndarray:
    """Whether a pair of signs before a word begins a line or sentence: shape (1024,) bool."""
    after, before = np.divmod(np.arange(1 << 10), 32)
    return np.isin(before, ENDS) | np.isin(after, (*ENDS, COMMA))


def _combined(hashes: np.ndarray) -> np.uint64:
    total = np.zeros(1, np.uint64)
    for place in range(len(hashes)):
        total += hashes[[-1 - place]] * PLACES[place]
    return words.mixed(total)[0]


def find(found: Words, could_begin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First words behind cues, and which kind of cue: two of shape (cues,).

    Args:
        found: the words.
        could_begin: which of them could begin a name, shape (words,) bool.
    """
    held, (pairs, gaps) = phrases(), _allowed()
    last = np.flatnonzero(could_begin[1:] & (found.gap[1:] < len(gaps)))
    top = (found.folded[last] >> np.uint64(64 - BITS)).astype(np.int64)
    last = last[held.is_last[top]]
    bits = pairs[found.before[last + 1]] & gaps[found.gap[last + 1]]
    last, bits = last[bits > 0], bits[bits > 0]
    kinds = np.zeros(len(last), np.uint16)
    total = np.zeros(len(last), np.uint64)
    whole = np.ones(len(last), bool)
    for place in range(LONGEST):
        whole &= last >= place
        at = np.maximum(last - place, 0)
        if place:
            whole &= (found.gap[at + 1] <= INSIDE_GAP) & IS_INSIDE[found.before[at + 1] & 31]
        total += found.folded[at] * PLACES[place]
        is_open = _openings()[found.before[at]] | (found.gap[at] > INSIDE_GAP)
        mine = _kinds(words.mixed(total), held.keys[place + 1], held.kinds[place + 1])
        kinds |= np.where(whole, mine & np.where(is_open, ALL, ALL ^ OPENED), 0)
    kinds &= bits
    begins = [last[(kinds & 1 << kind) > 0] + 1 for kind in range(len(KINDS))]
    return np.concatenate(begins), np.repeat(np.arange(len(KINDS)), [len(one) for one in begins])


def _kinds(mine: np.ndarray, keys: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    place = np.minimum(np.searchsorted(keys, mine), len(keys) - 1)
    return np.where(keys[place] == mine, kinds[place], 0).astype(np.uint16)
