"""Parquet files that are checked when they are read, and say which of them is damaged."""

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError

CHECKED: dict[str, Any] = {"write_page_checksum": True}
"""How a file is written, so that a flipped bit is found: a CRC-32 a page."""


class Source(pq.ParquetFile):  # type: ignore[misc]
    """A Parquet file opened for reading.

    Args:
        stream: its bytes, seekable.
        path: how errors call it.

    Raises:
        InputError: it is torn, or a page is not what was written; so do all methods that read.
    """

    def __init__(self, stream: Any, path: str) -> None:
        self._path = path
        with _told(path):
            super().__init__(stream, page_checksum_verification=True)

    def read(self, *args: Any, **options: Any) -> pa.Table:
        with _told(self._path):
            return super().read(*args, **options)

    def read_row_group(self, *args: Any, **options: Any) -> pa.Table:
        with _told(self._path):
            return super().read_row_group(*args, **options)

    def read_row_groups(self, *args: Any, **options: Any) -> pa.Table:
        with _told(self._path):
            return super().read_row_groups(*args, **options)

    def iter_batches(self, *args: Any, **options: Any) -> Iterator[pa.RecordBatch]:
        with _told(self._path):
            batches = super().iter_batches(*args, **options)
        while (batch := self._next(batches)) is not None:
            yield batch

    def holding(self, rows: np.ndarray) -> tuple[list[int], np.ndarray]:
        """The row groups that hold some rows of the file, and where those rows are in them."""
        meta = self.metadata
        sizes = np.array([meta.row_group(group).num_rows for group in range(meta.num_row_groups)])
        ends = np.cumsum(sizes)
        group = np.searchsorted(ends, rows, "right")
        wanted = np.unique(group)
        begins = np.zeros(len(sizes), np.int64)
        begins[wanted] = np.cumsum(sizes[wanted]) - sizes[wanted]
        return wanted.tolist(), rows - (ends - sizes)[group] + begins[group]

    def _next(self, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
        with _told(self._path):
            return next(batches, None)


@contextlib.contextmanager
def _told(path: str) -> Iterator[None]:
    """What Arrow says may hold data, so that it is left out."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise  # of the store, not of the file
        raise InputError(
            f"{path} is damaged; a file of a run folder is made anew by --restart"
        ) from error
