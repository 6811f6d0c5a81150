"""What came, went and changed between two releases, and why.

Intervals whose files are the same are not opened. Of the others memory holds, an interval at a
time, sixteen bytes a row; only rows that changed are looked at again, column by column.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import xxhash

from pipeline import drift, files
from pipeline.card import method
from pipeline.errors import InputError
from pipeline.folders import Folders
from schemas.difference import Difference
from schemas.manifest import ReleasedFile, ReleaseManifest

CONFIG = "conversations"
STEP_ROWS = 2048
NEW, LATE, CONTINUED = (
    "of a new interval",
    "of an interval that was begun",
    "continued in a later interval",
)
UNKNOWN, FORGOTTEN = "unknown: no run folder beside it", "forgotten, or no longer logged"
MADE_BY = ("version", "recipe", "recipe_name", "libraries", "models", "redaction_rules")


@dataclass(frozen=True)
class Side:
    """One of the two releases.

    Attributes:
        folder: the release.
        manifest: of it.
        run: the private folder beside it, if it is there.
    """

    folder: str
    manifest: ReleaseManifest
    run: str | None

    def files(self) -> dict[str, list[ReleasedFile]]:
        """The shards of conversations by interval."""
        found: dict[str, list[ReleasedFile]] = {}
        for file in self.manifest.files:
            if file.config == CONFIG:
                found.setdefault(file.interval, []).append(file)
        return found

    def rows(self, shards: list[ReleasedFile]) -> Iterator[pa.RecordBatch]:
        """The rows of some shards."""
        for file in shards:
            with files.open_parquet(files.join(self.folder, file.path)) as source:
                yield from source.iter_batches(STEP_ROWS, use_threads=False)


def side(path: str) -> Side:
    """A release by its folder, or by the output folder of its run.

    Raises:
        InputError: there is none.
    """
    folders = Folders(path)
    folder = folders.release if files.exists(folders.release) else path
    if not files.exists(files.join(folder, "manifest.json")):
        raise InputError(f"{path} holds no release")
    run = Folders(folder.rstrip("/").rpartition("/")[0] or ".").run
    manifest = files.read_record(files.join(folder, "manifest.json"), ReleaseManifest)
    return Side(folder, manifest, run if files.exists(run) else None)


def between(before: Side, after: Side) -> Difference:
    """Compare two releases."""
    old, new = before.files(), after.files()
    alike = [name for name in old if _hashes(old[name]) == _hashes(new.get(name, []))]
    spread = drift.Spread()
    came: dict[str, list[str]] = {}
    went: list[str] = []
    changed: Counter[str] = Counter()
    same = sum(file.rows for name in alike for file in old[name])
    for name in alike:
        spread.before(before.rows(old[name]))
    for name in sorted({*old, *new} - set(alike)):
        found = _compared(before, after, old.get(name, []), new.get(name, []), spread)
        came.setdefault(LATE if name in old else NEW, []).extend(found.came)
        went += found.went
        changed += found.changed
        same += found.same
    return Difference(
        before.manifest.release,
        after.manifest.release,
        same,
        _why_came(came, before),
        _why_went(went, {one for ids in came.values() for one in ids}, after),
        dict(changed.most_common()),
        _columns(before.manifest, after.manifest),
        _made_by(before.manifest, after.manifest),
        sum(len(old[name]) for name in alike),
        spread.drifts(),
        method.forgotten(before.manifest, after.manifest),
    )


def _hashes(shards: list[ReleasedFile]) -> list[str]:
    return sorted(file.sha256 for file in shards)


@dataclass
class _Interval:
    """What became of the rows of one interval."""

    came: list[str]
    went: list[str]
    changed: Counter[str]
    same: int


def _compared(
    before: Side,
    after: Side,
    old: list[ReleasedFile],
    new: list[ReleasedFile],
    spread: drift.Spread,
) -> _Interval:
    known = {key: digest for batch in before.rows(old) for key, _, digest in _rows(batch)}
    spread.before(before.rows(old))
    found = _Interval([], [], Counter(), 0)
    other: dict[int, dict[str, Any]] = {}
    seen: set[int] = set()
    for batch in after.rows(new):
        is_new = np.zeros(batch.num_rows, bool)
        for at, (key, name, digest) in enumerate(_rows(batch)):
            seen.add(key)
            if key not in known:
                is_new[at] = True
                found.came.append(name)
            elif known[key] == digest:
                found.same += 1
            else:
                other[key] = batch.slice(at, 1).to_pylist()[0]
        spread.came(batch.filter(pa.array(is_new)))
    for batch in before.rows(old):
        for at, (key, name, _) in enumerate(_rows(batch)):
            if key in other:
                found.changed += Counter(_columns_of(batch.slice(at, 1).to_pylist()[0], other[key]))
            elif key not in seen:
                found.went.append(name)
    return found


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[int, str, int]]:
    """Of each row: a hash of its id and variant, the id, a hash of all of it."""
    for row in batch.to_pylist():
        name = row["conversation_id"]
        key = xxhash.xxh3_64_intdigest(f"{name} {row.get('variant', 0)}".encode())
        yield key, name, xxhash.xxh3_64_intdigest(orjson.dumps(row, option=orjson.OPT_SORT_KEYS))


def _columns_of(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    names = {**one, **other}
    return [name for name in names if one.get(name) != other.get(name)]


def _why_came(came: Mapping[str, list[str]], before: Side) -> dict[str, int]:
    """Rows that came by reason: what they were dropped for, where the former run tells."""
    dropped = _fates(before, {one for ids in came.values() for one in ids})
    found: Counter[str] = Counter()
    for why, ids in came.items():
        found += Counter(f"no longer {dropped[i]}" if i in dropped else why for i in ids)
    return dict(found.most_common())


def _why_went(went: list[str], came: set[str], after: Side) -> dict[str, int]:
    dropped = _fates(after, set(went))
    otherwise = FORGOTTEN if after.run else UNKNOWN
    found = Counter(CONTINUED if i in came else dropped.get(i, otherwise) for i in went)
    return dict(found.most_common())


def _fates(of: Side, ids: set[str]) -> dict[str, str]:
    """What the run of a release dropped some conversations for; the last reason of each."""
    found: dict[str, str] = {}
    folder = Folders(of.run.rpartition("/")[0]).at("dropped", CONFIG) if of.run and ids else ""
    for name in files.names(folder) if folder else ():
        columns = ["conversation_id", "dropped_by", "reason"]
        for row in files.read_table(files.join(folder, name), columns).to_pylist():
            if row["conversation_id"] in ids:
                found[row["conversation_id"]] = f"{row['dropped_by']}: {row['reason']}"
    return found


def _columns(before: ReleaseManifest, after: ReleaseManifest) -> dict[str, str]:
    old, new = before.columns.get(CONFIG, {}), after.columns.get(CONFIG, {})
    gone = {name: "went" for name in old if name not in new}
    retyped = {n: f"{old[n]} -> {new[n]}" for n in old if n in new and old[n] != new[n]}
    return gone | retyped | {name: "came" for name in new if name not in old}


def _made_by(before: ReleaseManifest, after: ReleaseManifest) -> dict[str, list[str | None]]:
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in MADE_BY}
    return {name: [str(a), str(b)] for name, (a, b) in pairs.items() if a != b}
