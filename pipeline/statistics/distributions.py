"""Distributions of whole numbers, counted value by value: exact, in memory of distinct values."""

from collections import Counter

import msgspec
import numpy as np

from pipeline.statistics.crowds import Crowds
from schemas.statistics import Bin, Distribution

QUANTILES = {"p50": 50, "p90": 90, "p99": 99}


class Values:
    """Counts of values, added up over batches in any order."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._crowds: dict[int, Crowds] = {}

    def add(self, values: np.ndarray, users: np.ndarray | None = None) -> None:
        """Count some values, whole numbers from 0, and who they are of: shape (values,)."""
        if users is not None:
            place = _bin(values)
            for at in np.unique(place).tolist():
                self._crowds.setdefault(at, Crowds()).put("", users[place == at])
        found, counts = np.unique(values, return_counts=True)
        self._counts.update(dict(zip(found.tolist(), counts.tolist(), strict=True)))

    def distribution(self) -> Distribution:
        """What was counted."""
        values = np.array(sorted(self._counts), np.int64)
        counts = np.array([self._counts[value] for value in values.tolist()], np.int64)
        count = int(counts.sum())
        return Distribution(
            count,
            int((values * counts).sum()),
            {name: _quantile(values, counts, of) for name, of in QUANTILES.items()}
            if count
            else {},
            [self._counted(one) for one in _bins(values, counts)],
        )

    def _counted(self, one: Bin) -> Bin:
        crowd = self._crowds.get(one.high.bit_length())
        return msgspec.structs.replace(one, users=crowd.of("")) if crowd else one


def _quantile(values: np.ndarray, counts: np.ndarray, percent: int) -> int:
    """The least value that at least `percent` of a hundred are not above: the nearest rank."""
    rank = -(-int(counts.sum()) * percent // 100)
    return int(values[np.searchsorted(np.cumsum(counts), rank)])


def _bin(values: np.ndarray) -> np.ndarray:
    """The number of each value's bin, which is that of its binary digits: shape (values,)."""
    return np.frexp(values.astype(np.float64))[1]


def _bins(values: np.ndarray, counts: np.ndarray) -> list[Bin]:
    """Bins that double: 0, 1, 2-3, 4-7 …, from the least value's to the largest's."""
    if not len(values):
        return []
    place = _bin(values)
    sums = np.bincount(place, counts).astype(np.int64).tolist()
    return [
        Bin(1 << (at - 1) if at else 0, (1 << at) - 1, total)
        for at, total in enumerate(sums)
        if at >= place[0]
    ]
