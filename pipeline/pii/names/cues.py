"""Phrases that stand before a name: where they are among the words of a batch.

What each kind of cue asks of the signs between it and the name:
    self    "my name is X": a space, a colon, a quotation mark
    am      "I am X": a space
    hello   "Dear X": a space, at the begin of a line or sentence
    bye     "Regards, X": a comma or a line break
    field   "Name: X", `"name": "X"`, "name | X": a colon, an equals sign, a cell border
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
    mixed,
)

KINDS = ("self", "am", "hello", "bye", "field", "kin", "author")
LONGEST = 5
BITS = 18
PLACES = tuple(np.uint64(one) for one in (3, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 7, 11))


def _signs(signs: str) -> tuple[int, ...]:
    return tuple(2 + SIGNS.index(sign) for sign in signs)


QUOTES = (SPACE, *_signs("\"'(*`_"), 1)
INSIDE = (SPACE, QUOTE, HYPHEN, COMMA)
ENDS = (BORDER, NEWLINE, DOT, *_signs('!?"(*>'))
FIELD_AFTER = (COLON, TAB, *_signs("\"'=|*"))
BYE_AFTER = (COMMA, NEWLINE, DOT, *_signs("!"))
ASKED = {
    "self": ((SPACE, COLON, *_signs('"*')), QUOTES, 4),
    "am": ((SPACE, COLON), (SPACE, *_signs("*")), 3),
    "hello": ((SPACE, COMMA), (SPACE, *_signs("*")), 2),
    "bye": (BYE_AFTER, (SPACE, NEWLINE, HYPHEN, *_signs("*")), 6),
    "field": (FIELD_AFTER, (*QUOTES, TAB, *_signs("|")), 6),
    "kin": ((SPACE, COMMA), (SPACE, *_signs("(")), 3),
    "author": ((SPACE, COLON), (SPACE, *_signs("*")), 4),
}
"""Of each kind: signs right behind the cue, signs right before the name, letters between."""


@dataclass(frozen=True)
class Phrases:
    """Hashes of all phrases.

    Attributes:
        is_last: whether a word whose hash has these top bits may end a phrase: (1 << BITS,) bool.
        keys: hashes of the phrases of each kind and each number of words, sorted.
        stops: words that no name goes on with, sorted.
    """

    is_last: np.ndarray
    keys: dict[tuple[str, int], np.ndarray]
    stops: np.ndarray


@functools.cache
def phrases() -> Phrases:
    """All phrases of cues.txt."""
    is_last = np.zeros(1 << BITS, bool)
    keys: dict[tuple[str, int], list[int]] = {}
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
            keys.setdefault((kind, len(mine)), []).append(int(_combined(mine)))
    made = {group: np.unique(np.array(held, np.uint64)) for group, held in keys.items()}
    return Phrases(is_last, made, np.unique(np.array(stops, np.uint64)))


def _combined(hashes: np.ndarray) -> np.uint64:
    total = np.uint64(0)
    with np.errstate(over="ignore"):
        for place, value in enumerate(hashes[::-1]):
            total += value * PLACES[place]
    return mixed(np.array([total]))[0]


def find(found: Words, could_begin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First words behind cues, and which kind of cue: two of shape (cues,).

    Args:
        found: the words.
        could_begin: which of them could begin a name, shape (words,) bool.
    """
    held = phrases()
    last = np.flatnonzero(held.is_last[(found.folded >> np.uint64(64 - BITS)).astype(np.int64)])
    last = last[last + 1 < len(found)]
    last = last[could_begin[last + 1] & (found.text[last + 1] == found.text[last])]
    begins, kinds = [], []
    for kind, name in enumerate(KINDS):
        at = last[_asked(found, last + 1, name)]
        is_cue = np.zeros(len(at), bool)
        for size in range(1, LONGEST + 1):
            if (name, size) in held.keys:
                is_cue |= _matches(found, at, size, held.keys[name, size], name)
        begins.append(at[is_cue] + 1)
        kinds.append(np.full(int(is_cue.sum()), kind))
    return np.concatenate(begins), np.concatenate(kinds)


def _asked(found: Words, at: np.ndarray, kind: str) -> np.ndarray:
    """Whether the signs between a cue and the word `at` are those that the kind asks."""
    after, before, most = ASKED[kind]
    pair = found.before[at]
    is_asked = np.isin(pair >> 5, after) & np.isin(pair & 31, before) & (found.gap[at] <= most)
    if kind == "field":
        is_asked &= (found.gap[at] > 1) | ((pair & 31) != QUOTE)
    return is_asked


def _matches(found: Words, at: np.ndarray, size: int, keys: np.ndarray, kind: str) -> np.ndarray:
    """Whether a phrase of `size` words ends at each word."""
    first = at - size + 1
    fits = first >= 0
    first = np.maximum(first, 0)
    fits &= found.text[first] == found.text[at]
    total = np.zeros(len(at), np.uint64)
    for place in range(size):
        here = np.maximum(at - place, 0)
        total += found.folded[here] * PLACES[place]
        if place < size - 1:
            fits &= (found.gap[here] <= 2) & np.isin(found.before[here] & 31, INSIDE)  # noqa: PLR2004
    if kind in {"hello", "bye"}:
        pair = found.before[first]
        opens = (
            np.isin(pair & 31, ENDS) | np.isin(pair >> 5, (*ENDS, COMMA)) | (found.gap[first] > 2)
        )  # noqa: PLR2004
        fits &= opens
    mine = mixed(total)
    place = np.minimum(np.searchsorted(keys, mine), len(keys) - 1)
    return fits & (keys[place] == mine)
