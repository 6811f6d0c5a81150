"""Patterns that RE2 matches exactly as the `regex` module does, on ASCII text."""

import re
from typing import Any

import re2

from pipeline.pii.presidio.atoms import (
    Untranslatable,
    atom,
    op_codes,
    parsed,
    scoped,
    set_of,
)
from pipeline.pii.presidio.regions import options

_ANYWHERE = re2._Anchor.UNANCHORED  # noqa: SLF001 - the public iterator costs four times as much
_op = op_codes


class Exact:
    """Finds the matches of a pattern in ASCII texts, in linear time.

    Both engines take the leftmost match and prefer what the pattern names first. Lookarounds,
    references, line anchors and repeats of what may be empty are not translated.

    Raises:
        Untranslatable: the pattern has one of these, or may match nothing.
    """

    def __init__(self, pattern: str, flags: int) -> None:
        tree, flags = parsed(pattern, flags)
        try:
            compiled = re2.compile(_sequence(tree, flags), options())
        except re2.error as error:
            raise Untranslatable from error
        if compiled.search(b"") is not None:
            raise Untranslatable
        self._match = compiled._regexp.Match  # noqa: SLF001 - as above

    def spans(self, text: bytes) -> list[tuple[int, int]]:
        """Matches from left to right, without overlap."""
        spans = []
        at, end = 0, len(text)
        while at < end:
            ((start, at),) = self._match(_ANYWHERE, text, at, end)
            if start < 0:
                break
            spans.append((start, at))
        return spans


def _sequence(tree: Any, flags: int) -> bytes:
    return b"".join(_item(op, value, flags) for op, value in tree)


def _item(op: Any, value: Any, flags: int) -> bytes:
    if op is _op.AT:
        if value is not _op.AT_BOUNDARY:
            raise Untranslatable
        return rb"\b"
    if op is _op.SUBPATTERN:
        return b"(?:" + _sequence(value[3], scoped(flags, value[1], value[2])) + b")"
    if op is _op.BRANCH:
        return b"(?:" + b"|".join(_sequence(body, flags) for body in value[1]) + b")"
    if op in (_op.MAX_REPEAT, _op.MIN_REPEAT):
        return _repeat(op, value, flags)
    if op is _op.IN and value[0][0] is _op.NEGATE and flags & re.IGNORECASE:
        kept, _ = atom(op, value[1:], flags)
        return set_of(frozenset(range(128)) - kept)
    codes, _ = atom(op, value, flags)
    if op is _op.NOT_LITERAL and flags & re.IGNORECASE:
        raise Untranslatable
    return set_of(codes if flags & re.DOTALL or op is not _op.ANY else codes - {ord("\n")})


def _repeat(op: Any, value: Any, flags: int) -> bytes:
    low, high, body = value
    if body.getwidth()[0] == 0:
        raise Untranslatable
    count = b"%d," % low + (b"" if high is _op.MAXREPEAT else b"%d" % high)
    return b"(?:%s){%s}%s" % (_sequence(body, flags), count, b"?" * (op is _op.MIN_REPEAT))
