"""What a moderation backend is: texts in, scores out, and a reason where there are none."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from schemas.moderation import OMNI, Category


@dataclass(frozen=True)
class Judged:
    """What a backend says of some texts.

    Attributes:
        scores: 0 to 1, NaN where it cannot tell: shape (texts, 13) float64, columns as OMNI.
        reasons: why it could not tell anything of a text; null where it could: shape (texts,).
        verdicts: what it decided itself, by thresholds of its own: shape (texts, 14) bool, columns
            as OMNI and then whether it flags the text at all; None for backends that do not.
    """

    scores: np.ndarray
    reasons: pa.StringArray
    verdicts: np.ndarray | None = None


class Backend(Protocol):
    """Something that scores texts. It never raises for one text: it says why it has no scores."""

    @property
    def model(self) -> str:
        """Its name and digest or version: what a reader needs to know which scores these are."""

    @property
    def thresholds(self) -> dict[Category, float]:
        """The least score that flags, of each category that it can tell."""

    def judge(self, texts: pa.StringArray, prompts: pa.StringArray | None = None) -> Judged:
        """Score some texts; a text's scores never depend on the other texts.

        Args:
            texts: what is scored.
            prompts: what each text answers, null for a text that is a prompt itself; only some
                backends look at it. None: all are prompts.
        """


def nothing(texts: int) -> np.ndarray:
    """Scores of texts of which nothing is told: shape (texts, 13)."""
    return np.full((texts, len(OMNI)), np.nan)
