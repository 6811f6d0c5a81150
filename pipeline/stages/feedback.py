"""Attach up-votes, down-votes and flags to the conversation they are about."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import groups, hashing
from pipeline.stage import KeyedStage
from schemas.column import FEEDBACK

KINDS = ("upvote", "downvote", "flag", "share")
ABSORBED, LOST = "absorbed", "no_conversation"


@dataclass(frozen=True)
class TagFeedback(KeyedStage):
    """Count each conversation's up-votes, down-votes and flags.

    A line logged twice counts once. The event is absorbed into its conversation, whether or not
    that one is released; an event whose conversation was never staged is quarantined.

    Adds:
        feedback (struct of int32): null where nobody gave any.
    """

    name: ClassVar[str] = "tag_feedback"
    tables: ClassVar[tuple[str, ...]] = ("conversations", "feedback")
    reads: ClassVar[tuple[str, ...]] = ("conversation_id", "kind")
    writes: ClassVar[tuple[str, ...]] = ("feedback",)
    reasons: ClassVar[tuple[str, ...]] = (ABSORBED, LOST)
    index: ClassVar[tuple[str, ...]] = ("conversation_id", "tstamp", "event_hash")
    adds: ClassVar[tuple[pa.Field, ...]] = (pa.field("feedback", FEEDBACK),)
    sees_dropped: ClassVar[bool] = True

    def keys(self, batch: pa.RecordBatch, table: str) -> pa.RecordBatch:
        key, key_high = hashing.pair(batch["conversation_id"])
        kind = np.full(batch.num_rows, -1, np.int8)
        if table == "feedback":
            kind = pc.index_in(batch["kind"], pa.array(KINDS)).to_numpy().astype(np.int8)
        return pa.RecordBatch.from_pydict({"key": key, "key_high": key_high, "kind": kind})

    def choose(self, rows: pa.Table, context: object = None) -> pa.Table:
        del context
        found = groups.by(rows, "key", "key_high", order=("event_hash", "tstamp"))
        rows, kind = found.rows, groups.ints(found.rows, "kind")
        is_event = kind >= 0
        has_conversation = (found.sum(~is_event) > 0)[found.group]
        counted = is_event & ~_repeats(rows, found.group)
        counts = [found.sum(counted & (kind == at))[found.group] for at in range(len(KINDS) - 1)]
        nobody = pa.array((sum(counts) == 0) | is_event)
        feedback = pa.StructArray.from_arrays(
            [pa.array(count, pa.int32()) for count in counts],
            fields=list(FEEDBACK),
            mask=nobody,
        )
        absorbed = pa.array(is_event & has_conversation)
        reason = pc.if_else(absorbed, ABSORBED, groups.chosen(is_event, LOST))
        into = pc.if_else(absorbed, rows["conversation_id"], pa.scalar(None, pa.string()))
        decided = is_event | ~nobody.to_numpy(zero_copy_only=False)
        return groups.decisions(
            rows, decided, {"reason": reason, "into": into, "feedback": feedback}
        )


def _repeats(rows: pa.Table, group: np.ndarray) -> np.ndarray:
    """Whether a row has the same event hash as the row before it in its group: (rows,) bool."""
    high, low = hashing.split(rows["event_hash"].to_pylist())
    is_repeat = np.zeros(rows.num_rows, bool)
    is_repeat[1:] = (high[1:] == high[:-1]) & (low[1:] == low[:-1]) & (group[1:] == group[:-1])
    return is_repeat
