"""Words -> vectors, by which of them stand in the same prompts.

Positive pointwise mutual information of pairs of words, factored by a truncated SVD: a word is
like another if it has the same company (Levy and Goldberg 2014). What two words would share if all
they had in common was their language is taken out: the expectation is that of independence within
each language, so words of a language are not alike for being of it. A text is the sum of its
words', each weighted a / (a + share), smooth inverse frequency (Arora, Liang and Ma 2017).
"""

from typing import Any

import numpy as np
import pyarrow as pa
import scipy.sparse
from sklearn.utils.extmath import randomized_svd

DIMENSIONS = 100
RARITY = 1e-3
"""The `a` of smooth inverse frequency."""
SMOOTHED = 0.75
"""Power of the context's frequency, as in word2vec: rare words are not all alike."""
LONGEST = 100
"""Words of a text of which the pairs count fully; those of longer texts share as many."""
STEP_PAIRS = 1 << 20
LEAST_TEXTS = 50
"""Of a language, to know its mean."""
DECIMALS = 6
WORDS_AT_ONCE = 1024
"""Whose pairs are held at once; the result does not depend on it."""


def of_words(held: Any, languages: np.ndarray, dimensions: int, seed: int) -> np.ndarray:
    """Vectors of the known words: shape (words, dimensions).

    Args:
        held: which words each text has: sparse ones, (texts, words).
        languages: of each text, as numbers from 0: shape (texts,).
        dimensions: at most; there are never more than words.
        seed: of the randomised SVD.
    """
    dimensions = max(min(dimensions, held.shape[1] - 1, held.shape[0] - 1), 1)
    information = _information(held, _often(languages)).astype(np.float32)
    left, strengths, _ = randomized_svd(information, dimensions, n_iter=5, random_state=seed)
    return np.round((left * strengths).astype(np.float64), DECIMALS)


def _often(languages: np.ndarray) -> np.ndarray:
    """The languages, those of few texts as one: what is likely in them cannot be known."""
    count = np.bincount(languages)
    number = np.where(count >= LEAST_TEXTS, np.cumsum(count >= LEAST_TEXTS), 0)
    return np.asarray(number[languages])


def _information(held: Any, languages: np.ndarray) -> Any:
    """Positive pointwise mutual information of pairs of words: sparse, symmetric."""
    size = np.asarray(held.sum(axis=1)).ravel()
    weight = np.minimum(1, LONGEST / np.maximum(size, 1))
    chosen = scipy.sparse.csr_matrix(
        (np.ones(len(languages)), (languages, np.arange(len(languages)))),
        (int(languages.max(initial=0)) + 1, len(languages)),
    )
    mass = scipy.sparse.diags(weight * np.maximum(size - 1, 0)) @ held
    by_language = np.asarray((chosen @ mass).todense())
    texts = (held.T @ scipy.sparse.diags(weight)).tocsr()
    made = scipy.sparse.vstack(
        [
            _told((texts[begin : begin + WORDS_AT_ONCE] @ held).tocoo(), begin, by_language)
            for begin in range(0, texts.shape[0], WORDS_AT_ONCE)
        ]
    ).tocsr()
    return ((made + made.T) / 2).tocsr()


def _told(pairs: Any, begin: int, by_language: np.ndarray) -> Any:
    """What some words tell of all: sparse, (some words, words), above 0 where it is held.

    Args:
        pairs: how often they stand together: sparse, (some words, words).
        begin: number of the first of them.
        by_language: how often each word stands with others: shape (languages, words).
    """
    apart = pairs.row + begin != pairs.col
    rows, columns, count = pairs.row[apart], pairs.col[apart], pairs.data[apart]
    expected = np.zeros(len(rows))
    for one, whole in zip(by_language, by_language.sum(axis=1), strict=True):
        if not whole:
            continue
        smooth = one**SMOOTHED
        smooth *= whole / max(smooth.sum(), 1e-12)
        mine = one[rows + begin]
        spoken = (mine > 0) & (one[columns] > 0)
        expected[spoken] += mine[spoken] * smooth[columns[spoken]] / whole
    told = np.round(np.log(np.maximum(count / np.maximum(expected, 1e-12), 1)), DECIMALS)
    held = told > 0
    return scipy.sparse.csr_matrix((told[held], (rows[held], columns[held])), pairs.shape)


def weighted(vectors: np.ndarray, held: Any) -> np.ndarray:
    """The vectors, each by the smooth inverse frequency of its word."""
    count = np.asarray(held.sum(axis=0)).ravel()
    share = count / max(count.sum(), 1)
    return vectors * (RARITY / (RARITY + share))[:, None]


def without_languages(vectors: np.ndarray, held: Any, languages: np.ndarray) -> np.ndarray:
    """The vectors without the directions of the means of languages, where there are several.

    Not just of their differences: what is left of a rare language would all lie in one direction.
    """
    texts = unit(held @ vectors)
    often = np.flatnonzero(np.bincount(languages) >= LEAST_TEXTS)
    if len(often) < 2:  # noqa: PLR2004 (two languages differ)
        return vectors
    means = np.stack([texts[languages == one].mean(axis=0) for one in often])
    _, strengths, directions = np.linalg.svd(means, full_matrices=False)
    told = directions[strengths > strengths[0] * 1e-6][: max(vectors.shape[1] // 2, 1)]
    return np.round(vectors - vectors @ told.T @ told, DECIMALS)


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1, rounded; zeros stay."""
    return np.round(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), DECIMALS)


def vocabulary(
    found: pa.StringArray, rows: np.ndarray, users: np.ndarray, least: tuple[int, int], most: int
) -> tuple[pa.StringArray, np.ndarray]:
    """The words that enough users wrote in enough texts, sorted; and in how many texts each is.

    Args:
        found: the words of all texts.
        rows: the text of each.
        users: the user of each text, -1 for unknown; unknown ones count as one.
        least: users, texts.
        most: words; the most frequent are taken, of equals the first in the alphabet.
    """
    coded = found.dictionary_encode()
    code = coded.indices.to_numpy().astype(np.int64)
    size = len(coded.dictionary)
    texts = np.bincount(_distinct(code, rows, size), minlength=size)
    writers = np.bincount(_distinct(code, users[rows], size), minlength=size)
    enough = np.flatnonzero((texts >= least[1]) & (writers >= least[0]))
    names = np.array(coded.dictionary.take(pa.array(enough)).to_pylist(), object)
    order = np.lexsort((names.astype(str), -texts[enough]))[:most]
    order = order[np.argsort(names[order].astype(str), kind="stable")]
    return pa.array(names[order].tolist(), pa.string()), writers[enough][order]


def _distinct(code: np.ndarray, other: np.ndarray, size: int) -> np.ndarray:
    """The code of each distinct pair of a code and another number."""
    pairs = np.sort((other.astype(np.int64) + 1) * size + code)  # several times as fast as unique
    is_new = np.ones(len(pairs), bool)
    is_new[1:] = pairs[1:] != pairs[:-1]
    return pairs[is_new] % size
