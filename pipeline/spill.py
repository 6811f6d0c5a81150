"""Tables on disk between two steps, cut into numbered parts of which each can be read alone.

An Arrow file holds a batch a part, also where a part is empty. What was cut by units is read by
ranges, or by blocks: each byte is written once and read once, however many parts there are.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from pipeline import files


def write(path: str, table: pa.Table, part: np.ndarray, parts: int) -> None:
    """Write a table as parts, its rows in their order.

    Args:
        path: of the file.
        table: any columns.
        part: where each row belongs: shape (rows,), below `parts`.
        parts: how many there are.
    """
    order = np.argsort(part, kind="stable")
    ends = np.cumsum(np.bincount(part, minlength=parts)).tolist()
    rows = table.take(pa.array(order)).combine_chunks().to_batches()
    whole = rows[0] if rows else pa.RecordBatch.from_pylist([], table.schema)
    with files.sink(path) as stream, pa.ipc.new_file(stream, whole.schema) as writer:
        for begin, end in zip([0, *ends[:-1]], ends, strict=True):
            writer.write_batch(whole.slice(begin, end - begin))


def read(path: str, part: int) -> pa.Table:
    """One part of a file."""
    with files.open_input(path) as stream, pa.ipc.open_file(stream) as source:
        return pa.Table.from_batches([source.get_batch(part)])


def gather(paths: Iterable[tuple[int, str]], part: int) -> pa.Table:
    """One part of several files, with the number of each as column `unit`."""
    pieces = []
    for unit, path in paths:
        rows = read(path, part)
        rows = rows.append_column("unit", pa.array(np.full(rows.num_rows, unit, np.int32)))
        pieces.append(rows)
    return together([rows for rows in pieces if rows.num_rows] or pieces[:1])


def together(pieces: Sequence[pa.Table]) -> pa.Table:
    """The pieces as one table; columns that some lack become null there."""
    return pa.concat_tables(pieces, promote_options="default").combine_chunks()
