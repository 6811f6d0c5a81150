"""Rows that are joined stay together, in blocks that are not much larger than asked for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline import components
from pipeline.components import Forest

COUNT = 30
JOINS = st.lists(
    st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=8),
    max_size=5,
)


def by_hand(joins: list[list[tuple[int, int]]]) -> list[int]:
    """The least row that each row is joined to: names are handed on until nothing changes."""
    name = list(range(COUNT))
    edges = [edge for edges in joins for edge in edges]
    for _ in range(COUNT):
        for a, b in edges:
            name[a] = name[b] = min(name[a], name[b])
    return name


@given(JOINS)
def test_joined_rows_have_one_root(joins: list[list[tuple[int, int]]]) -> None:
    """Whatever is joined in whichever call: the root of each row is the least of its component."""
    forest = Forest(COUNT)
    for edges in joins:
        pairs = np.array(edges, np.int64).reshape(-1, 2)
        forest.join(pairs[:, 0], pairs[:, 1])

    assert forest.roots(np.arange(COUNT)).tolist() == by_hand(joins)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), max_size=30), st.integers(1, 20))
def test_a_component_is_in_one_block(rows: list[tuple[int, int]], most: int) -> None:
    """Blocks hold whole components; parts hold at most what is asked for, or one row too many."""
    root, weight = (np.array([row[at] for row in rows], np.int64) for at in (0, 1))
    made = components.blocks(root, weight, most)

    assert all(len(set(made.block[root == name].tolist())) == 1 for name in set(root.tolist()))
    assert sorted(set(made.block.tolist())) == list(range(made.blocks))
    for part in range(made.parts):
        mine = made.part == part
        small = [weight[mine & (root == name)].sum() for name in set(root[mine].tolist())]
        assert weight[mine].sum() < most + max([*small, *weight], default=0) or len(small) <= 1


def test_a_large_component_lies_in_several_parts() -> None:
    """One block, but its sets are read a few at a time."""
    made = components.blocks(np.zeros(100, np.int64), np.full(100, 10), 50)

    assert made.blocks == 1
    assert np.bincount(made.part).tolist() == [5] * 20
