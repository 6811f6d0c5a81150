"""Phase `stage`: the lines of a unit become staged rows, an index of keys, and a receipt."""

import time
from collections import Counter
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import files, messages, meter, parquet, plan, tombstones
from pipeline.errors import StageError
from pipeline.ingest import lines
from pipeline.ingest.lines import Damage, Piece, Span
from pipeline.ingest.rows import Batch, Ingest
from pipeline.job import Job
from pipeline.stage import BatchStage, EditingStage, KeyedStage
from schemas.manifest import StageReceipt, Unit
from schemas.staged import IDS, INDEX, QUARANTINE, TABLES, TEXTS

ROW_GROUP_BYTES = 1 << 20
"""Text of a staged row group: what a shard reads too much of, at each of its two ends."""


def stage(unit: Unit, job: Job) -> StageReceipt:
    """Stage one unit, unless its receipt is there already.

    Writes staged rows, their index and the quarantine into the run folder, then the receipt.
    """
    receipt_path = job.folders.receipt("stage", unit.id)
    if files.exists(receipt_path):
        return files.read_record(receipt_path, StageReceipt)
    began, _ = time.process_time(), meter.taken()
    with ExitStack() as stack:
        desk = _Desk(unit, job, stack)
        for span in plan.spans(job.plan, unit):
            desk.take(span)
        desk.finish()
    receipt = desk.receipt
    receipt.files = {path: files.size(job.folders.at(path)) for path in desk.paths}
    receipt.cpu_s = round(time.process_time() - began, 3)
    receipt.stages, receipt.peak_mb = meter.taken(), meter.peak_mb()
    files.write_record(receipt_path, receipt)
    return receipt


class _Desk:
    """Where one unit's batches are worked on and filed."""

    def __init__(self, unit: Unit, job: Job, stack: ExitStack) -> None:
        self.job = job
        self.salt = job.salt()
        self.stones = job.stones()
        self.ingest = Ingest(job.recipe.limits, job.key(), job.batch_rows)
        self.receipt = StageReceipt(unit.id, 0, {}, {}, {}, {}, 0, [], 0.0)
        self.quarantine: list[pa.RecordBatch] = []
        self.quarantine_path = job.folders.quarantine(unit.id)
        self.staged: dict[str, Drawer] = {}
        self.index: dict[str, Drawer] = {}
        self.paths: list[str] = []
        for table in TABLES:
            for drawer, path in (
                (self.staged, job.folders.staged(unit.id, table)),
                (self.index, job.folders.index(unit.id, table)),
            ):
                drawer[table] = stack.enter_context(Drawer(path, stack))
                self.paths.append(path.removeprefix(job.folders.run + "/"))
        self.paths.append(self.quarantine_path.removeprefix(job.folders.run + "/"))

    def take(self, span: Span) -> None:
        """Stage the lines of one span."""
        is_csam = PurePosixPath(span.path).name.startswith("vision-csam-")
        pieces = map(self._noted(span), lines.read(span, self.job.recipe.limits))
        for batch in self.ingest.batches(pieces, span.file, is_csam=is_csam):
            self._file(batch)

    def _noted(self, span: Span) -> Any:
        def note(piece: Piece) -> Piece:
            if isinstance(piece, Damage):
                self.receipt.damaged.append((span.file, piece.problem))
            return piece

        return note

    def _file(self, batch: Batch) -> None:
        self.receipt.lines += batch.lines
        if batch.quarantine.num_rows:
            self.quarantine.append(batch.quarantine)
        for table, logged in batch.tables.items():
            rows = self._remembered(logged, table)
            if rows.num_rows:
                judged = apply(rows, table, self.job.recipe.early)
                index = indexed(judged, table, self.job.recipe.keyed, self.salt)
                self.staged[table].add(judged, index["text_bytes"])
                self.index[table].add(index)
                self._count(table, judged, index)

    def _remembered(self, rows: pa.RecordBatch, table: str) -> pa.RecordBatch:
        """The rows that are not to be forgotten; of the others, where they were."""
        gone = tombstones.matched(rows, table, self.stones, self.job.key())
        if not gone.any():
            return rows
        lost = rows.filter(pa.array(gone))
        at = lost["file"].to_pylist(), lost["offset"].to_pylist()
        self.quarantine += tombstones.quarantined(*at).to_batches()
        return rows.filter(pa.array(~gone))

    def _count(self, table: str, rows: pa.RecordBatch, index: pa.RecordBatch) -> None:
        receipt = self.receipt
        receipt.rows[table] = receipt.rows.get(table, 0) + rows.num_rows
        receipt.text_bytes += pc.sum(index["text_bytes"]).as_py()
        add(receipt.dropped.setdefault(table, {}), drops(rows))

    def finish(self) -> None:
        """Close all files and file the quarantine."""
        quarantine = pa.Table.from_batches(self.quarantine, QUARANTINE)
        add(self.receipt.quarantined, Counter(quarantine["reason"].to_pylist()))
        files.write_table(self.quarantine_path, quarantine)


class Drawer:
    """A Parquet file that is filled batch by batch; row groups are cut by bytes of text.

    Batches are gathered until a row group is full, so that the file does not depend on their
    size. The file of no rows at all is written too, with no columns.
    """

    def __init__(self, path: str, stack: ExitStack) -> None:
        self.stream = stack.enter_context(files.sink(path))
        self.writer: pq.ParquetWriter | None = None
        self.waiting: list[pa.RecordBatch] = []
        self.bytes = 0

    def __enter__(self) -> Self:
        return self

    def add(self, batch: pa.RecordBatch, text_bytes: pa.Array | None = None) -> None:
        """Put rows into the drawer."""
        self.waiting.append(batch)
        self.bytes += batch.nbytes if text_bytes is None else pc.sum(text_bytes).as_py()
        if self.bytes >= ROW_GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        table = pa.Table.from_batches(self.waiting)
        if self.writer is None:
            self.writer = pq.ParquetWriter(
                self.stream,
                table.schema,
                compression="lz4",  # written once, read once: 0.8 us a message less than zstd
                use_dictionary=["model", "dropped_by", "reason", "vote", "kind"],
                write_statistics=False,
                **parquet.CHECKED,
            )
        self.writer.write_table(table, row_group_size=max(1, table.num_rows))
        self.waiting, self.bytes = [], 0

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None and self.waiting:
            self._flush()
        if self.writer is not None:
            self.writer.close()
        elif kind is None:
            pq.write_table(pa.table({}), self.stream)


def apply(
    batch: pa.RecordBatch, table: str, stages: tuple[BatchStage | EditingStage, ...]
) -> pa.RecordBatch:
    """Walk a batch through the stages of its table; editing stages only mark.

    Raises:
        StageError: a stage lost or added a row.
    """
    for stage_ in stages:
        if table in stage_.tables:
            mark = stage_.mark if isinstance(stage_, EditingStage) else stage_.apply
            with meter.at(stage_.name):
                after = mark(batch)
            if after.num_rows != batch.num_rows:
                raise StageError(f"{stage_.name} made {after.num_rows} rows of {batch.num_rows}")
            batch = after
    return batch


def indexed(
    batch: pa.RecordBatch, table: str, keyed: tuple[KeyedStage, ...], salt: int = 0
) -> pa.RecordBatch:
    """The index of some staged rows: schemas.staged.INDEX, then `stage.column` of each key."""
    texts = [batch[name] for name in TEXTS.get(table, ())]
    per_side = [messages.Messages(column) for column in texts]
    nothing = np.zeros(batch.num_rows, np.int64)
    columns = {
        "conversation_id": batch[IDS[table]],
        "text_bytes": pa.array(sum((f.sum(messages.lengths(f.texts)) for f in per_side), nothing)),
        "messages": pa.array(sum((f.counts for f in per_side), nothing), pa.int32()),
    }
    arrays = [
        columns.get(name, batch[name] if name in batch.schema.names else None)
        for name in INDEX.names
    ]
    names = list(INDEX.names)
    for stage_ in keyed:
        if table in stage_.tables:
            keys = stage_.salted(batch, table, salt)
            names += [f"{stage_.name}.{name}" for name in keys.schema.names]
            arrays += keys.columns
    return pa.RecordBatch.from_arrays(arrays, names=names)


def drops(rows: pa.RecordBatch) -> Counter[str]:
    """How many rows were dropped, by "stage: reason"."""
    gone = rows.filter(pc.is_valid(rows["dropped_by"]))
    pairs = zip(gone["dropped_by"].to_pylist(), gone["reason"].to_pylist(), strict=True)
    return Counter(f"{by}: {reason}" for by, reason in pairs)


def add(total: dict[str, int], more: dict[str, int]) -> None:
    """Add counts to counts."""
    for name, count in more.items():
        total[name] = total.get(name, 0) + count
