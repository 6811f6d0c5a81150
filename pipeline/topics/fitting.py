"""A sample -> a frozen model: vectors, fine clusters, topics, their names.

Many fine clusters (k-means) are joined to few topics (Ward's method over centroids): topics that
are no balls. What is far from all centroids is `other`.
"""

from dataclasses import replace

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipeline.topics import freezing, spaces, vectors
from pipeline.topics.model import DIGITS, Model, whole
from pipeline.topics.sampling import Sample
from pipeline.topics.spaces import Options, Space


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
    table, scale = whole(spaces.embedded(known_words, options, given))
    texts = vectors.unit(known_words.held @ table)
    texts = texts[np.abs(texts).any(axis=1)]
    distinct = len(np.unique(texts, axis=0))
    fine = max(1, min(options.fine or 8 * options.topics, len(texts) // 10 or 1, distinct))
    made = KMeans(fine, n_init=3, random_state=options.seed).fit(texts)
    centroids, _ = whole(vectors.unit(np.round(made.cluster_centers_, 5)))
    joined = np.arange(fine)
    if fine > options.topics:
        ward = AgglomerativeClustering(options.topics, linkage="ward")
        joined = ward.fit_predict(vectors.unit(centroids))
    nothing = np.zeros(fine)
    return Model(
        "clusters", known_words.words, table, centroids, nothing, scale, joined, {"threshold": 0.0}
    )


def _named(raw: Model, known_words: Space, sample: Sample, options: Options) -> Model:
    """The model with a threshold, small topics folded, the others numbered by size and named."""
    _, scores = raw.nearest(sample.texts)
    near = scores[scores > 0]
    least = float(np.round(np.quantile(near, options.others), DIGITS)) if len(near) else 0.0
    told = replace(raw, card={"threshold": least})
    return freezing.frozen(told, told.assign(sample.texts), known_words, sample, options)
