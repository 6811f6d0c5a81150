"""Where values that are known stand in a text, in another spelling too.

Texts are read word by word, so that time is linear in the text, whatever the number of values:
each word is looked up, and only where a value begins with it the next words are compared. Numbers
are compared by their digits, over any grouping. Scripts that do not space words are searched by
one automaton of all values.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import re2

from pipeline.pii import dialling, seen
from pipeline.pii.kinds import KINDS
from pipeline.pii.words import COMMON_NAMES, TITLES

LEAST_CHARS = 4
"""Letters and digits a value must have to be looked for elsewhere; a name may have three."""
LEAST_DIGITS = 7
LEAST_UNSPACED = 2
MEMORY = 32 << 20
FEW = 32
"""Words that are looked for in a text one after the other."""
_HEAD = 4
"""First signs of a number by which it is looked up."""
_MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a"
    r"\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06ea-\u06ed\u0900-\u0963\u0966-\u0dff"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
"""What stands within words and is no letter to `re`: combining marks; Indic scripts as a whole."""
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}{seen.INVISIBLE}])*|[\u0900-\u0963\u0966-\u0dff]+")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
)
"""Thai, Lao, Burmese, Khmer, Kana, Han, Hangul: a name may stand beside other letters."""
_GAP = re.compile(r"[\s.()/\u00a0\u2010-\u2015-]{0,3}")
"""Between the groups of one number."""
_DIGIT = re.compile(r"\d")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_BEGINS = re.compile(r"(?:^|[.!?:;\n\u2026*#>|-])[\s\"'(\[\u201c\u2018*_#>-]*$")
"""What stands before the first word of a sentence."""
_SENTENCE = 12
_JOINTS = "._+@-"
_ADDRESSES = frozenset({"email", "ip", "username"})


class Value(NamedTuple):
    """What is looked for.

    Attributes:
        kind: of the value.
        exact: the words as they must stand; empty where case does not matter.
        lead: what stands before the first word.
        trail: what stands behind the last.
        is_cased: a name alone: not where it is written small.
        is_common: a name that is a word too: not at the beginning of a sentence.
    """

    kind: str
    exact: str = ""
    lead: str = ""
    trail: str = ""
    is_cased: bool = False
    is_common: bool = False


class Recurrence:
    """Finds values of one conversation.

    Args:
        values: pairs of kind and value as it was found; the first of a spelling wins.

    Attributes:
        steps: comparisons made so far.
    """

    def __init__(self, values: Iterable[tuple[str, str]]) -> None:
        self.steps = 0
        self._said: dict[str, Value] = {}
        self._sizes: dict[str, set[int]] = defaultdict(set)
        self._numbers: dict[str, str] = {}
        self._heads: set[str] = set()
        self._unspaced: dict[str, str] = {}
        for kind, value in values:
            self._add(kind, value)
        self._longest = max(map(len, self._numbers), default=0)
        self._least = min((sum(map(str.isdigit, n)) for n in self._numbers), default=0)

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._said or self._numbers or self._unspaced)

    def places(self, text: str) -> Iterator[tuple[int, int, str]]:
        """First code point, the one behind the last, and kind; in order, overlaps included."""
        if self._may_hold(text):
            yield from self._spaced_places(text)
        if self._unspaced and not text.isascii():
            yield from self._unspaced_places(text)

    def _may_hold(self, text: str) -> bool:
        """Whether a text is worth reading word by word: cheap where there are few values."""
        if len(self._sizes) > FEW:
            return True
        if self._numbers and len(_DIGIT.findall(text)) >= self._least:
            return True
        small = text.lower() if text.isascii() else seen.folded(text)
        return any(word in small for word in self._sizes)

    def _add(self, kind: str, value: str) -> None:
        plain = _plain(value)
        if _UNSPACED.search(value):
            self._add_unspaced(kind, value)
        elif KINDS[kind].folds == "digits" and any(sign.isdigit() for sign in plain):
            if len(plain) >= LEAST_DIGITS:
                forms = dialling.forms(value, plain) if kind == "phone" else (plain,)
                for number in forms:
                    self._numbers.setdefault(number, kind)
                    self._heads.update(number[:size] for size in range(1, _HEAD + 1))
        elif kind == "person":
            self._add_name(value)
        elif len(plain) >= LEAST_CHARS:
            self._add_words(value, Value(kind))

    def _add_name(self, value: str) -> None:
        words = [
            _POSSESSIVE.sub("", word.strip(".,()\"'\u2018\u201c\u201d")) for word in value.split()
        ]
        words = [word for word in words if word and word.casefold() not in TITLES]
        is_long = len(_plain(value)) >= LEAST_CHARS - 1 or not value.isascii()
        if len(words) > 1 and is_long:
            self._add_words(value, Value("person"))
            self._add_words(" ".join(words), Value("person"))
        for word in words if len(words) == 1 else filter(_is_name, words):
            plain = _plain(word)
            if len(plain) >= (LEAST_CHARS - 1 if plain.isascii() else 2):
                is_common = plain in COMMON_NAMES
                is_small = len(words) == 1 and word.islower() and not is_common
                self._add_words(word, Value("person", "", "", "", not is_small, is_common))

    def _add_words(self, written: str, value: Value) -> None:
        words = list(_WORD.finditer(written))
        if not words:
            return
        first, last = words[0].start(), words[-1].end()
        core = written[first:last]
        if KINDS[value.kind].folds == "exact":
            value = value._replace(exact=core)
        value = value._replace(lead=written[:first].strip(), trail=written[last:].strip())
        self._said.setdefault(value.exact or _said(core), value)
        self._sizes[_folded(words[0][0])].add(len(words))

    def _add_unspaced(self, kind: str, value: str) -> None:
        words = re.split(r"[\s\u30fb\u00b7]+", value.strip())
        if kind == "person" or len(_plain(value)) >= LEAST_CHARS:
            for said in ("".join(words), *(words if kind == "person" else ())):
                if len(said) >= LEAST_UNSPACED and _UNSPACED.search(said):
                    self._unspaced.setdefault(said, kind)
            self._unspaced.setdefault(value.strip(), kind)

    def _spaced_places(self, text: str) -> Iterator[tuple[int, int, str]]:
        is_ascii = text.isascii()
        words = list(_WORD.finditer(text))
        sizes, heads = self._sizes, self._heads
        for at, word in enumerate(words):
            folded = word[0].lower() if is_ascii else _folded(word[0])
            found = self._said_at(text, words, at, sizes[folded]) if folded in sizes else None
            if found is None and folded[:_HEAD] in heads:
                found = self._number_at(text, words, at)
            if found is not None:
                yield found

    def _said_at(
        self, text: str, words: Sequence[re.Match[str]], at: int, sizes: Iterable[int]
    ) -> tuple[int, int, str] | None:
        """The longest value that begins with a word."""
        for size in sorted(sizes, reverse=True):
            self.steps += 1
            if at + size > len(words):
                continue
            start, end = words[at].start(), words[at + size - 1].end()
            written = text[start:end]
            value = self._said.get(written) or self._said.get(_said(written))
            if value is not None and _is_meant(value, text, start, written):
                has_lead = text.startswith(value.lead, start - len(value.lead), start)
                has_trail = text.startswith(value.trail, end)
                if value.exact and not (has_lead and has_trail):
                    continue
                start -= len(value.lead) * (has_lead and start >= len(value.lead))
                return start, end + len(value.trail) * has_trail, value.kind
        return None

    def _number_at(
        self, text: str, words: Sequence[re.Match[str]], at: int
    ) -> tuple[int, int, str] | None:
        """The longest number that begins with a word, over any grouping."""
        signs, found = "", None
        for number in range(at, len(words)):
            self.steps += 1
            before, word = words[number - 1], words[number]
            if number > at and not _GAP.fullmatch(text, before.end(), word.start()):
                break
            signs += _folded(word[0])
            if signs in self._numbers and not _goes_on(text, words, number):
                found = number
            if len(signs) >= self._longest or signs[:_HEAD] not in self._heads:
                break
        if found is None:
            return None
        start, end = words[at].start(), words[found].end()
        begun = dialling.begun(text, start, end)
        if begun == start and at and _is_grouped(text, words[at - 1], words[at]):
            return None
        return begun, end, self._numbers["".join(_folded(w[0]) for w in words[at : found + 1])]

    def _unspaced_places(self, text: str) -> Iterator[tuple[int, int, str]]:
        search = _automaton(tuple(sorted(self._unspaced, key=lambda said: (-len(said), said))))
        data = text.encode()
        seen_bytes = seen_points = 0
        for match in search.finditer(data):
            self.steps += 1
            first, last = match.span()
            start = seen_points + len(data[seen_bytes:first].decode())
            end = start + len(data[first:last].decode())
            seen_bytes, seen_points = last, end
            if not (_is_inside(text, start, is_start=True) or _is_inside(text, end)):
                yield start, end, self._unspaced[text[start:end]]


def _is_meant(value: Value, text: str, start: int, written: str) -> bool:
    """Whether words that are equal but for their case are the value."""
    if value.exact:
        return written == value.exact
    if value.is_cased and written[0].islower():
        return False
    if _is_joined(value.kind, text, start, start + len(written)):
        return False
    if not value.is_common:
        return True
    return not written.isupper() and not _BEGINS.search(text[max(0, start - _SENTENCE) : start])


def _is_joined(kind: str, text: str, start: int, end: int) -> bool:
    """Whether signs join a value to more of the same: another address, a double name."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if kind == "person":
        return after[:1] == "-" and after[1:].isupper()
    is_behind = len(after) > 1 and after[0] in _JOINTS and after[1].isalnum()
    is_ahead = len(before) > 1 and before[1] in _JOINTS and before[0].isalnum()
    return kind in _ADDRESSES and (is_behind or is_ahead)


def _is_name(word: str) -> bool:
    """Whether a part of a full name is looked for alone; particles are not."""
    return not (word.islower() and _plain(word) in COMMON_NAMES)


def _goes_on(text: str, words: Sequence[re.Match[str]], number: int) -> bool:
    """Whether the number goes on behind a group."""
    return number + 1 < len(words) and _is_grouped(text, words[number], words[number + 1])


def _is_grouped(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether two words are groups of a number: digits, with one sign between them."""
    gap = text[one.end() : other.start()]
    return gap in {"-", ".", "/"} and one[0][-1].isdigit() and other[0][0].isdigit()


def _is_inside(text: str, at: int, *, is_start: bool = False) -> bool:
    """Whether a place lies inside a word of Katakana, or behind letters of a word of Hangul."""
    if not 0 < at < len(text):
        return False
    one, other = text[at - 1], text[at]
    if "\u30a1" <= one <= "\u30fc" and "\u30a1" <= other <= "\u30fc":
        return "\u30fb" not in {one, other}
    return is_start and "\uac00" <= one <= "\ud7a3" and "\uac00" <= other <= "\ud7a3"


def _folded(word: str) -> str:
    return word.lower() if word.isascii() else seen.folded(word)


def _said(written: str) -> str:
    return " ".join(_folded(written).replace("\u2019", "'").split())


def _plain(value: str) -> str:
    return "".join(filter(str.isalnum, _folded(value)))


@functools.lru_cache(64)
def _automaton(values: tuple[str, ...]) -> re2._Regexp:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    return re2.compile("|".join(map(re2.escape, values)), options)
