"""Rows of an earlier release that need no work: taken over with their text, tags and redactions.

A released row is a function of its log line, the recipe, and what the judge joined to it. Where a
later run finds a line that an earlier one released, with the same decisions on its redaction, the
finished row is read from the earlier release, and only the joined columns are put in anew. A shard
of which nothing changed is taken over as a file.
"""

import functools
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, samples
from pipeline.folders import Folders
from pipeline.job import Job
from pipeline.shards import GROUP_BYTES
from schemas.manifest import RunManifest, Shard, WriteReceipt

ADDRESS = ("unit", "row", "file", "offset")
"""Columns of a cut that say where a row lies, and nothing of what it is."""
Finish = Callable[[pa.Table], pa.Table]


def whole(shard: Shard, job: Job) -> WriteReceipt | None:
    """Take over a shard of which nothing changed, with its receipt; None: something did."""
    before = _before(job)
    if before is None or not files.exists(before.cut(shard.id)):
        return None
    path = before.receipt("write", shard.id)
    old, new = (files.read_table(one.cut(shard.id)) for one in (before, job.folders))
    if not files.exists(path) or not _plain(old).equals(_plain(new)):
        return None
    receipt = files.read_record(path, WriteReceipt)
    for path in (receipt.path, *(one.path for one in receipt.derived)):
        files.link(files.join(before.release, path), files.join(job.folders.building, path))
    sample = samples.path(shard, job).removeprefix(job.folders.run + "/")
    if files.exists(before.at(sample)):
        files.link(before.at(sample), job.folders.at(sample))
    return msgspec.structs.replace(receipt, cpu_s=0.0, stages={})


def _plain(cut: pa.Table) -> pa.Table:
    return cut.drop_columns([name for name in ADDRESS if name in cut.column_names])


def _before(job: Job) -> Folders | None:
    """The earlier run, if its rows were tagged by the models of this one."""
    if job.plan.after is None:
        return None
    before = Folders(job.plan.after.output)
    was = _manifest(before.at("manifest.json")).release.models
    return before if was == job.recipe.models else None


def has(rows: pa.Table, job: Job) -> np.ndarray:
    """Whether an earlier release holds each surviving row, finished: shape (rows,) bool."""
    names = _decisive(job)
    if job.plan.after is None:
        return np.zeros(rows.num_rows, bool)
    known = _released(job.plan.after.output, tuple(names))
    return pc.is_in(_keys(rows, names), known).to_numpy(zero_copy_only=False)


@functools.lru_cache(1)
def _released(output: str, names: tuple[str, ...]) -> pa.Array:
    """What all rows of an earlier release were made from; held only where texts were purged."""
    before = Folders(output)
    cuts = [files.read_table(before.cut(one.id)) for one in _shards(before.at("manifest.json"))]
    keys = [_keys(cut, list(names)) for cut in cuts]
    return pa.concat_arrays(keys) if keys else pa.array([], pa.binary())


class Known:
    """The rows of one interval that an earlier run released.

    Args:
        shard: that is to be written.
        job: the run.
    """

    def __init__(self, shard: Shard, job: Job) -> None:
        self.names = _decisive(job)
        self.paths: list[str] = []
        pieces: list[pa.Table] = []
        before = _before(job)
        for other in _shards(before.at("manifest.json")) if before else ():
            if (other.config, other.interval) == (shard.config, shard.interval):
                cut = files.read_table(before.cut(other.id)) if before else pa.table({})
                pieces.append(self._described(cut, len(self.paths)))
                self.paths.append(files.join(before.release, other.path) if before else "")
        self.rows = pa.concat_tables(pieces).combine_chunks() if pieces else None
        self._read: dict[tuple[int, int], pa.Table] = {}

    def _described(self, cut: pa.Table, number: int) -> pa.Table:
        columns = {
            "key": _keys(cut, self.names),
            "shard": pa.array(np.full(cut.num_rows, number, np.int32)),
            "at": pa.array(np.arange(cut.num_rows, dtype=np.int32)),
        }
        return pa.table(columns)

    def finished(self, cut: pa.Table, schema: pa.Schema, finish: Finish) -> pa.Table:
        """The released rows of a cut: those that are known, and the others as `finish` makes them.

        Args:
            cut: rows of a cut, in order.
            schema: of the release.
            finish: does the whole work for some rows of a cut.
        """
        if self.rows is None:
            return finish(cut)
        found = pc.index_in(_keys(cut, self.names), self.rows["key"].combine_chunks())
        is_known = pc.is_valid(found)
        place = pc.drop_null(found)
        if not len(place):
            return finish(cut)
        known = self._taken(self.rows.take(place), schema)
        known = _joined(known, cut.filter(is_known))
        if len(place) == cut.num_rows:
            return known.combine_chunks()
        made = finish(cut.filter(pc.invert(is_known)))
        order = np.argsort(np.argsort(~is_known.to_numpy(zero_copy_only=False), kind="stable"))
        return pa.concat_tables([known, made]).take(pa.array(order)).combine_chunks()

    def _taken(self, rows: pa.Table, schema: pa.Schema) -> pa.Table:
        """Rows of the earlier shards, in the order asked for."""
        shard, at = rows["shard"].to_numpy(), rows["at"].to_numpy()
        pieces, order = [], []
        for number in np.unique(shard).tolist():
            mine = np.flatnonzero(shard == number)
            with files.open_parquet(self.paths[number]) as source:
                groups, places = source.holding(at[mine])
                parts = [self._group(number, group, source, schema) for group in groups]
            pieces.append(pa.concat_tables(parts).take(pa.array(places)))
            order.append(mine)
        self._forget()
        back = np.argsort(np.concatenate(order))
        return pa.concat_tables(pieces).take(pa.array(back)).combine_chunks()

    def _group(self, number: int, group: int, source: Any, schema: pa.Schema) -> pa.Table:
        """A row group of an earlier shard; the last ones read are kept, for cuts may overlap."""
        if (number, group) not in self._read:
            read = source.read_row_group(group, columns=schema.names, use_threads=False)
            self._read[number, group] = read.select(schema.names).cast(schema)
        return self._read[number, group]

    def _forget(self) -> None:
        while len(self._read) > 1 and sum(one.nbytes for one in self._read.values()) > GROUP_BYTES:
            del self._read[next(iter(self._read))]


def _joined(known: pa.Table, cut: pa.Table) -> pa.Table:
    """Released rows with what the judge says of them now."""
    for name in cut.column_names:
        if name in known.column_names:
            at = known.schema.get_field_index(name)
            field = known.schema.field(at)
            known = known.set_column(at, field, cut[name].combine_chunks().cast(field.type))
    return known


def _decisive(job: Job) -> list[str]:
    """The joined columns on which redaction or a late tag depends."""
    recipe = job.recipe
    edits = {added.name for stage in recipe.editing for added in stage.adds}
    read = {name for stage in recipe.late for name in stage.reads}
    joined = {added.name for stage in recipe.keyed for added in stage.adds}
    return sorted(edits | (read & joined))


def _keys(cut: pa.Table, names: list[str]) -> pa.Array:
    """What a released row is made from, as one string of bytes a row: shape (rows,)."""
    parts = [pc.cast(cut["event_hash"].combine_chunks(), pa.binary())]
    parts.append(pc.cast(cut["conversation_id"].combine_chunks(), pa.binary()))
    for name in names:
        if name in cut.column_names:
            said = map(repr, cut[name].to_pylist())
            parts.append(pa.array([text.encode() for text in said], pa.binary()))
    return pc.binary_join_element_wise(*parts, b"\0")


@functools.lru_cache(2)
def _manifest(path: str) -> RunManifest:
    return files.read_record(path, RunManifest)


def _shards(path: str) -> list[Shard]:
    """The shards of conversations in the release of a finished run."""
    made = _manifest(path).release.files
    return [_shard(file.path) for file in made if file.config == "conversations"]


def _shard(path: str) -> Shard:
    """The shard at a path of a release; only its name."""
    _, config, interval, name = path.split("/")
    number, of = name.removeprefix("train-").removesuffix(".parquet").split("-of-")
    return Shard(config, interval, int(number), int(of), 0, 0)
