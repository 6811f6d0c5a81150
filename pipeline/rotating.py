"""Rotation of the identity key: the release of the same logs under a new key.

Handles of users, ids that were derived, keyed hashes and seals all depend on the key, so all is
made anew from the raw logs; a run under one key never goes on from one under another. What must
outlive the old key are the tombstones. They are marks, from which no value can be had back: so
the logs are read once with both keys, and each value that has a mark under the old one gets one
under the new one. Without a map nobody who lacks both keys can tell which handles are one user's.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, identity, plan, run, tombstones
from pipeline.errors import IdentityError, InputError
from pipeline.folders import Folders
from pipeline.identity import KeySource
from pipeline.ingest import lines
from pipeline.ingest.lines import Limits, Span
from pipeline.ingest.rows import Batch, Ingest
from pipeline.messages import Messages
from pipeline.recipe import Recipe
from pipeline.tombstones import NAMED, Kind, Tombstone, Tombstones
from schemas.manifest import RunManifest
from schemas.staged import TEXTS

RECORD, LINKS = "rotation.json", "links.parquet"
"""What the run folder of the new release keeps of it; the latter only if it is asked for."""


class Rotation(msgspec.Struct, frozen=True):
    """The private record of a rotation.

    Attributes:
        before, after: fingerprints of the keys.
        carried: tombstones that go on under the new key.
        left: those of whose values the logs hold none; they mean nothing under the new key.
        is_linked: whether a map of handles was written.
    """

    before: str
    after: str
    carried: int
    left: list[Tombstone]
    is_linked: bool


@dataclass
class Reading:
    """What one reading of the logs under two keys found.

    Attributes:
        marks: old tombstone -> new tombstone.
        handles: old -> new handle of each user.
        ids: old -> new conversation id, where the id is derived and so depends on the key.
    """

    marks: dict[Tombstone, Tombstone] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Attributes:
        before: output folder of the earlier run.
        inputs: all logs that it was made of, and more, if there are.
        output: a new folder.
        old: the key of the earlier run.
        new: the key that takes its place.
        is_linked: whether to keep a private map of old and new handles.
    """

    before: str
    inputs: Sequence[str]
    output: str
    old: KeySource
    new: KeySource
    is_linked: bool = False


def rotate(
    recipe: Recipe, name: str, wanted: Wanted, settings: run.Settings
) -> tuple[RunManifest, Rotation]:
    """Release all logs of an earlier run anew, under another key.

    Args:
        recipe: what to do; its identity is replaced.
        name: how the recipe is called.
        wanted: the earlier run, the logs, the keys.
        settings: how.

    Raises:
        IdentityError: the earlier run has another key, or both keys are one.
        InputError: logs of the earlier run are missing.
    """
    keys = old, new = wanted.old.load(), wanted.new.load()
    stones = _checked(wanted, old, new)
    found = read(plan.find(wanted.inputs), recipe.limits, keys, stones, is_linked=wanted.is_linked)
    left = [stone for stone in stones.marks if stone not in found.marks]
    settings = replace(settings, forget=settings.forget.joined(found.marks.values()))
    made = replace(recipe, identity=wanted.new)
    manifest = run.run(made, name, wanted.inputs, wanted.output, settings)
    folders = Folders(wanted.output)
    if wanted.is_linked:
        files.write_table(folders.at(LINKS), _links(found))
    prints = identity.fingerprint(old), identity.fingerprint(new)
    rotation = Rotation(*prints, len(found.marks), left, wanted.is_linked)
    files.write_record(folders.at(RECORD), rotation)
    return manifest, rotation


def _checked(wanted: Wanted, old: bytes, new: bytes) -> Tombstones:
    """The tombstones of the earlier run, if its key can be rotated."""
    before = wanted.before
    folders = Folders(before)
    if old == new:
        raise IdentityError("the new identity key is the old one")
    if not files.exists(folders.at("manifest.json")):
        raise InputError(f"{before} holds no finished run to rotate the key of")
    known = files.read_record(folders.at("manifest.json"), RunManifest).plan
    if known.key != identity.fingerprint(old):
        raise IdentityError(f"the run in {before} was made under another identity key")
    given = {source.sha256 for source in plan.describe(plan.find(wanted.inputs))}
    missing = [source.path for source in known.inputs if source.sha256 not in given]
    if missing:
        raise InputError(
            f"{len(missing)} log(s) that {before} was made of are not given, the first is "
            f"{missing[0]}: under the new key there would be nothing of them"
        )
    return tombstones.load(folders.at(tombstones.NAME))


def read(
    paths: Sequence[str],
    limits: Limits,
    keys: tuple[bytes, bytes],
    stones: Tombstones,
    *,
    is_linked: bool,
) -> Reading:
    """Read logs under two keys; held are the matched marks, and the users if they are linked."""
    found = Reading()
    if not stones.marks and not is_linked:
        return found
    for number, path in enumerate(paths):
        for old, new in _batches(Span(path, number, 0, None), limits, keys):
            for table in old.tables:
                pair = old.tables[table], new.tables[table]
                _note(found, *pair, table, keys, stones)
                if is_linked and table == "conversations":
                    found.handles.update(_distinct(*(rows["user_id"] for rows in pair)))
                    ids = _distinct(*(rows["conversation_id"] for rows in pair))
                    found.ids.update({was: now for was, now in ids if was != now})
    return found


def _batches(
    span: Span, limits: Limits, keys: tuple[bytes, bytes]
) -> Iterator[tuple[Batch, Batch]]:
    """The same lines as staged under either key, batch by batch."""
    pieces = itertools.tee(lines.read(span, limits))
    is_csam = PurePosixPath(span.path).name.startswith("vision-csam-")
    yield from zip(
        *(
            Ingest(limits, key).batches(side, span.file, is_csam=is_csam)
            for key, side in zip(keys, pieces, strict=True)
        ),
        strict=True,
    )


def _note(
    found: Reading,
    old: pa.RecordBatch,
    new: pa.RecordBatch,
    table: str,
    keys: tuple[bytes, bytes],
    stones: Tombstones,
) -> None:
    """Tombstones of what stands in some rows."""
    named: list[tuple[Kind, Iterator[tuple[str, str]]]] = [
        ("conversation", _distinct(old[name], new[name])) for name in NAMED[table]
    ]
    if "user_id" in old.schema.names:
        named.append(("user", _distinct(old["user_id"], new["user_id"])))
    if stones.of("text"):
        for name in TEXTS.get(table, ()):
            texts = Messages(old[name]).texts
            hashes = pa.array(map(tombstones.text_hash, texts.to_pylist()), pa.string())
            named.append(("text", _distinct(hashes, hashes)))
    for kind, values in named:
        marks = stones.of(kind)
        for was, now in values if marks else ():
            stone = tombstones.mark(keys[0], kind, was)
            if stone.mark in marks:
                found.marks[stone] = tombstones.mark(keys[1], kind, now)


def _distinct(old: pa.Array, new: pa.Array) -> Iterator[tuple[str, str]]:
    """The pairs of values that are not null, each once."""
    pairs = pa.table({"old": old, "new": new}).group_by(["old", "new"]).aggregate([])
    pairs = pairs.filter(pc.is_valid(pairs["old"]))
    yield from zip(pairs["old"].to_pylist(), pairs["new"].to_pylist(), strict=True)


def _links(found: Reading) -> pa.Table:
    """Old and new names side by side, sorted."""
    rows = sorted(
        [("user", *pair) for pair in found.handles.items()]
        + [("conversation", *pair) for pair in found.ids.items()]
    )
    kinds, before, after = zip(*rows, strict=True) if rows else ((), (), ())
    columns = {"kind": kinds, "before": before, "after": after}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
