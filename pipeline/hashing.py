"""Hashes of text, computed once a message.

Keys that decide which text stays are 128 bits of BLAKE2b, so that nobody can craft a prompt that
collides with another one; chains inside one conversation are xxh3, four times as fast.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import xxhash

from pipeline import messages


def wide(parts: Iterable[bytes | memoryview]) -> bytes:
    """128-bit BLAKE2b of some byte strings; the borders between them count."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


def narrow(texts: pa.StringArray) -> np.ndarray:
    """64-bit xxh3 of each text: shape (messages,) uint64. Measured: 0.5 us a message."""
    return np.fromiter(map(xxhash.xxh3_64_intdigest, messages.views(texts)), np.uint64, len(texts))


def pair(values: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """128-bit xxh3 of each string, such as an id, as two columns of shape (rows,) uint64."""
    return split(map(xxhash.xxh3_128_digest, messages.views(values)))


def split(digests: Iterable[bytes]) -> tuple[np.ndarray, np.ndarray]:
    """16-byte digests as two columns of shape (rows,) uint64, to partition and sort by."""
    both = np.frombuffer(b"".join(digests), np.uint64)
    return both[::2].copy(), both[1::2].copy()


def mix(left: np.ndarray, right: np.ndarray | int) -> np.ndarray:
    """Combine two 64-bit hashes into one (the finaliser of SplitMix64 over their sum)."""
    with np.errstate(over="ignore"):
        z = np.asarray(left, np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.asarray(
            right, np.uint64
        )
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
