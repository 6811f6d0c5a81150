"""The default detector: the byte n-grams of py3langid, scored for many texts at once.

Its model (naive Bayes over 100,053 n-grams that a finite automaton finds; BSD-3-Clause, part of
the wheel) is read from the installed package; the scoring is ours: all texts walk through the
automaton side by side, a byte a step, and one sparse product gives the scores of all languages.
A prior says which languages are common in chat, which makes short texts and near relatives
(Indonesian and Malay, Czech and Slovak, Turkish and Turkmen) come out right more often.

Source:
    Lui and Baldwin 2011, "Cross-domain feature selection for language identification", and 2012,
    "langid.py"; Barbaresi, py3langid.
"""

import functools
import io
import lzma
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from pipeline import messages
from pipeline.language.names import COMMON, KNOWN, NAMES, code

MOST_BYTES = 600
"""Of a text, that are looked at."""
PRIOR_KNOWN, PRIOR_RARE = -1.2, -3.0
PRIOR = {
    "en": 0.3,
    "mr": -0.7,
    "ca": -0.8,
    **dict.fromkeys(("bg", "sk", "sr"), -0.9),
    "mk": -1.5,
    "bs": -1.6,
}
"""Log-odds of a language beside an ordinary common one, after the scores are tempered. Malay and
Indonesian, Bosnian, Croatian and Serbian in Latin letters cannot be told apart by sentences:
Indonesian and Croatian are said, as there is more of them."""
MOST_COUNTED = 1024
DIGITS = 3
"""To which scores are rounded before they are compared."""


@dataclass(frozen=True)
class Model:
    """The automaton and the weights, for the languages that have a name here.

    Attributes:
        codes: the language of each column.
        prior: log-odds of each column, float32.
        step: the next state by the row of a state and a byte, flat, uint32.
        row: 256 times the row of each state, int32.
        feature: the n-gram that ends in each state, or -1, int32.
        weights: shape (n-grams, columns), float32.
        bias: shape (columns,), float32.
    """

    codes: tuple[str, ...]
    prior: np.ndarray
    step: np.ndarray
    row: np.ndarray
    feature: np.ndarray
    weights: np.ndarray
    bias: np.ndarray


@functools.cache
def model() -> Model:
    """Read the model: 1 s of CPU, 100 MB of memory, once a process."""
    spec = find_spec("py3langid")
    assert spec is not None and spec.origin is not None  # noqa: S101, PT018 (a dependency)
    packed = Path(spec.origin).parent / "data" / "model.npz.xz"
    with np.load(io.BytesIO(lzma.decompress(packed.read_bytes())), allow_pickle=False) as stored:
        labels = [code(str(label)) for label in stored["classes"]]
        columns = [at for at, label in enumerate(labels) if label in NAMES and label != "und"]
        codes = tuple(labels[at] for at in columns)
        return Model(
            codes,
            np.array([_prior(label) for label in codes], np.float32),
            stored["nextmove"],
            stored["nextmove_row"].astype(np.int32) << 8,
            stored["out_feat"],
            stored["ptc"][:, columns].astype(np.float32),
            stored["pc"][columns],
        )


def _prior(label: str) -> float:
    usual = 0.0 if label in COMMON else PRIOR_KNOWN if label in KNOWN else PRIOR_RARE
    return PRIOR.get(label, usual)


def detect(prose: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """The language of each text and its probability: (texts,) of codes, (texts,) float64.

    Scores are tempered by the root of the length: n-grams overlap, so that their product is far
    too sure of itself.
    """
    made = model()
    padded = pc.binary_join_element_wise(" ", prose, " ", "")
    counts, sizes = _counted(padded, made)
    scores = (counts @ made.weights + made.bias) / np.sqrt(sizes)[:, None] + made.prior
    scores = np.round(scores.astype(np.float64), DIGITS)
    best = scores.argmax(1)
    chance = np.exp(scores - scores.max(1, initial=-np.inf, keepdims=True))
    same = np.array(made.codes)[best][:, None] == np.array(made.codes)
    sure = (chance * same).sum(1) / chance.sum(1)
    return np.array(made.codes, object)[best], sure


def _counted(texts: pa.StringArray, made: Model) -> tuple[sparse.csr_matrix, np.ndarray]:
    """log(1 + count) of each n-gram in each text: (texts, n-grams); and the bytes looked at."""
    buffer, bounds = messages.layout(texts)
    held = np.frombuffer(buffer, np.uint8)
    sizes = np.minimum(np.diff(bounds), MOST_BYTES)
    order = np.argsort(-sizes, kind="stable")
    begins, live = bounds[:-1][order], len(sizes)
    state = np.zeros(live, np.uint32)
    owners, features = [], []
    for place in range(int(sizes.max(initial=0))):
        live = int(np.searchsorted(-sizes[order[:live]], -place, "left"))
        state = made.step[made.row[state[:live]] + held[begins[:live] + place]]
        feature = made.feature[state]
        hit = np.flatnonzero(feature >= 0)
        owners.append(order[hit])
        features.append(feature[hit])
    owner = np.concatenate(owners or [np.zeros(0, np.int64)])
    feature = np.concatenate(features or [np.zeros(0, np.int32)])
    shape = (len(sizes), len(made.weights))
    counts = sparse.csr_matrix((np.ones(len(owner), np.int32), (owner, feature)), shape)
    logs = np.log1p(np.arange(MOST_COUNTED, dtype=np.float64)).astype(np.float32)
    counts = sparse.csr_matrix((logs[counts.data], counts.indices, counts.indptr), shape)
    return counts, np.maximum(sizes, 1)
