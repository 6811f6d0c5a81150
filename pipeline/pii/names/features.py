"""Which words could be part of a name, in which segments they stand, and their features.

A segment is a run of words that could be names, joined by a space, a hyphen, an apostrophe or the
dot of a title or an initial. All other words are no names, so that each segment is a chain of its
own: most have one to four words, and a model of chains is cheap on them.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.pii.names import lexicon as lists
from pipeline.pii.names.lexicon import Lexicon
from pipeline.pii.names.words import (
    AT,
    DIGIT,
    DOT,
    HASH,
    HYPHEN,
    LOWER,
    QUOTE,
    SCRIPT,
    SIGNS,
    SPACE,
    UNCASED,
    UPPER,
    Words,
    mixed,
)

LONGEST = 12
"""Words of a segment; a longer one is cut."""
LETTER, TITLE_CASE, CAPITALS, CAMEL, SMALL, ARABIC, HEBREW, INDIC, HANGUL, ELSE, EDGE = range(11)
SHAPES = 11
SCRIPT_SHAPES = {"arabic": ARABIC, "hebrew": HEBREW, "indic": INDIC, "hangul": HANGUL}
TITLE_LETTERS = 5
LAST_DIGIT = 9
SHORT = 2
"""A longer gap than that of a comma and a space is told apart."""
REACH = (-2, -1, 0, 1, 2)
SUFFIX_BITS = (11, 13)
GAPS = 2048
PAIRS = 4096
UNDERSCORE = 2 + SIGNS.index("_")


@dataclass(frozen=True)
class Segments:
    """Words that could be names.

    Attributes:
        word: place in `Words`, in order: shape (candidates,).
        begins: which candidates begin a segment, shape (segments,).
        classes: class of *every* word, shape (words,) uint8.
        shapes: shape of every word, shape (words,).
        rows: weights' row of every word, shape (words,).
        joined: whether each word and the one before it may stand in one name, shape (words,).
        has_capital: whether a text has any capital letter, shape (texts,).
    """

    word: np.ndarray
    begins: np.ndarray
    classes: np.ndarray
    shapes: np.ndarray
    rows: np.ndarray
    joined: np.ndarray
    has_capital: np.ndarray


def segments(words: Words, lexicon: Lexicon) -> Segments:
    """Find the words that could be names, and join them."""
    classes, rows = lexicon.find(words.folded)
    shapes = _shapes(words)
    joined = _joined(words, classes)
    could = _could_be_name(words, classes, shapes)
    could |= _unknown(could, joined, classes, shapes)
    could |= _particles(could, joined, classes)
    word = np.flatnonzero(could)
    goes_on = joined[word] & np.concatenate([[False], word[1:] == word[:-1] + 1])[: len(word)]
    begins = _cut(np.flatnonzero(~goes_on), len(word))
    has_capital = np.bincount(words.text, words.uppers, len(words.ends)) > 0
    return Segments(word, begins, classes, shapes, rows, joined, has_capital)


def _shapes(words: Words) -> np.ndarray:
    """Shape of each word: one of SHAPES."""
    size = words.stop - words.start
    shapes = np.full(len(words), ELSE)
    for script, shape in SCRIPT_SHAPES.items():
        shapes[(words.first == UNCASED) & (words.script == SCRIPT.index(script))] = shape
    shapes[(words.first == LOWER) & (words.uppers == 0)] = SMALL
    is_upper = words.first == UPPER
    shapes[is_upper & (words.uppers == 1)] = TITLE_CASE
    shapes[is_upper & (words.uppers > 1)] = CAMEL
    shapes[is_upper & (words.uppers == size)] = CAPITALS
    shapes[is_upper & (size == 1)] = LETTER
    last = words.codes[words.stop - 1] - ord("0") if len(words) else size
    shapes[(last >= 0) & (last <= LAST_DIGIT)] = ELSE
    return shapes


def _joined(words: Words, classes: np.ndarray) -> np.ndarray:
    """Whether a word and the one before it may stand in one name."""
    left = words.before & 31
    after = words.before >> 5
    single = words.gap == 1
    joined = single & ((left == SPACE) | (left == HYPHEN) | (left == QUOTE))
    size = words.stop - words.start
    short = np.concatenate([[False], (size[:-1] == 1)])[: len(words)]
    titled = (classes >> 6 == lists.TITLE) & (size <= TITLE_LETTERS)
    titled = np.concatenate([[False], titled[:-1]])[: len(words)]
    joined |= single & (left == DOT) & (short | titled)
    spaced = (words.gap == len(". ")) & (after == DOT) & (left == SPACE)
    hyphened = (words.gap == len(".-")) & (after == DOT) & (left == HYPHEN)
    joined |= (spaced & (short | titled)) | (hyphened & titled)
    joined[1:] &= words.script[1:] == words.script[:-1]
    return joined


def _could_be_name(words: Words, classes: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    named = (classes & lists.NAMED) > 0
    common = (classes & lists.COMMON) > 0
    special = classes >> 6
    never = common & ~named & (special == 0)
    could = (words.first == UPPER) & (shapes != ELSE) & ~never
    could |= (shapes == SMALL) & named & ~common
    size = words.stop - words.start
    could |= (words.first == UNCASED) & (shapes != ELSE) & named & ~common & (size > 1)
    left = words.before & 31
    could &= (left != AT) & (left != HASH) & (left != UNDERSCORE)
    could[:-1][(words.gap[1:] == 1) & (left[1:] == UNDERSCORE)] = False
    tight = (words.gap == 1) & (left == DOT)
    dotted = tight[1:] & (size[:-1] > TITLE_LETTERS)
    could[1:][dotted] = False
    could[:-1][dotted] = False
    could[:-1][(words.gap[1:] == 1) & (left[1:] == AT)] = False
    return could & (words.first != DIGIT)


def _unknown(
    could: np.ndarray, joined: np.ndarray, classes: np.ndarray, shapes: np.ndarray
) -> np.ndarray:
    """Words in lower case that nobody knows, behind one that could be a name: "anna qrzt"."""
    small = (shapes == SMALL) & (classes == 0)
    follows = np.zeros(len(could), bool)
    follows[1:] = small[1:] & joined[1:] & could[:-1] & (shapes[:-1] == SMALL)
    return follows


def _particles(could: np.ndarray, joined: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Lower-case particles before a word that could be a name: "van der" before "Berg"."""
    particle = classes >> 6 == lists.PARTICLE
    follows = np.zeros(len(could), bool)
    for _ in range(2):
        follows[:-1] |= particle[:-1] & joined[1:] & (could[1:] | follows[1:])
    before = np.zeros(len(could), bool)
    before[1:] = joined[1:] & (could[:-1] | follows[:-1])
    return follows & before


def _cut(begins: np.ndarray, count: int) -> np.ndarray:
    """Cut segments longer than LONGEST."""
    sizes = np.diff(np.concatenate([begins, [count]]))
    if not len(sizes) or sizes.max() <= LONGEST:
        return begins
    parts = -(-sizes // LONGEST)
    which = np.repeat(np.arange(len(begins)), parts)
    place = np.arange(len(which)) - np.repeat(np.cumsum(parts) - parts, parts)
    return begins[which] + LONGEST * place


def width(rows: int) -> int:
    """How many features there are when `rows` words have weights of their own."""
    return int(_columns(rows)[-1])


def ids(words: Words, found: Segments, rows: int) -> list[np.ndarray]:
    """Features of each candidate, by column: each of shape (candidates,), below `width(rows)`."""
    columns: list[np.ndarray] = []
    near = {offset: _near(words, found.word, offset) for offset in REACH}
    for offset in REACH:
        at, inside = near[offset]
        columns.append(np.where(inside, found.rows[at], 0))
        kinds = found.shapes[at] * lists.CLASSES + found.classes[at]
        columns.append(np.where(inside, kinds, EDGE * lists.CLASSES - 1))
    columns.extend(_affixes(words, found.word))
    left = words.before[found.word]
    at, inside = near[1]
    right = np.where(inside, words.before[at], 0)
    columns.append(left + 1024 * (words.gap[found.word] > SHORT))
    columns.append(right + 1024 * (inside & (words.gap[at] > 2)))  # noqa: PLR2004
    here = _reduced(found, found.word)
    for offset in (-1, 1):
        at, inside = near[offset]
        columns.append(np.where(inside, _reduced(found, at), 0) + 64 * here)
    columns.append(here + 64 * (left & 31))
    columns.append(here + 64 * (right >> 5))
    columns.append(here + 64 * found.has_capital[words.text[found.word]])
    starts = _columns(rows)
    return [column + start for column, start in zip(columns, starts.tolist(), strict=False)]


def _columns(rows: int) -> np.ndarray:
    """Where the ids of each column begin, and where the last ends."""
    sizes = [rows + 1, SHAPES * lists.CLASSES] * len(REACH)
    sizes += [1 << bits for bits in SUFFIX_BITS for _ in range(2)]
    sizes += [GAPS, GAPS, PAIRS, PAIRS, GAPS, GAPS, 128]
    return np.concatenate([[0], np.cumsum(sizes)])


def _near(words: Words, word: np.ndarray, offset: int) -> tuple[np.ndarray, np.ndarray]:
    """The word at an offset from each candidate, and whether it is in the same text."""
    at = np.clip(word + offset, 0, len(words) - 1)
    return at, (at == word + offset) & (words.text[at] == words.text[word])


def _reduced(found: Segments, at: np.ndarray) -> np.ndarray:
    """Shape and class of some words in 64 values, for pairs."""
    classes = found.classes[at]
    common = (classes & lists.COMMON) > 0
    first = (classes & 3) > 0
    last = (classes & 12) > 0
    special = np.minimum(classes >> 6, 3)
    list_kind = np.where(special > 0, 7, first + 2 * last + 0)
    list_kind = np.where((special == 0) & common, 4 + (first | last), list_kind)
    small = np.array([0, 1, 2, 3, 4, 5, 5, 5, 5, 6, 7])[found.shapes[at]]
    return small * 8 + list_kind


def _affixes(words: Words, word: np.ndarray) -> list[np.ndarray]:
    """Hashes of the first and last two and three letters."""
    start, stop = words.start[word], words.stop[word]
    made = []
    for size, bits in zip((2, 3), SUFFIX_BITS, strict=True):
        for side in (0, 1):
            value = np.zeros(len(word), np.uint64)
            for place in range(size):
                at = np.minimum(start + place, stop) if side == 0 else stop - 1 - place
                code = np.where(
                    (at >= start) & (at < stop),
                    words.codes[np.clip(at, 0, len(words.codes) - 1)],
                    0,
                )
                is_capital = (code >= ord("A")) & (code <= ord("Z"))
                code = np.where(is_capital, code + 32, code)
                value = value * np.uint64(0x110000) + code.astype(np.uint64)
            made.append((mixed(value + np.uint64(1)) >> np.uint64(64 - bits)).astype(np.int64))
    return made
