"""What publishing leaves in a run folder: who approved, and what was published where."""

import datetime as dt
import re

import msgspec

from pipeline import files
from pipeline.errors import UnfitError

FOLDER = "published"


class Approval(msgspec.Struct, frozen=True):
    """A person's word that a release may become public; it holds for that release alone."""

    approved_by: str
    manifest: str  # SHA-256 of the manifest
    at: str


class Receipt(msgspec.Struct, frozen=True):
    """A release stands somewhere, whole."""

    place: str  # a repository, or a folder
    tag: str
    oid: str  # of the commit; in a folder, of the manifest
    manifest: str  # SHA-256
    release: str
    is_review: bool
    approved_by: str | None
    bound: float | None  # of the residual rate, if a review was demanded
    changed: int  # files
    started: str
    finished: str


def now() -> str:
    """This moment, UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def approve(run: str, name: str, digest: str) -> Approval:
    """Write down who approves of which release."""
    made = Approval(name, digest, now())
    make(run)
    files.write_record(files.join(run, FOLDER, "approval.json"), made)
    return made


def approval(run: str, digest: str) -> Approval | None:
    """The approval of a release; None if nobody gave one.

    Raises:
        UnfitError: another release was approved, and stands here no more.
    """
    path = files.join(run, FOLDER, "approval.json")
    if not files.exists(path):
        return None
    found = files.read_record(path, Approval)
    if found.manifest != digest:
        raise UnfitError(
            f"{found.approved_by} approved another release ({found.manifest[:12]}, this is "
            f"{digest[:12]}): have this one looked at, then give --approved-by"
        )
    return found


def keep(run: str, receipt: Receipt) -> str:
    """Write a receipt; returns its path."""
    make(run)
    place = re.sub(r"[^\w.-]+", "-", receipt.place).strip("-")
    path = files.join(run, FOLDER, f"{place}@{receipt.tag}.json")
    files.write_record(path, receipt)
    return path


def make(run: str) -> None:
    """Let the folder be there; nobody else may look into it."""
    for path in (run, files.join(run, FOLDER)):
        files.make_folder(path, private=True)
