"""Labels of a sample -> a frozen linear model that gives the same labels to everything.

Some hundred labels, by people or by a language model, tell more than clusters do (docs/topics.md).
A logistic regression looks at words and at their vectors, which all of the sample has taught, so
that a word that no labelled text has is still like one that has been seen. Both are sums over the
words of a text, so one row of whole numbers for each word is left.
"""

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipeline.errors import InputError
from pipeline.topics import freezing, sampling, spaces
from pipeline.topics.model import Model, known, whole
from pipeline.topics.sampling import Sample
from pipeline.topics.spaces import Options, Space

STRENGTH = 10.0
"""Inverse of the prior's weight."""
ROUNDS = 300
"""Of the solver."""
COMPANY = 1.0
"""How long the vectors of a text are, beside its words, whose length is 1."""
DECIMALS = 5


@dataclass(frozen=True)
class Labelled:
    """Texts with labels.

    Attributes:
        texts: prose, never empty.
        labels: one a text.
    """

    texts: pa.StringArray
    labels: list[str]


def read(path: Path, sample: Sample) -> Labelled:
    """Read JSON lines with `label` and either `text` or `conversation_id`.

    Texts that hold no prose, and ids that the sample does not hold, are left out.

    Raises:
        InputError: a line is no such record; its number is told, never its text.
    """
    by_id = dict(zip(sample.ids.to_pylist(), sample.texts.to_pylist(), strict=True))
    own: list[str] = []
    labels: list[list[str]] = [[], []]
    held: list[str] = []
    for number, record in _records(path):
        if not isinstance(record, dict) or not isinstance(record.get("label"), str):
            raise InputError(f"{path}:{number}: no object with a `label`")
        if isinstance(record.get("text"), str):
            own.append(record["text"])
            labels[0].append(record["label"])
        elif isinstance(record.get("conversation_id"), str):
            if record["conversation_id"] in by_id:
                held.append(by_id[record["conversation_id"]])
                labels[1].append(record["label"])
        else:
            raise InputError(f"{path}:{number}: neither `text` nor `conversation_id`")
    texts = pa.concat_arrays([sampling.prose_of(own), pa.array(held, pa.string())])
    is_there = pc.not_equal(texts, "")
    kept = pa.array([*labels[0], *labels[1]], pa.string()).filter(is_there)
    return Labelled(texts.filter(is_there), kept.to_pylist())


def _records(path: Path) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise InputError(f"{path}:{number}: no JSON") from error


def fit(
    sample: Sample, labelled: Labelled, options: Options, given: np.ndarray | None = None
) -> Model:
    """Fit a linear model to labels, and freeze it.

    Args:
        sample: what teaches the vectors, and what small topics are told by.
        labelled: what teaches the labels.
        options: how; `topics` and `others` are of no use here.
        given: vectors of the words of `spaces.space(sample, options)`, from elsewhere.

    Raises:
        InputError: there are fewer than two labels, or the sample is too small.
    """
    names = sorted(set(labelled.labels))
    if len(names) < 2:  # noqa: PLR2004 (to tell one from another)
        raise InputError("the labels must be of two kinds or more, of texts that hold prose")
    with threadpool_limits(1):
        room = spaces.space(sample, options)
        raw = _fitted(room, labelled, names, spaces.embedded(room, options, given))
        made = freezing.frozen(raw, raw.assign(sample.texts), room, sample, options, names)
    made.card["labels"] = {"texts": len(labelled.labels), "kinds": len(names)}
    return made


def _fitted(room: Space, labelled: Labelled, names: list[str], table: np.ndarray) -> Model:
    """One column a label: what each word says for it."""
    held = known(labelled.texts, room.words)
    spread = np.asarray(room.held.sum(axis=0)).ravel()
    rarity = np.log((1 + room.held.shape[0]) / (1 + spread)) + 1
    rarity /= max(_typical(room.held @ scipy.sparse.diags(rarity), room), 1e-9)
    table = table * (COMPANY / max(_typical(room.held @ table, room), 1e-9))
    roots = np.sqrt(np.maximum(np.diff(held.indptr), 1))
    rows = scipy.sparse.diags(1 / roots) @ scipy.sparse.hstack(
        [held @ scipy.sparse.diags(rarity), scipy.sparse.csr_matrix(held @ table)]
    )
    code = np.searchsorted(names, labelled.labels)
    weights, bias = logistic(rows.tocsr(), code, len(names), ROUNDS)
    full = weights[: len(room.words)] * rarity[:, None] + table @ weights[len(room.words) :]
    numbers, scale = whole(np.round(full, DECIMALS))
    identity = np.eye(len(names))
    return Model(
        "labels",
        room.words,
        numbers,
        identity,
        np.round(bias, DECIMALS),
        scale,
        np.arange(len(names)),
        {"threshold": 0.0},
    )


def _typical(rows: object, room: Space) -> float:
    """The median length of rows over the root of their words."""
    dense = rows if isinstance(rows, np.ndarray) else None
    squares = (
        (dense**2).sum(axis=1)
        if dense is not None
        else np.asarray(rows.multiply(rows).sum(axis=1)).ravel()  # type: ignore[attr-defined]
    )
    lengths = np.sqrt(squares / np.maximum(np.diff(room.held.indptr), 1))
    return float(np.median(lengths[lengths > 0])) if (lengths > 0).any() else 1.0


def logistic(
    rows: object, code: np.ndarray, count: int, rounds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Fit a logistic regression: weights, shape (columns, labels), and biases, shape (labels,).

    Args:
        rows: of texts, (texts, columns).
        code: the label of each, from 0.
        count: of labels, two or more.
        rounds: of the solver, at most.
    """
    model = LogisticRegression(C=STRENGTH, max_iter=rounds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "The number of unique classes")  # of a tiny log
        model.fit(rows, code)
    if count == 2:  # noqa: PLR2004 (one margin tells both)
        half = model.coef_[0] / 2
        return np.stack([-half, half], axis=1), np.array([-1, 1]) * model.intercept_[0] / 2
    return model.coef_.T, model.intercept_
