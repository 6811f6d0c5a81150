"""What detectors say: spans of personal data in the texts of a batch."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Findings:
    """Spans in texts, flat: each array has shape (findings,).

    Attributes:
        text: which text of the batch, int64.
        start: first byte in the text's UTF-8, int64.
        end: behind the last byte, int64.
        rule: which rule of the detector found it, int16: a place in a tuple of rules.
        score: how sure the rule is, float32 from 0 to 1.
    """

    text: np.ndarray
    start: np.ndarray
    end: np.ndarray
    rule: np.ndarray
    score: np.ndarray

    @classmethod
    def of(cls, found: list[tuple[int, int, int, int, float]]) -> "Findings":
        """From tuples of text, start, end, rule, score."""
        text, start, end, rule, score = zip(*found, strict=True) if found else ((),) * 5
        return cls(
            np.array(text, np.int64),
            np.array(start, np.int64),
            np.array(end, np.int64),
            np.array(rule, np.int16),
            np.array(score, np.float32),
        )

    def __len__(self) -> int:
        return len(self.text)

    def joined(self, more: "Findings") -> "Findings":
        """These, then more."""
        return Findings(
            np.concatenate([self.text, more.text]),
            np.concatenate([self.start, more.start]),
            np.concatenate([self.end, more.end]),
            np.concatenate([self.rule, more.rule]),
            np.concatenate([self.score, more.score]),
        )

    def take(self, at: np.ndarray) -> "Findings":
        """Some of them: `at` is an order or a mask."""
        return Findings(self.text[at], self.start[at], self.end[at], self.rule[at], self.score[at])
