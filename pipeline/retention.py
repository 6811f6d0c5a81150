"""Retention: remove private files of a finished run that are no longer needed, and say what.

A later release goes on from keys, cuts, models and receipts (pipeline/earlier.py); texts it needs
only for rows that change. So texts go first, and the rest only when told.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline import files, lock
from pipeline.errors import InputError, OutputError
from pipeline.folders import Folders
from schemas.manifest import RunManifest

What = Literal["texts", "everything"]
TEXTS = ("staged", "fit", "sampled", "building", "review", "report", "quarantine", "judged")
"""Folders of the run folder that hold texts, or say where in the logs they are."""
REPORT = ("report.html", "report.json")
PUBLISHED = "published"
"""Where receipts of publishing lie; with them, a release is known to be out."""
STAYS = ("lock", "tombstones.json")
"""What outlives everything: without it, forgotten rows would come back."""


@dataclass(frozen=True)
class Purged:
    """One file or folder of the run folder, its files and bytes."""

    path: str
    files: int
    bytes: int


def purge(
    output: str,
    what: What,
    *,
    days: float | None = None,
    published: bool = False,
    dry: bool = False,
) -> list[Purged]:
    """Remove private files of a finished run.

    Args:
        output: its output folder.
        what: `texts`, after which later releases still go on from it; or `everything`, after which
            they do not.
        days: only if the run was finished so many days ago, or more.
        published: only if its release was published.
        dry: remove nothing.

    Returns:
        What was removed, or would be; empty if the run is too young.

    Raises:
        InputError: there is no finished run, or it was not published and should have been.
    """
    folders = Folders(files.absolute(output))
    if not files.exists(folders.at("manifest.json")) and what == "texts":
        raise InputError(f"{output} holds no finished run; --restart throws away an unfinished one")
    if published and not files.names(folders.at(PUBLISHED)):
        raise InputError(f"the release in {output} was not published: nothing is purged")
    if days is not None and _age_days(folders) < days:
        return []
    with lock.held(folders):
        found = [one for one in _found(folders, what) if one.files]
        for one in () if dry else found:
            _remove(folders, one.path)
    return found


def _age_days(folders: Folders) -> float:
    finished = files.read_record(folders.at("manifest.json"), RunManifest).finished
    age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(finished)
    return age.total_seconds() / 86_400


def _found(folders: Folders, what: What) -> Iterator[Purged]:
    tree = files.tree(folders.run)
    tops = sorted({path.split("/", 1)[0] for path in tree})
    for top in tops:
        if top in STAYS or (what == "texts" and top not in {*TEXTS, *REPORT}):
            continue
        mine = [path for path in tree if path == top or path.startswith(f"{top}/")]
        yield Purged(top, len(mine), sum(files.size(folders.at(path)) for path in mine))


def _remove(folders: Folders, name: str) -> None:
    path = folders.at(name)
    try:
        if files.size(path) >= 0:
            files.remove(path)
        else:
            files.discard(path, folders.run)
    except OSError as error:
        raise OutputError(f"cannot remove {path}: {error}") from error
