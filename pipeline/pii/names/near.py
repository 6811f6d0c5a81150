"""Which names stand directly beside other personal data."""

import re
from dataclasses import dataclass

import numpy as np

from pipeline.pii.names.words import Words

SIGN = r"(?:(?![.!?] |\n\s*\n)[^\w\u3002\uff01\uff1f])*"
BETWEEN = re.compile(rf"{SIGN}(?:\w+{SIGN}){{0,3}}")
"""What may stand between a name and other personal data: three words, no end of a sentence."""
NEAR = 40
"""Letters and signs between a name and other personal data beside it."""


@dataclass(frozen=True)
class Beside:
    """Spans of other personal data in the texts of the batch, flat: bytes, shape (spans,)."""

    text: np.ndarray
    start: np.ndarray
    end: np.ndarray


class Near:
    """Where other personal data stands, to tell what is beside it."""

    def __init__(self, found: Words, places: np.ndarray, beside: Beside | None) -> None:
        base = places[found.begins()]
        none = np.zeros(0, np.int64)
        text, start, end = (none,) * 3
        if beside is not None:
            text, start, end = beside.text, beside.start, beside.end
        self._found = found
        self._begins = np.sort(np.searchsorted(places, base[text] + start))
        self._ends = np.sort(np.searchsorted(places, base[text] + end))
        self._origins, self._limits = found.begins(), found.ends

    def to(self, text: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
        """Whether other personal data stands beside each name: NEAR letters, few words between."""
        is_near = np.zeros(len(text), bool)
        if not len(self._begins):
            return is_near
        ahead = self._begins[np.minimum(np.searchsorted(self._begins, stop), len(self._begins) - 1)]
        behind = self._ends[np.maximum(np.searchsorted(self._ends, start, "right") - 1, 0)]
        before = (ahead >= stop) & (ahead - stop <= NEAR) & (ahead < self._limits[text])
        after = (behind <= start) & (start - behind <= NEAR) & (behind > self._origins[text])
        for at in np.flatnonzero(before).tolist():
            is_near[at] = BETWEEN.fullmatch(self._found.string(int(stop[at]), int(ahead[at])))
        for at in np.flatnonzero(after & ~is_near).tolist():
            is_near[at] = BETWEEN.fullmatch(self._found.string(int(behind[at]), int(start[at])))
        return is_near
