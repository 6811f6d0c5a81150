"""Going on from an earlier run: what it staged is taken over, what is forgotten left out.

A release that follows another one is judged as if all logs had come at once: the rows of the
earlier run are not staged again, their keys are judged anew together with the new ones, and a
shard of which nothing changed is taken over as it is (pipeline/reuse.py). So a release built step
by step is the release built at once, byte for byte.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, identity, sealing, staging, tombstones
from pipeline.errors import ForeignOutputError, IdentityError, InputError
from pipeline.fitting import CONFIG, PHASE
from pipeline.folders import Folders
from pipeline.recipe import Recipe
from pipeline.tombstones import Tombstones
from schemas.manifest import FitReceipt, RunManifest, StageReceipt
from schemas.staged import TABLES

KEPT = ("judges", "published")
"""Folders of an earlier run that a later one begins with, unless there is more to forget."""
MODELS = "models"
"""What fitted stages go on with: a model that was fitted anew would give other numbers."""


@dataclass(frozen=True)
class Earlier:
    """A finished run.

    Attributes:
        folders: where it is.
        manifest: its private record.
    """

    folders: Folders
    manifest: RunManifest

    @property
    def stones(self) -> Tombstones:
        """What it has forgotten."""
        return tombstones.load(self.folders.at(tombstones.NAME))


def load(output: str, recipe: Recipe, version: str) -> Earlier:
    """The finished run in an output folder, if a run of this recipe can go on from it.

    Raises:
        InputError: there is no finished run.
        IdentityError: it was made under another key.
        ForeignOutputError: by another recipe or version, from a part of the logs, or what it left
            was changed.
    """
    folders = Folders(files.absolute(output))
    if not files.exists(folders.at("manifest.json")) or not files.exists(folders.release):
        raise InputError(f"{output} holds no finished run to go on from")
    manifest = files.read_record(folders.at("manifest.json"), RunManifest)
    key = recipe.identity.load() if recipe.identity else None
    if manifest.plan.key != (identity.fingerprint(key) if key else None):
        raise IdentityError(f"the run in {output} was made under another identity key")
    if manifest.plan.version != version:
        raise ForeignOutputError(
            f"the run in {output} was made by version {manifest.plan.version}, this is {version}"
        )
    if manifest.plan.recipe != recipe.digest():
        raise ForeignOutputError(
            f"the run in {output} was made with another recipe ({manifest.plan.recipe_name}, "
            f"{manifest.plan.recipe[:12]}); release everything anew with this one"
        )
    if manifest.plan.limit is not None:
        raise ForeignOutputError(f"the run in {output} took only a part of its logs (--limit)")
    fault = sealing.broken(folders, key)
    if fault:
        raise ForeignOutputError(f"the private state of {output} is not what its run left: {fault}")
    return Earlier(folders, manifest)


def adopt(before: Earlier, folders: Folders, stones: Tombstones, key: bytes | None) -> None:
    """Take over the staged units of an earlier run, each with its receipt at last.

    Files are linked where a disk can, so that they take no room. Units of which something is to
    be forgotten are written anew without it.
    """
    for name in (MODELS, *(KEPT if stones == before.stones else ())):
        for path in files.tree(before.folders.at(name)):
            data = files.read_bytes(before.folders.at(name, path))
            files.write_bytes(folders.at(name, path), data)
    _adopt_fits(before, folders)
    for unit in before.manifest.plan.units:
        target = folders.receipt("stage", unit.id)
        if not files.exists(target):
            receipt = files.read_record(before.folders.receipt("stage", unit.id), StageReceipt)
            if stones == before.stones or not _purged(receipt, before, folders, stones, key):
                for path in receipt.files:
                    if files.exists(before.folders.at(path)):
                        files.link(before.folders.at(path), folders.at(path))
            receipt.files = {
                path: size for path, size in receipt.files.items() if files.exists(folders.at(path))
            }
            receipt.cpu_s, receipt.stages = 0.0, {}
            files.write_record(target, receipt)


def _adopt_fits(before: Earlier, folders: Folders) -> None:
    """Keep to the models of an earlier run; where it had too little to fit to, try again.

    Rows without their text cannot be tagged anew.
    """
    units = before.manifest.plan.units
    has_text = all(files.exists(before.folders.staged(unit.id, CONFIG)) for unit in units)
    for name in files.names(before.folders.at("receipts", PHASE)):
        fit = files.read_record(before.folders.at("receipts", PHASE, name), FitReceipt)
        if fit.model or not has_text:
            files.write_record(folders.at("receipts", PHASE, name), fit)


def _purged(
    receipt: StageReceipt, before: Earlier, folders: Folders, stones: Tombstones, key: bytes | None
) -> bool:
    """Write a unit without what is to be forgotten; says whether there was any of it."""
    gone = {table: _matched(receipt.unit, table, before, stones, key) for table in TABLES}
    listed = files.read_table(before.folders.quarantine(receipt.unit))
    is_named = tombstones.matched(listed, "feedback", stones, key)
    if not is_named.any() and not any(where.any() for where in gone.values()):
        return False
    file, offset = [], []
    with ExitStack() as stack:
        for table, where in gone.items():
            at = [path(receipt.unit, table) for path in (folders.index, folders.staged)]
            index = before.folders.index(receipt.unit, table)
            staged = before.folders.staged(receipt.unit, table)
            places = _rewritten(index, at[0], where, stack)
            if files.exists(staged):
                _rewritten(staged, at[1], where, stack)
            left = places.filter(pc.invert(pa.array(where))) if places.num_rows else places
            lost = places.filter(pa.array(where)) if places.num_rows else places
            if lost.num_rows:
                file += lost["file"].to_pylist()
                offset += lost["offset"].to_pylist()
                receipt.rows[table] = left.num_rows
                receipt.dropped[table] = dict(staging.drops(left))
                receipt.text_bytes -= pc.sum(lost["text_bytes"]).as_py()
    ids = pc.if_else(pa.array(is_named), pa.scalar(None, pa.string()), listed["conversation_id"])
    at = listed.schema.get_field_index("conversation_id")
    listed = listed.set_column(at, listed.schema.field(at), ids)
    more = tombstones.quarantined(file, offset)
    files.write_table(folders.quarantine(receipt.unit), pa.concat_tables([listed, more]))
    staging.add(receipt.quarantined, {tombstones.REASON: more.num_rows} if more.num_rows else {})
    receipt.files = {
        path: files.size(folders.at(path))
        for path in receipt.files
        if files.exists(folders.at(path))
    }
    return True


def _matched(
    unit: str, table: str, before: Earlier, stones: Tombstones, key: bytes | None
) -> np.ndarray:
    """Which rows of a unit's table are to be forgotten: shape (rows,) bool."""
    with files.open_parquet(before.folders.index(unit, table)) as source:
        if not source.metadata.num_rows:
            return np.zeros(0, bool)
        rows = source.read(["conversation_id", "user_id"], use_threads=False)
    found = tombstones.matched(rows, table, stones, key)
    if not files.exists(before.folders.staged(unit, table)):
        return found
    with files.open_parquet(before.folders.staged(unit, table)) as source:
        names = [
            name for name in tombstones.read(table, stones) if name in source.schema_arrow.names
        ]
        batches = source.iter_batches(columns=names, use_threads=False)
        parts = [tombstones.matched(part, table, stones, key) for part in batches]
    return found | np.concatenate(parts)


def _rewritten(path: str, to: str, where: np.ndarray, stack: ExitStack) -> pa.Table:
    """Copy a file of a unit without some rows; returns where all rows came from."""
    names = ["file", "offset", "text_bytes", "dropped_by", "reason"]
    places: list[pa.RecordBatch] = []
    drawer = stack.enter_context(staging.Drawer(to, stack))
    begin = 0
    for batch in _batches(path):
        places.append(batch.select([name for name in names if name in batch.schema.names]))
        stays = batch.filter(pa.array(~where[begin : begin + batch.num_rows]))
        begin += batch.num_rows
        if stays.num_rows:
            drawer.add(stays)
    return pa.Table.from_batches(places) if places else pa.table({})


def _batches(path: str) -> Iterator[pa.RecordBatch]:
    with files.open_parquet(path) as source:
        if source.metadata.num_rows:
            yield from source.iter_batches(use_threads=False)
