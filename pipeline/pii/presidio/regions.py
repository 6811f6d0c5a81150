"""The smallest stretches of a text in which some patterns can match at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import re2

_ANYWHERE = re2._Anchor.UNANCHORED  # noqa: SLF001 - the public iterator costs four times as much
_BLANKS = b" \t\n\r"
_MEMORY = 64 << 20  # bytes that one automaton may take; beyond it RE2 stays linear, but slower


def options() -> re2.Options:
    """Bytes in, no groups, a bounded automaton."""
    chosen = re2.Options()
    chosen.encoding = re2.Options.Encoding.LATIN1
    chosen.never_capture = True
    chosen.dot_nl = True
    chosen.log_errors = False
    chosen.max_mem = _MEMORY
    return chosen


@dataclass(frozen=True)
class Cut:
    """How texts fall apart: no pattern eats or looks at a byte of `stops`.

    On a region between stops a pattern finds what it finds there in the whole text: at a stop
    every atom and every lookaround of it fails, as it does at the end of a text.
    """

    name: str
    stops: bytes

    def allows(self, eats: Iterable[int], *, is_anchored: bool) -> bool:
        """Whether a pattern may be run on single regions."""
        return not self.stops or not (is_anchored or set(eats) & set(self.stops))


CHUNK = Cut("chunk", _BLANKS)
LINE = Cut("line", b"\n")
WHOLE = Cut("whole", b"")


class Regions:
    """Finds the regions of a text in which one of some patterns may match.

    Args:
        groups: RE2 patterns over UTF-8 bytes; each group gets an automaton of its own.
        stops: bytes that end a region; without them a region is the whole text.
    """

    def __init__(self, groups: Iterable[Iterable[bytes]], stops: bytes) -> None:
        self._is_whole = not stops
        self._matches = [_matcher(sources, stops) for sources in groups]

    def of(self, text: bytes) -> list[tuple[int, int]]:
        """Byte spans of the regions, in order, without overlap."""
        end = len(text)
        if self._is_whole:
            found = any(match(_ANYWHERE, text, 0, end)[0][0] >= 0 for match in self._matches)
            return [(0, end)] * found
        spans = []
        for match in self._matches:
            at = 0
            while at < end:
                ((start, at),) = match(_ANYWHERE, text, at, end)
                if start < 0:
                    break
                spans.append((start, at))
        return sorted(set(spans)) if len(self._matches) > 1 else spans


def _matcher(sources: Iterable[bytes], stops: bytes) -> Any:
    some = b"(?:" + b"|".join(dict.fromkeys(sources)) + b")"
    if stops:
        other = b"[^" + b"".join(rb"\x%02x" % stop for stop in sorted(stops)) + b"]*"
        some = other + some + other
    return re2.compile(some, options())._regexp.Match  # noqa: SLF001 - as above


class Sieve:
    """Which of some patterns may match in a text: places in `sources`."""

    def __init__(self, sources: list[bytes]) -> None:
        self._set = re2.Set.SearchSet(options())
        for source in sources:
            self._set.Add(source)
        self._set.Compile()

    def hits(self, text: bytes) -> list[int]:
        """Places of the patterns that may match, ascending."""
        return sorted(self._set.Match(text) or ())


def is_usable(source: bytes) -> bool:
    """RE2 takes the pattern and it says something: it does not match the empty text."""
    try:
        return re2.compile(source, options()).search(b"") is None
    except re2.error:
        return False


def one_of(chars: Iterable[str]) -> bytes:
    """RE2 of one of these characters, as UTF-8."""
    endings: dict[bytes, list[bytes]] = {}
    for char in sorted(chars):
        code = char.encode()
        endings.setdefault(code[:-1], []).append(code[-1:])
    return b"|".join(_quoted(lead) + _any(last) for lead, last in endings.items())


def _quoted(text: bytes) -> bytes:
    return b"".join(rb"\x%02x" % byte for byte in text)


def _any(last: list[bytes]) -> bytes:
    return b"[" + b"".join(map(_quoted, last)) + b"]"
