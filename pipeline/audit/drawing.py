"""Which messages are drawn: by hash, so many of each stratum, each with a known chance."""

import heapq
from collections.abc import Mapping

import msgspec
import xxhash

from pipeline.audit.strata import Stratum

WORD = 2**64


class Place(msgspec.Struct, frozen=True, order=True):
    """A message of a release; ordered by its hash."""

    hash: int
    conversation_id: str
    message: int
    file: str
    group: int
    row: int

    @classmethod
    def of(cls, conversation_id: str, message: int, at: tuple[str, int, int], seed: int) -> "Place":
        """The place `at` file, row group and row of it."""
        hashed = xxhash.xxh3_64_intdigest(f"{conversation_id}|{message}".encode(), seed % WORD)
        return cls(hashed, conversation_id, message, *at)


class Smallest:
    """The places with the smallest hashes of a stream, at most so many.

    Attributes:
        seen: how many the stream held.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[int, Place]] = []
        self.seen = 0

    def add(self, place: Place) -> None:
        """Note one place."""
        self.seen += 1
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, (-place.hash, place))
        elif self._most and -place.hash > self._heap[0][0]:
            heapq.heapreplace(self._heap, (-place.hash, place))

    @property
    def places(self) -> list[Place]:
        """What was kept, smallest hash first."""
        return sorted(place for _, place in self._heap)


def counts(
    seen: Mapping[Stratum, int], size: int, seed: int, *, is_balanced: bool
) -> dict[Stratum, tuple[int, float]]:
    """How many of each stratum are drawn, and how many messages each of these stands for.

    The strata lie side by side on a line, each as long as its expected share; marks stand at
    distances of one behind a hashed start, and a stratum gets as many as fall on it. So every
    message has the chance that its stratum's share says, however small the stratum is.

    Source:
        Madow 1949, "On the theory of systematic sampling, II".
    """
    power = 0.5 if is_balanced else 1.0
    expected = _expected(seen, power, float(min(size, sum(seen.values()))))
    start = xxhash.xxh3_64_intdigest(b"start", seed % WORD) / WORD
    made: dict[Stratum, tuple[int, float]] = {}
    end, before = 0.0, 0
    for name in sorted(seen):
        end += expected[name]
        marks = int(end + start + 1e-9)
        weight = seen[name] / expected[name] if expected[name] else 0.0
        made[name] = (min(marks - before, seen[name]), weight)
        before = marks
    return made


def _expected(seen: Mapping[Stratum, int], power: float, size: float) -> dict[Stratum, float]:
    """The size shared out by a power of the strata's sizes, to none more than it holds."""
    expected: dict[Stratum, float] = {}
    rest = dict(seen)
    while rest:
        unit = (size - sum(expected.values())) / sum(n**power for n in rest.values())
        full = [name for name, n in rest.items() if n**power * unit > n]
        if not full:
            return expected | {name: n**power * unit for name, n in rest.items()}
        expected |= {name: float(rest.pop(name)) for name in full}
    return expected
