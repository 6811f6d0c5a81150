"""Phase `write`: one shard of the release, from the rows that the judge cut for it."""

import contextlib
import time
from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, meter, redactions, reuse, samples, shards, staging, tag_errors
from pipeline.errors import StageError
from pipeline.job import Job
from schemas import released
from schemas.manifest import ReleasedFile, Shard, WriteReceipt
from schemas.released import Config

COARSE_S = {"exact": 1e-6, "hour": 3600, "day": 86_400}
STEP_BYTES = 8 << 20
"""Text that is gathered at once: a row group would take several times its size."""


def write(shard: Shard, job: Job) -> WriteReceipt:
    """Write one shard into the release that is being built, unless its receipt is there."""
    receipt_path = job.folders.receipt("write", shard.id)
    if done := _done(receipt_path, job):
        return done
    taken = reuse.whole(shard, job)
    if taken:
        files.write_record(receipt_path, taken)
        return taken
    meter.taken()
    began, counted = time.process_time(), redactions.Counted(job.recipe)
    errors: dict[str, dict[str, int]] = {}
    with contextlib.ExitStack() as stack:
        outs = _Outs(shard, job, stack)
        known = reuse.Known(shard, job)

        def finish(rows: pa.Table) -> pa.Table:
            return pa.concat_tables(
                finished(gathered(step, shard.config, job), outs.schema, job)
                for step in runs(rows, STEP_BYTES)
            ).combine_chunks()

        limit = int(job.recipe.release.row_group_mb * 2**20)
        for group in runs(files.read_table(job.folders.cut(shard.id)), limit):
            table = known.finished(group, outs.schema, finish)
            counted.add(table)
            if tag_errors.NAME in table.column_names:
                column = table[tag_errors.NAME].combine_chunks()
                for (tag, reason), count in tag_errors.counted(column).items():
                    staging.add(errors.setdefault(tag, {}), {reason: count})
            outs.add(table, group)
    whole, *derived = outs.released()
    receipt = WriteReceipt(
        shard.id,
        shard.path,
        whole.rows,
        whole.bytes,
        whole.sha256,
        round(time.process_time() - began, 3),
        counted.redactions(),
        counted.literals,
        derived,
    )
    receipt.tag_errors = errors
    receipt.stages, receipt.peak_mb = meter.taken(), meter.peak_mb()
    files.write_record(receipt_path, receipt)
    return receipt


def _done(path: str, job: Job) -> WriteReceipt | None:
    """The receipt at a path, if all files that it speaks of are there."""
    if not files.exists(path):
        return None
    receipt = files.read_record(path, WriteReceipt)
    of = {receipt.path: receipt.bytes} | {one.path: one.bytes for one in receipt.derived}
    places = {files.join(job.folders.building, name): size for name, size in of.items()}
    return receipt if all(files.size(at) == size for at, size in places.items()) else None


class _Outs:
    """The files that get the rows of a shard: itself, its metadata, its part of the sample."""

    def __init__(self, shard: Shard, job: Job, stack: contextlib.ExitStack) -> None:
        self._job, self._stack = job, stack
        self.schema, self._narrow = release_schema(job), release_schema(job, "metadata")
        self._shards = [shard, msgspec.structs.replace(shard, config="metadata")]
        self._writers = [
            self._writer(files.join(job.folders.building, one.path), schema)
            for one, schema in zip(self._shards, (self.schema, self._narrow), strict=True)
        ]
        self._sample: shards.Writer | None = None

    def _writer(self, path: str, schema: pa.Schema) -> shards.Writer:
        return self._stack.enter_context(shards.writer(path, schema))

    def add(self, table: pa.Table, cut: pa.Table) -> None:
        """Write some rows, in all columns, whose cuts are `cut`."""
        for to, names in zip(self._writers, (self.schema.names, self._narrow.names), strict=True):
            to.add(table.select(names))
        if samples.COLUMN in cut.column_names and pc.any(cut[samples.COLUMN]).as_py():
            if self._sample is None:
                self._sample = self._writer(samples.path(self._shards[0], self._job), self.schema)
            self._sample.add(table.filter(cut[samples.COLUMN]).combine_chunks())

    def released(self) -> list[ReleasedFile]:
        """What the manifest says of the files, when they are written: the shard first."""
        return [
            shards.released(self._job.folders.building, shard, to.rows)
            for shard, to in zip(self._shards, self._writers, strict=True)
        ]


def release_schema(job: Job, config: Config = "conversations") -> pa.Schema:
    """The schema of a config under this recipe."""
    stages = {stage.name for stage in job.recipe.stages}
    return released.schema(stages, job.recipe.asked, config)


def runs(cut: pa.Table, limit: int) -> Iterator[pa.Table]:
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
            groups, at = source.holding(rows[mine])
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


def edited(batch: pa.RecordBatch, job: Job) -> pa.RecordBatch:
    """Rows as they are released, but for late stages: redacted."""
    for stage in job.recipe.editing:
        with meter.at(stage.name):
            batch = stage.edit(batch, job.key())
    return batch


def _worked(batch: pa.RecordBatch, job: Job) -> pa.RecordBatch:
    return staging.apply(edited(batch, job), "conversations", job.recipe.late)


def _timestamp(table: pa.Table, job: Job) -> pa.Array:
    coarse = COARSE_S[job.recipe.release.timestamp]
    tstamp = table["tstamp"].to_numpy()
    micros = np.round(tstamp * 1e6) if coarse < 1 else np.floor(tstamp / coarse) * coarse * 1e6
    return pa.array(micros.astype(np.int64)).cast(pa.timestamp("us", "UTC"))
