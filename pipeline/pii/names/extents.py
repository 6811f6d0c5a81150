"""How far a name goes that begins at a word: titles, particles, initials, suffixes with it."""

import re
from dataclasses import dataclass

import numpy as np

from pipeline.pii.names import cues, features
from pipeline.pii.names import lexicon as lists
from pipeline.pii.names.features import Segments
from pipeline.pii.names.words import LOWER, SCRIPT, UNCASED, UPPER, Words

MOST = 6
MOST_SMALL = 3
SURE_UNCASED = 2
"""Words of an uncased script that belong to a name unless known to end it; more only if listed."""
SUFFIX = re.compile(
    r",? (?:Jr\b\.?|Sr\b\.?|I{2,3}\b|IV\b|Ph\.?D\b\.?|M\.?D\b\.?|DDS\b|DVM\b|Esq\b\.?|MBA\b|CPA\b"
    r"|(?:[SMA]|Amd)\.[A-Z][A-Za-z]*(?:\.[A-Z][a-z]*)*\.?)"
    r"(?:, [SM]\.[A-Z][A-Za-z]*\.?)*"
)
SUFFIX_LETTERS = 24
IS_UNSPACED = np.isin(SCRIPT, ("han", "hiragana", "katakana"))


@dataclass(frozen=True)
class Extent:
    """A name: its place in the codes of `Words`, and what speaks for it.

    Attributes:
        start: first letter.
        stop: behind the last.
        first: place of its first word.
        last: place of its last word.
        words: words that are no titles or particles.
        listed: how many of those are in lists of names.
        titled: whether it begins with a title.
        small: whether it is in lower case.
        cased: whether it begins with a capital.
        camel: whether its last word has capitals inside, as in UIButton.
    """

    start: int
    stop: int
    first: int
    last: int
    words: int
    listed: int
    titled: bool
    small: bool
    cased: bool
    camel: bool


class Walker:
    """Reads names word by word; only for words behind cues, which are few."""

    def __init__(self, words: Words, segments: Segments) -> None:
        self.words = words
        self.classes = segments.classes
        self.shapes = segments.shapes
        self.joined = segments.joined
        self.stops = frozenset(cues.phrases().stops.tolist())
        self.is_name = np.zeros(len(words), bool)
        self.is_name[segments.word] = True

    def could_begin(self) -> np.ndarray:
        """Which words could begin a name behind a cue: shape (words,) bool."""
        words, classes = self.words, self.classes
        common = (classes & lists.COMMON) > 0
        spaced = (words.first == UNCASED) & ~IS_UNSPACED[words.script]
        could = self.is_name | ((words.first == UPPER) & (self.shapes != features.ELSE) & ~common)
        could |= (self.shapes == features.SMALL) & ~common
        could |= spaced & ~common
        return could | (classes >> 6 == lists.TITLE)

    def walk(self, at: int) -> Extent | None:
        """The name that begins at a word, or None."""
        first, end = at, min(len(self.words), at + MOST + 2)
        titles = 0
        while at < end and self._is_title(at) and (at == first or self.joined[at]):
            at += 1
            titles += 1
        if at >= end or (titles and not self.joined[at]):
            return None
        taken = self._run(at, end)
        if not taken:
            return None
        last = taken[-1]
        stop = int(self.words.stop[last])
        listed = sum(bool(self.classes[one] & lists.NAMED) for one in taken)
        small = int(self.words.first[at]) == LOWER
        if all(self.words.stop[one] - self.words.start[one] == 1 for one in taken):
            return None
        return Extent(
            int(self.words.start[first]),
            stop if small else self._suffixed(last, stop),
            first,
            last,
            sum(not self._is_particle(one) for one in taken),
            listed,
            titles > 0,
            small,
            int(self.words.first[at]) == UPPER,
            int(self.shapes[last]) == features.CAMEL,
        )

    def _run(self, at: int, end: int) -> list[int]:
        """Words of the name from its first that is no title."""
        mode = int(self.words.first[at])
        taken: list[int] = []
        while at < end and (not taken or self.joined[at]):
            if not self._belongs(at, mode, len(taken)):
                break
            taken.append(at)
            at += 1
        while taken and self._is_particle(taken[-1]):
            taken.pop()
        return taken

    def _belongs(self, at: int, mode: int, taken: int) -> bool:
        words, kind = self.words, int(self.classes[at])
        first = int(words.first[at])
        is_named = bool(kind & lists.NAMED)
        is_common = bool(kind & lists.COMMON)
        if mode == UPPER:
            if first == UPPER:
                return self.shapes[at] != features.ELSE and (is_named or not is_common)
            return taken > 0 and self._is_particle(at)
        if int(self.words.folded[at]) in self.stops:
            return False
        if mode == LOWER:
            return first == LOWER and not is_common and taken < MOST_SMALL
        if mode == UNCASED:
            same = first == UNCASED and not IS_UNSPACED[words.script[at]]
            return same and (is_named or (taken < SURE_UNCASED and not is_common))
        return False

    def _is_title(self, at: int) -> bool:
        return bool(self.classes[at] >> 6 == lists.TITLE)

    def _is_particle(self, at: int) -> bool:
        return bool(self.classes[at] >> 6 == lists.PARTICLE and self.words.first[at] == LOWER)

    def _suffixed(self, last: int, stop: int) -> int:
        """Where a name ends with its degree: ", S.Kom.", " Jr."."""
        limit = int(self.words.ends[self.words.text[last]])
        found = SUFFIX.match(self.words.string(stop, min(limit, stop + SUFFIX_LETTERS)))
        return stop + found.end() if found else stop
