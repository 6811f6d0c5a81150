"""Which users wrote what is released: hashes of handles from the private index, no id."""

import numpy as np
import pyarrow.compute as pc

from pipeline import files, hashing
from pipeline.job import Job
from pipeline.statistics.crowds import NOBODY
from schemas.manifest import ReleasedFile, ReleaseManifest

CUT = ("unit", "row")


def are_known(manifest: ReleaseManifest, job: Job) -> bool:
    """Whether the run keyed users, the shards are its own, and any address was logged."""
    shards = [file for file in manifest.files if file.config == "conversations"]
    is_mine = all(files.exists(job.folders.cut(_shard(file.path))) for file in shards)
    if job.recipe.identity is None or not is_mine:
        return False
    return any((of_rows(file, job) != NOBODY).any() for file in shards)


def of_rows(file: ReleasedFile, job: Job) -> np.ndarray:
    """The user of each row of a shard: shape (rows,) uint64; `NOBODY` if no address was logged."""
    cut = files.read_table(job.folders.cut(_shard(file.path)), list(CUT))
    units, rows = cut["unit"].to_numpy(), cut["row"].to_numpy()
    found = np.full(cut.num_rows, NOBODY, np.uint64)
    for unit in np.unique(units).tolist():
        path = job.folders.index(job.plan.units[unit].id, "conversations")
        mine = np.flatnonzero(units == unit)
        users = files.read_rows(path, rows[mine], "user_id")
        is_known = pc.is_valid(users).to_numpy(zero_copy_only=False)
        found[mine[is_known]] = hashing.pair(pc.drop_null(users))[0]
    return found


def _shard(path: str) -> str:
    """The id of the shard at a place in the release."""
    _, config, interval, name = path.split("/")
    return f"{config}-{interval}-{name.removeprefix('train-').removesuffix('.parquet')}"
