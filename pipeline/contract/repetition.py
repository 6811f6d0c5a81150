"""What comes twice: ids that must not, and rows of derived configs that must.

An id is held as 8 bytes of hash; only where two hashes are equal is a release looked at again.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import hashing
from pipeline.contract.rule import DAMAGE, Fault, unreadable

ID, VARIANT = "conversation_id", "variant"
MOST_SUSPECTS = 1000
"""Ids that are looked at again."""
SAYS = {
    "unique": "no conversation id comes twice in a config, or twice with the same `variant`",
    "repeats": "a row of `metadata` or `sample` is, value by value, one of `conversations`",
    "drawn": "`sample` holds the rows of each interval whose ids hash lowest (xxh3, 64 bits)",
}


def hashes(batch: pa.RecordBatch) -> np.ndarray:
    """64 bits of the id of each row: shape (rows,) uint64."""
    return hashing.narrow(pc.fill_null(batch[ID], ""))


class Ids:
    """All ids of a release; 8 bytes a row, and 8 more for a moment at the end."""

    def __init__(self) -> None:
        self._parts: list[np.ndarray] = []

    def add(self, batch: pa.RecordBatch, digests: np.ndarray) -> None:
        """Note the ids of some rows, whose hashes these are."""
        self._parts.append(_keys(batch, digests))

    def suspects(self) -> np.ndarray:
        """Hashes that came more than once, up to a limit."""
        if not self._parts:
            return np.empty(0, np.uint64)
        whole = np.concatenate(self._parts)
        self._parts.clear()
        whole.sort()
        return np.unique(whole[1:][whole[1:] == whole[:-1]])[:MOST_SUSPECTS]


def _keys(batch: pa.RecordBatch, digests: np.ndarray) -> np.ndarray:
    if VARIANT not in batch.schema.names:
        return digests
    return hashing.mix(digests, pc.fill_null(batch[VARIANT], 0).to_numpy().astype(np.uint64))


def twice(
    paths: Iterable[str], opened: Callable[[str], pq.ParquetFile], suspects: np.ndarray
) -> Iterator[Fault]:
    """The ids behind some hashes that do come twice, by the place where they come again."""
    seen: dict[tuple[str, int], tuple[str, int]] = {}
    for path in paths:
        source, first = opened(path), 0
        names = [name for name in (ID, VARIANT) if name in source.schema_arrow.names]
        for batch in source.iter_batches(1 << 16, columns=names, use_threads=False):
            found = np.flatnonzero(np.isin(_keys(batch, hashes(batch)), suspects))
            for row, held in zip(
                found.tolist(), batch.take(pa.array(found)).to_pylist(), strict=True
            ):
                key = (held[ID], held.get(VARIANT) or 0)
                if key in seen:
                    other, at = seen[key]
                    what = f"the id of row {first + row:,} is also that of row {at:,} of {other}"
                    yield Fault(path, "unique", what)
                else:
                    seen[key] = (path, first + row)
            first += batch.num_rows


class Follower:
    """A file of `metadata` or `sample`, read in step with the rows that it repeats."""

    def __init__(self, path: str, source: pq.ParquetFile, batch_rows: int) -> None:
        self.path = path
        self._names = source.schema_arrow.names
        self._batches = source.iter_batches(batch_rows, use_threads=False)
        self._held: list[pa.RecordBatch] = []
        self._at = 0
        self._is_wrong = False

    def follow(self, rows: pa.RecordBatch) -> Iterator[Fault]:
        """Compare the next rows of the file with rows of `conversations`; says it once."""
        if self._is_wrong:
            return
        try:
            mine = self._next(rows.num_rows)
        except DAMAGE as error:
            self._is_wrong = True
            yield unreadable(self.path, error)
            return
        names = [name for name in self._names if name in rows.schema.names]
        wanted = pa.Table.from_batches([rows.select(names)])
        if mine is None or mine.num_rows != wanted.num_rows:
            self._is_wrong = True
            yield Fault(self.path, "repeats", f"ends at row {self._at:,}, where more should be")
        elif differing := [name for name in names if not mine[name].equals(wanted[name])]:
            self._is_wrong = True
            where = f"rows {self._at - mine.num_rows:,} to {self._at - 1:,}"
            yield Fault(self.path, "repeats", f"{where} differ in {', '.join(differing)}")

    def end(self) -> Iterator[Fault]:
        """Whether more rows are left than there should be."""
        if self._is_wrong:
            return
        try:
            left = self._next(1)
        except DAMAGE as error:
            yield unreadable(self.path, error)
            return
        if left:
            yield Fault(
                self.path, "repeats", f"goes on at row {self._at - 1:,}, where it should end"
            )

    def _next(self, count: int) -> pa.Table | None:
        while sum(batch.num_rows for batch in self._held) < count:
            try:
                self._held.append(next(self._batches))
            except StopIteration:
                break
        if not self._held:
            return None
        whole = pa.Table.from_batches(self._held)
        taken, rest = whole.slice(0, count), whole.slice(count)
        self._held = rest.to_batches() if rest.num_rows else []
        self._at += taken.num_rows
        return taken


class Sample:
    """The sample of one interval, and which rows must be in it.

    Args:
        path: of its file.
        source: the file.
        batch_rows: rows at a time.
    """

    def __init__(self, path: str, source: pq.ParquetFile, batch_rows: int) -> None:
        self.path = path
        ids = source.iter_batches(1 << 16, columns=[ID], use_threads=False)
        held = [hashes(batch) for batch in ids]
        drawn = np.concatenate(held) if held else np.empty(0, np.uint64)
        self._highest = drawn.max() if len(drawn) else np.uint64(0)
        self._of_highest = int(np.count_nonzero(drawn == self._highest))
        self._follower = Follower(path, source, batch_rows)

    def follow(self, rows: pa.RecordBatch, digests: np.ndarray) -> Iterator[Fault]:
        """Compare the next rows of the interval that must be drawn with those that are."""
        ties = np.flatnonzero(digests == self._highest)[: self._of_highest]
        self._of_highest -= len(ties)
        is_drawn = digests < self._highest
        is_drawn[ties] = True
        if is_drawn.any():
            for fault in self._follower.follow(rows.filter(pa.array(is_drawn))):
                rule = "drawn" if fault.rule == "repeats" else fault.rule
                yield Fault(fault.file, rule, fault.what)

    def end(self) -> Iterator[Fault]:
        """Whether more rows were drawn than there should be."""
        for fault in self._follower.end():
            yield Fault(fault.file, "drawn", fault.what)
