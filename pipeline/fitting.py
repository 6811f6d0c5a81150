"""Phase `fit`: models of fitted stages, from a sample of redacted conversations.

    each unit      conversations a day                              -> run/fit/STAGE/UNIT.json
    each unit      of the first days that hold a sample, the rows whose hashed id is below a limit,
                   redacted and read                                -> run/fit/STAGE/UNIT.parquet
    all of them    one fit -> run/models/ID, then a receipt

The sample is of the first days, so that logs which come later do not change it: a release built
step by step has the model of the one built at once, if the first step holds a sample. It depends on
ids only, and a fit on no order of rows, so that neither layout nor workers show. It is taken before
the judge's decisions, which later lines may change: no value in it is public, and a copy counts
once. Models are private like the rest of the run folder; the manifest of the release names their
ids. A later release is given the model, for a stage that fits anew would give other ids.
"""

import functools
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, hashing, writing
from pipeline.errors import SampleError
from pipeline.job import Job
from pipeline.recipe import Recipe
from pipeline.stage import FittedStage
from schemas.manifest import FitReceipt, Unit

FOLDERS = ("fit", "models")
"""In the run folder: the parts of samples, and the models."""
CONFIG = "conversations"
PHASE = "fit"
DAY_S = 86_400
KEPT = pa.schema(
    {"row": pa.int64(), "day": pa.int64(), "conversation_id": pa.string(), "text_bytes": pa.int64()}
)
MapWork = Callable[[Callable[[Any], object], Iterable[Any]], None]
log = logging.getLogger(__name__)


def lacking(recipe: Recipe) -> list[FittedStage]:
    """The stages that want to be fitted in the run."""
    return [s for s in recipe.stages if isinstance(s, FittedStage) and s.lacks_model]


def fitted(job: Job, map_work: MapWork) -> Job:
    """The job with a model for each stage that lacks one; those with a receipt are taken over.

    A stage to which no model can be fitted stays as it is: its columns are null.
    """
    made: dict[str, FittedStage] = {}
    for stage in lacking(job.recipe):
        path = job.folders.receipt(PHASE, stage.name)
        if not files.exists(path):
            mine = [unit for unit in job.plan.units if _has_text(unit, job)]
            map_work(functools.partial(count, stage=stage, job=job), mine)
            days = _first_days(stage, mine, job)
            map_work(functools.partial(draw, stage=stage, days=days, job=job), mine)
            map_work(functools.partial(fit, stage=stage, units=mine, job=job), [days.rows])
        receipt = files.read_record(path, FitReceipt)
        if receipt.model:
            made[stage.name] = stage.given(job.folders.at("models", receipt.model))
    stages = tuple(made.get(stage.name, stage) for stage in job.recipe.stages)
    return replace(job, recipe=replace(job.recipe, stages=stages))


def _has_text(unit: Unit, job: Job) -> bool:
    """Whether the conversations of a unit are there: an earlier run's may have been purged."""
    return files.exists(job.folders.staged(unit.id, CONFIG))


@dataclass(frozen=True)
class Days:
    """The first days of the logs that hold a sample.

    Attributes:
        last: of them, since the epoch, UTC.
        rows: conversations in them.
    """

    last: int
    rows: int


def count(unit: Unit, stage: FittedStage, job: Job) -> None:
    """Count a unit's conversations a day, unless that is done."""
    path = _part(stage, unit, job, "json")
    if not files.exists(path):
        days, counts = np.unique(_kept(unit, job)["day"].to_numpy(), return_counts=True)
        by_day = dict(zip(days.tolist(), counts.tolist(), strict=True))
        files.write_bytes(path, msgspec.json.encode(by_day))


def _first_days(stage: FittedStage, units: list[Unit], job: Job) -> Days:
    """As many of the first days as hold the rows that a stage wants, or all."""
    total: Counter[int] = Counter()
    for unit in units:
        part = files.read_bytes(_part(stage, unit, job, "json"))
        total.update(msgspec.json.decode(part, type=dict[int, int]))
    days = Days(0, 0)
    for day in sorted(total):
        days = Days(day, days.rows + total[day])
        if days.rows >= stage.sample[0]:
            break
    return days


def _kept(unit: Unit, job: Job) -> pa.Table:
    """The conversations of a unit that no stage has dropped yet.

    Returns:
        `row` in the unit, `day` since the epoch, `conversation_id`, `text_bytes`.
    """
    with files.open_parquet(job.folders.index(unit.id, CONFIG)) as source:
        if not source.metadata.num_rows:
            return KEPT.empty_table()
        names = ["tstamp", "conversation_id", "text_bytes", "dropped_by"]
        index = source.read(names, use_threads=False)
    day = np.floor(index["tstamp"].to_numpy() / DAY_S).astype(np.int64)
    index = index.append_column("day", pa.array(day))
    index = index.append_column("row", pa.array(np.arange(index.num_rows)))
    return index.filter(pc.is_null(index["dropped_by"])).select(KEPT.names).cast(KEPT)


def draw(unit: Unit, stage: FittedStage, days: Days, job: Job) -> None:
    """Read a unit's part of the sample, redacted, unless that is done.

    Args:
        unit: with its text.
        stage: says how many rows it wants of all.
        days: which the sample is drawn from.
        job: the run.
    """
    path = _part(stage, unit, job)
    if files.exists(path):
        return
    rows = _kept(unit, job)
    rows = rows.filter(pc.less_equal(rows["day"], days.last))
    size, seed = stage.sample
    if size < days.rows:
        ids = rows["conversation_id"].combine_chunks()
        limit = np.uint64(size / days.rows * 2**64)
        rows = rows.filter(pa.array(hashing.mix(hashing.narrow(ids), seed) < limit))
    number = job.plan.units.index(unit)
    place = {"unit": pa.array(np.full(rows.num_rows, number)), "row": rows["row"]}
    drawn = pa.table(place | {"text_bytes": rows["text_bytes"]})
    parts = [
        stage.read(writing.edited(batch, job))
        for step in writing.runs(drawn, writing.STEP_BYTES)
        for batch in writing.gathered(step, CONFIG, job).to_batches(job.batch_rows)
    ]
    files.write_table(path, pa.concat_tables(parts) if parts else pa.table({}))


def fit(total: int, stage: FittedStage, units: list[Unit], job: Job) -> FitReceipt:
    """Fit a model to the parts of all units, and leave its receipt."""
    began = time.process_time()
    parts = [files.read_table(_part(stage, unit, job)) for unit in units]
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


def _part(stage: FittedStage, unit: Unit, job: Job, kind: str = "parquet") -> str:
    return job.folders.at("fit", stage.name, f"{unit.id}.{kind}")
