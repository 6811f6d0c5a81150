"""A sample -> a frozen model: vectors, neighbours, clusters, their names.

Clusters (k-means) are found in texts that were smoothed by their neighbours, and then told by a
logistic regression over words, which gives to texts that were never seen what their neighbours
would. Texts of which it is least sure are `other`.
"""

from dataclasses import replace

import numpy as np
import scipy.sparse
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipeline.errors import SampleError
from pipeline.topics import distilling, freezing, neighbours, spaces, vectors
from pipeline.topics.model import DIGITS, Model, whole
from pipeline.topics.sampling import Sample
from pipeline.topics.spaces import Options, Space

STARTS = 4
"""Of k-means, the best of which is taken."""
ROUNDS = 40
"""Of the regression: more change what few texts are told."""


def fit(sample: Sample, options: Options, given: np.ndarray | None = None) -> Model:
    """Fit clusters.

    Args:
        sample: what to fit to.
        options: how.
        given: vectors of the words of `spaces.space(sample, options)`, from elsewhere.

    Raises:
        SampleError: the sample is too small, or of no known users.
    """
    with threadpool_limits(1):
        known_words = spaces.space(sample, options)
        return _named(_clustered(known_words, options, given), known_words, sample, options)


def _clustered(known_words: Space, options: Options, given: np.ndarray | None) -> Model:
    table = spaces.embedded(known_words, options, given)
    texts = vectors.unit(known_words.held @ table)
    told = np.abs(texts).any(axis=1)
    if not told.any():
        raise SampleError("no text says more than its language: the sample is too small")
    languages = known_words.languages[told] if options.languages else np.zeros(told.sum(), int)
    smooth = neighbours.smoothed(texts[told], languages).astype(np.float32)
    count = max(1, min(options.topics, len(np.unique(smooth, axis=0))))
    found = KMeans(count, n_init=STARTS, random_state=options.seed).fit_predict(smooth)
    centroids = np.stack([smooth[found == one].mean(axis=0) for one in range(count)])
    return _linear(known_words, np.flatnonzero(told), found, centroids)


def _linear(
    known_words: Space, texts: np.ndarray, found: np.ndarray, centroids: np.ndarray
) -> Model:
    """What each word says for each cluster: a logistic regression over words."""
    count = len(centroids)
    held = known_words.held[texts]
    sizes = np.sqrt(np.maximum(np.diff(held.indptr), 1))
    weights, bias = np.zeros((held.shape[1], count)), np.zeros(count)
    if count > 1:
        rows = (scipy.sparse.diags(1 / sizes) @ held).tocsr()
        weights, bias = distilling.logistic(rows, found, count, ROUNDS)
    numbers, scale = whole(np.round(weights, distilling.DECIMALS))
    return Model(
        "clusters",
        known_words.words,
        numbers,
        whole(vectors.unit(centroids))[0],
        np.round(bias, distilling.DECIMALS),
        scale,
        np.arange(count),
        {"threshold": 0.0},
    )


def _named(raw: Model, known_words: Space, sample: Sample, options: Options) -> Model:
    """The model with a threshold, small topics folded, the others numbered by size and named."""
    _, scores = raw.nearest(sample.texts)
    near = scores[scores > 0]
    least = float(np.round(np.quantile(near, options.others), DIGITS)) if len(near) else 0.0
    told = replace(raw, card={"threshold": least})
    return freezing.frozen(told, told.assign(sample.texts), known_words, sample, options)
