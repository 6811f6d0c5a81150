"""What Presidio's PhoneRecognizer finds, with one scan instead of one for each region."""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Any

import phonenumbers
from phonenumbers import phonenumbermatcher

from pipeline.pii.presidio.atoms import Untranslatable, beyond_ascii, odd_digits
from pipeline.pii.presidio.national import Plausible
from pipeline.pii.presidio.regions import Regions, one_of
from pipeline.pii.presidio.superset import superset

matching: Any = phonenumbermatcher  # its stubs lack most of what is used here
_CANDIDATE: re.Pattern[str] = matching._PATTERN  # noqa: SLF001 - the same candidates as the original
_TRIES = 65_535  # failures after which the original gives up on a text
_TRIES_PER_CHAR = 4  # a separator starts at most two inner searches of two tries
_KEPT = 200_000  # candidates remembered
_GLUED, _MINUTES = 1, 2  # what follows a candidate

Span = tuple[int, int]
Places = tuple[int, ...]


class _Outcome:
    """What each region's matcher says of a candidate: spans from its start, None if nothing."""

    __slots__ = ("spans",)

    def __init__(self, spans: tuple[Span | None, ...]) -> None:
        self.spans = spans


class PhoneScan:
    """Spans of phone numbers in texts.

    Every region's matcher walks through the same candidates until it accepts one; what it says of
    a candidate depends on the candidate, on the letters that touch it and on whether minutes
    follow it, so it is asked once for each such situation.

    Args:
        regions: whose national formats count, as PhoneRecognizer takes them.
        leniency: phonenumbers.Leniency, 0 to 3.
    """

    def __init__(self, regions: Sequence[str | None], leniency: int) -> None:
        self.regions = tuple(regions)
        self.leniency = leniency
        self._every = tuple(range(len(self.regions)))
        self.digits = _fewest_digits() if leniency else 1
        self._plausible = Plausible(self.regions if leniency else ())
        self._known: dict[tuple[str, bool, int], _Outcome | None] = {}
        self._runs = Regions([[_gate(self.digits)]], _stops())

    def is_too_long(self, text: str) -> bool:
        """The original may give up within this text: only the original knows where."""
        if len(text) * _TRIES_PER_CHAR < _TRIES:
            return False
        touched = sum(match.end() - match.start() for match in _CANDIDATE.finditer(text))
        return touched * _TRIES_PER_CHAR >= _TRIES

    def runs(self, text: bytes) -> list[Span]:
        """Byte spans of the runs of phone characters in which a number may stand."""
        return self._runs.of(text)

    def spans(self, text: str, start: int, end: int) -> set[Span]:
        """Phone numbers in one run of a text, in code points."""
        found: set[Span] = set()
        walks = [(start, self._every)]
        while walks:
            index, regions = walks.pop()
            walks += self._walk(text, index, end, regions, found)
        return found

    def _walk(
        self, text: str, index: int, end: int, regions: Places, found: set[Span]
    ) -> list[tuple[int, Places]]:
        """Let some regions' matchers walk on from the same place until they part: where to."""
        while match := _CANDIDATE.search(text, index, end):
            start, chars = match.start(), match[0]
            extra = matching._SECOND_NUMBER_START_PATTERN.search(chars)  # noqa: SLF001
            chars = chars[: extra.start()] if extra else chars
            index = start + len(chars)
            outcome = self._outcome(text, start, chars)
            if outcome is None:
                continue
            onward: dict[int, list[int]] = {}
            for region in regions:
                span = outcome.spans[region]
                if span is not None:
                    found.add((start + span[0], start + span[1]))
                onward.setdefault(start + span[1] if span else index, []).append(region)
            if len(onward) > 1:
                return [(then, tuple(some)) for then, some in onward.items()]
            (index,) = onward
        return []

    def _outcome(self, text: str, start: int, chars: str) -> _Outcome | None:
        end = start + len(chars)
        before = start > 0 and _is_glued(text[start - 1])
        after = 0
        if end < len(text):
            is_minute = text[end] == ":" and text[end + 1 : end + 2] in set("012345")
            is_minute = is_minute and text[end + 2 : end + 3].isdecimal()
            after = _MINUTES if is_minute else _GLUED * _is_glued(text[end])
        key = chars, before, after
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = self._ask(*key)
        return self._known[key]

    def _ask(self, chars: str, before: bool, after: int) -> _Outcome | None:  # noqa: FBT001
        """Ask every region's matcher of the candidate, in a text that only has its neighbours."""
        if sum(char.isalnum() for char in chars) < self.digits:
            return None
        if matching._SLASH_SEPARATED_DATES.search(chars):  # noqa: SLF001
            return None
        if after == _MINUTES and matching._TIME_STAMPS.search(chars):  # noqa: SLF001
            return None
        spans: list[Span | None] = [None] * len(self.regions)
        for at, group in _groups(chars):
            end = at + len(group)
            previous = chars[at - 1] if at else "a" * before
            following = chars[end] if end < len(chars) else "a" * (after == _GLUED)
            if self._is_refused(group, previous, following):
                continue
            for region in self._plausible.regions(group):
                if spans[region] is None and self._is_number(group, self.regions[region]):
                    spans[region] = (at, end)
        return _Outcome(tuple(spans)) if any(spans) else None

    def _is_refused(self, group: str, previous: str, following: str) -> bool:
        """Whether no region's matcher parses it: odd brackets, pages, glued letters."""
        if not matching.fullmatch(matching._MATCHING_BRACKETS, group):  # noqa: SLF001
            return True
        if matching._PUB_PAGES.search(group):  # noqa: SLF001
            return True
        if self.leniency < matching.Leniency.VALID:
            return False
        is_open = not matching._LEAD_PATTERN.match(group)  # noqa: SLF001
        is_glued = bool(previous) and is_open and _is_glued(previous)
        return is_glued or (bool(following) and _is_glued(following))

    def _is_number(self, group: str, region: str | None) -> bool:
        try:
            number = phonenumbers.parse(group, region, keep_raw_input=True)
        except phonenumbers.NumberParseException:
            return False
        matcher = matching.PhoneNumberMatcher(group, region, leniency=self.leniency)
        return bool(matching._verify(self.leniency, number, group, matcher))  # noqa: SLF001


def _groups(chars: str) -> Iterator[tuple[int, str]]:
    """What a matcher tries in turn: the whole candidate, then what stands between separators."""
    yield 0, chars
    for separator in matching._INNER_MATCHES:  # noqa: SLF001
        match = separator.search(chars)
        if match:
            yield 0, _trimmed(chars[: match.start()])
        while match:
            yield match.start(1), _trimmed(match[1])
            match = separator.search(chars, match.start() + 1)


def _trimmed(group: str) -> str:
    end = matching._UNWANTED_END_CHAR_PATTERN.search(group)  # noqa: SLF001
    return group[: end.start()] if end else group


@functools.lru_cache(maxsize=4096)
def _is_glued(char: str) -> bool:
    """A neighbour with which a candidate is no number: a Latin letter, a currency, per cent."""
    matcher = matching.PhoneNumberMatcher
    is_symbol = matcher._is_invalid_punctuation_symbol(char)  # noqa: SLF001
    return bool(is_symbol or matcher._is_latin_letter(char))  # noqa: SLF001


@functools.cache
def _fewest_digits() -> int:
    """No valid number of any country is written with fewer digits or letters."""
    fewest = 99
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        for region in regions:
            about: Any = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(
                code, region
            )
            rule = about.national_prefix_transform_rule or ""
            added = len(re.sub(r"\\\d|\$\d|\\g<\d+>", "", rule))
            fewest = min(fewest, min(about.general_desc.possible_length) - added)
    return max(1, fewest)


@functools.cache
def eaten() -> tuple[frozenset[int], frozenset[str]]:
    """What a candidate may hold: ASCII codes, characters beyond ASCII.

    Raises:
        Untranslatable: a newer phonenumbers looks around its candidates.
    """
    found = superset(_CANDIDATE.pattern, _CANDIDATE.flags & ~re.UNICODE)
    if found.is_anchored:
        raise Untranslatable
    named = {char for char in _CANDIDATE.pattern if not char.isascii()}
    for low, high in re.findall(r"([^\x00-\x7f])-([^\x00-\x7f])", _CANDIDATE.pattern):
        named.update(map(chr, range(ord(low), ord(high) + 1)))
    named |= set(re.findall("[a-z]", beyond_ascii(), re.IGNORECASE))
    cased = {other for char in named for other in char.lower() + char.upper()}
    beyond = {char for char in named | cased if not char.isascii()}
    return frozenset(found.eats), frozenset(beyond | set(odd_digits()))


def _stops() -> bytes:
    """Bytes that no candidate holds, first bytes of foreign characters among them."""
    codes, beyond = eaten()
    leads = {char.encode()[0] for char in beyond}
    return bytes(code for code in (*range(128), *range(0xC2, 0xF5)) if code not in codes | leads)


def _gate(digits: int) -> bytes:
    """RE2 of what each run with a number holds: enough digits, or an extension's word."""
    codes, beyond = eaten()
    x_or_digit = b"[0-9xX]|" + one_of(odd_digits())
    signs = b"".join(rb"\x%02x" % code for code in sorted(codes) if not chr(code).isalnum())
    enough = b"(?:%s)(?:[%s\\x80-\\xff]*(?:%s)){%d}" % (x_or_digit, signs, x_or_digit, digits - 1)
    letters = {chr(code) for code in codes if chr(code).isalpha()} - {"x", "X"}
    word = one_of(letters | {char for char in beyond if char.isalpha()})
    return b"%s|[0-9][^%s]*(?:%s)[^%s]*[0-9]" % (enough, *(_quoted_stops(), word, _quoted_stops()))


def _quoted_stops() -> bytes:
    return b"".join(rb"\x%02x" % stop for stop in _stops())
