"""Keep one user, or one program, from filling the dataset."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import groups, hashing
from pipeline.stage import KeyedStage

DAY_S = 86_400


@dataclass(frozen=True)
class CapUser(KeyedStage):
    """Keep only the first conversations of each user, and none of a burst.

    A user is an address: an office may be one user, and one person several. Rows without a
    user id are kept.

    Options:
        most: conversations a user may have per day (UTC) or per interval; the first stay.
        per: `day` or `interval`.
        burst: more conversations than this within `burst_s` seconds come from a program; those
            beyond it are dropped. Only earlier rows count, so that later logs change nothing.
        burst_s: the window, in seconds.
    """

    name: ClassVar[str] = "cap_user"
    reads: ClassVar[tuple[str, ...]] = ("user_id",)
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = ("over_cap", "burst")
    index: ClassVar[tuple[str, ...]] = ("conversation_id", "tstamp", "event_hash", "user_id")

    most: Annotated[int, msgspec.Meta(ge=1)] = 100
    per: Literal["day", "interval"] = "day"
    burst: Annotated[int, msgspec.Meta(ge=1)] = 20
    burst_s: Annotated[float, msgspec.Meta(gt=0)] = 60.0

    def keys(self, batch: pa.RecordBatch, table: str) -> pa.RecordBatch:
        del table
        key, key_high = hashing.pair(pc.fill_null(batch["user_id"], ""))
        return pa.RecordBatch.from_pydict({"key": key, "key_high": key_high})

    def choose(self, rows: pa.Table, context: object = None) -> pa.Table:
        del context
        found = groups.by(rows, "key", "key_high")
        rows, tstamp = found.rows, groups.ints(found.rows, "tstamp")
        is_known = pc.is_valid(rows["user_id"]).to_numpy()
        period = groups.ints(rows, "interval") if self.per == "interval" else tstamp // DAY_S
        is_new = np.ones(rows.num_rows, bool)
        is_new[1:] = (period[1:] != period[:-1]) | (found.group[1:] != found.group[:-1])
        place = np.arange(rows.num_rows) - np.flatnonzero(is_new)[np.cumsum(is_new) - 1]
        earlier = np.maximum(np.arange(rows.num_rows) - self.burst, 0)
        is_burst = (found.rank >= self.burst) & (tstamp - tstamp[earlier] <= self.burst_s)
        reason = pc.if_else(
            pa.array(is_burst), "burst", groups.chosen(place >= self.most, "over_cap")
        )
        is_dropped = is_known & (is_burst | (place >= self.most))
        return groups.decisions(rows, is_dropped, {"reason": reason})
