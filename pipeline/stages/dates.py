"""Which rows a release is about: by date, or a sample of conversations."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import hashing
from pipeline.stage import BatchStage, drop


@dataclass(frozen=True)
class DropOutsideDates(BatchStage):
    """Drop what was logged before or after the wanted dates (UTC).

    Options:
        since: first day or moment that is wanted, ISO 8601; null: from the beginning.
        until: first day or moment that is no longer wanted; null: to the end.
    """

    name: ClassVar[str] = "drop_outside_dates"
    tables: ClassVar[tuple[str, ...]] = ("conversations", "battles")
    reads: ClassVar[tuple[str, ...]] = ("tstamp",)
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = ("before", "after")

    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        for moment in (self.since, self.until):
            if moment:
                seconds(moment)

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        if self.since:
            found = pc.less(batch["tstamp"], seconds(self.since))
            batch = drop(batch, found, self.name, "before")
        if self.until:
            found = pc.greater_equal(batch["tstamp"], seconds(self.until))
            batch = drop(batch, found, self.name, "after")
        return batch


@dataclass(frozen=True)
class DropUnsampled(BatchStage):
    """Keep a share of the conversations, chosen by a hash of their id: always the same ones.

    Options:
        share: how many of them, from 0 to 1.
    """

    name: ClassVar[str] = "drop_unsampled"
    reads: ClassVar[tuple[str, ...]] = ("conversation_id",)
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = ("not_sampled",)

    share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        lot = hashing.pair(batch["conversation_id"])[0] >> 11
        return drop(batch, lot >= self.share * (1 << 53), self.name, self.reasons[0])


def seconds(moment: str) -> float:
    """Seconds since the epoch; a day begins at midnight UTC, a moment without zone is in UTC.

    Raises:
        ValueError: it is not ISO 8601.
    """
    found = dt.datetime.fromisoformat(moment)
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()
