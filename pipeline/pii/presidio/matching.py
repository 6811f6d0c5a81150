"""Presidio's pattern recognizers, run only where their patterns can match."""

import logging
from dataclasses import dataclass
from typing import Any

import regex
from presidio_analyzer import PatternRecognizer
from presidio_analyzer.pattern_recognizer import REGEX_TIMEOUT_SECONDS
from presidio_analyzer.predefined_recognizers import IbanRecognizer

from pipeline.pii.presidio.atoms import Untranslatable
from pipeline.pii.presidio.duplicates import Hit, without_duplicates
from pipeline.pii.presidio.exact import Exact
from pipeline.pii.presidio.regions import (
    CHUNK,
    LINE,
    WHOLE,
    Cut,
    Regions,
    Sieve,
    is_usable,
    one_of,
)
from pipeline.pii.presidio.superset import Superset, superset

log = logging.getLogger(__name__)

_KEPT = 200_000  # regions remembered
_LONGEST = 200  # bytes of a region worth remembering
_LARGE = 8_000  # bytes of RE2
_OWN_WALK = (IbanRecognizer,)  # they walk over the matches of their patterns in their own way


@dataclass(frozen=True)
class Gate:
    """A recognizer and where its patterns may match.

    Attributes:
        by: place of the recognizer.
        supersets: one for each pattern.
        compiled: the patterns themselves.
        exact: the same in RE2 for ASCII texts, None where it cannot say the same.
        cut: the regions on which all its patterns may be run.
    """

    by: int
    recognizer: Any
    supersets: tuple[Superset, ...]
    compiled: tuple[Any, ...]
    exact: tuple[Exact | None, ...]
    cut: Cut


def gate(by: int, recognizer: Any) -> Gate | None:
    """How a recognizer can be gated; None if only running it on everything is sure."""
    kind = type(recognizer)
    if not isinstance(recognizer, PatternRecognizer):
        return None
    if kind.analyze is not PatternRecognizer.analyze and kind not in _OWN_WALK:
        return None
    try:
        found = [superset(p.regex, recognizer.global_regex_flags) for p in recognizer.patterns]
    except Untranslatable:
        return None
    if not found or not all(is_usable(one.source) for one in found):
        return None
    cut = next(
        cut
        for cut in (CHUNK, LINE, WHOLE)
        if all(cut.allows(one.eats, is_anchored=one.is_anchored) for one in found)
    )
    flags = recognizer.global_regex_flags
    compiled = tuple(regex.compile(pattern.regex, flags) for pattern in recognizer.patterns)
    exact = tuple(_exact(pattern.regex, flags) for pattern in recognizer.patterns)
    return Gate(by, recognizer, tuple(found), compiled, exact, cut)


def _exact(pattern: str, flags: int) -> Exact | None:
    try:
        return Exact(pattern, flags)
    except Untranslatable:
        return None


class Matcher:
    """Hits of the recognizers that share a cut.

    What a region gives depends on nothing but the region, so short ones are remembered.
    """

    def __init__(self, gates: list[Gate]) -> None:
        odd = one_of({char for each in gates for one in each.supersets for char in one.odd})
        self._gates = gates
        self._places = [(g, p) for g, each in enumerate(gates) for p in range(len(each.supersets))]
        sources = [gates[g].supersets[p].source for g, p in self._places] + [odd] * bool(odd)
        self.regions = Regions(_groups(gates, odd), gates[0].cut.stops)
        self._sieve = Sieve(sources)
        self._known: dict[bytes, tuple[Hit, ...]] = {}
        self.timeouts = 0

    def hits(self, region: bytes) -> tuple[Hit, ...]:
        """Hits in a region, in code points from its start."""
        hits = self._known.get(region)
        if hits is None:
            hits = self._run(region)
            if len(region) <= _LONGEST:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                self._known[region] = hits
        return hits

    def _run(self, region: bytes) -> tuple[Hit, ...]:
        wanted: dict[int, list[int]] = {}
        for place in self._sieve.hits(region):
            if place == len(self._places):  # an odd digit or letter: no superset can tell
                every = enumerate(self._gates)
                wanted = {g: list(range(len(each.supersets))) for g, each in every}
                break
            g, p = self._places[place]
            wanted.setdefault(g, []).append(p)
        text = region.decode("utf-8", "surrogatepass")
        hits: list[Hit] = []
        for g, patterns in wanted.items():
            hits += self._ask(self._gates[g], patterns, text)
        return tuple(hits)

    def _ask(self, one: Gate, patterns: list[int], text: str) -> list[Hit]:
        recognizer = one.recognizer
        if isinstance(recognizer, _OWN_WALK):
            results = recognizer.analyze(text, recognizer.supported_entities, None)
            return [Hit(r.entity_type, r.start, r.end, r.score, one.by) for r in results]
        hits: list[Hit] = []
        for place in patterns:
            hits += self._matches(one, place, text)
        return without_duplicates(hits) if hits else hits

    def _matches(self, one: Gate, place: int, text: str) -> list[Hit]:
        """As PatternRecognizer does it."""
        recognizer = one.recognizer
        entity, sure = recognizer.supported_entities[0], recognizer.patterns[place].score
        hits = []
        for start, end in self._spans(one, place, text):
            score = _score(recognizer, sure, text[start:end])
            if score > recognizer.MIN_SCORE:
                hits.append(Hit(entity, start, end, score, one.by))
        return hits

    def _spans(self, one: Gate, place: int, text: str) -> list[tuple[int, int]]:
        """Matches of a pattern that are not empty; after a time-out those before it."""
        exact = one.exact[place]
        if exact is not None and text.isascii():
            return exact.spans(text.encode())
        spans = []
        try:
            for match in one.compiled[place].finditer(text, timeout=REGEX_TIMEOUT_SECONDS):
                start, end = match.span()
                if start < end:
                    spans.append((start, end))
        except TimeoutError:
            self.timeouts += 1
            log.warning("a pattern of %s timed out", one.recognizer.name)
        return spans


def _groups(gates: list[Gate], odd: bytes) -> list[list[bytes]]:
    """Large recognizers apart: automata of two together grow with the product of both."""
    groups: list[list[bytes]] = [[odd] * bool(odd)]
    for each in gates:
        sources = [one.source for one in each.supersets]
        if sum(map(len, sources)) > _LARGE:
            groups.append(sources)
        else:
            groups[0] += sources
    return list(filter(None, groups))


def _score(recognizer: Any, score: float, found: str) -> float:
    is_valid = recognizer.validate_result(found)
    if is_valid is not None:
        score = recognizer.MAX_SCORE if is_valid else recognizer.MIN_SCORE
    return recognizer.MIN_SCORE if recognizer.invalidate_result(found) else score
