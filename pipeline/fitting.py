"""Phase `fit`: models of fitted stages, from a sample of redacted survivors.

    each shard     rows whose hashed id is below a limit are redacted and read -> run/fit/STAGE
    all of them    one fit -> run/models/ID, then a receipt

The sample depends on ids only, and a fit on no order of rows, so that neither layout nor workers
show. Models are private like the rest of the run folder; the manifest of the release names their
ids. A model is given to later releases, for a stage that fits anew would give other ids.
"""

import functools
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline import files, hashing, writing
from pipeline.errors import SampleError
from pipeline.job import Job
from pipeline.recipe import Recipe
from pipeline.stage import FittedStage
from schemas.manifest import FitReceipt, Shard

FOLDERS = ("fit", "models")
"""In the run folder: the parts of samples, and the models."""
CONFIG = "conversations"
PHASE = "fit"
MapWork = Callable[[Callable[[Any], object], Iterable[Any]], None]
log = logging.getLogger(__name__)


def lacking(recipe: Recipe) -> list[FittedStage]:
    """The stages that want to be fitted in the run."""
    return [s for s in recipe.stages if isinstance(s, FittedStage) and s.lacks_model]


def fitted(job: Job, map_work: MapWork, shards: list[Shard]) -> Job:
    """The job with a model for each stage that lacks one; those with a receipt are taken over.

    A stage to which no model can be fitted stays as it is: its columns are null.
    """
    mine = [shard for shard in shards if shard.config == CONFIG]
    made: dict[str, FittedStage] = {}
    for stage in lacking(job.recipe):
        path = job.folders.receipt(PHASE, stage.name)
        if not files.exists(path):
            total = sum(shard.rows for shard in mine)
            map_work(functools.partial(draw, stage=stage, total=total, job=job), mine)
            map_work(functools.partial(fit, stage=stage, shards=mine, job=job), [total])
        receipt = files.read_record(path, FitReceipt)
        if receipt.model:
            made[stage.name] = stage.given(job.folders.at("models", receipt.model))
    stages = tuple(made.get(stage.name, stage) for stage in job.recipe.stages)
    return replace(job, recipe=replace(job.recipe, stages=stages))


def models(recipe: Recipe) -> dict[str, str]:
    """The id of the model of each fitted stage that has one."""
    stages = [stage for stage in recipe.stages if isinstance(stage, FittedStage)]
    return {stage.name: stage.fingerprint for stage in stages if stage.fingerprint}


def draw(shard: Shard, stage: FittedStage, total: int, job: Job) -> None:
    """Read a shard's part of the sample, redacted, unless that is done.

    Args:
        shard: survivors.
        stage: says how many rows it wants of all.
        total: rows of all shards.
        job: the run.
    """
    path = _part(stage, shard, job)
    if files.exists(path):
        return
    cut = files.read_table(job.folders.cut(shard.id))
    size, seed = stage.sample
    if size < total:
        ids = cut["conversation_id"].combine_chunks()
        limit = np.uint64(size / total * 2**64)
        cut = cut.filter(pa.array(hashing.mix(hashing.narrow(ids), seed) < limit))
    parts = [
        stage.read(writing.edited(batch, job))
        for step in writing.runs(cut, writing.STEP_BYTES)
        for batch in writing.gathered(step, CONFIG, job).to_batches(job.batch_rows)
    ]
    files.write_table(path, pa.concat_tables(parts) if parts else pa.table({}))


def fit(total: int, stage: FittedStage, shards: list[Shard], job: Job) -> FitReceipt:
    """Fit a model to the parts of all shards, and leave its receipt."""
    began = time.process_time()
    parts = [files.read_table(_part(stage, shard, job)) for shard in shards]
    sample = pa.concat_tables([part for part in parts if part.num_columns] or [pa.table({})])
    receipt = FitReceipt(stage.name, None, sample.num_rows, total, 0.0)
    try:
        if not sample.num_rows:
            raise SampleError("no conversation holds prose")  # noqa: TRY301 (told like the others)
        receipt.model, content = stage.learn(sample.combine_chunks(), total)
    except SampleError as problem:
        log.warning("%s: no model could be fitted: %s", stage.name, problem)
    else:
        for name, held in content.items():
            files.write_bytes(job.folders.at("models", receipt.model, name), held)
    receipt.cpu_s = round(time.process_time() - began, 3)
    files.write_record(job.folders.receipt(PHASE, stage.name), receipt)
    return receipt


def _part(stage: FittedStage, shard: Shard, job: Job) -> str:
    return job.folders.at("fit", stage.name, f"{shard.id}.parquet")
