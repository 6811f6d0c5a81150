"""The star rule over exact similarities: a dropped node has a kept witness, always."""

import itertools
from random import Random
from unittest import mock

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline import similarity
from pipeline.similarity import Star

Sets = list[set[int]]
MOST = sum(similarity.LEADERS)


def jaccard(one: set[int], other: set[int]) -> float:
    """The similarity of two sets; 0 for two empty ones."""
    return round(len(one & other) / max(len(one | other), 1), similarity.DIGITS)


def fetcher(sets: Sets) -> similarity.Fetch:
    """Fetches sets by number."""

    def fetch(nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = [sorted(sets[node]) for node in nodes.tolist()]
        flat = np.array([value for one in found for value in one], np.int64)
        return flat, np.cumsum([len(one) for one in found])

    return fetch


def star(sets: Sets, buckets: list[list[int]] | None = None, **options: object) -> Star:
    """The star of some sets; all in one bucket, unless said otherwise."""
    buckets = [list(range(len(sets)))] if buckets is None else buckets
    keys = [number for number, bucket in enumerate(buckets) for _ in bucket]
    fetch = fetcher(sets)
    return similarity.star(
        np.array(keys, np.uint64),
        np.array([node for bucket in buckets for node in bucket], np.int64),
        len(sets),
        lambda left, right: similarity.jaccard(left, right, np.ones(len(sets)), fetch),
        threshold=0.6,
        is_fixed=np.array(options.get("is_fixed", np.zeros(len(sets), bool))),
        partner=np.array(options.get("partner", np.full(len(sets), -1))),
    )


def copies(seed: int, count: int) -> Sets:
    """Sets of which many are near to one of a few."""
    draw = Random(seed)  # noqa: S311 (a draw, not a secret)
    bases = [draw.sample(range(300), 30) for _ in range(5)]
    made = []
    for _ in range(count):
        one = set(draw.choice(bases))
        for _ in range(draw.randrange(12)):
            one.discard(draw.choice(sorted(one)))
            one.add(draw.randrange(300))
        made.append(one)
    return made


def by_hand(sets: Sets) -> list[int]:
    """The first kept set before each that is near it, or -1: each with all, one by one."""
    witness: list[int] = []
    for number, one in enumerate(sets):
        near = (n for n in range(number) if witness[n] < 0 and jaccard(sets[n], one) >= 0.6)
        witness.append(next(near, -1))
    return witness


@given(st.lists(st.tuples(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9))), max_size=20))
def test_similarity_is_exact(pairs: list[tuple[set[int], set[int]]]) -> None:
    """Intersection over union, as sets in Python have it."""
    sets = [one for pair in pairs for one in pair]
    left = np.arange(len(pairs)) * 2
    found = similarity.jaccard(left, left + 1, np.ones(len(sets)), fetcher(sets))

    assert found.tolist() == [jaccard(one, other) for one, other in pairs]


@given(st.integers(0, 10_000), st.integers(1, 70))
def test_the_star_is_that_of_all_pairs(seed: int, count: int) -> None:
    """In a bucket of up to 128 kept members the result is that of comparing each with all."""
    sets = copies(seed, count)

    assert star(sets).witness.tolist() == by_hand(sets)


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 9))
def test_every_dropped_node_has_a_kept_witness(seed: int, count: int, buckets: int) -> None:
    """Whatever the buckets: the witness is kept, comes before, and is near."""
    sets = copies(seed, count)
    draw = Random(seed)  # noqa: S311 (as above)
    found = star(
        sets, [draw.sample(range(count), draw.randrange(1, count + 1)) for _ in range(buckets)]
    )
    for node, witness in enumerate(found.witness.tolist()):
        if witness >= 0:
            assert found.witness[witness] < 0
            assert witness < node
            assert jaccard(sets[node], sets[witness]) == found.similarity[node] >= 0.6


def test_no_chain_of_small_steps() -> None:
    """Each set is near the next, but the last is not near the first: it stays."""
    chain = [set(range(step, step + 20)) for step in range(0, 30, 3)]
    found = star(chain)

    assert jaccard(chain[0], chain[1]) >= 0.6 > jaccard(chain[0], chain[2])
    assert found.witness.tolist() == [-1, 0, -1, 2, -1, 4, -1, 6, -1, 8]


def test_a_hot_bucket_is_linear() -> None:
    """100,000 equal sets in one bucket: one stays, after a few comparisons each."""
    count, asked = 100_000, 0

    def compare(left: np.ndarray, _: np.ndarray) -> np.ndarray:
        nonlocal asked
        asked += len(left)
        return np.ones(len(left))

    found = similarity.star(
        np.zeros(count, np.uint64),
        np.arange(count),
        count,
        compare,
        threshold=0.8,
        is_fixed=np.zeros(count, bool),
        partner=np.full(count, -1),
    )

    assert (found.witness == 0).sum() == count - 1
    assert asked <= MOST * count


def test_a_hot_bucket_of_strangers_is_linear() -> None:
    """5,000 members that only share a key are compared with 128 of them each, not with all."""
    count, asked = 5000, 0

    def compare(left: np.ndarray, _: np.ndarray) -> np.ndarray:
        nonlocal asked
        asked += len(left)
        return np.zeros(len(left))

    similarity.star(
        np.zeros(count, np.uint64),
        np.arange(count),
        count,
        compare,
        threshold=0.8,
        is_fixed=np.zeros(count, bool),
        partner=np.full(count, -1),
    )

    assert asked <= MOST * count


def test_partners_go_together_or_stay() -> None:
    """A side of a battle is dropped only with the other side."""
    one, other, stranger = {1, 2, 3}, {4, 5, 6}, {7, 8, 9}
    both = star([one, other, one, other], partner=[-1, -1, 3, 2])
    half = star([one, other, one, stranger], partner=[-1, -1, 3, 2])

    assert both.witness.tolist() == [-1, -1, 0, 1]
    assert half.witness.tolist() == [-1, -1, -1, -1]


def test_fixed_nodes_stay() -> None:
    """A row of a former release is a reason to drop, never dropped."""
    found = star([{1, 2}, {1, 2}, {1, 2}], is_fixed=[True, True, False])

    assert found.witness.tolist() == [-1, -1, 0]


def test_long_sets_are_merged_a_few_at_a_time() -> None:
    """However few hashes are merged at once, and however small blocks are: all the same."""
    sets = copies(3, 40)
    left, right = (
        np.array(side) for side in zip(*itertools.combinations(range(40), 2), strict=True)
    )
    whole = similarity.jaccard(left, right, np.full(40, 30), fetcher(sets))
    with (
        mock.patch.object(similarity, "BLOCK_HASHES", 50),
        mock.patch.object(similarity, "BLOCK_BYTES", 200),
    ):
        parts = similarity.jaccard(left, right, np.full(40, 30), fetcher(sets))

    assert parts.tolist() == whole.tolist()


@given(st.integers(0, 10_000), st.integers(1, 70))
def test_pairs_in_work_do_not_matter(seed: int, count: int) -> None:
    """However few pairs and memberships are looked at together, the star is the same."""
    sets = copies(seed, count)
    buckets = [list(range(0, count, step)) for step in (1, 2, 3)]
    whole = star(sets, buckets)
    with (
        mock.patch.object(similarity, "BLOCK_PAIRS", 7),
        mock.patch.object(similarity, "BLOCK_MEMBERS", 5),
    ):
        parts = star(sets, buckets)

    assert parts.witness.tolist() == whole.witness.tolist()
    assert parts.similarity.tolist() == whole.similarity.tolist()
