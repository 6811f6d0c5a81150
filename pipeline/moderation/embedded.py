"""The backend that comes with the package: a linear model, no service, no download."""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.moderation import linear
from pipeline.moderation.backends import Judged, nothing
from pipeline.moderation.linear import Model
from schemas.moderation import OMNI, Category

LEAST_KNOWN = 0.3
"""Share of the words of a text that the model must have seen to say anything of it."""


@dataclass(frozen=True)
class Embedded:
    """Scores by the shipped model, or by one that `curate train-moderation` wrote.

    Attributes:
        file: an npz with its card beside it; empty for the shipped one.
        least_known: see LEAST_KNOWN.
    """

    file: str = ""
    least_known: float = LEAST_KNOWN

    @property
    def _model(self) -> Model:
        return loaded(self.file, "moderation")

    @property
    def model(self) -> str:
        """`embedded:` and the digest of the model."""
        return f"embedded:{self._model.digest}"

    @property
    def thresholds(self) -> dict[Category, float]:
        """Those of the model's card."""
        return dict(self._model.card["thresholds"])

    def judge(self, texts: pa.StringArray, prompts: pa.StringArray | None = None) -> Judged:
        """Score some texts; nothing is said of categories that the model has no head for."""
        del prompts
        found, reasons = linear.scores(texts, self._model, self.least_known)
        scores = nothing(len(texts))
        for column, head in enumerate(self._model.heads):
            scores[:, OMNI.index(head)] = found[:, column]
        return Judged(scores, reasons)


@functools.cache
def loaded(file: str, name: str) -> Model:
    """A model of one's own, or the shipped one of that name if there is no file."""
    return linear.load(Path(file) if file else Path(__file__).parent / f"{name}.npz")


def fingerprint(file: str) -> str:
    """SHA-256 of a model and its card; empty for the shipped one, which is part of the program."""
    if not file:
        return ""
    path = Path(file)
    return hashlib.sha256(path.read_bytes() + path.with_suffix(".json").read_bytes()).hexdigest()
