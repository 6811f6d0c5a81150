"""The sets of shingles of a block's rows, read from disk a part at a time."""

import numpy as np
import pyarrow as pa

from pipeline import shingles, spill


class Shelf:
    """Fetches the sets of some rows; holds those of one part a column.

    Args:
        files: where the parts of each column are, by unit.
        rows: `unit`, `row` and `part` of each row that may be asked for.
    """

    def __init__(self, files: dict[str, list[tuple[int, str]]], rows: pa.Table) -> None:
        self.files = files
        address = _addresses(rows)
        order = np.argsort(address)
        self.address = address[order]
        self.part = rows["part"].to_numpy()[order]
        self.held: dict[str, tuple[int, np.ndarray, pa.BinaryArray]] = {}

    def __call__(
        self, unit: np.ndarray, row: np.ndarray, column: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """The sets of some rows, flat, and where each ends."""
        address = unit.astype(np.int64) << 32 | row
        part = self.part[np.searchsorted(self.address, address)]
        pieces, order = [pa.array([], pa.binary())], [np.zeros(0, np.int64)]
        for number in np.unique(part).tolist():
            mine = np.flatnonzero(part == number)
            places, sets = self._part(number, column)
            pieces.append(sets.take(pa.array(np.searchsorted(places, address[mine]))))
            order.append(mine)
        found = pa.concat_arrays(pieces)
        if len(pieces) > 2:  # noqa: PLR2004 (an empty one and one more are in order)
            found = found.take(pa.array(np.argsort(np.concatenate(order))))
        return shingles.unpacked(found)

    def _part(self, number: int, column: str) -> tuple[np.ndarray, pa.BinaryArray]:
        if column not in self.held or self.held[column][0] != number:
            self.held.pop(column, None)
            rows = spill.gather(self.files[column], number)
            self.held[column] = number, _addresses(rows), rows[column].combine_chunks()
        return self.held[column][1:]


def _addresses(rows: pa.Table) -> np.ndarray:
    """Unit and row as one number: shape (rows,) int64."""
    return rows["unit"].to_numpy().astype(np.int64) << 32 | rows["row"].to_numpy()
