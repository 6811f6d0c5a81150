"""How many distinct users wrote what is released: a count from the private index, no id."""

import numpy as np
import pyarrow.compute as pc

from pipeline import files, hashing
from pipeline.job import Job
from schemas.manifest import ReleaseManifest

CUT = ("unit", "row")


def distinct(manifest: ReleaseManifest, job: Job) -> int | None:
    """Distinct keyed users of the released conversations; null without an identity key.

    Null too if a shard is not of this run. A row whose address was not logged counts for nobody.
    Held is 8 bytes a distinct user.
    """
    if job.recipe.identity is None:
        return None
    found = np.empty(0, np.uint64)
    for file in manifest.files:
        if file.config != "conversations":
            continue
        path = job.folders.cut(_shard(file.path))
        if not files.exists(path):
            return None
        cut = files.read_table(path, list(CUT))
        units, rows = cut["unit"].to_numpy(), cut["row"].to_numpy()
        for unit in np.unique(units).tolist():
            path = job.folders.index(job.plan.units[unit].id, "conversations")
            users = files.read_rows(path, rows[units == unit], "user_id")
            known = pc.drop_null(users)
            found = np.union1d(found, hashing.pair(known)[0])
    return len(found)


def _shard(path: str) -> str:
    """The id of the shard at a place in the release."""
    _, config, interval, name = path.split("/")
    return f"{config}-{interval}-{name.removeprefix('train-').removesuffix('.parquet')}"
