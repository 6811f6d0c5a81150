"""Hashes are of the bytes of a text, and of where one part ends and the next begins."""

import hashlib

import numpy as np
import pyarrow as pa
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from pipeline import hashing
from tests.conftest import texts

parts = st.lists(st.binary(max_size=3), max_size=3)
strings = st.lists(st.text(max_size=5), max_size=5)
words = st.integers(0, 2**64 - 1)


@given(left=parts, right=parts)
def test_borders_count(left: list[bytes], right: list[bytes]) -> None:
    """Parts have the same hash only if they are the same, part by part."""
    assert (hashing.wide(left) == hashing.wide(right)) == (left == right)


def test_wide_is_blake2b() -> None:
    """128 bits of BLAKE2b over each part's length, 8 bytes, and its bytes."""
    spelled = b"\2\0\0\0\0\0\0\0ab" + b"\0\0\0\0\0\0\0\0"

    assert hashing.wide([b"ab", b""]) == hashlib.blake2b(spelled, digest_size=16).digest()


@given(found=strings)
def test_narrow_is_one_number_a_text(found: list[str]) -> None:
    """Each text has its own xxh3, in slices, too."""
    wanted = [xxhash.xxh3_64_intdigest(text.encode()) for text in found]

    assert hashing.narrow(texts(*found)).tolist() == wanted
    assert hashing.narrow(pa.array(found, pa.string())).tolist() == wanted


@given(found=strings)
def test_pairs_hold_all_128_bits(found: list[str]) -> None:
    """The two columns together are the whole hash of each string."""
    left, right = hashing.pair(texts(*found))
    joined = [a.tobytes() + b.tobytes() for a, b in zip(left, right, strict=True)]

    assert joined == [xxhash.xxh3_128_digest(text.encode()) for text in found]


def test_pairs_spread_over_partitions() -> None:
    """Ids that differ in one digit fall all over the range of the first column."""
    ids = pa.array([f"{number:032x}" for number in range(1000)])
    buckets = np.bincount((hashing.pair(ids)[0] >> np.uint64(61)).astype(int), minlength=8)

    assert buckets.min() > 80


@given(left=words, right=words)
def test_mix_is_split_mix(left: int, right: int) -> None:
    """The finaliser of SplitMix64, as it is written down, in 64 bits."""
    z = (left * 0x9E3779B97F4A7C15 + right) % 2**64
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
    wanted = z ^ (z >> 31)

    assert hashing.mix(np.array([left], np.uint64), np.array([right], np.uint64)) == [wanted]
    assert hashing.mix(np.array([left], np.uint64), right) == [wanted]


def test_mix_knows_left_from_right() -> None:
    """Two messages in the other order have another hash."""
    one, two = np.array([1], np.uint64), np.array([2], np.uint64)

    assert hashing.mix(one, two) != hashing.mix(two, one)
