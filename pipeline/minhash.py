"""MinHash signatures and LSH bands, equal to datasketch's `affine32` scheme, a batch at a time."""

import functools
import math

import numpy as np

from pipeline.shingles import PLACES, Sets

SCHEME = "affine32"
SEED = 1
FALSE_AT_HALF = 0.2
"""Share of pairs at half the threshold that may become candidates; the exact check meets them."""


@functools.cache
def permutations(count: int) -> np.ndarray:
    """Parameters a, b of each permutation h -> a * h + b modulo 2**32: shape (2, count) uint32."""
    import datasketch  # noqa: PLC0415 (takes a quarter of a second, and only here)

    return datasketch.MinHash(count, seed=SEED, scheme=SCHEME).permutations


def signatures(sets: Sets, count: int) -> np.ndarray:
    """The signature of each document: shape (count, documents) uint32.

    The hash of a shingle is its low 32 bits. A document without shingles gets the largest value.

    Source:
        Broder 1997, "On the resemblance and containment of documents"; datasketch 2.0, minhash.py.
    """
    made = np.full((count, len(sets.ends)), np.uint32(0xFFFFFFFF))
    begins = sets.begins
    filled = np.flatnonzero(sets.ends > begins)
    if not len(filled):
        return made
    hashes = _fmix(sets.hashes.astype(np.uint32))
    moved = np.empty_like(hashes)
    for row, (a, b) in enumerate(permutations(count).T):
        np.multiply(hashes, a, out=moved)
        np.add(moved, b, out=moved)
        made[row, filled] = np.minimum.reduceat(moved, begins[filled])
    return made


def _fmix(hashes: np.ndarray) -> np.ndarray:
    """The finaliser of MurmurHash3, 32 bits."""
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


def bands_and_rows(threshold: float, recall: float, parts: int) -> tuple[int, int]:
    """The fewest permutations that find pairs at the threshold with the recall demanded.

    A band finds a pair of similarity s with probability s ** (rows * parts), where a pair must
    agree in all its parts. Fewer rows need fewer permutations, but bring more false candidates.

    Source:
        Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", section 3.4.
    """
    for rows in range(1, 64):
        found = threshold ** (rows * parts)
        bands = math.ceil(math.log(1 - recall) / math.log1p(-found)) if found < 1 else 1
        if 1 - (1 - (threshold / 2) ** (rows * parts)) ** bands <= FALSE_AT_HALF:
            return bands, rows
    return bands, rows


def band_keys(parts: list[np.ndarray], bands: int, rows: int, salt: np.ndarray) -> np.ndarray:
    """One 64-bit key a document and band: shape (documents, bands) uint64.

    Args:
        parts: signatures of each part, shape (bands * rows, documents); all must agree.
        bands: how many keys a document gets.
        rows: signature values of each part in a key.
        salt: what else must be equal, such as the model: shape (documents,) uint64.
    """
    keys = np.empty((len(salt), bands), np.uint64)
    for band in range(bands):
        key = salt + np.uint64((band + 1) * PLACES[0] & 0xFFFFFFFFFFFFFFFF)
        for part in parts:
            for row in range(rows):
                key = (key ^ part[band * rows + row]) * np.uint64(PLACES[1])
                key ^= key >> np.uint64(29)
        keys[:, band] = key * np.uint64(PLACES[2])
    return keys
