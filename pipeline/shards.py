"""One file of a release: Parquet as the Hub's viewer and `datasets` want it."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import files
from schemas.manifest import ReleasedFile, Shard

GROUP_BYTES = 64 << 20
"""Most bytes of a row group in memory, unless one row has more."""
CHUNKING = {"min_chunk_size": 64 << 10, "max_chunk_size": 256 << 10, "norm_level": 0}
"""Borders of pages are where the content says, so that unchanged rows keep their bytes.

Of a release of which a thousandth of the rows was taken out, a third has to be sent again; with
the 1 MiB that `datasets` writes it is nearly a half, and files are a twenty-fifth smaller.
"""
CHUNKED = "content_defined_chunking"
"""The key by which the Hub's viewer knows of it, as `datasets` writes it."""
UNIQUE = {"conversation_id"}
"""Columns whose values do not repeat: a dictionary would only grow the file and its changes."""
ROLE = "conversation.list.element.role"


class Writer:
    """Writes tables into one file; a row group is as large as the table, or as its cap.

    Attributes:
        rows: written so far.
    """

    def __init__(self, to: pq.ParquetWriter) -> None:
        self._to = to
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Write a table of the file's schema."""
        if table.nbytes > GROUP_BYTES and table.num_rows > 1:
            half = table.num_rows // 2
            self.add(table.slice(0, half))
            self.add(table.slice(half))
            return
        self._to.write_table(table, row_group_size=max(1, table.num_rows))
        self.rows += table.num_rows


@contextlib.contextmanager
def writer(path: str, schema: pa.Schema) -> Iterator[Writer]:
    """A file that appears when all is written."""
    with files.sink(path) as stream, pq.ParquetWriter(stream, schema, **options(schema)) as to:
        to.add_key_value_metadata({CHUNKED: json.dumps(CHUNKING)})
        yield Writer(to)


def options(schema: pa.Schema) -> dict[str, Any]:
    """How a released file is written: zstd, page index, content-defined chunks.

    Content-defined chunks and no dictionary on text keep the bytes of unchanged rows the same
    when others come or go (measured in the spec: 19 % instead of 100 % sent again).
    """
    repeating = [
        name
        for field in schema
        for name in (
            [f"{field.name}.{child.name}" for child in field.type]
            if pa.types.is_struct(field.type)
            else [field.name]
        )
        if field.name not in UNIQUE
    ]
    return {
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": [*repeating, ROLE] if "conversation" in schema.names else repeating,
        "use_content_defined_chunking": CHUNKING,
        "write_page_index": True,
    }


def released(root: str, shard: Shard, rows: int) -> ReleasedFile:
    """What the manifest says of a file that is written."""
    digest, size = files.sha256(files.join(root, shard.path))
    return ReleasedFile(shard.path, shard.config, shard.interval, rows, size, digest)
