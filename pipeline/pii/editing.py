"""Replace spans in texts, and know afterwards where everything is."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.pii import fitting
from pipeline.pii.entities import Span
from pipeline.pii.kinds import KINDS

TOKENS = tuple(dict.fromkeys(kind.token for kind in KINDS.values()))
LITERAL = re.compile(
    rf"(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt]))({'|'.join(TOKENS)})"
    r"_(?:([0-9a-f]{16})|([0-9]{1,15}))(?![A-Za-z0-9_])"
)
"""What looks like a placeholder, whoever wrote it; also behind an escape, or beside letters of a
script without spaces."""
MASKED = re.compile(r"\*{2,}[^\w\s]*")
ENOUGH = 1_000_000_000
"""Literals with higher numbers are not counted on: we never come so far."""


class Edited(NamedTuple):
    """A text after replacement.

    Attributes:
        text: the new text.
        places: where each replacement stands in it, (start, end).
        spans: what each took of the old text, (start, end): whole characters and escapes, which
            may be more than was found.
        outer: the places with what keeps the text whole: quotes, line ends, separators.
    """

    text: str
    places: list[tuple[int, int]]
    spans: list[tuple[int, int]]
    outer: list[tuple[int, int]]

    def origin(self, at: int) -> int:
        """The place in the old text of one in the new text, outside all replacements."""
        number = bisect_right(self.outer, (at, len(self.text) + 1))
        if not number:
            return at
        return at - self.outer[number - 1][1] + self.spans[number - 1][1]

    def shift(self, at: int) -> int:
        """How much further a place of the old text, outside all replacements, stands in the new."""
        number = bisect_right(self.spans, (at, at)) - 1
        if number >= 0 and self.spans[number][1] > at:
            number -= 1
        return self.outer[number][1] - self.spans[number][1] if number >= 0 else 0

    def touches(self, start: int, end: int) -> bool:
        """Whether a place of the new text overlaps a replacement, or what was put around it."""
        number = bisect_right(self.outer, (end, -1))
        return number > 0 and self.outer[number - 1][1] > start


def replaced(text: str, spans: Sequence[Span], values: Sequence[str]) -> Edited:
    """The text with a value in the place of each span; spans are in order and do not overlap."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    outer: list[tuple[int, int]] = []
    fits = fitting.fits(text, spans, values)
    at = size = 0
    for fit in fits:
        size += fit.start - at
        first = size + len(fit.before)
        places.append((first, first + len(fit.value)))
        pieces += (text[at : fit.start], fit.before, fit.value, fit.after)
        outer.append((size, places[-1][1] + len(fit.after)))
        size, at = outer[-1][1], fit.end
    pieces.append(text[at:])
    return Edited("".join(pieces), places, [(fit.start, fit.end) for fit in fits], outer)


def highest(texts: Sequence[str]) -> tuple[dict[str, int], int]:
    """The highest number of each token that stands in the texts already, and how many stand."""
    found: dict[str, int] = {}
    count = 0
    for text in texts:
        for match in LITERAL.finditer(text):
            count += 1
            number = int(match[3] or 0)
            found[match[1]] = max(found.get(match[1], 0), number if number < ENOUGH else 0)
    return found, count
