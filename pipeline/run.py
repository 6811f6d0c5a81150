"""Run a recipe: phases in order, each unit once, everything resumable.

A unit is done when its receipt is written, a phase when all its units are, a release when its
folder appears, by one rename. What a killed run left is either finished and taken over, or a
partial file that nobody reads.
"""

import contextlib
import datetime as dt
import functools
import os
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline import (
    books,
    cutting,
    documents,
    engines,
    files,
    fitting,
    lock,
    manifests,
    meter,
    near_index,
    planning,
    sealing,
    staging,
    tombstones,
    writing,
)
from pipeline.engines import Engine
from pipeline.errors import InputError, StageError
from pipeline.folders import Folders
from pipeline.job import Job
from pipeline.judges import cache
from pipeline.observing import Observer
from pipeline.recipe import Recipe
from pipeline.tombstones import Tombstones
from schemas.manifest import (
    JudgeReceipt,
    Plan,
    ReleaseManifest,
    RunManifest,
    StageReceipt,
    WriteReceipt,
)

KEYS_PER_PARTITION = 500_000
JUDGED = ("judged", "dropped", "cuts", near_index.FOLDER)
"""The folders that the judge fills."""
PHASES = ("plan", "stage", "judge", fitting.PHASE, "write", "assemble")


@dataclass(frozen=True)
class Settings:
    """How a run is carried out; the release depends on none of it.

    Attributes:
        workers: processes at most; fewer where the work does not earn them.
        engine: `local` (Apache Beam) or `plain` (a loop in this process).
        split_mb: decompressed log of one unit, in MiB.
        batch_rows: rows a batch.
        restart: throw away what the output folder holds.
        limit: take only the first lines of the first files.
        against: output folders of earlier releases, whose near copies are dropped here.
        after: output folder of an earlier run of the same recipe, to go on from.
        forget: what must not be released, beyond what the folders know.
        observe: is told of phases and their units.
    """

    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    engine: str = "local"
    split_mb: float = 32.0
    batch_rows: int = 2048
    restart: bool = False
    limit: int | None = None
    against: tuple[str, ...] = ()
    after: str | None = None
    forget: Tombstones = tombstones.NONE
    observe: Observer | None = None


def run(
    recipe: Recipe, name: str, inputs: Sequence[str], output: str, settings: Settings
) -> RunManifest:
    """Curate the inputs into `output/release`, or go on with a run that was interrupted.

    Args:
        recipe: what to do.
        name: how the recipe is called in the manifests.
        inputs: paths and patterns of raw logs.
        output: a folder, local or a URI.
        settings: how.

    Raises:
        CurationError: as drawn in pipeline/errors.py.
    """
    manifest = advance(recipe, name, inputs, output, settings, PHASES[-1])
    if manifest is None:
        raise StageError("the last phase left no manifest")
    return manifest


def advance(
    recipe: Recipe, name: str, inputs: Sequence[str], output: str, settings: Settings, through: str
) -> RunManifest | None:
    """The same up to the end of one phase of PHASES; the next call goes on from there.

    Returns:
        The record of the run, if it is finished.
    """
    if recipe.identity:
        recipe.identity.load()  # an absent key is told before anything is written
    folders = Folders(output)
    with lock.held(folders), cache.kept_in(folders.at("judges")):
        files.sweep(folders.run)
        if settings.restart:
            _clear(folders)
        made = _Run(recipe, name, folders, settings)
        with contextlib.closing(made.phases(inputs)) as phases:
            for phase in phases:
                if phase == through:
                    break
        return made.record


def _clear(folders: Folders) -> None:
    """Throw away what the output folder holds, so that at no moment it seems to hold more."""
    files.remove(folders.at("manifest.json"))
    files.discard(folders.release, folders.run)
    files.discard(folders.at("receipts"), folders.run)
    files.remove(folders.at("plan.json"))
    for name in ("report.html", "report.json", sealing.NAME):
        files.remove(folders.at(name))
    others = ("quarantine", "index", "staged", "sampled", "building", "review", "report")
    for name in (*JUDGED, *fitting.FOLDERS, *others):
        files.discard(folders.at(name), folders.run)


class _Run:
    """One run, phase by phase."""

    def __init__(self, recipe: Recipe, name: str, folders: Folders, settings: Settings) -> None:
        self.recipe = recipe
        self.name = name
        self.folders = folders
        self.settings = settings
        self.observer = settings.observe or Observer()
        self.walls: dict[str, float] = {}
        self.started = _now()
        self.record: RunManifest | None = None

    def phases(self, inputs: Sequence[str]) -> Generator[str]:
        """All phases, each named when it is done; what was done before is read from receipts."""
        with self._timed("plan"):
            made = self._plan(inputs)
        if files.exists(self.folders.at("manifest.json")):
            self.record = files.read_record(self.folders.at("manifest.json"), RunManifest)
            return
        yield "plan"
        job = Job(self.folders, self.recipe, made, self.settings.batch_rows)
        with contextlib.ExitStack() as stack:
            engine = engines.engine(self.settings.engine, self.settings.workers, job, stack)
            staged = self._stage(job, engine)
            yield "stage"
            judged = self._judge(job, engine, staged)
            yield "judge"
            if fitting.lacking(self.recipe):
                with self._timed(fitting.PHASE):
                    job = fitting.fitted(job, engine.map_work)
            yield fitting.PHASE
            written = self._write(job, engine, judged)
            yield "write"
        with self._timed("assemble"):
            self.record = self._assemble(job, staged, judged, written)
        yield "assemble"

    @contextlib.contextmanager
    def _timed(self, phase: str, units: int = 1, done: int = 0) -> Iterator[None]:
        self.observer.begin(phase, units, done)
        began = time.monotonic()
        with self.observer.watching(self.folders.at("receipts", phase), phase):
            yield
        self.walls[phase] = round(time.monotonic() - began, 3)
        self.observer.end(phase)

    def _plan(self, inputs: Sequence[str]) -> Plan:
        wanted = planning.Wanted(
            self.recipe,
            self.name,
            inputs,
            int(self.settings.split_mb * 2**20),
            self.settings.limit,
            self.settings.against,
            self.settings.after,
            self.settings.forget,
        )
        made = planning.made(wanted, self.folders)
        if not files.exists(self.folders.at("manifest.json")):
            planning.take_over(made, self.recipe, self.folders)
        return made

    def _stage(self, job: Job, engine: Engine) -> list[StageReceipt]:
        done = set(files.names(self.folders.at("receipts", "stage")))
        left = [unit for unit in job.plan.units if f"{unit.id}.json" not in done]
        with self._timed("stage", len(job.plan.units), len(job.plan.units) - len(left)):
            if left:
                heaviest = sorted(left, key=lambda unit: -unit.weight)
                engine.map_work(functools.partial(staging.stage, job=job), heaviest)
        receipts = [
            files.read_record(self.folders.receipt("stage", unit.id), StageReceipt)
            for unit in job.plan.units
        ]
        self._refuse_damage(job, receipts)
        return receipts

    def _refuse_damage(self, job: Job, receipts: list[StageReceipt]) -> None:
        damaged = [
            f"  {job.plan.inputs[number].path}: {problem}"
            for receipt in receipts
            for number, problem in receipt.damaged
        ]
        if damaged and self.recipe.damaged_files == "stop":
            raise InputError(
                "\n".join(
                    [
                        f"{len(damaged)} input file(s) cannot be read to the end:",
                        *damaged,
                        "mend them and run again with --restart; or, to release what can be read,",
                        "set `damaged_files: quarantine` in the recipe",
                    ]
                )
            )

    def _judge(self, job: Job, engine: Engine, staged: list[StageReceipt]) -> JudgeReceipt:
        path = self.folders.receipt("judge", "all")
        is_done = files.exists(path)
        with self._timed("judge", 1, int(is_done)):
            if not is_done:
                for folder in JUDGED:
                    files.remove_tree(self.folders.at(folder))
                rows = sum(sum(receipt.rows.values()) for receipt in staged)
                began = meter.cpu_s()
                engine.judge(replace(job, partitions=rows // KEYS_PER_PARTITION + 1))
                near_index.finish(self.folders, self.recipe)
                receipt = cutting.verdicts(self.folders, meter.cpu_s() - began)
                files.write_record(path, receipt)
        return files.read_record(path, JudgeReceipt)

    def _write(self, job: Job, engine: Engine, judged: JudgeReceipt) -> list[WriteReceipt]:
        done = set(files.names(self.folders.at("receipts", "write")))
        left = [shard for shard in judged.shards if f"{shard.id}.json" not in done]
        with self._timed("write", len(judged.shards), len(judged.shards) - len(left)):
            if not files.exists(self.folders.release):
                engine.map_work(functools.partial(writing.write, job=job), judged.shards)
        return [
            files.read_record(self.folders.receipt("write", shard.id), WriteReceipt)
            for shard in judged.shards
        ]

    def _assemble(
        self,
        job: Job,
        staged: list[StageReceipt],
        judged: JudgeReceipt,
        written: list[WriteReceipt],
    ) -> RunManifest:
        """Balance the books, write documents and manifests, let the release appear."""
        accounts = books.balanced(staged, judged, written)
        if files.exists(self.folders.release):
            path = files.join(self.folders.release, "manifest.json")
            release = files.read_record(path, ReleaseManifest)
        else:
            release = manifests.release(job, judged, written)
            release = documents.added(self.folders.building, release, accounts, job)
            files.write_record(files.join(self.folders.building, "manifest.json"), release)
            files.appear(self.folders.building, self.folders.release)
        record = RunManifest(
            job.plan,
            accounts,
            release,
            self.walls,
            {
                "stage": round(sum(receipt.cpu_s for receipt in staged), 3),
                "judge": judged.cpu_s,
                "write": round(sum(receipt.cpu_s for receipt in written), 3),
            },
            manifests.versions(),
            self.started,
            _now(),
        )
        sealing.seal(self.folders, job.key())
        files.write_record(self.folders.at("manifest.json"), record)
        return record


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
