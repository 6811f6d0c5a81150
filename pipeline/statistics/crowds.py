"""How many distinct users stand behind each cell: exact up to a limit, in memory of that limit.

Whether a cell may be shown asks only if there are enough users behind it, so that of more than
`MOST` nothing need be held. The same holds for several cells together.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.statistics import Users

MOST = 1000
"""Users of a cell that are told apart; no minimum can be larger."""
NOBODY = 0
"""Stands for a user who is not known: counts for nobody."""


class Crowds:
    """The users behind the cells of a partition, added up over batches in any order."""

    def __init__(self) -> None:
        self._held: dict[str, np.ndarray] = {}

    def add(self, names: pa.Array | pa.ChunkedArray, users: np.ndarray) -> None:
        """Count rows by the cell that each is in.

        Args:
            names: strings, null is "": shape (rows,).
            users: hashes, or `NOBODY`: shape (rows,) uint64.
        """
        column = pc.fill_null(names, "")
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        coded = pc.dictionary_encode(column)
        codes = coded.indices.to_numpy()
        order = np.lexsort((users, codes))
        codes, users = codes[order], users[order]
        ends = np.searchsorted(codes, np.arange(len(coded.dictionary) + 1))
        for at, name in enumerate(coded.dictionary.to_pylist()):
            self.put(name, users[ends[at] : ends[at + 1]])

    def put(self, name: str, users: np.ndarray) -> None:
        """Count the users of some rows of one cell: shape (rows,) uint64."""
        held = self._held.get(name)
        if held is None or len(held) < MOST:
            known = users[users != NOBODY]
            both = np.unique(known) if held is None else np.union1d(held, known)
            self._held[name] = both[:MOST]

    def of(self, name: str) -> int:
        """The users of a cell; `MOST` stands for so many or more."""
        return len(self._held.get(name, ()))

    def together(self, counts: Mapping[str, int]) -> dict[str, Users]:
        """For each cell its users, and those of all cells up to it, from the fewest users on.

        Args:
            counts: name -> rows, of the cells.
        """
        found: dict[str, Users] = {}
        union = np.empty(0, np.uint64)
        for name in sorted(counts, key=lambda one: (self.of(one), counts[one], one)):
            if counts[name]:
                union = np.union1d(union, self._held.get(name, union))[:MOST]
                found[name] = (self.of(name), len(union))
        return found
