"""Whether the manifest counts the redactions that are there."""

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa

from pipeline.contract.rule import Fault
from schemas.manifest import ReleaseManifest

COLUMN = "redactions"
SAYS = {
    "redaction_counts": "the redactions of the manifest, by kind and rule, are those of the rows"
}


class Redactions:
    """How many redactions of each kind and rule there are."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, batch: pa.RecordBatch) -> None:
        """Count those of some rows."""
        if COLUMN in batch.schema.names:
            flat = batch[COLUMN].flatten()
            rows = pa.table({name: flat.field(name) for name in ("kind", "rule")})
            grouped = rows.group_by(["kind", "rule"]).aggregate([([], "count_all")])
            for kind, rule, count in zip(*grouped.to_pydict().values(), strict=True):
                self._counts[str(kind), str(rule)] += count

    def faults(self, manifest: ReleaseManifest) -> Iterator[Fault]:
        """Where the manifest says otherwise."""
        told: Counter[tuple[str, str]] = Counter()
        for one in manifest.redactions:
            told[one.kind, one.rule] += one.count
        for kind, rule in sorted(told.keys() | self._counts.keys()):
            held, said = self._counts[kind, rule], told[kind, rule]
            if held != said:
                what = f"{kind} by {rule}: {said:,} in the manifest, {held:,} in the rows"
                yield Fault("manifest.json", "redaction_counts", what)
