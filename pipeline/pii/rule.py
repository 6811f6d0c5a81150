"""What a rule is: a pattern, where it may match at all, what confirms it, and how sure it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

WINDOW = 64
"""Bytes before and after a match in which cues and checks look."""


@dataclass(frozen=True, slots=True)
class Match:
    """A match of a pattern in a text.

    Attributes:
        value: what the group `value` matched, or the whole match where there is no such group.
        before: up to WINDOW bytes before the value.
        after: up to WINDOW bytes behind it.
    """

    value: str
    before: str
    after: str


Check = Callable[[Match], bool]
Find = Callable[[bytes], Iterable[tuple[int, int]]]
"""A text's UTF-8 -> first byte of each value, and the byte behind it."""


@dataclass(frozen=True)
class Rule:
    """One way to find one kind of personal data.

    Attributes:
        id: snake_case, begins with the kind; released with each redaction.
        kind: a name of pipeline/pii/kinds.py.
        pattern: RE2 syntax over UTF-8. The named group `value` is what is personal; without it,
            the whole match is. No look-around: RE2 has none, `check` sees what stands around.
        find: instead of a pattern, where arrays are faster or overlaps matter; linear in time.
        gate: a short RE2 pattern over *bytes* (ASCII classes; write non-ASCII letters as they
            are, they are matched by their UTF-8 bytes) that every text with a match matches too.
            It decides in one pass over all rules whether the text is looked at, so it should be
            rare in ordinary text and have no long bounded repeats.
        check: confirms a match by checksum, range, shape or surroundings; None: nothing to check.
        resume: where the search goes on behind a match that `check` refused: at its `end`, or one
            byte behind its `start`, for values that could begin inside; then the author sees to
            it that text of many refused matches stays cheap.
        cues: words before the value that make it likely, in lower case; a word matches from
            its beginning (`phone` also finds `phones`), only as a word of its own where it is
            spaced. For scripts without spaces a cue matches anywhere.
        score: precision of a match without a cue, from 0 to 1; 0: a cue is needed.
        cued: precision of a match with a cue.
        languages: of the cues and of texts it is meant for; empty: any.
        priority: where spans overlap, the higher wins before the longer.
        source: the standard, rule set or measurement behind it.
    """

    id: str
    kind: str
    gate: str
    pattern: str = ""
    find: Find | None = None
    check: Check | None = None
    resume: Literal["end", "start"] = "end"
    cues: tuple[str, ...] = ()
    score: float = 0.95
    cued: float = 0.98
    languages: tuple[str, ...] = ()
    priority: int = 0
    source: str = ""
