"""Recall in hot buckets: pairs that are near, among rows that all share a template.

python benchmarks/hot_buckets.py [ROWS]
"""

import sys

import numpy as np

from pipeline import minhash, similarity
from pipeline.shingles import Sets

SIZE, DIFFER = 100, 4
THRESHOLD, RECALL = 0.8, 0.998


def pairs(count: int, shared: int) -> list[np.ndarray]:
    """Sets of which each shares a template with all, and nearly all with one other."""
    draw = np.random.default_rng(0)
    template = draw.integers(0, 1 << 48, shared)
    made = []
    for _ in range(count // 2):
        own = draw.integers(0, 1 << 48, SIZE - shared)
        for _ in range(2):
            mine = own.copy()
            at = draw.choice(len(own), DIFFER, replace=False)
            mine[at] = draw.integers(0, 1 << 48, DIFFER)
            made.append(np.unique(np.concatenate([template, mine])))
    return [made[at] for at in draw.permutation(len(made))]


def found(sets: list[np.ndarray]) -> tuple[int, int]:
    """How many rows the star drops, and how large the largest bucket is."""
    ends = np.cumsum([len(one) for one in sets])
    bands, rows = minhash.bands_and_rows(THRESHOLD, RECALL, 1)
    flat = Sets(np.concatenate(sets).astype(np.uint64), ends)
    signature = minhash.signatures(flat, bands * rows)
    keys = minhash.band_keys([signature], bands, rows, np.zeros(len(sets), np.uint64)).reshape(-1)

    def fetch(nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        some = [sets[node] for node in nodes.tolist()]
        return np.concatenate(some), np.cumsum([len(one) for one in some])

    star = similarity.star(
        keys,
        np.repeat(np.arange(len(sets)), bands),
        len(sets),
        lambda left, right: similarity.jaccard(left, right, np.full(len(sets), 8 * SIZE), fetch),
        threshold=THRESHOLD,
        is_fixed=np.zeros(len(sets), bool),
        partner=np.full(len(sets), -1),
    )
    return int((star.witness >= 0).sum()), int(np.unique(keys, return_counts=True)[1].max())


def main() -> None:
    """Print a table: the more of a row is template, the less its bands say of the rest."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    near = (SIZE - DIFFER) / (SIZE + DIFFER)
    print(f"\n{count // 2:,} pairs of Jaccard {near:.2f} among {count:,} rows of one template\n")
    print("| Jaccard with every other row | largest bucket | pairs found |\n|---|---|---|")
    for shared in (60, 75, 84):
        dropped, largest = found(pairs(count, shared))
        every = shared / (2 * SIZE - shared)
        print(f"| {every:.2f} | {largest:,} | {dropped / (count // 2):.4f} |", flush=True)


if __name__ == "__main__":
    main()
