"""Keep one state of each conversation: the last one logged."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import groups, hashing
from pipeline.messages import Messages
from pipeline.stage import KeyedStage

CONTINUED, REPEATED, REGENERATED, BRANCHED = "continued", "repeated", "regenerated", "branched"


@dataclass(frozen=True)
class DropSuperseded(KeyedStage):
    """Keep the last logged state of each conversation.

    A conversation of n turns is logged n times, each time with all turns so far. Earlier states
    are dropped as `continued` (a prefix of the last one), `repeated` (equal to it), `regenerated`
    (the user had the last answer made again) or `branched` (not a prefix: edited history, another
    branch, a second image).

    Options:
        keep: `last`, or `all` to keep regenerated and branched states too, as rows with the same
            conversation id and `variant` 1, 2…; the last state has `variant` 0.

    Adds:
        regenerated, branched (int32): how many such states there were; variant (int32).
    """

    name: ClassVar[str] = "drop_superseded"
    reads: ClassVar[tuple[str, ...]] = ("conversation_id", "conversation")
    writes: ClassVar[tuple[str, ...]] = ("regenerated", "branched", "variant")
    reasons: ClassVar[tuple[str, ...]] = (CONTINUED, REPEATED, REGENERATED, BRANCHED)
    index: ClassVar[tuple[str, ...]] = ("conversation_id", "tstamp", "event_hash", "messages")
    adds: ClassVar[tuple[pa.Field, ...]] = (
        pa.field("regenerated", pa.int32()),
        pa.field("branched", pa.int32()),
        pa.field("variant", pa.int32()),
    )

    keep: Literal["last", "all"] = "last"

    def keys(self, batch: pa.RecordBatch, table: str) -> pa.RecordBatch:
        del table
        key, key_high = hashing.pair(batch["conversation_id"])
        return pa.RecordBatch.from_pydict(
            {"key": key, "key_high": key_high, "chain": chains(batch["conversation"])}
        )

    def choose(self, rows: pa.Table, context: object = None) -> pa.Table:
        del context
        order = ("tstamp", "messages", "event_hash")
        found = groups.by(rows, "key", "key_high", order=order)
        rows = found.rows
        winner = found.lasts[found.group]
        is_last = winner == np.arange(rows.num_rows)
        codes = compare(rows, winner)
        codes[is_last] = -1
        regenerated = found.sum(codes == self.reasons.index(REGENERATED))[found.group]
        branched = found.sum(codes == self.reasons.index(BRANCHED))[found.group]
        is_variant = np.zeros(rows.num_rows, bool)
        if self.keep == "all":
            is_variant = codes >= self.reasons.index(REGENERATED)
        number = np.cumsum(is_variant)
        number -= (number - is_variant)[found.starts][found.group]
        reason = pa.array(self.reasons).take(pa.array(codes, mask=is_last | is_variant))
        columns = {
            "reason": reason,
            "into": pc.if_else(
                pa.array(is_last | is_variant),
                pa.scalar(None, pa.string()),
                rows["conversation_id"],
            ),
            "regenerated": pa.array(np.where(is_last, regenerated, 0), pa.int32()),
            "branched": pa.array(np.where(is_last, branched, 0), pa.int32()),
            "variant": pa.array(np.where(is_variant, number, 0), pa.int32()),
        }
        return groups.decisions(rows, np.ones(rows.num_rows, bool), columns)


def chains(conversations: pa.ListArray) -> pa.ListArray:
    """Chained hashes of each conversation's messages: list<uint64>, one an earlier history.

    The n-th one stands for the first n messages; two histories share a prefix of n messages if
    their n-th hashes are equal.
    """
    flat = Messages(conversations)
    hashes = hashing.narrow(flat.texts)
    hashes[flat.texts.is_null().to_numpy(zero_copy_only=False)] = 1
    chain = hashing.mix(hashes, 0)
    for place in range(1, int(flat.counts.max(initial=0))):
        here = np.flatnonzero(flat.place == place)
        chain[here] = hashing.mix(chain[here - 1], hashes[here])
    offsets = np.concatenate([[0], np.cumsum(flat.counts)])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(chain))


def compare(rows: pa.Table, winner: np.ndarray) -> np.ndarray:
    """How each state relates to the state at row `winner`: places in `reasons`, (rows,) int64."""
    chain = rows["chain"].combine_chunks()
    flat = chain.flatten().to_numpy()
    ends = np.cumsum(groups.ints(rows, "messages").astype(np.int64))
    count = groups.ints(rows, "messages").astype(np.int64)
    theirs = count[winner]
    begins, their_begins = ends - count, (ends - count)[winner]

    def agree(length: np.ndarray) -> np.ndarray:
        """Whether the first `length` messages are the same; true for none."""
        is_there = (length > 0) & (length <= theirs) & (length <= count)
        same = np.zeros(len(length), bool)
        at = np.flatnonzero(is_there)
        same[at] = flat[begins[at] + length[at] - 1] == flat[their_begins[at] + length[at] - 1]
        return same | (length <= 0)

    is_prefix, is_sibling = agree(count), agree(count - 1) & (count % 2 == 0) & (count <= theirs)
    return np.select([is_prefix & (count == theirs), is_prefix, is_sibling], [1, 0, 2], 3)
