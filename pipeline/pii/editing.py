"""Replace spans in texts, and know afterwards where everything is."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.pii.entities import Span
from pipeline.pii.kinds import KINDS

TOKENS = tuple(dict.fromkeys(kind.token for kind in KINDS.values()))
LITERAL = re.compile(rf"(?<![^\W_])({'|'.join(TOKENS)})_(?:([0-9a-f]{{16}})|([0-9]{{1,9}}))(?!\w)")
"""What looks like a placeholder, whoever wrote it."""
MASKED = re.compile(r"\*{2,}[^\w\s]*")
_FENCED = re.compile(r"```[^\n]*\n(.*?)```", re.DOTALL)
_BARE = re.compile(r"[-+]?[\d.]+")
WINDOW = 32
"""Code points around a number in which white space may stand."""


class Edited(NamedTuple):
    """A text after replacement.

    Attributes:
        text: the new text.
        places: where each replacement stands in it, (start, end).
        spans: where each stood in the old text, (start, end).
    """

    text: str
    places: list[tuple[int, int]]
    spans: list[tuple[int, int]]

    def origin(self, at: int) -> int:
        """The place in the old text of one in the new text, outside all replacements."""
        number = bisect_right(self.places, (at, len(self.text) + 1))
        if not number:
            return at
        return at - self.places[number - 1][1] + self.spans[number - 1][1]

    def touches(self, start: int, end: int) -> bool:
        """Whether a place of the new text overlaps a replacement."""
        number = bisect_right(self.places, (end, -1))
        return number > 0 and self.places[number - 1][1] > start


def replaced(text: str, spans: Sequence[Span], values: Sequence[str]) -> Edited:
    """The text with a value in the place of each span; spans are in order and do not overlap."""
    values = _fitted(text, spans, values)
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    at = size = 0
    for span, value in zip(spans, values, strict=True):
        pieces += (text[at : span.start], value)
        size += span.start - at + len(value)
        places.append((size - len(value), size))
        at = span.end
    pieces.append(text[at:])
    return Edited("".join(pieces), places, [(span.start, span.end) for span in spans])


def _fitted(text: str, spans: Sequence[Span], values: Sequence[str]) -> list[str]:
    """The values as they fit: as many lines as were there, in quotes where JSON has a number."""
    bare = [_is_bare(text, span) for span in spans]
    if any(bare) and not any(_is_json(block) for block in _blocks(text)):
        bare = [False] * len(spans)
    return [
        (f'"{value}"' if is_bare else value) + "\n" * text.count("\n", span.start, span.end)
        for span, value, is_bare in zip(spans, values, bare, strict=True)
    ]


def _is_bare(text: str, span: Span) -> bool:
    """Whether a span is a number without quotes where JSON has values."""
    if not _BARE.fullmatch(text, span.start, span.end):
        return False
    before = text[max(0, span.start - WINDOW) : span.start].rstrip()
    after = text[span.end : span.end + WINDOW].lstrip()
    return before[-1:] in {":", "[", ","} and after[:1] in {",", "]", "}"}


def _blocks(text: str) -> Iterator[str]:
    """What may be JSON in a text: all of it, fenced code, the outermost braces, single lines."""
    yield text
    yield from _FENCED.findall(text)
    first, last = text.find("{"), text.rfind("}")
    if 0 <= first < last:
        yield text[first : last + 1]
    yield from (line for line in text.splitlines() if line.lstrip()[:1] in {"{", "["})


def _is_json(text: str) -> bool:
    text = text.strip()
    if text[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def highest(texts: Sequence[str]) -> tuple[dict[str, int], int]:
    """The highest number of each token that stands in the texts already, and how many stand."""
    found: dict[str, int] = {}
    count = 0
    for text in texts:
        for match in LITERAL.finditer(text):
            count += 1
            found[match[1]] = max(found.get(match[1], 0), int(match[3] or 0))
    return found, count
