"""Signatures are datasketch's; bands find what they were solved for."""

import datasketch
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import minhash
from pipeline.shingles import Sets


def sets_of(documents: list[set[int]]) -> Sets:
    """Sets given as Python sets."""
    flat = [value for one in documents for value in sorted(one)]
    ends = np.cumsum([len(one) for one in documents]).astype(np.int64)
    return Sets(np.array(flat, np.uint64), ends)


@given(st.lists(st.sets(st.integers(0, 2**48 - 1), max_size=20), max_size=6), st.integers(1, 80))
def test_signatures_are_those_of_datasketch(documents: list[set[int]], count: int) -> None:
    """Scheme affine32, seed 1, the low 32 bits of each hash: equal value for value."""
    made = minhash.signatures(sets_of(documents), count)
    for number, one in enumerate(documents):
        theirs = datasketch.MinHash(
            count, seed=minhash.SEED, scheme=minhash.SCHEME, hashfunc=lambda value: value
        )
        theirs.update_batch([value & 0xFFFFFFFF for value in one])

        assert made[:, number].tolist() == theirs.hashvalues.tolist()


@pytest.mark.parametrize("parts", [1, 2])
@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.8, 0.95])
def test_bands_reach_the_recall_demanded(threshold: float, parts: int) -> None:
    """A pair at exactly the threshold meets with at least the probability asked for."""
    bands, rows = minhash.bands_and_rows(threshold, 0.998, parts)

    assert 1 - (1 - threshold ** (rows * parts)) ** bands >= 0.998


def test_bands_find_pairs_at_the_threshold() -> None:
    """Of 2,000 random pairs of similarity 0.8, at least 99 % share a band key."""
    bands, rows = minhash.bands_and_rows(0.8, 0.998, 1)
    draw = np.random.default_rng(0)
    found = 0
    for _ in range(2000):
        values = draw.integers(0, 2**48, 180)
        pair = sets_of([set(values[:162].tolist()), set(values[18:].tolist())])
        keys = minhash.band_keys(
            [minhash.signatures(pair, bands * rows)], bands, rows, np.zeros(2, np.uint64)
        )
        found += bool((keys[0] == keys[1]).any())

    assert found >= 1980


def test_what_must_be_equal_parts_the_keys() -> None:
    """Rows with another salt, such as another model, share no key."""
    one = sets_of([{1, 2, 3}, {1, 2, 3}])
    keys = minhash.band_keys([minhash.signatures(one, 8)], 4, 2, np.array([1, 2], np.uint64))

    assert not set(keys[0].tolist()) & set(keys[1].tolist())
