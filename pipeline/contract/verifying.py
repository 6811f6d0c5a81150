"""Whether a release keeps its contract: one pass over its folder, with nothing beside it.

Every shard is read once, row group by row group; what is held of all rows is 8 bytes of each id.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import files
from pipeline.contract import (
    agreement,
    footers,
    manifests,
    redactions,
    repetition,
    signature,
    values,
)
from pipeline.contract.footers import Footer
from pipeline.contract.manifests import MANIFEST, Listing
from pipeline.contract.redactions import Redactions
from pipeline.contract.repetition import Follower, Ids, Sample, hashes, twice
from pipeline.contract.rows import Rows, Tally
from pipeline.contract.rule import DAMAGE, Fault, Faults, unreadable
from pipeline.errors import InputError
from schemas.manifest import ReleasedFile, ReleaseManifest

WHOLE_BYTES = 64 << 20
"""A file up to this size is read once; a larger one is hashed first, and then read."""
STEP_ROWS = 4096
SAYS = {
    "sha256": "the SHA-256 of a file is what the manifest says",
    "readable": "a shard is a Parquet file that can be read to its end",
    **redactions.SAYS,
    **repetition.SAYS,
    **signature.SAYS,
}
ROW_RULES = (*values.RULES, *agreement.RULES)


def rules() -> dict[str, str]:
    """All rules of the contract: name -> what it says."""
    tables = (manifests.RULES, footers.RULES, values.RULES, agreement.RULES)
    return SAYS | {rule.name: rule.says for table in tables for rule in table}


@dataclass
class Verdict:
    """What was found in a release.

    Attributes:
        faults: all of them, up to a limit, by file and rule.
        count: how many there are.
        files: shards and documents that were read.
        rows: of `conversations` that were looked at.
        bytes: read.
        configs: config -> rows, as the manifest says.
        rules: that were looked after.
    """

    faults: list[Fault]
    count: int
    files: int
    rows: int
    bytes: int
    configs: dict[str, int] = field(default_factory=dict)
    rules: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether the release keeps the contract."""
        return self.count == 0


def verify(folder: str, signers: str | None = None) -> Verdict:
    """Look through a release folder, local or a URI; needs neither key nor run folder.

    Args:
        folder: of the release.
        signers: a file of those who may have signed it; None: it need not be signed.

    Raises:
        InputError: it holds no release: there is no manifest that can be read.
    """
    return _Pass(folder, signers).all()


def _manifest(folder: str) -> ReleaseManifest:
    path = files.join(folder, MANIFEST)
    if not files.exists(path):
        raise InputError(f"{folder} is no release: it has no {MANIFEST}")
    return files.read_record(path, ReleaseManifest)


class _Pass:
    """One pass over a release."""

    def __init__(self, folder: str, signers: str | None) -> None:
        self._folder = folder
        self._signers = signers
        self._manifest = _manifest(folder)
        self._found = files.sizes(folder)
        self._faults = Faults()
        self._ids = Ids()
        self._redactions = Redactions()
        self._whole: dict[str, ReleasedFile] = {}
        self._verdict = Verdict([], 0, 0, 0, 0, dict(self._manifest.configs))

    def all(self) -> Verdict:
        """The rules on the list, on documents, on each interval, and on ids."""
        seen = Listing(self._manifest, self._found)
        for rule in manifests.RULES:
            self._add(rule.check(seen))
        if self._signers is not None:
            self._add(signature.faults(self._folder, self._signers))
        for document in self._manifest.documents:
            if document.path in self._found:
                self._hashed(document.path, document.sha256, keep=False)
        intervals = sorted({file.interval for file in self._manifest.files})
        for interval in intervals:
            self._interval(interval)
        if self._verdict.rows == self._manifest.configs.get("conversations"):
            self._add(self._redactions.faults(self._manifest))
        suspects = self._ids.suspects()
        if len(suspects):
            self._add(twice(self._whole, self._again, suspects))
        verdict = self._verdict
        verdict.rules = len(rules())
        verdict.faults, verdict.count = sorted(self._faults.listed), self._faults.count
        return verdict

    def _add(self, found: Iterator[Fault]) -> None:
        for fault in found:
            self._faults.add(fault)

    def _interval(self, interval: str) -> None:
        """The files of an interval: those that repeat rows beside those whose rows they repeat."""
        whole, narrow, drawn = (
            manifests.files_of(self._manifest, config, interval)
            for config in ("conversations", "metadata", "sample")
        )
        is_whole = all(file.path in self._found for file in whole)
        sample = None
        for file in drawn:
            if (source := self._opened(file)) and is_whole:
                sample = self._sample(file, source)
        twins = {manifests.number(file): file for file in narrow}
        for file in whole:
            follower = None
            twin = twins.pop(manifests.number(file), None)
            if twin and (source := self._opened(twin)):
                follower = Follower(twin.path, source, STEP_ROWS)
            if not self._shard(file, follower, sample):
                sample = None
        for file in twins.values():
            self._opened(file)
        if sample:
            self._add(sample.end())

    def _sample(self, file: ReleasedFile, source: pq.ParquetFile) -> Sample | None:
        try:
            return Sample(file.path, source, STEP_ROWS)
        except DAMAGE as error:
            self._faults.add(unreadable(file.path, error))
            return None

    def _shard(self, file: ReleasedFile, twin: Follower | None, sample: Sample | None) -> bool:
        """Read a file of conversations; whether that went well to its end."""
        source = self._opened(file)
        if source is None:
            return False
        self._whole[file.path] = file
        columns = self._manifest.columns.get(file.config, {})
        typed = [f.name for f in source.schema_arrow if footers.is_typed(f, columns)]
        rules = [rule for rule in ROW_RULES if set(rule.needs) <= set(typed)]
        tally, first = Tally(file.path), 0
        try:
            for batch in source.iter_batches(STEP_ROWS, use_threads=False):
                rows = Rows(batch.select(typed), file.path, file.interval, first)
                for rule in rules:
                    tally.add(rule, rows)
                self._redactions.add(rows.batch)
                self._repeated(rows.batch, twin, sample)
                first += batch.num_rows
            self._verdict.rows += first
            if twin:
                self._add(twin.end())
        except DAMAGE as error:
            self._faults.add(unreadable(file.path, error))
            return False
        finally:
            self._add(tally.faults(rules))
        return True

    def _repeated(
        self, batch: pa.RecordBatch, twin: Follower | None, sample: Sample | None
    ) -> None:
        if "conversation_id" not in batch.schema.names:
            return
        digests = hashes(batch)
        self._ids.add(batch, digests)
        if twin:
            self._add(twin.follow(batch))
        if sample:
            self._add(sample.follow(batch, digests))

    def _opened(self, file: ReleasedFile) -> pq.ParquetFile | None:
        """A file, hashed and opened, its footer looked at; None if it cannot be read."""
        if file.path not in self._found:
            return None
        content = self._hashed(file.path, file.sha256)
        try:
            stream = files.open_input(self._at(file.path)) if content is None else content
            source = pq.ParquetFile(stream)
            footer = Footer(file, self._manifest.columns.get(file.config, {}), source)
            for rule in footers.RULES:
                self._add(rule.check(footer))
        except DAMAGE as error:
            self._faults.add(unreadable(file.path, error))
            return None
        return source

    def _again(self, path: str) -> pq.ParquetFile:
        return files.open_parquet(self._at(path))

    def _at(self, path: str) -> str:
        return files.join(self._folder, path)

    def _hashed(self, path: str, wanted: str, *, keep: bool = True) -> pa.BufferReader | None:
        """Compare the hash of a file; its content, if it is small and wanted."""
        content = None
        if keep and self._found[path] <= WHOLE_BYTES:
            data = files.read_bytes(self._at(path))
            digest, content = hashlib.sha256(data).hexdigest(), pa.BufferReader(data)
        else:
            digest, _ = files.sha256(self._at(path))
        self._verdict.files += 1
        self._verdict.bytes += self._found[path]
        if digest != wanted:
            self._faults.add(Fault(path, "sha256", "its content is not what the manifest says"))
        return content
