"""Find personal data by rules: one pass decides which rules to try, then those run.

The first pass is a few automata for the gates of all rules, over bytes: most texts hold nothing
and cost no more. Both passes are RE2: linear in time, memory bounded, on any text.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import re2

from pipeline import messages
from pipeline.pii.findings import Findings
from pipeline.pii.gates import Gates
from pipeline.pii.rule import WINDOW, Match, Rule

RULE_MEMORY = 8 << 20
"""Bytes an automaton of a rule may take; it forgets states and goes on when they are used up."""
UNSPACED = re.compile(r"[぀-ヿ㐀-鿿가-힯฀-๿]")


class Scanner:
    """Rules, ready to run."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._gates = Gates([rule.gate for rule in self.rules])
        self._searches = [_Search(rule) for rule in self.rules]

    def find(self, texts: pa.StringArray) -> Findings:
        """All that the rules find in each text, overlaps included.

        Texts are walked rule after rule, so that automata stay in the processor's cache; measured,
        that saves a third. Rules of one gate share what they read, and stay together at each text.
        """
        found: list[tuple[int, int, int, int, float]] = []
        views = list(messages.views(texts))
        data: dict[int, bytes] = {}
        for rules, opened in self._gates.open(views):
            for number in opened:
                if number not in data:
                    data[number] = bytes(views[number])
                for rule in rules:
                    for start, end, score in self.confirmed(rule, data[number]):
                        found.append((number, start, end, rule, score))
        found.sort(key=_place)
        return Findings.of(found)

    def confirmed(self, rule: int, data: bytes) -> Iterator[tuple[int, int, float]]:
        """What one rule finds in a text: first byte, the byte behind the last, score."""
        return self._searches[rule].spans(data)


class _Search:
    """The second pass of one rule."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._regexp: Any = None
        self._group = 0
        if rule.pattern:
            self._regexp = re2.compile(rule.pattern.encode(), _options(RULE_MEMORY))
            self._group = self._regexp.groupindex.get(b"value", 0)
        self._cues = _cues(rule.cues)

    def spans(self, data: bytes) -> Iterator[tuple[int, int, float]]:
        """Each confirmed value: its first byte, the byte behind it, the score."""
        for start, end, resume in self._candidates(data):
            score = self._score(data, start, end)
            if score > 0:
                yield start, end, score
            elif self.rule.resume == "start" and resume is not None:
                resume.append(start + 1)

    def _candidates(self, data: bytes) -> Iterator[tuple[int, int, list[int] | None]]:
        if self._regexp is None:
            assert self.rule.find is not None  # noqa: S101 (a rule has one or the other)
            yield from ((start, end, None) for start, end in self.rule.find(data))
            return
        at, size = 0, len(data)
        search, group = self._regexp.search, self._group
        while at <= size:
            match = search(data, at)
            if match is None:
                return
            start, end = match.span(group)
            refused: list[int] = []
            if start >= 0:
                yield start, end, refused
            at = max(refused[0] if refused else match.end(), at + 1)

    def _score(self, data: bytes, start: int, end: int) -> float:
        rule = self.rule
        before = data[max(0, start - WINDOW) : start].decode("utf-8", "ignore")
        score = rule.cued if self._cues and self._cues.search(before) else rule.score
        if score > 0 and rule.check is not None:
            after = data[end : end + WINDOW].decode("utf-8", "ignore")
            if not rule.check(Match(data[start:end].decode("utf-8", "ignore"), before, after)):
                return 0
        return score


def _place(found: tuple[int, int, int, int, float]) -> tuple[int, int]:
    """By text, then by rule; what one rule found stays in its order."""
    return found[0], found[3]


@functools.cache
def _cues(cues: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds any cue at the beginning of a word, or anywhere in scripts that space no words."""
    if not cues:
        return None
    ordered = sorted(cues, key=lambda cue: (-len(cue), cue))
    spaced = "|".join(re.escape(cue) for cue in ordered if not UNSPACED.search(cue))
    unspaced = [re.escape(cue) for cue in ordered if UNSPACED.search(cue)]
    parts = ([rf"(?<![^\W_])(?:{spaced})"] if spaced else []) + unspaced
    return re.compile("|".join(parts), re.IGNORECASE)


def _options(memory: int) -> re2.Options:
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    return options
