"""Why a tag is null: one entry a failure, in the column `tag_errors`."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.messages import Messages
from pipeline.stage import put
from schemas.column import TAG_ERRORS

NAME = "tag_errors"


def noted(batch: pa.RecordBatch, tag: str, flat: Messages, reasons: pa.Array) -> pa.RecordBatch:
    """Add why a tag could tell nothing of some messages, behind what earlier tags said.

    Args:
        batch: rows, with or without the column.
        tag: the stage.
        flat: their messages.
        reasons: null where the tag succeeded: shape (messages,) string.
    """
    failed = np.flatnonzero(reasons.is_valid().to_numpy(zero_copy_only=False))
    place = pa.array(flat.place[failed], pa.int32())
    return _put(batch, tag, flat.rows[failed], place, reasons.take(pa.array(failed)))


def noted_rows(batch: pa.RecordBatch, tag: str, reasons: pa.Array) -> pa.RecordBatch:
    """Add why a tag could tell nothing of some conversations: `reasons` of shape (rows,)."""
    failed = np.flatnonzero(reasons.is_valid().to_numpy(zero_copy_only=False))
    place = pa.nulls(len(failed), pa.int32())
    return _put(batch, tag, failed, place, reasons.take(pa.array(failed)))


def _put(
    batch: pa.RecordBatch, tag: str, rows: np.ndarray, place: pa.Array, reasons: pa.Array
) -> pa.RecordBatch:
    """The batch with entries of some rows behind those it has."""
    entries = pa.StructArray.from_arrays(
        [pa.array([tag] * len(rows), pa.string()), place, reasons],
        fields=list(TAG_ERRORS.value_type),
    )
    if NAME in batch.schema.names:
        earlier = batch[NAME]
        held = pc.fill_null(pc.list_value_length(earlier), 0).to_numpy(zero_copy_only=False)
        rows = np.concatenate([np.repeat(np.arange(len(held)), held), rows])
        entries = pa.concat_arrays([earlier.flatten(), entries])
    order = np.argsort(rows, kind="stable")
    ends = np.searchsorted(rows[order], np.arange(batch.num_rows + 1))
    lists = pa.ListArray.from_arrays(
        pa.array(ends, pa.int32()), entries.take(pa.array(order)), type=TAG_ERRORS
    )
    return put(batch, NAME, lists)


def counted(column: pa.ListArray) -> dict[tuple[str, str], int]:
    """How often each reason stands in a column, by tag and reason."""
    entries = column.flatten()
    found = pa.table({"tag": entries.field("tag"), "reason": entries.field("reason")})
    counts = found.group_by(["tag", "reason"]).aggregate([([], "count_all")])
    return {(row["tag"], row["reason"]): row["count_all"] for row in counts.to_pylist()}
