"""Fit a linear moderation model to labelled texts, and write it as whole numbers.

One head a category, logistic regression by liblinear, each on the rows whose label is known. A
last head learns whether a text is flagged at all; what is shipped of a category is a sum of its
own margin and of that one, calibrated on held-out rows (stacking, Wolpert 1992). So heads with few
positives lean on what all of them know together, and scores are probabilities on texts like the
main ones. All of it is linear: one weight a feature and head is left.
"""

import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from pipeline.moderation.examples import CHAT, COLUMNS, Examples
from pipeline.moderation.spaces import Counts, Space

BESIDE = 0.03
"""Weight of a row that stands beside the main ones."""
STRENGTH = 10.0
"""Inverse of the prior's weight in liblinear; balanced classes."""
FOLDS = 4
LEAST = 5
"""Positives that a head needs; a category with fewer is not told at all."""
LEAST_STACKED = 20
"""Main positives that a head needs to learn how much the last head says for it."""
BOLD = 3.0
"""How much more ideas count for a head of fewer: it has too few examples to learn words from."""
BENIGN = 0.0005
"""Share of harmless held-out rows that a threshold lets through at most."""
DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Fit:
    """What one fit made.

    Attributes:
        arrays: as `linear.load` reads them.
        card: heads, thresholds, counts.
    """

    arrays: dict[str, np.ndarray]
    card: dict[str, Any]


def fit(examples: Examples, *, benign: float = BENIGN) -> Fit:
    """Fit all heads that have enough positives.

    Raises:
        ValueError: none has.
    """
    positives = (examples.labels == 1).sum(axis=0)
    heads = [at for at in range(len(COLUMNS)) if positives[at] >= LEAST]
    if not heads:
        raise ValueError(f"no category has {LEAST} positives")
    if heads[-1] != len(COLUMNS) - 1 or len(heads) == 1:
        heads = [*heads[: heads[-1] != len(COLUMNS) - 1 or None], len(COLUMNS) - 1]
    counts = Counts.of(examples.texts)
    space = Space.of(counts)
    rows = space.rows(counts)
    bold = np.where(space.is_idea, BOLD, 1.0)
    weights, bias = fitted(rows, bold, examples, heads, np.arange(len(examples)))
    unseen = held_out(rows, bold, examples, heads)
    told = heads[:-1] or heads
    mixes = [_mixed(examples, heads, at, unseen) for at in range(len(told))]
    mix, shift = np.array([m for m, _ in mixes]).T, np.array([s for _, s in mixes])
    margins = unseen @ mix + shift
    arrays = space.folded(weights @ mix, counts.hashes) | {"bias": bias @ mix + shift}
    named = [COLUMNS[at] for at in told]
    thresholds = {
        name: _threshold(examples, at, margins[:, place], benign)
        for place, (name, at) in enumerate(zip(named, told, strict=True))
    }
    return Fit(arrays, _card(examples, named, thresholds))


def fitted(
    rows: Any, bold: np.ndarray, examples: Examples, heads: Sequence[int], chosen: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weights, shape (columns, heads), and biases of the heads, on the chosen rows."""
    weights, bias = np.zeros((rows.shape[1], len(heads))), np.full(len(heads), -5.0)
    for place, head in enumerate(heads):
        label = examples.labels[chosen, head]
        mine = chosen[label >= 0]
        if len(set(examples.labels[mine, head].tolist())) > 1:
            model = logistic(STRENGTH)
            is_rare = _main_positives(examples, head) < LEAST_STACKED
            scaled = rows[mine] @ scipy.sparse.diags(bold) if is_rare else rows[mine]
            weigh = np.where(examples.is_main[mine], 1.0, BESIDE)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                model.fit(scaled, examples.labels[mine, head], sample_weight=weigh)
            weights[:, place], bias[place] = model.coef_[0], model.intercept_[0]
            weights[:, place] *= bold if is_rare else 1.0
    return weights, bias


def _main_positives(examples: Examples, head: int) -> int:
    return int((examples.labels[examples.is_main, head] == 1).sum())


def logistic(strength: float, *, is_balanced: bool = True) -> Any:
    """A logistic regression that is the same each time."""
    weights = "balanced" if is_balanced else None
    return LogisticRegression(
        C=strength, class_weight=weights, solver="liblinear", max_iter=300, random_state=0
    )


def held_out(rows: Any, bold: np.ndarray, examples: Examples, heads: Sequence[int]) -> np.ndarray:
    """Margins of each row by a fit that did not see it: shape (rows, heads)."""
    margins = np.zeros((len(examples), len(heads)))
    for seen, other in KFold(FOLDS, shuffle=True, random_state=7).split(margins):
        weights, bias = fitted(rows, bold, examples, heads, seen)
        margins[other] = rows[other] @ weights + bias
    return margins


def _mixed(
    examples: Examples, heads: Sequence[int], place: int, margins: np.ndarray
) -> tuple[np.ndarray, float]:
    """How much each head says for one of them, and a bias: by the main rows."""
    label = examples.labels[:, heads[place]]
    mine = np.flatnonzero((label >= 0) & examples.is_main)
    mix = np.zeros(len(heads))
    if len(set(label[mine].tolist())) < 2:  # noqa: PLR2004 (both classes)
        mix[place] = 1.0
        return mix, 0.0
    if (label[mine] == 1).sum() < LEAST_STACKED:
        mix[place] = 1.0
        return mix, _shift(margins[mine, place], float((label[mine] == 1).mean()))
    columns = sorted({place, len(heads) - 1})
    model = LogisticRegression(C=1.0, solver="newton-cholesky", max_iter=200)
    model.fit(margins[mine][:, columns], label[mine])
    mix[columns] = np.maximum(model.coef_[0], 0)
    return mix, float(model.intercept_[0])


def _shift(margins: np.ndarray, share: float) -> float:
    """What to add to margins so that the mean score is that share, by bisection."""
    low, high = -30.0, 30.0
    for _ in range(50):
        middle = (low + high) / 2
        is_more = (1 / (1 + np.exp(-margins - middle))).mean() > share
        low, high = (low, middle) if is_more else (middle, high)
    return round(low, 6)


def _threshold(examples: Examples, head: int, margins: np.ndarray, benign: float) -> float:
    """The score that is best in F1 on held-out main rows, and lets few harmless rows through."""
    label = examples.labels[:, head]
    scores = np.round(1 / (1 + np.exp(-margins)), 4)
    mine = scores[(label >= 0) & examples.is_main]
    truth = label[(label >= 0) & examples.is_main]
    order = np.argsort(-mine, kind="stable")
    hits = np.cumsum(truth[order] == 1)
    f1 = 2 * hits / np.maximum(np.arange(1, len(mine) + 1) + (truth == 1).sum(), 1)
    best = float(mine[order][int(np.argmax(f1))]) if len(mine) else 0.5
    harmless = scores[examples.kind == CHAT]
    floor = float(np.quantile(harmless, 1 - benign)) if len(harmless) else 0.0
    return round(min(max(best, floor + 0.0001), 1.0), 4)


def _card(examples: Examples, heads: list[str], thresholds: dict[str, float]) -> dict[str, Any]:
    digest = hashlib.sha256()
    for text, labels in zip(examples.texts, examples.labels.tolist(), strict=True):
        digest.update(json.dumps([text, labels]).encode())
    labels = examples.labels
    return {
        "heads": heads,
        "thresholds": thresholds,
        "texts": len(examples),
        "main_texts": int(examples.is_main.sum()),
        "positives": {n: int((labels[:, COLUMNS.index(n)] == 1).sum()) for n in heads},
        "known": {n: int((labels[:, COLUMNS.index(n)] >= 0).sum()) for n in heads},
        "examples_sha256": digest.hexdigest(),
        "scikit_learn": sklearn.__version__,
    }


def write(made: Fit, output: Path) -> None:
    """Write the arrays as npz and the card beside it; equal fits give equal bytes."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(made.arrays):
            held = io.BytesIO()
            np.save(held, made.arrays[name], allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", DATE), held.getvalue(), zipfile.ZIP_DEFLATED, 9
            )
    output.with_suffix(".json").write_text(json.dumps(made.card, indent=2) + "\n", "utf-8")
