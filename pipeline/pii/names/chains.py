"""A linear chain over the labels of a segment: best labels, and how sure, for all at once.

Scores are whole numbers, so that any machine finds the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

LABELS = ("O", "B", "I", "LOC", "ORG")
NONE, BEGIN, INSIDE = 0, 1, 2
NEVER = -(1 << 20)


@dataclass(frozen=True)
class Layout:
    """Segments by length, longest first, so that each step of a chain is one array operation.

    Attributes:
        order: segments, longest first: shape (segments,).
        begins: first candidate of each, in that order.
        sizes: candidates of each, in that order.
    """

    order: np.ndarray
    begins: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, begins: np.ndarray, count: int) -> "Layout":
        """From where segments begin among `count` candidates."""
        sizes = np.diff(np.concatenate([begins, [count]]))
        order = np.argsort(-sizes, kind="stable")
        return cls(order, begins[order], sizes[order])

    def steps(self) -> Iterator[tuple[int, int]]:
        """Each place in a segment, and how many segments have it."""
        longest = int(self.sizes[0]) if len(self.sizes) else 0
        for place in range(longest):
            yield place, int(np.searchsorted(-self.sizes, -place, "left"))


def margins(scores: np.ndarray, steps: np.ndarray, layout: Layout) -> np.ndarray:
    """Score of the best labels of a segment that give each candidate each label.

    Args:
        scores: of each label for each candidate, shape (candidates, labels) int32.
        steps: of a label after another, and in the last row of the first: (labels + 1, labels).
        layout: of the segments.
    """
    forward, backward = scores.copy(), np.zeros_like(scores)
    forward[layout.begins] += steps[-1]
    places = list(layout.steps())
    for place, many in places[1:]:
        at = layout.begins[:many] + place
        forward[at] += (forward[at - 1][:, :, None] + steps[None, :-1]).max(axis=1)
    for place, many in reversed(places[1:]):
        at = layout.begins[:many] + place
        ahead = (scores[at] + backward[at])[:, None, :] + steps[None, :-1]
        backward[at - 1] = ahead.max(axis=2)
    return forward + backward
