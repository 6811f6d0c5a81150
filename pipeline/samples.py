"""The config `sample`: some conversations of each interval, small enough to look at at once.

Who is in it is decided where shards are cut, by nothing but ids, so that it depends neither on
workers nor on the layout of the logs; its rows are taken when the shards are written, and put
together when all are.
"""

import itertools
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from pipeline import files, hashing, shards
from pipeline.job import Job
from schemas import released
from schemas.manifest import ReleasedFile, Shard

COLUMN = "sampled"
"""The column of a cut that says it."""


def chosen(ids: pa.ChunkedArray, most: int) -> pa.BooleanArray:
    """Whether each row is among the `most` whose ids hash lowest: shape (rows,)."""
    digests = hashing.narrow(ids.combine_chunks())
    found = np.zeros(len(digests), bool)
    found[np.argsort(digests, kind="stable")[:most]] = True
    return pa.array(found)


def path(shard: Shard, job: Job) -> str:
    """Where the rows of a shard that are in the sample lie until all shards are written."""
    return job.folders.at(COLUMN, f"{shard.id}.parquet")


def gathered(written: list[Shard], job: Job) -> list[ReleasedFile]:
    """Write the samples of all intervals into the release that is being built."""
    ordered = sorted(written, key=lambda shard: (shard.interval, shard.number))
    return [
        _written(interval, list(group), job)
        for interval, group in itertools.groupby(ordered, lambda shard: shard.interval)
        if job.recipe.release.sample
    ]


def _written(interval: str, of_interval: list[Shard], job: Job) -> ReleasedFile:
    stages = {stage.name for stage in job.recipe.stages}
    schema = released.schema(stages, job.recipe.asked, "sample")
    shard = Shard("sample", interval, 0, 1, 0, 0)
    with shards.writer(files.join(job.folders.building, shard.path), schema) as to:
        for table in _runs(path(shard, job) for shard in of_interval):
            to.add(table)
    return shards.released(job.folders.building, shard, to.rows)


def _runs(parts: Iterator[str]) -> Iterator[pa.Table]:
    """The rows of all parts, as tables of about the size of a row group."""
    held: list[pa.Table] = []
    for part in parts:
        if not files.exists(part):
            continue
        held.append(files.read_table(part))
        if sum(table.nbytes for table in held) >= shards.GROUP_BYTES:
            yield pa.concat_tables(held).combine_chunks()
            held = []
    if held:
        yield pa.concat_tables(held).combine_chunks()
