"""A frozen model of topics: whole numbers that are added, so every machine assigns alike.

A text is the sum of a row of whole numbers for each of its distinct known words, one number a
class: a cluster that was found in the sample, or a label that was given. Sum / sqrt(known words)
are the margins of the classes; the score is a softmax.

Sums stay below 2**53, so floating point holds them exactly in any order of summation; a root, a
quotient and an exponential follow, rounded to 4 decimals.

A model is a folder with `topics.npz` and `topics.json`; its id is the digest of both. There is no
pickle in it, and it never changes: to fit again is to make another model.
"""

import functools
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.fs as pafs
import scipy.sparse

from pipeline.errors import InputError
from pipeline.topics import words

ARRAYS, CARD = "topics.npz", "topics.json"
FINEST = 2047
"""The largest whole number of a table: sums of squares of thousands of words stay exact."""
DIGITS = 4
OTHER = "other"
DATE = (1980, 1, 1, 0, 0, 0)
STEP_ROWS = 4096


class Assigned(NamedTuple):
    """The topics of some texts.

    Attributes:
        topics: -1 for other: shape (texts,) int32.
        scores: shape (texts,) float64, 0 for a text without a known word.
    """

    topics: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True)
class Model:
    """A table of words, and what the sums are compared with.

    Attributes:
        kind: `clusters` or `labels`: where the classes come from.
        words: the known words.
        table: a row for each of them: shape (words, classes), whole numbers in float64.
        centroids: where each class lies among the vectors of words, for maps: shape (classes,
            dimensions), whole numbers; of labels: the identity.
        bias: of each class.
        scale: what a margin of 1 is.
        topic_of: the topic of each class, -1 if it was folded: shape (classes,) int32.
        card: topics, threshold, how it was made; written as JSON.
    """

    kind: str
    words: pa.StringArray
    table: np.ndarray
    centroids: np.ndarray
    bias: np.ndarray
    scale: float
    topic_of: np.ndarray
    card: dict[str, Any]

    @property
    def labels(self) -> list[str]:
        """The label of each topic."""
        return [topic["label"] for topic in self.card["topics"]]

    @property
    def threshold(self) -> float:
        """The score below which a text is of no topic."""
        return float(self.card["threshold"])

    def assign(self, texts: pa.StringArray, threshold: float | None = None) -> Assigned:
        """The topic of each text, as `words.of_prompts` gives them."""
        nearest, scores = self.nearest(texts)
        least = self.threshold if threshold is None else threshold
        topics = np.where(scores >= least, self.topic_of[nearest], -1)
        topics[scores == 0] = -1
        return Assigned(topics.astype(np.int32), scores)

    def nearest(self, texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
        """The likeliest class of each text, and its score: two of shape (texts,)."""
        parts = [
            self._nearest(texts.slice(begin, STEP_ROWS))
            for begin in range(0, max(len(texts), 1), STEP_ROWS)
        ]
        return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])

    def _nearest(self, texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
        held = known(texts, self.words)
        sums = held @ self.table
        count = np.sqrt(np.maximum(np.diff(held.indptr), 1))
        margins = sums / (count * self.scale)[:, None] + self.bias
        powers = np.exp(margins - margins.max(axis=1, keepdims=True))
        found = np.round(powers / powers.sum(axis=1, keepdims=True), DIGITS)
        nearest = found.argmax(axis=1)
        scores = np.maximum(found[np.arange(len(nearest)), nearest], 0.0)
        scores[np.diff(held.indptr) == 0] = 0.0
        return nearest, scores


def known(texts: pa.StringArray, vocabulary: pa.StringArray) -> Any:
    """Which known words each text has: a sparse matrix of ones, (texts, words) float64."""
    found = words.split(texts)
    place = pc.index_in(found.words, value_set=vocabulary)
    is_known = place.is_valid().to_numpy(zero_copy_only=False)
    rows = found.rows[is_known]
    pairs = np.sort(rows * len(vocabulary) + place.drop_null().to_numpy().astype(np.int64))
    is_new = np.ones(len(pairs), bool)
    is_new[1:] = pairs[1:] != pairs[:-1]
    pairs = pairs[is_new]
    size = max(len(vocabulary), 1)
    bounds = np.searchsorted(pairs // size, np.arange(len(texts) + 1))
    shape = (len(texts), len(vocabulary))
    return scipy.sparse.csr_matrix((np.ones(len(pairs)), pairs % size, bounds), shape)


def whole(values: np.ndarray) -> tuple[np.ndarray, float]:
    """The values as whole numbers up to FINEST, in float64, and what they were multiplied by."""
    scale = FINEST / max(float(np.abs(values).max(initial=0.0)), 1e-9)
    return np.rint(values * scale), scale


def packed(model: Model) -> tuple[str, dict[str, bytes]]:
    """The id of a model, and its files by name; equal models give equal bytes."""
    arrays: dict[str, np.ndarray] = {
        "words": np.frombuffer("\n".join(model.words.to_pylist()).encode(), np.uint8),
        "table": model.table.astype(np.int16),
        "centroids": model.centroids.astype(np.int16),
        "bias": model.bias,
        "topic_of": model.topic_of.astype(np.int32),
    }
    held_in = io.BytesIO()
    with zipfile.ZipFile(held_in, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            held = io.BytesIO()
            np.save(held, arrays[name], allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", DATE), held.getvalue(), zipfile.ZIP_DEFLATED, 9
            )
    card = model.card | {"kind": model.kind, "scale": model.scale}
    name = _id(held_in.getvalue(), card)
    text = json.dumps({"id": name} | card, indent=1, ensure_ascii=False)
    return name, {ARRAYS: held_in.getvalue(), CARD: f"{text}\n".encode()}


def write(model: Model, folder: Path) -> None:
    """Write the files of a model into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in packed(model)[1].items():
        (folder / name).write_bytes(content)


def _id(arrays: bytes, card: dict[str, Any]) -> str:
    said = json.dumps(card, sort_keys=True, ensure_ascii=False).encode()
    return hashlib.sha256(hashlib.sha256(arrays).digest() + said).hexdigest()


def is_there(folder: str) -> bool:
    """Whether both files of a model are in a folder."""
    return all(_stat(folder, name).is_file for name in (ARRAYS, CARD))


def _stat(folder: str, name: str) -> pafs.FileInfo:
    fs, inner = _resolved(folder)
    return fs.get_file_info(f"{inner}/{name}")


def _resolved(folder: str) -> tuple[pafs.FileSystem, str]:
    if "://" in folder:
        found: tuple[pafs.FileSystem, str] = pafs.FileSystem.from_uri(folder)
        return found
    return pafs.LocalFileSystem(), str(Path(folder).absolute())


def _read(folder: str, name: str) -> bytes:
    fs, inner = _resolved(folder)
    with fs.open_input_stream(f"{inner}/{name}") as stream:
        return bytes(stream.read())


def load(folder: str) -> Model:
    """Read a model from a folder, local or a URI; once in a process unless its files change.

    Raises:
        InputError: there is none, or it is not what its id says.
    """
    if not is_there(folder):
        raise InputError(f"{folder} is no model of topics: it lacks {ARRAYS} or {CARD}")
    stats = [_stat(folder, name) for name in (ARRAYS, CARD)]
    return _loaded(folder, tuple((stat.mtime_ns, stat.size) for stat in stats))


@functools.lru_cache(8)
def _loaded(folder: str, stamp: tuple[tuple[int | None, int], ...]) -> Model:
    del stamp
    content = _read(folder, ARRAYS)
    try:
        card = json.loads(_read(folder, CARD))
    except ValueError as error:
        raise InputError(f"{folder}: {CARD} is damaged") from error
    if _id(content, {key: value for key, value in card.items() if key != "id"}) != card.get("id"):
        raise InputError(f"{folder}: the files of the model were changed; its id does not match")
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        if held["table"].shape[1] != len(held["bias"]):
            raise InputError(f"{folder}: a model of an earlier format; fit another one")
        spelled = held["words"].tobytes().decode()
        return Model(
            kind=card["kind"],
            words=pa.array(spelled.split("\n") if spelled else [], pa.string()),
            table=held["table"].astype(np.float64),
            centroids=held["centroids"].astype(np.float64),
            bias=held["bias"],
            scale=card["scale"],
            topic_of=held["topic_of"],
            card=card,
        )


def fingerprint(folder: str) -> str:
    """The id of a model, which is a digest of all of it."""
    return str(load(folder).card["id"])
