"""Phase `write`: one shard of the release, from the rows that the judge cut for it."""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import files, meter, redactions, staging
from pipeline.errors import StageError
from pipeline.job import Job
from schemas import released
from schemas.manifest import Shard, WriteReceipt
from schemas.released import Config

COARSE_S = {"exact": 1e-6, "hour": 3600, "day": 86_400}
STEP_BYTES = 8 << 20
"""Text that is gathered at once: a row group would take several times its size."""
UNIQUE = {"conversation_id"}
"""Columns whose values do not repeat: a dictionary would only grow the file and its changes."""


def write(shard: Shard, job: Job) -> WriteReceipt:
    """Write one shard into the release that is being built, unless its receipt is there."""
    receipt_path = job.folders.receipt("write", shard.id)
    path = files.join(job.folders.building, shard.path)
    if files.exists(receipt_path):
        receipt = files.read_record(receipt_path, WriteReceipt)
        if files.size(path) == receipt.bytes:
            return receipt
    meter.taken()
    began, rows, counted = time.process_time(), 0, redactions.Counted(job.recipe)
    schema = release_schema(job)
    with files.sink(path) as stream, pq.ParquetWriter(stream, schema, **options(schema)) as writer:
        limit = int(job.recipe.release.row_group_mb * 2**20)
        for group in _runs(files.read_table(job.folders.cut(shard.id)), limit):
            table = pa.concat_tables(
                finished(gathered(step, shard.config, job), schema, job)
                for step in _runs(group, STEP_BYTES)
            ).combine_chunks()
            counted.add(table)
            writer.write_table(table, row_group_size=max(1, table.num_rows))
            rows += table.num_rows
    digest, size = files.sha256(path)
    receipt = WriteReceipt(
        shard.id,
        shard.path,
        rows,
        size,
        digest,
        round(time.process_time() - began, 3),
        counted.redactions(),
        counted.literals,
    )
    receipt.stages, receipt.peak_mb = meter.taken(), meter.peak_mb()
    files.write_record(receipt_path, receipt)
    return receipt


def release_schema(job: Job, config: Config = "conversations") -> pa.Schema:
    """The schema of a config under this recipe."""
    stages = {stage.name for stage in job.recipe.stages}
    return released.schema(stages, job.recipe.asked, config)


def options(schema: pa.Schema) -> dict[str, Any]:
    """How a released shard is written: zstd, page index, content-defined chunks.

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
        "use_dictionary": [*repeating, "conversation.list.element.role"],
        "use_content_defined_chunking": True,
        "write_page_index": True,
    }


def _runs(cut: pa.Table, limit: int) -> Iterator[pa.Table]:
    """Runs of rows of at most `limit` bytes of text, or of one row."""
    ends = np.cumsum(cut["text_bytes"].to_numpy())
    begin = 0
    while begin < cut.num_rows:
        before = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, before + limit, "right")))
        yield cut.slice(begin, end - begin)
        begin = end


def gathered(step: pa.Table, config: str, job: Job) -> pa.Table:
    """Staged rows in the order of the step, with the columns that the judge joined.

    Reads the row groups that hold them, and moves each text once.
    """
    units, rows = step["unit"].to_numpy(), step["row"].to_numpy()
    place = np.empty(len(rows), np.int64)
    pieces: list[pa.Table] = []
    read = 0
    for unit in np.unique(units).tolist():
        mine = np.flatnonzero(units == unit)
        path = job.folders.staged(job.plan.units[unit].id, config)
        with files.open_parquet(path) as source:
            groups, at = files.row_groups(source, rows[mine])
            pieces.append(source.read_row_groups(groups, use_threads=False))
        place[mine] = read + at
        read += pieces[-1].num_rows
    staged = pa.concat_tables(pieces, promote_options="default").combine_chunks()
    pieces.clear()
    table = staged.take(pa.array(place))
    del staged
    for name in step.column_names:
        if name not in table.column_names:
            table = table.append_column(name, step[name])
    return table


def finished(table: pa.Table, schema: pa.Schema, job: Job) -> pa.Table:
    """Late stages, released columns, types and nullability checked.

    Raises:
        StageError: a column is missing, or null where the contract forbids it.
    """
    if job.recipe.editing or job.recipe.late:
        batches = table.to_batches(job.batch_rows)
        table = pa.Table.from_batches([_worked(batch, job) for batch in batches])
    if "timestamp" in schema.names:
        table = table.append_column("timestamp", _timestamp(table, job))
    for field in schema:
        if field.name not in table.column_names:
            raise StageError(f"no stage made the released column {field.name!r}")
        if not field.nullable and table[field.name].null_count:
            raise StageError(f"the released column {field.name!r} has nulls")
    return table.select(schema.names).cast(schema).combine_chunks()


def _worked(batch: pa.RecordBatch, job: Job) -> pa.RecordBatch:
    for stage in job.recipe.editing:
        with meter.at(stage.name):
            batch = stage.edit(batch, job.key())
    return staging.apply(batch, "conversations", job.recipe.late)


def _timestamp(table: pa.Table, job: Job) -> pa.Array:
    coarse = COARSE_S[job.recipe.release.timestamp]
    tstamp = table["tstamp"].to_numpy()
    micros = np.round(tstamp * 1e6) if coarse < 1 else np.floor(tstamp / coarse) * coarse * 1e6
    return pa.array(micros.astype(np.int64)).cast(pa.timestamp("us", "UTC"))
