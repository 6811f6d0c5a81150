"""Prompts that many conversations share: tag them, or keep only so many."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
import numpy as np
import pyarrow as pa

from pipeline import groups, hashing, intervals
from pipeline.messages import Messages
from pipeline.stage import KeyedStage


@dataclass(frozen=True)
class TagFrequentPrompts(KeyedStage):
    """Count the conversations that share a prompt, and mark those beyond a cap.

    The ancestor of this rule took 8.6 % of the Arena's votes: greetings in many languages. The
    prompt is the user's messages joined by line ends, compared exactly. Counts are as of the end
    of a row's interval, so a later release never changes them.

    Options:
        cap: conversations a prompt may have; null: take the quantile.
        quantile: the cap is this quantile of conversations per distinct prompt.
        max_chars: characters of the prompt that are compared.

    Adds:
        prompt_frequency (int32): conversations with this prompt so far.
        high_frequency (bool): whether that is more than the cap.
    """

    name: ClassVar[str] = "tag_frequent_prompts"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = ("prompt_frequency", "high_frequency")
    index: ClassVar[tuple[str, ...]] = ("conversation_id", "tstamp", "event_hash")
    adds: ClassVar[tuple[pa.Field, ...]] = (
        pa.field("prompt_frequency", pa.int32()),
        pa.field("high_frequency", pa.bool_()),
    )

    cap: Annotated[int, msgspec.Meta(ge=1)] | None = 25
    quantile: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.999
    max_chars: Annotated[int, msgspec.Meta(ge=1)] = 10_000

    def keys(self, batch: pa.RecordBatch, table: str) -> pa.RecordBatch:
        del table
        key, key_high = prompts(batch["conversation"], self.max_chars)
        return pa.RecordBatch.from_pydict({"key": key, "key_high": key_high})

    def survey(self, rows: pa.Table) -> pa.Table | None:
        """How many prompts moved from one count to another, by interval; for the quantile."""
        if self.cap is not None:
            return None
        found = groups.by(rows, "key", "key_high")
        interval = groups.ints(found.rows, "interval")
        is_end = intervals.last_of(found.group, interval) == np.arange(rows.num_rows)
        after = found.rank[is_end] + 1
        at = found.group[is_end]
        is_same = np.append(False, at[1:] == at[:-1])
        before = np.where(is_same, np.append(0, after[:-1]), 0)
        moves = np.concatenate(
            [
                np.stack([interval[is_end], after, np.ones_like(after)]),
                np.stack([interval[is_end], before, -np.ones_like(after)]),
            ],
            axis=1,
        )
        unique, which = np.unique(moves[:2], axis=1, return_inverse=True)
        prompts_moved = np.bincount(which, moves[2]).astype(np.int64)
        return pa.table({"interval": unique[0], "count": unique[1], "prompts": prompts_moved})

    def settle(self, surveys: list[pa.Table]) -> object:
        """The cap as of the end of each interval."""
        if self.cap is not None or not surveys:
            return None
        moves = pa.concat_tables(surveys)
        interval, count, moved = (groups.ints(moves, name) for name in moves.column_names)
        caps = {}
        for end in np.unique(interval).tolist():
            so_far = np.bincount(count[interval <= end], moved[interval <= end])
            so_far[0] = 0
            share = np.cumsum(so_far) / so_far.sum()
            caps[end] = max(1, int(np.searchsorted(share, self.quantile)))
        return caps

    def choose(self, rows: pa.Table, context: object = None) -> pa.Table:
        found, frequency, cap = self._frequency(rows, context)
        columns = {
            "prompt_frequency": pa.array(frequency, pa.int32()),
            "high_frequency": pa.array(frequency > cap),
        }
        return groups.decisions(found.rows, np.ones(rows.num_rows, bool), columns)

    def _frequency(
        self, rows: pa.Table, context: object
    ) -> tuple[groups.Groups, np.ndarray, np.ndarray]:
        """Rows by prompt, how often each was seen so far, and the cap of its interval."""
        found = groups.by(rows, "key", "key_high")
        interval = groups.ints(found.rows, "interval")
        frequency = found.rank[intervals.last_of(found.group, interval)] + 1
        if self.cap is not None:
            return found, frequency, np.full(rows.num_rows, self.cap)
        assert isinstance(context, dict)  # noqa: S101 (what `settle` returned)
        return found, frequency, np.array([context[i] for i in interval.tolist()], np.int64)


@dataclass(frozen=True)
class DropFrequentPrompts(TagFrequentPrompts):
    """Keep only so many of the conversations that share a prompt.

    Who stays: those of earlier intervals first, then by a hash of the conversation id, so that
    neither the hour of the day nor a user decides.

    Options: as `tag_frequent_prompts`.
    """

    name: ClassVar[str] = "drop_frequent_prompts"
    reasons: ClassVar[tuple[str, ...]] = ("frequent_prompt",)

    def choose(self, rows: pa.Table, context: object = None) -> pa.Table:
        found, frequency, cap = self._frequency(rows, context)
        rows = found.rows
        lot = hashing.pair(rows["conversation_id"].combine_chunks())[0]
        order = np.lexsort([lot, groups.ints(rows, "interval"), found.group])
        place = np.empty(rows.num_rows, np.int64)
        place[order] = np.arange(rows.num_rows) - found.starts[found.group[order]]
        columns = {
            "reason": groups.chosen(place >= cap, self.reasons[0]),
            "prompt_frequency": pa.array(frequency, pa.int32()),
            "high_frequency": pa.array(frequency > cap),
        }
        return groups.decisions(rows, np.ones(rows.num_rows, bool), columns)


def prompts(conversations: pa.ListArray, max_chars: int) -> tuple[np.ndarray, np.ndarray]:
    """128-bit hash of the user's messages joined by line ends and cut: two (rows,) uint64."""
    flat = Messages(conversations)
    texts = flat.texts.to_pylist()
    joined = ("\n".join(text or "" for text in texts[begin:end:2]) for begin, end in flat.spans())
    return hashing.split(hashing.wide([prompt[:max_chars].encode()]) for prompt in joined)
