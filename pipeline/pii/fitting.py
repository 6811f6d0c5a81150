"""How much of a text a replacement takes, and what it needs around it so that the text stays whole.

A replacement takes whole characters as readers see them, and whole escapes; it gives back the line
ends, fences and column separators that it took, and quotes where JSON or code has a bare number.
"""

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.pii.entities import Span

JOINERS = "\u200c\u200d"
_LINE_END = r"(?:\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])"
_LINES = re.compile(rf"{_LINE_END}(?:[ \t]*(?:`{{3,}}|~{{3,}})\w*)?")
"""A line end, with the fence that the next line begins with."""
_FENCED = re.compile(r"^[ \t]*```[^\n]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d[\d.eE+-]*')
_BETWEEN_STRINGS = re.compile(r'("[\s,:\[\]{}]*")')
_NUMBER_SIGNS = frozenset("0123456789+-.eE_")
_CUT_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{0,3}$")
_LONGEST_ESCAPE = 6
_LEAST_SEPARATORS = 2
"""A row has three columns at least; two parts are prose as well."""


class Fit(NamedTuple):
    """A replacement as it goes into the text.

    Attributes:
        start: first code point of the old text that it takes.
        end: behind the last.
        before: what stands in front of the value.
        value: what stands for the personal value.
        after: what stands behind it.
    """

    start: int
    end: int
    before: str
    value: str
    after: str


def fits(text: str, spans: Sequence[Span], values: Sequence[str]) -> list[Fit]:
    """How each value goes into the text; spans are in order and do not overlap."""
    data = _Data(text) if "{" in text or "[" in text or "```" in text else None
    has_escapes = "\\" in text
    made: list[Fit] = []
    for number, (span, value) in enumerate(zip(spans, values, strict=True)):
        floor = made[-1].end if made else 0
        ceiling = spans[number + 1].start if number + 1 < len(spans) else len(text)
        start, end = max(span.start, floor), span.end
        if value == text[start:end]:  # ours already: it fits as it stands
            made.append(Fit(start, end, "", value, ""))
            continue
        if not text.isascii():
            start, end = _whole(text, start, end, floor, ceiling)
        if has_escapes:
            start, end = _unescaped(text, start, end, floor, ceiling)
        fit = data and data.fit(start, end, value, (floor, ceiling))
        made.append(fit or _in_prose(text, start, end, value))
    return made


def _in_prose(text: str, start: int, end: int, value: str) -> Fit:
    taken = text[start:end]
    lines = _LINES.findall(taken)
    if lines:
        after = "" if len(_LINES.findall(value)) == len(lines) else "".join(lines)
    else:
        after = _separators(text, start, end, value)
    return Fit(start, end, "", value, after)


def _whole(text: str, start: int, end: int, floor: int, ceiling: int) -> tuple[int, int]:
    """The span with all of the characters that it holds a part of."""
    while start > floor and _is_joined(text, start):
        start -= 1
    while end < ceiling and _is_joined(text, end):
        end += 1
    return start, end


def _unescaped(text: str, start: int, end: int, floor: int, ceiling: int) -> tuple[int, int]:
    """The span with all of the escapes that it holds a part of, or without their part."""
    start = _behind_escape(text, start, end, floor)
    tail = _CUT_ESCAPE.search(text, max(start, end - _LONGEST_ESCAPE), end)
    if tail:
        return start, min(ceiling, tail.start() + _LONGEST_ESCAPE)
    if _backslashes(text, end) % 2 and end - start > 1:
        end -= 1
    return start, end


def _is_joined(text: str, at: int) -> bool:
    """Whether a code point belongs to the one before it: UAX 29, rules 9, 9a and 11, in short."""
    sign = text[at]
    if sign.isascii():
        return False
    if sign in JOINERS or unicodedata.category(sign) in {"Mn", "Mc", "Me"}:
        return True
    if "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f":
        return True
    return text[at - 1] == JOINERS[1] and unicodedata.category(sign) == "So"


def _behind_escape(text: str, start: int, end: int, floor: int) -> int:
    """Where to begin when the first character belongs to a backslash before it."""
    if _backslashes(text, start) % 2 == 0:
        return start
    if text[start] == "u" and start > floor:
        return start - 1
    return start + 1 if end - start > 1 else start


def _backslashes(text: str, at: int) -> int:
    count = 0
    while at > count and text[at - count - 1] == "\\":
        count += 1
    return count


def _separators(text: str, start: int, end: int, value: str) -> str:
    """The separators of columns that the span took from a row of a table."""
    taken = text[start:end]
    return "".join(
        sign * (taken.count(sign) - value.count(sign))
        for sign in ",;\t|"
        if sign in taken and _is_row(text, start, end, sign)
    )


def _is_row(text: str, start: int, end: int, sign: str) -> bool:
    """Whether the line and one beside it have as many separators, and the span is not in quotes."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    before = text[text.rfind("\n", 0, max(0, first - 1)) + 1 : max(0, first - 1)]
    behind = text.find("\n", last + 1)
    after = text[last + 1 : len(text) if behind < 0 else behind]
    counts = [_STRING.sub("", line).count(sign) for line in (text[first:last], before, after)]
    is_quoted = text.count('"', first, start) % 2
    is_prose = f"{sign} " in text[first:start] + text[end:last]
    return (
        not (is_quoted or is_prose) and counts[0] >= _LEAST_SEPARATORS and counts[0] in counts[1:]
    )


class _Data:
    """What is JSON and what is code in a text; found when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._fenced = [found.span(1) for found in _FENCED.finditer(text)]
        self._blocks: dict[tuple[int, int], list[tuple[int, int]] | None] = {}

    def fit(self, start: int, end: int, value: str, room: tuple[int, int]) -> Fit | None:
        """How a value goes into JSON, or in the place of a number of code."""
        for first, last in self._around(start, end):
            strings = self._strings(first, last)
            if strings is not None:
                if _holds(strings, start):
                    return self._in_string(start, end, value)
                return self._outside(start, end, value, room)
        if any(first <= start and end <= last for first, last in self._fenced):
            return self._in_code(start, end, value)
        return None

    def _around(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """What may be JSON around a span: all, a fenced block, outermost brackets, a line."""
        text = self._text
        yield 0, len(text)
        yield from (block for block in self._fenced if block[0] <= start and end <= block[1])
        for one, other in ("{}", "[]"):
            first, last = text.find(one), text.rfind(other) + 1
            if 0 <= first <= start and end <= last:
                yield first, last
        first = text.rfind("\n", 0, start) + 1
        last = text.find("\n", end)
        yield first, len(text) if last < 0 else last

    def _strings(self, first: int, last: int) -> list[tuple[int, int]] | None:
        """Where the strings of a block of JSON stand; None for what is not JSON."""
        if (first, last) not in self._blocks:
            found = None
            if _is_json(self._text[first:last]):
                found = [match.span() for match in _STRING.finditer(self._text, first, last)]
            self._blocks[first, last] = found
        return self._blocks[first, last]

    def _in_string(self, start: int, end: int, value: str) -> Fit:
        """In a string; where the span runs over its end, each string gets the value."""
        pieces = _BETWEEN_STRINGS.split(self._text[start:end])
        kept = "".join(piece + value for piece in pieces[1::2])
        return Fit(start, end, "", value + kept, "")

    def _outside(self, start: int, end: int, value: str, room: tuple[int, int]) -> Fit:
        """Outside of strings, where only a number stands bare."""
        text = self._text
        while start > room[0] and text[start - 1] in _NUMBER_SIGNS:
            start -= 1
        while end < room[1] and text[end] in _NUMBER_SIGNS:
            end += 1
        taken = text[start:end]
        found = _VALUE.findall(taken)
        if len(found) == _count(value):
            return Fit(start, end, "", value, "")
        if len(found) > 1:
            return Fit(start, end, "", _VALUE.sub(f'"{value}"', taken), "")
        return Fit(start, end, '"', value, '"')

    def _in_code(self, start: int, end: int, value: str) -> Fit | None:
        """In the place of a number of code; a name may stand there, all else needs quotes."""
        text = self._text
        is_number = all(sign in _NUMBER_SIGNS for sign in text[start:end])
        line = text[text.rfind("\n", 0, start) + 1 : start]
        is_quoted = line.count('"') % 2 or line.count("'") % 2
        if not is_number or is_quoted or line.rstrip()[-1:] not in set("=([,:{"):
            return None
        if value.isidentifier() or _count(value) == 1:
            return None
        return Fit(start, end, '"', value, '"')


def _count(value: str) -> int:
    """Of how many values of JSON it is a list as it is; 0 if it is none."""
    try:
        return len(json.loads(f"[{value}]"))
    except ValueError:
        return 0


def _holds(ranges: Sequence[tuple[int, int]], at: int) -> bool:
    number = bisect_right(ranges, (at, -1))
    return number > 0 and ranges[number - 1][1] > at


def _is_json(text: str) -> bool:
    text = text.strip()
    if text[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
