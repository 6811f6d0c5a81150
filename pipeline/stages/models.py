"""Model names: the public name of each, and those that must not leave yet."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.stage import BatchStage, drop, put

COLUMNS = ("model", "model_a", "model_b")


@dataclass(frozen=True)
class Rename:
    """One line of the table: `old` was the serving name of `new`, from `since` until `until`.

    Attributes:
        since: first moment, UTC; null: always.
        until: first moment no longer meant; null: for ever.
        why: the source, for people.
    """

    old: str
    new: str
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class FixModelNames(BatchStage):
    """Replace serving names by public ones, by a table that knows dates.

    Options:
        renames: the table, or the name of a YAML file beside the recipe that holds it.
    """

    name: ClassVar[str] = "fix_model_names"
    tables: ClassVar[tuple[str, ...]] = ("conversations", "battles")
    reads: ClassVar[tuple[str, ...]] = (*COLUMNS, "tstamp")
    writes: ClassVar[tuple[str, ...]] = COLUMNS

    renames: tuple[Rename, ...] = ()

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        for column in set(COLUMNS) & set(batch.schema.names):
            batch = put(batch, column, self._fixed(batch[column], batch["tstamp"]))
        return batch

    def _fixed(self, before: pa.StringArray, tstamp: pa.DoubleArray) -> pa.StringArray:
        after = before
        for rename in self.renames:
            is_meant = pc.equal(before, rename.old)
            if rename.since:
                is_meant = pc.and_(is_meant, pc.greater_equal(tstamp, _seconds(rename.since)))
            if rename.until:
                is_meant = pc.and_(is_meant, pc.less(tstamp, _seconds(rename.until)))
            after = pc.if_else(pc.fill_null(is_meant, fill_value=False), rename.new, after)
        return after


def _seconds(moment: dt.datetime) -> float:
    """Seconds since the epoch; a moment without zone is in UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()


@dataclass(frozen=True)
class DropModels(BatchStage):
    """Drop conversations and battles of models that must not be released.

    A conversation whose model was not logged is dropped too, for a release names it.

    Options:
        names: models under embargo, by their public name; a trailing `*` stands for any ending.
    """

    name: ClassVar[str] = "drop_models"
    tables: ClassVar[tuple[str, ...]] = ("conversations", "battles")
    reads: ClassVar[tuple[str, ...]] = COLUMNS
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = ("embargo", "no_model")

    names: tuple[str, ...] = ()

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        whole = pa.array([n for n in self.names if not n.endswith("*")], pa.string())
        for column in sorted(set(COLUMNS) & set(batch.schema.names)):
            model = batch[column]
            batch = drop(batch, pc.is_in(model, whole), self.name, "embargo")
            for start in (name[:-1] for name in self.names if name.endswith("*")):
                found = pc.fill_null(pc.starts_with(model, start), fill_value=False)
                batch = drop(batch, found, self.name, "embargo")
            batch = drop(batch, pc.is_null(model), self.name, "no_model")
        return batch
