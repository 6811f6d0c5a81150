"""Rules on one Parquet file of a release, by its footer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.contract.rule import Fault, Rule
from schemas import features, staged
from schemas.manifest import ReleasedFile
from schemas.released import COLUMNS, TEXTS

MOST_GROUP_BYTES = 100_000_000
"""Of a row group, decoded; the Hub's viewer refuses to show more than 286 MiB."""
KNOWN = {column.field.name: column for column in COLUMNS}
ORDER = list(KNOWN)
PRIVATE = {
    *(field.name for table in staged.TABLES.values() for field in table),
    *(field.name for field in staged.INDEX),
    *("ip", "user", "address", "unit", "row", "sampled", "pii", "pii_entities", "public", "into"),
} - KNOWN.keys()
"""Columns that a run has and a release must not."""
CHUNKED = b"content_defined_chunking"
KEYS = {b"ARROW:schema", features.KEY, CHUNKED}


@dataclass(frozen=True)
class Footer:
    """A file of a release, and what the manifest says of it.

    Attributes:
        file: in the manifest.
        columns: of its config in the manifest: name -> type.
        source: the file, opened.
    """

    file: ReleasedFile
    columns: dict[str, str]
    source: pq.ParquetFile

    @property
    def path(self) -> str:
        """Where the file is in the release."""
        return self.file.path

    @property
    def schema(self) -> pa.Schema:
        """Its columns, as they are."""
        return self.source.schema_arrow


def _private(seen: Footer) -> Iterator[Fault]:
    texts = set(TEXTS) if seen.file.config == "metadata" else set()
    for name in seen.schema.names:
        if name in PRIVATE | texts:
            yield Fault(seen.path, "private_column", f"holds the column {name}")


def _names(seen: Footer) -> Iterator[Fault]:
    names = seen.schema.names
    for name in sorted(set(names) - seen.columns.keys() - PRIVATE):
        yield Fault(seen.path, "names", f"holds {name}, which is no column of the manifest")
    for name in sorted(seen.columns.keys() - set(names)):
        yield Fault(seen.path, "names", f"lacks the column {name}")
    known = [name for name in names if name in KNOWN]
    if known != sorted(set(known), key=ORDER.index):
        yield Fault(seen.path, "names", "its columns are in another order, or there twice")


def _types(seen: Footer) -> Iterator[Fault]:
    for field in seen.schema:
        if field.name in KNOWN and not is_typed(field, seen.columns):
            yield Fault(seen.path, "type", f"{field.name} is {field.type}")


def is_typed(field: pa.Field, columns: dict[str, str]) -> bool:
    """Whether a column has a type of the contract, the one that the manifest names."""
    types = KNOWN[field.name].types if field.name in KNOWN else ()
    return any(field.type == kind and columns.get(field.name) == str(kind) for kind in types)


def _nullability(seen: Footer) -> Iterator[Fault]:
    for field in seen.schema:
        if field.name in KNOWN and field.nullable != KNOWN[field.name].field.nullable:
            word = "may" if field.nullable else "must not"
            yield Fault(seen.path, "nullability", f"{field.name} {word} be null in this file")


def _rows(seen: Footer) -> Iterator[Fault]:
    rows = seen.source.metadata.num_rows
    if rows != seen.file.rows:
        yield Fault(seen.path, "rows", f"has {rows:,} rows; the manifest says {seen.file.rows:,}")


def _row_groups(seen: Footer) -> Iterator[Fault]:
    meta = seen.source.metadata
    sizes = [meta.row_group(at).total_byte_size for at in range(meta.num_row_groups)]
    if sizes and max(sizes) > MOST_GROUP_BYTES:
        yield Fault(seen.path, "row_group", f"one has {max(sizes):,} bytes")


def _page_index(seen: Footer) -> Iterator[Fault]:
    meta = seen.source.metadata
    chunks = [
        meta.row_group(group).column(at)
        for group in range(meta.num_row_groups)
        for at in range(meta.num_columns)
    ]
    without = {chunk.path_in_schema for chunk in chunks if not chunk.has_offset_index}
    if without:
        yield Fault(seen.path, "page_index", f"{len(without)} columns have none")


def _keys(seen: Footer) -> Iterator[Fault]:
    held = dict(seen.source.metadata.metadata or {})
    for key in sorted(held.keys() - KEYS):
        yield Fault(seen.path, "keys", f"holds the key {key.decode('utf-8', 'replace')}")
    if CHUNKED not in held:
        yield Fault(seen.path, "keys", "does not say how its pages were cut")


def _features(seen: Footer) -> Iterator[Fault]:
    held = (seen.source.metadata.metadata or {}).get(features.KEY, b"null")
    told = features.described(seen.schema).metadata[features.KEY]
    try:
        is_same = json.loads(held) == json.loads(told)
    except ValueError:
        is_same = False
    if not is_same:
        yield Fault(seen.path, "features", "tells `datasets` of other columns than it has")


RULES: tuple[Rule[Footer], ...] = (
    Rule("private_column", "no column of the run, and no text in `metadata`", _private),
    Rule("names", "the columns of the manifest, each once, in the order of the contract", _names),
    Rule("type", "a column has the type of the contract, the one that the manifest names", _types),
    Rule("nullability", "a column may be null where the contract says so", _nullability),
    Rule("rows", "a file has the rows that the manifest says", _rows),
    Rule("row_group", f"a row group has at most {MOST_GROUP_BYTES:,} bytes", _row_groups),
    Rule("page_index", "all columns have a page index", _page_index),
    Rule("keys", "the file says how pages were cut, and holds no foreign keys", _keys),
    Rule("features", "`datasets` is told of the columns that are there", _features),
)
