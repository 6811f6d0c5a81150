"""Rows that share a key, as runs of a sorted table: no loop over rows, no dictionary of lists."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ORDER = ("tstamp", "conversation_id", "event_hash")
"""What makes a row the first of several. Equal in all three means equal in every column."""


@dataclass(frozen=True)
class Groups:
    """A table sorted so that equal keys are neighbours, in row order inside a group.

    Attributes:
        rows: the sorted table, one chunk a column.
        starts: first row of each group, shape (groups,) int64.
        group: the group of each row, shape (rows,) int64.
    """

    rows: pa.Table
    starts: np.ndarray
    group: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """Rows of each group: shape (groups,) int64."""
        return np.diff(np.append(self.starts, self.rows.num_rows))

    @property
    def lasts(self) -> np.ndarray:
        """Last row of each group: shape (groups,) int64."""
        return self.starts + self.sizes - 1

    @property
    def rank(self) -> np.ndarray:
        """Place of each row in its group, from 0: shape (rows,) int64."""
        return np.arange(self.rows.num_rows) - self.starts[self.group]

    def sum(self, per_row: np.ndarray) -> np.ndarray:
        """Sum a number per row to shape (groups,) int64."""
        return np.bincount(self.group, per_row, len(self.starts)).astype(np.int64)


def by(rows: pa.Table, *keys: str, order: tuple[str, ...] = ORDER) -> Groups:
    """Sort by the keys, then by row order; find the runs of equal keys."""
    place = ["place"] if "place" in rows.column_names else []
    names = [*keys, *order, "unit", "row", *place]
    at = pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in dict.fromkeys(names)])
    rows = rows.take(at).combine_chunks()
    is_first = np.zeros(rows.num_rows, bool)
    is_first[:1] = True
    for key in keys:
        column = ints(rows, key)
        is_first[1:] |= column[1:] != column[:-1]
    return Groups(rows, np.flatnonzero(is_first), np.cumsum(is_first) - 1)


def ints(rows: pa.Table, name: str) -> np.ndarray:
    """A numeric or boolean column as a numpy array: shape (rows,)."""
    return rows[name].to_numpy()


def decisions(
    rows: pa.Table, where: np.ndarray, columns: dict[str, pa.Array | None] | None = None
) -> pa.Table:
    """Decisions on the rows where `where` is true.

    Args:
        rows: what `choose` was given, in any order.
        where: shape (rows,) bool.
        columns: `reason`, `into` and joined columns, each of shape (rows,); absent ones are null.
    """
    columns = {"reason": None, "into": None} | (columns or {})
    table = rows.select(["table", "unit", "row"])
    for name, column in columns.items():
        full = pa.nulls(rows.num_rows, pa.string()) if column is None else column
        table = table.append_column(name, full)
    return table.filter(pa.array(where))


def chosen(where: np.ndarray, value: str) -> pa.Array:
    """A string column: the value where true, null elsewhere."""
    return pc.if_else(pa.array(where), pa.scalar(value), pa.scalar(None, pa.string()))
