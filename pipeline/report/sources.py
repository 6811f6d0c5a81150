"""What a report is made of: the records of a finished run, its statistics, one pass over shards."""

import contextlib
from dataclasses import dataclass

from pipeline import api, files, review
from pipeline.audit.queue import Result
from pipeline.errors import InputError
from pipeline.folders import Folders
from pipeline.identity import KeySource
from pipeline.job import Job
from pipeline.recipe import Recipe
from pipeline.report import survey
from pipeline.report.people import Index
from pipeline.report.survey import Survey
from pipeline.statistics import gathering
from schemas.manifest import (
    JudgeReceipt,
    ReleaseManifest,
    RunManifest,
    StageReceipt,
    WriteReceipt,
)
from schemas.statistics import Statistics

MINIMUM = 5
"""Conversations, and users where they are known, behind each cell that is shown."""


@dataclass(frozen=True)
class Sources:
    """All that is read for a report.

    Attributes:
        folders: of the run.
        run: its private record.
        release: its public record, as it lies in the release.
        statistics: every cell, none folded.
        survey: the pass over the shards.
        index: the private index of the rows.
        staged, judged, written: the receipts.
        review: what the reviewers' verdicts on this very release say, if there are any.
        minimum: behind each cell that is shown.
        seed: of the examples.
    """

    folders: Folders
    run: RunManifest
    release: ReleaseManifest
    statistics: Statistics
    survey: Survey
    index: Index
    staged: list[StageReceipt]
    judged: JudgeReceipt
    written: list[WriteReceipt]
    review: Result | None
    minimum: int = MINIMUM
    seed: int = 0


def read(output: str, minimum: int, seed: int) -> Sources:
    """Read the records of a finished run and walk through its release once.

    Raises:
        InputError: the run is not finished, or its run folder is gone.
    """
    folders = Folders(output)
    if not files.exists(folders.at("manifest.json")):
        raise InputError(f"{output} holds no finished run: a report is made of one")
    run = files.read_record(folders.at("manifest.json"), RunManifest)
    release = api.release_manifest(folders.release)
    judged = files.read_record(folders.receipt("judge", "all"), JudgeReceipt)
    return Sources(
        folders,
        run,
        release,
        _statistics(folders, release, run),
        survey.survey(folders.release, release),
        Index(folders, release, judged.shards),
        [
            files.read_record(folders.receipt("stage", unit.id), StageReceipt)
            for unit in run.plan.units
        ],
        judged,
        [
            files.read_record(folders.receipt("write", shard.id), WriteReceipt)
            for shard in judged.shards
        ],
        _review(output),
        minimum,
        seed,
    )


def _statistics(folders: Folders, release: ReleaseManifest, run: RunManifest) -> Statistics:
    """What the run has counted; a run of an older version is counted now."""
    path = folders.at("statistics.json")
    if files.exists(path):
        with contextlib.suppress(InputError):
            return files.read_record(path, Statistics)
    known = Recipe((), identity=KeySource() if run.plan.key else None)
    return gathering.gathered(folders.release, release, run.books, Job(folders, known, run.plan))


def _review(output: str) -> Result | None:
    path = Folders(output).at("review", review.RESULT)
    if not files.exists(path):
        return None
    try:
        result = files.read_record(path, Result)
    except InputError:
        return None
    return result if result.release == review.digest(output) else None
