"""Some rows of a release, as rules look at them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contract.rule import Fault


class Rows:
    """Rows of one file, columns of right types only.

    Attributes:
        batch: the rows.
        path: of their file.
        interval: that the file is of.
        first: number of the first row in the file, from 0.
    """

    def __init__(self, batch: pa.RecordBatch, path: str, interval: str, first: int) -> None:
        self.batch = batch
        self.path = path
        self.interval = interval
        self.first = first

    def __getitem__(self, name: str) -> pa.Array:
        return self.batch.column(name)

    def __len__(self) -> int:
        return int(self.batch.num_rows)

    def nested(self, name: str) -> "Nested":
        """The entries of a list column, and the row of each."""
        return Nested(self[name])

    @cached_property
    def messages(self) -> "Nested":
        """The messages, and the row of each."""
        return self.nested("conversation")

    def each(self, name: str) -> np.ndarray:
        """A number or flag of each row, null as 0: shape (rows,)."""
        return plainly(self[name])

    def is_null(self, name: str) -> np.ndarray:
        """Whether a column is null: shape (rows,) bool."""
        return np.asarray(self[name].is_null().to_numpy(zero_copy_only=False))


class Nested:
    """A list column, flat.

    Attributes:
        flat: all entries.
        counts: entries of each row, 0 for null: shape (rows,).
        row: the row of each entry: shape (entries,).
        place: its place in the list, from 0: shape (entries,).
    """

    def __init__(self, column: pa.ListArray) -> None:
        self.flat = column.flatten()
        self.counts = plainly(pc.list_value_length(column)).astype(np.int64)
        self.row = np.repeat(np.arange(len(self.counts)), self.counts)
        self.begin = np.cumsum(self.counts) - self.counts
        self.place = np.arange(len(self.row)) - self.begin[self.row]

    def rows_with(self, where: np.ndarray) -> np.ndarray:
        """Rows that have any entry where `where`, shape (entries,), is true: (rows,) bool."""
        found = np.zeros(len(self.counts), bool)
        found[self.row[where]] = True
        return found

    def sum(self, values: np.ndarray) -> np.ndarray:
        """The sum of a number of each entry: shape (rows,)."""
        return np.bincount(self.row, values, len(self.counts))

    def field(self, name: str) -> pa.Array:
        """One field of entries that are structs."""
        return self.flat.field(name)


def plainly(column: pa.Array) -> np.ndarray:
    """Numbers or flags as an array, null as 0."""
    if column.null_count:
        column = pc.fill_null(column, pa.scalar(0).cast(column.type))
    return np.asarray(column.to_numpy(zero_copy_only=False))


def is_true(column: pa.Array) -> np.ndarray:
    """Whether a value is true, which null is not: shape (values,) bool."""
    return plainly(column).astype(bool)


def is_null(column: pa.Array) -> np.ndarray:
    """Whether a value is null: shape (values,) bool."""
    return np.asarray(column.is_null().to_numpy(zero_copy_only=False))


@dataclass(frozen=True)
class RowRule:
    """A rule on the values of a row.

    Attributes:
        name: as faults call it.
        says: what holds of every row.
        needs: the columns that it looks at; without one of them it says nothing.
        broken: which rows break it: shape (rows,) bool.
    """

    name: str
    says: str
    needs: tuple[str, ...]
    broken: Callable[[Rows], np.ndarray]


class Tally:
    """Which rules the rows of one file break, each with its first row and how many there are."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._first: dict[str, int] = {}
        self._count: Counter[str] = Counter()

    def add(self, rule: RowRule, rows: Rows) -> None:
        """Look at some rows."""
        broken = np.flatnonzero(rule.broken(rows))
        if len(broken):
            self._first.setdefault(rule.name, rows.first + int(broken[0]))
            self._count[rule.name] += len(broken)

    def faults(self, rules: Iterable[RowRule]) -> Iterator[Fault]:
        """One fault a rule."""
        for rule in rules:
            if count := self._count[rule.name]:
                where = f"row {self._first[rule.name]:,}"
                where += f", and {count - 1:,} more" if count > 1 else ""
                yield Fault(self._path, rule.name, f"{where}; it must be: {rule.says}")
