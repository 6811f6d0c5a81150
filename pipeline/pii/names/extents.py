"""How far a name goes that begins at a word: titles, particles, initials, suffixes with it."""

import re
from dataclasses import dataclass

import numpy as np

from pipeline.pii.names import cues, features
from pipeline.pii.names import lexicon as lists
from pipeline.pii.names.features import Segments
from pipeline.pii.names.words import DOT, LOWER, SCRIPT, UNCASED, UPPER, Words

MOST = 6
MOST_SMALL = 3
SURE_UNCASED = 2
"""Words of an uncased script that belong to a name unless known to end it; more only if listed."""
SUFFIX = re.compile(
    r",? (?:Jr\b\.?|Sr\b\.?|I{2,3}\b|IV\b|Ph\.?D\b\.?|M\.?D\b\.?|DDS\b|DVM\b|Esq\b\.?|MBA\b|CPA\b"
    r"|[BM]\.(?:Sc|A|Eng|Ed|Com|Tech)\b\.?|(?:[SMA]|Amd)\.[A-Z][A-Za-z]*(?:\.[A-Z][a-z]*)*\.?)"
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
        stopped: whether a word follows that no name goes on with.
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
    stopped: bool


class Walker:
    """Reads names word by word; only for words behind cues, which are few.

    A memory view gives a number three times as fast as an array does.
    """

    def __init__(self, words: Words, segments: Segments) -> None:
        self.words = words
        self.classes = segments.classes
        self.shapes = segments.shapes
        self._classes = segments.classes.data
        self._shapes = segments.shapes.data
        self._joined = segments.joined.data
        self._start, self._stop = words.start.data, words.stop.data
        self._first, self._script = words.first.data, words.script.data
        self._folded = words.folded.data
        self._codes = words.codes.data
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
        could[:-1] |= (self.shapes[:-1] == features.LETTER) & (words.before[1:] >> 5 == DOT)
        could |= spaced & ~common
        return could | (classes >> 6 == lists.TITLE)

    def walk(self, at: int) -> Extent | None:
        """The name that begins at a word, or None."""
        first, end = at, min(len(self.words), at + MOST + 2)
        titles = 0
        while at < end and self._is_title(at) and (at == first or self._joined[at]):
            at += 1
            titles += 1
        if at >= end or (titles and not self._joined[at]):
            return None
        taken = self._run(at, end)
        if not taken or self._is_company(taken):
            return None
        last = taken[-1]
        stop = self._stop[last]
        listed = sum(bool(self._classes[one] & lists.NAMED) for one in taken)
        small = self._first[at] == LOWER
        if all(self._stop[one] - self._start[one] == 1 for one in taken):
            return None
        return Extent(
            self._start[first],
            stop if small else self._suffixed(last, stop),
            first,
            last,
            sum(not self._is_particle(one) for one in taken),
            listed,
            titles > 0,
            small,
            self._first[at] == UPPER,
            self._shapes[last] == features.CAMEL,
            last + 1 < len(self.words) and self._is_stop(last + 1),
        )

    def _run(self, at: int, end: int) -> list[int]:
        """Words of the name from its first that is no title."""
        mode = self._first[at]
        taken: list[int] = []
        while at < end and (not taken or self._joined[at]):
            if not self._belongs(at, mode, taken):
                break
            taken.append(at)
            at += 1
        while taken and self._is_particle(taken[-1]):
            taken.pop()
        return taken

    def _belongs(self, at: int, mode: int, taken: list[int]) -> bool:
        kind = self._classes[at]
        first = self._first[at]
        is_named = bool(kind & lists.NAMED)
        is_common = bool(kind & lists.COMMON)
        if mode == UPPER and first == UPPER:
            plain = is_named or not is_common or self._is_initial(at)
            return self._shapes[at] != features.ELSE and (plain or bool(taken and self._inside(at)))
        if mode == UPPER:
            return bool(taken) and self._is_particle(at)
        if first != mode or self._is_stop(at):
            return False
        if mode == LOWER:
            surname = is_named and len(taken) == 1 and not self._classes[taken[0]] & lists.COMMON
            return (surname or not is_common) and len(taken) < MOST_SMALL
        if mode != UNCASED or IS_UNSPACED[self._script[at]]:
            return False
        return is_named or (len(taken) < SURE_UNCASED and not is_common)

    def _is_company(self, taken: list[int]) -> bool:
        """Whether a word of the name, or the next, makes it that of a firm, a school, a street."""
        ahead = taken[-1] + 1
        if ahead < len(self.words) and self._joined[ahead]:
            taken = [*taken, ahead]
        return any(
            self._classes[one] >> 6 == lists.COMPANY and self._first[one] == UPPER for one in taken
        )

    def _inside(self, at: int) -> bool:
        """Whether a common word with a capital stands before more of the name: "Nguyễn Thu Hà"."""
        ahead = at + 1
        if ahead >= len(self.words) or not self._joined[ahead] or self._is_stop(at):
            return False
        kind = self._classes[ahead]
        plain = bool(kind & lists.NAMED) or not kind & lists.COMMON
        return plain and self._first[ahead] == UPPER and self._shapes[ahead] != features.ELSE

    def _is_initial(self, at: int) -> bool:
        stop = self._stop[at]
        is_dotted = stop < len(self.words.codes) and int(self.words.codes[stop]) == ord(".")
        return bool(self._shapes[at] == features.LETTER) and is_dotted

    def _is_stop(self, at: int) -> bool:
        return self._folded[at] in self.stops

    def _is_title(self, at: int) -> bool:
        return bool(self._classes[at] >> 6 == lists.TITLE)

    def _is_particle(self, at: int) -> bool:
        return bool(self._classes[at] >> 6 == lists.PARTICLE and self._first[at] == LOWER)

    def _suffixed(self, last: int, stop: int) -> int:
        """Where a name ends with its degree: ", S.Kom.", " Jr."."""
        limit = int(self.words.ends[self.words.text[last]])
        if stop == limit or chr(self._codes[stop]) not in ", ":
            return stop
        found = SUFFIX.match(self.words.string(stop, min(limit, stop + SUFFIX_LETTERS)))
        return stop + found.end() if found else stop
