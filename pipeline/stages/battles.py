"""Link the two sides of a battle, which are logged as two conversations."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import groups, hashing
from pipeline.stage import KeyedStage
from schemas.staged import TABLES

CONVERSATIONS, BATTLES = (list(TABLES).index(name) for name in ("conversations", "battles"))


@dataclass(frozen=True)
class TagBattles(KeyedStage):
    """Name the battle that a conversation is a side of, and which side.

    Found through votes, the only lines that name both sides; a battle without a vote stays
    unlinked. A vote that was dropped still links.

    Adds:
        battle_id (string): the conversation id of side A; side (string): `a` or `b`.
    """

    name: ClassVar[str] = "tag_battles"
    tables: ClassVar[tuple[str, ...]] = ("conversations", "battles")
    reads: ClassVar[tuple[str, ...]] = (
        *("conversation_id", "conversation_id_a", "conversation_id_b"),
    )
    writes: ClassVar[tuple[str, ...]] = ("battle_id", "side")
    index: ClassVar[tuple[str, ...]] = ("conversation_id", "tstamp", "event_hash")
    adds: ClassVar[tuple[pa.Field, ...]] = (
        pa.field("battle_id", pa.string()),
        pa.field("side", pa.string()),
    )
    sees_dropped: ClassVar[bool] = True

    def keys(self, batch: pa.RecordBatch, table: str) -> pa.RecordBatch:
        if table == "conversations":
            return pa.RecordBatch.from_pydict({"key": hashing.pair(batch["conversation_id"])[0]})
        sides = [hashing.pair(batch[f"conversation_id_{side}"])[0] for side in "ab"]
        offsets = np.arange(batch.num_rows + 1) * 2
        both = pa.ListArray.from_arrays(
            pa.array(offsets, pa.int32()), pa.array(np.stack(sides, axis=1).reshape(-1))
        )
        return pa.RecordBatch.from_pydict({"key": both})

    def choose(self, rows: pa.Table, context: object = None) -> pa.Table:
        del context
        found = groups.by(rows, "key")
        rows, table = found.rows, groups.ints(found.rows, "table")
        first = np.full(len(found.starts), rows.num_rows)
        votes = np.flatnonzero(table == BATTLES)
        np.minimum.at(first, found.group[votes], votes)
        vote = first[found.group]
        is_linked = (vote < rows.num_rows) & (table == CONVERSATIONS)
        at = pa.array(np.where(is_linked, vote, 0), mask=~is_linked)
        side = pa.array(["a", "b"]).take(rows["place"].combine_chunks().take(at))
        columns = {"battle_id": rows["conversation_id"].combine_chunks().take(at), "side": side}
        return groups.decisions(rows, is_linked, columns)


@dataclass(frozen=True)
class DropRepeatedVotes(KeyedStage):
    """Keep the first vote on the same two conversations.

    After an anonymous vote the names are revealed, and people vote again; a line may also be
    logged twice.
    """

    name: ClassVar[str] = "drop_repeated_votes"
    tables: ClassVar[tuple[str, ...]] = ("battles",)
    reads: ClassVar[tuple[str, ...]] = ("conversation_id_a", "conversation_id_b")
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = ("duplicate_vote",)
    index: ClassVar[tuple[str, ...]] = ("conversation_id", "tstamp", "event_hash")
    judges_copies: ClassVar[bool] = True

    def keys(self, batch: pa.RecordBatch, table: str) -> pa.RecordBatch:
        del table
        both = pc.binary_join_element_wise(
            batch["conversation_id_a"], batch["conversation_id_b"], "\0"
        )
        key, key_high = hashing.pair(both)
        return pa.RecordBatch.from_pydict({"key": key, "key_high": key_high})

    def choose(self, rows: pa.Table, context: object = None) -> pa.Table:
        del context
        found = groups.by(rows, "key", "key_high")
        rows, is_repeat = found.rows, found.rank > 0
        columns = {
            "reason": groups.chosen(is_repeat, self.reasons[0]),
            "into": rows["conversation_id"],
        }
        return groups.decisions(rows, is_repeat, columns)
