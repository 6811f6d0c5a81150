"""How many users there are behind what is released: from the private index; counts only, no id."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, hashing
from pipeline.folders import Folders
from schemas.manifest import Plan, ReleaseManifest, Shard

TABLE = "conversations"


class Index:
    """What the run folder knows of the rows of a release.

    Args:
        folders: of the run.
        manifest: of its release.
        shards: of its release, as the judge cut them.
    """

    def __init__(self, folders: Folders, manifest: ReleaseManifest, shards: list[Shard]) -> None:
        self.folders = folders
        self.units = files.read_record(folders.at("plan.json"), Plan).units
        ids = {shard.path: shard.id for shard in shards}
        released = [file for file in manifest.files if file.config == TABLE]
        self.shards = [(file, ids[file.path]) for file in released]

    def cut(self, shard: str, columns: list[str]) -> pa.Table:
        """Some columns of what the judge noted of a shard's rows, in their order."""
        return files.read_table(self.folders.cut(shard), columns)

    def columns(self, unit: int, names: list[str]) -> pa.Table:
        """Some columns of the index of a unit: every staged row, released or not."""
        path = self.folders.index(self.units[unit].id, TABLE)
        with files.open_parquet(path) as source:
            if not source.metadata.num_rows:
                return pa.table({name: pa.nulls(0, pa.string()) for name in names})
            return source.read(names, use_threads=False).combine_chunks()

    def named(self, end: str) -> str | None:
        """The name of the index's column that ends so, if a stage made one."""
        for unit in self.units:
            with files.open_parquet(self.folders.index(unit.id, TABLE)) as source:
                for name in source.schema_arrow.names:
                    if name.endswith(end):
                        return str(name)
        return None

    def of_rows(self, cut: pa.Table, names: list[str]) -> Iterator[tuple[np.ndarray, pa.Table]]:
        """Index columns of the rows of a cut, unit by unit: where they are in it, and the rows."""
        units, rows = cut["unit"].to_numpy(), cut["row"].to_numpy()
        for unit in np.unique(units).tolist():
            mine = np.flatnonzero(units == unit)
            yield mine, self.columns(unit, names).take(pa.array(rows[mine]))


def by_time(index: Index, *, days: bool) -> dict[str, int]:
    """Distinct users of the released conversations by day or interval, in order.

    Rows without a logged address count for nobody. Held are the users of one interval.

    Args:
        index: of the run.
        days: by day (UTC), not by interval of the release.
    """
    found: dict[str, int] = {}
    held: dict[str, list[np.ndarray]] = defaultdict(list)
    last = None
    for file, shard in index.shards:
        if file.interval != last:
            _settle(held, found)
        last = file.interval
        cut = index.cut(shard, ["unit", "row", "tstamp"])
        for mine, rows in index.of_rows(cut, ["user_id"]):
            if days:
                day = (cut["tstamp"].to_numpy()[mine] // 86_400).astype("datetime64[D]").astype(str)
            else:
                day = np.full(len(mine), file.interval)
            is_known = pc.is_valid(rows["user_id"]).to_numpy()
            users = hashing.pair(pc.drop_null(rows["user_id"]).combine_chunks())[0]
            for name in np.unique(day[is_known]).tolist():
                held[name].append(np.unique(users[day[is_known] == name]))
    _settle(held, found)
    return dict(sorted(found.items()))


def _settle(held: dict[str, list[np.ndarray]], found: dict[str, int]) -> None:
    for name, parts in held.items():
        found[name] = len(np.unique(np.concatenate(parts)))
    held.clear()


def users_of(index: Index, name: str, keys: np.ndarray) -> np.ndarray:
    """Distinct users of the released conversations that have one of some keys: shape (keys,).

    Args:
        index: of the run.
        name: the column of the keys.
        keys: sorted uint64.
    """
    pairs: set[tuple[int, int]] = set()
    for _, shard in index.shards:
        for _, rows in index.of_rows(index.cut(shard, ["unit", "row"]), [name, "user_id"]):
            values = unsigned(rows[name])
            is_mine = np.isin(values, keys) & pc.is_valid(rows["user_id"]).to_numpy()
            mine: Any = rows["user_id"].filter(pa.array(is_mine)).combine_chunks()
            at = np.searchsorted(keys, values[is_mine]).tolist()
            pairs.update(zip(at, hashing.pair(mine)[0].tolist(), strict=True))
    counts = np.zeros(len(keys), np.int64)
    for at, _ in pairs:
        counts[at] += 1
    return counts


def unsigned(column: pa.ChunkedArray) -> np.ndarray:
    """A column of hashes: shape (rows,) uint64; null is 0."""
    return pc.fill_null(column, 0).to_numpy().astype(np.uint64)
