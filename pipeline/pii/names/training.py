"""Fit the chain model to labelled sentences, and write it as whole numbers.

A conditional random field (Lafferty, McCallum, Pereira 2001) over the segments of features.py,
by L-BFGS with a Gaussian prior. Everything is counted and sorted by hash, never by order of a set.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import scipy.optimize
import scipy.sparse
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipeline.pii.names import chains, features, lexicon, sentences, tagger, vocabulary, words
from pipeline.pii.names.chains import LABELS, Layout
from pipeline.pii.names.features import Segments
from pipeline.pii.names.lexicon import Lexicon
from pipeline.pii.names.sentences import Sentence
from pipeline.pii.names.words import Words

FILES = ("pii/btc_train.jsonl", "pii/wnut17_train.jsonl")
MADE = 30_000
MADE_WEIGHT = 0.4
STRANGE_SHARE, FORGOTTEN = 0.35, (3, 5)
"""Share of made sentences in which that part of the names (3 of 5) is taken for unknown words."""
ROUNDS = 80
PRIOR = 1.5
DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Examples:
    """Features and labels of all candidates of some sentences.

    Attributes:
        ids: shape (candidates, columns).
        labels: shape (candidates,).
        begins: of the segments.
        weight: of each segment.
    """

    ids: np.ndarray
    labels: np.ndarray
    begins: np.ndarray
    weight: np.ndarray


def labelled(file: Path) -> Iterator[Sentence]:
    """The sentences of a JSON Lines file of {"text", "spans": [[begin, end, kind]]}."""
    with file.open("rb") as lines:
        for line in lines:
            row = json.loads(line)
            yield Sentence(row["text"], tuple((b, e, kind) for b, e, kind in row["spans"]))


def train(
    data: Path, output: Path, *, made: int = MADE, rounds: int = ROUNDS
) -> dict[str, int | str]:
    """Fit the model to the files below `data` and to made sentences; write it, and say its sizes.

    The same files give the same bytes.
    """
    real = [one for file in FILES for one in labelled(data / file)]
    ours = sentences.made(made)
    keys, classes, rows = vocabulary.of(real, ours)
    known, own = Lexicon.of(keys, classes, rows), int(rows.max(initial=0))
    strange = Lexicon.of(keys, _forgetful(keys, classes), rows)
    first = int(len(ours) * (1 - STRANGE_SHARE))
    given = [
        examples(real, known, own, 1.0),
        examples(ours[:first], known, own, MADE_WEIGHT),
        examples(ours[first:], strange, own, MADE_WEIGHT),
    ]
    weights, steps = fit(given, features.width(own), rounds=rounds)
    whole = np.round(weights * tagger.SCALE).astype(np.int16)
    used = np.flatnonzero(whole.any(axis=1)).astype(np.int32)
    arrays = {
        "keys": keys,
        "classes": classes,
        "rows": rows,
        "used": used,
        "weights": whole[used],
        "steps": np.round(steps * tagger.SCALE).astype(np.int16),
    }
    _write(output, arrays)
    return {
        "real_sentences": len(real),
        "made_sentences": len(ours),
        "candidates": sum(len(one.ids) for one in given),
        "words": len(keys),
        "words_with_weights": own,
        "features": len(used),
        "bytes": output.stat().st_size,
        "sha256": hashlib.sha256(output.read_bytes()).hexdigest(),
    }


def _forgetful(keys: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """The classes with a part of the names forgotten, to learn what names look like in context."""
    is_forgotten = keys % np.uint64(FORGOTTEN[1]) < FORGOTTEN[0]
    return np.where(is_forgotten, classes & ~np.uint8(lexicon.NAMED), classes)


def _write(output: Path, arrays: dict[str, np.ndarray]) -> None:
    """An npz whose bytes depend on nothing but the arrays: fixed dates, sorted names."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            held = io.BytesIO()
            np.save(held, arrays[name], allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", DATE), held.getvalue(), zipfile.ZIP_DEFLATED, 9
            )


def examples(some: Sequence[Sentence], known: Lexicon, rows: int, weight: float) -> Examples:
    """Features and labels of sentences."""
    ids, labels, begins, many = [], [], [], 0
    for first in range(0, len(some), 500):
        part = some[first : first + 500]
        found = words.of(pa.array([one.text for one in part], pa.string()))
        segments = features.segments(found, known)
        ids.append(np.stack(features.ids(found, segments, rows), axis=1).astype(np.int32))
        labels.append(_labels(found, segments, part))
        begins.append(segments.begins + many)
        many += len(segments.word)
    starts = np.concatenate(begins)
    return Examples(
        np.concatenate(ids), np.concatenate(labels), starts, np.full(len(starts), weight)
    )


def _labels(found: Words, segments: Segments, part: Sequence[Sentence]) -> np.ndarray:
    """Label of each candidate; a person's first candidate is B."""
    labels = np.zeros(len(found), np.int64)
    base = found.begins()
    for text, one in enumerate(part):
        for begin, end, kind in one.spans:
            lo = np.searchsorted(found.start, base[text] + begin)
            hi = np.searchsorted(found.start, base[text] + end)
            labels[lo:hi] = {"PER": chains.INSIDE, "LOC": 3, "ORG": 4}[kind]
            if kind == "PER" and lo < hi:
                labels[lo] = chains.BEGIN
    mine = labels[segments.word]
    is_first = np.zeros(len(mine), bool)
    is_first[segments.begins] = True
    before = np.concatenate([[0], mine[:-1]])[: len(mine)]
    orphan = (mine == chains.INSIDE) & (
        is_first | ((before != chains.BEGIN) & (before != chains.INSIDE))
    )
    return np.where(orphan, chains.BEGIN, mine)


def fit(
    given: Sequence[Examples], size: int, *, prior: float = PRIOR, rounds: int = ROUNDS
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (size, labels) and steps (labels + 1, labels), float64."""
    ids = np.concatenate([one.ids for one in given])
    labels = np.concatenate([one.labels for one in given])
    counts = np.cumsum([0, *(len(one.ids) for one in given)])
    begins = np.concatenate([one.begins + at for one, at in zip(given, counts, strict=False)])
    weight = np.concatenate([one.weight for one in given])
    layout = Layout.of(begins, len(ids))
    used, flat = np.unique(ids, return_inverse=True)
    matrix = scipy.sparse.csr_matrix(
        (np.ones(flat.size), flat.reshape(-1), np.arange(len(ids) + 1) * ids.shape[1]),
        shape=(len(ids), len(used)),
    )
    turned = matrix.T.tocsr()
    task = Task(labels, layout, weight[layout.order])
    shape = (len(used), len(LABELS))

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        weights = point[: shape[0] * shape[1]].reshape(shape)
        steps = point[shape[0] * shape[1] :].reshape(-1, len(LABELS))
        cost, by_score, by_step = task.cost(matrix @ weights, steps)
        slope = np.concatenate([(turned @ by_score).reshape(-1), by_step.reshape(-1)])
        return cost + 0.5 * prior * float(point @ point), slope + prior * point

    start = np.zeros(shape[0] * shape[1] + (len(LABELS) + 1) * len(LABELS))
    with threadpool_limits(1):
        found = scipy.optimize.minimize(
            loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 8}
        ).x
    weights = np.zeros((size, len(LABELS)))
    weights[used] = found[: shape[0] * shape[1]].reshape(shape)
    return weights, found[shape[0] * shape[1] :].reshape(-1, len(LABELS))


@dataclass(frozen=True)
class Task:
    """What is fitted: labels of segments, and how much each segment counts."""

    labels: np.ndarray
    layout: Layout
    weight: np.ndarray

    def cost(self, scores: np.ndarray, steps: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Negative log-likelihood and its slopes by scores and steps."""
        layout, labels = self.layout, self.labels
        forward, total = self._forward(scores, steps)
        backward = np.zeros_like(scores)
        of_all = np.zeros(len(scores))
        places = list(layout.steps())
        by_score, by_step = np.zeros_like(scores), np.zeros_like(steps)
        cost = float(self.weight @ total)
        for place, many in reversed(places):
            at = layout.begins[:many] + place
            of_all[at] = total[:many]
            share = np.exp(forward[at] + backward[at] - total[:many, None])
            by_score[at] = share * self.weight[:many, None]
            if place == 0:
                by_step[-1] += by_score[at].sum(axis=0)
                break
            ahead = scores[at] + backward[at]
            pair = forward[at - 1][:, :, None] + steps[None, :-1] + ahead[:, None, :]
            both = np.exp(pair - total[:many, None, None]) * self.weight[:many, None, None]
            by_step[:-1] += both.sum(axis=0)
            backward[at - 1] = _log_sum(steps[None, :-1] + ahead[:, None, :], 2)
        for place, many in places:
            at = layout.begins[:many] + place
            mine = labels[at]
            cost -= float(self.weight[:many] @ scores[at, mine])
            by_score[at, mine] -= self.weight[:many]
            row = np.full(many, len(LABELS)) if place == 0 else labels[at - 1]
            cost -= float(self.weight[:many] @ steps[row, mine])
            np.subtract.at(by_step, (row, mine), self.weight[:many])
        return cost, by_score, by_step

    def _forward(self, scores: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        layout = self.layout
        forward = scores.copy()
        forward[layout.begins] += steps[-1]
        for place, many in list(layout.steps())[1:]:
            at = layout.begins[:many] + place
            forward[at] += _log_sum(forward[at - 1][:, :, None] + steps[None, :-1], 1)
        return forward, _log_sum(forward[layout.begins + layout.sizes - 1], 1)


def _log_sum(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis=axis, keepdims=True)
    return np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
