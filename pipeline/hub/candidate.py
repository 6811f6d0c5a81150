"""A release on this disk as it is to be published: the files its manifest names, and no other."""

import calendar
import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgspec

from pipeline import files
from pipeline.contract.manifests import MANIFEST, SIGNATURE
from pipeline.errors import InputError, RecipeError
from pipeline.folders import Folders
from pipeline.hub.messages import Added, Held
from schemas.manifest import ReleaseManifest

DATA = "data/"
"""All below it belongs to the release: readers' globs would take a stray file for rows."""
SHARD = re.compile(r"data/[\w.-]+/[\w.-]+/train-\d{5}-of-\d{5}\.parquet")
DOCUMENT = re.compile(r"[A-Za-z][\w.-]*(/[A-Za-z][\w.-]*)*")
PRIVATE = ("run/", DATA)
"""Where no document of a release can be."""


@dataclass(frozen=True)
class Wanted:
    """A file of the release.

    Attributes:
        path: in the release, and in the repository.
        local: on this disk.
        bytes: its size.
        sha256: of its content, in hexadecimal.
        rows: of a shard; -1 for others.
    """

    path: str
    local: str
    bytes: int
    sha256: str
    rows: int = -1

    def equals(self, held: Held | None) -> bool:
        """Whether a repository holds these very bytes."""
        if held is None or held.bytes != self.bytes:
            return False
        if held.sha256 is not None:
            return held.sha256 == self.sha256
        return held.blob == self.blob()

    def blob(self) -> str:
        """SHA-1 under which git keeps the content; git's own name for it, no proof of anything."""
        digest = hashlib.sha1(b"blob %d\0" % self.bytes, usedforsecurity=False)
        digest.update(Path(self.local).read_bytes())
        return digest.hexdigest()

    def added(self) -> Added:
        """As an order to upload it."""
        return Added(self.path, self.local, self.sha256)


@dataclass(frozen=True)
class Candidate:
    """A release that may be published.

    Attributes:
        folder: the release folder.
        manifest: its public record.
        digest: SHA-256 of the bytes of `manifest.json`; names the release, files and all.
        wanted: path -> file; the allow-list: nothing else is ever uploaded.
    """

    folder: str
    manifest: ReleaseManifest
    digest: str
    wanted: dict[str, Wanted]

    def is_held(self, held: dict[str, Held]) -> bool:
        """Whether a tree holds this release: all its files, and no other one below `data/`."""
        strays = (path for path in held if path.startswith(DATA) and path not in self.wanted)
        return not any(strays) and all(w.equals(held.get(path)) for path, w in self.wanted.items())

    def first_shards(self) -> dict[str, int]:
        """One shard of each config, with its rows."""
        firsts = {file.config: file for file in reversed(self.manifest.files)}
        return {file.path: file.rows for file in firsts.values()}


def read(release: str) -> Candidate:
    """The release in a folder, or in the output folder of a run.

    Raises:
        InputError: there is none, it is not on a local disk, or its manifest names a file that
            has no place in a release.
    """
    inner = Folders(release.rstrip("/")).release
    folder = inner if files.exists(inner) else release.rstrip("/")
    folder = files.resolve(folder)[1] if files.is_local(folder) else folder
    path = files.join(folder, MANIFEST)
    if not files.is_local(folder) or not files.exists(path):
        raise InputError(f"{release} is no release on a local disk: it has no {MANIFEST}")
    content = files.read_bytes(path)
    try:
        manifest = msgspec.json.decode(content, type=ReleaseManifest)
    except msgspec.MsgspecError as error:
        raise InputError(f"{path} is no manifest of a release: {error}") from error
    manifest_digest = hashlib.sha256(content).hexdigest()
    root = Path(files.resolve(folder)[1])
    wanted = [
        Wanted(MANIFEST, str(root / MANIFEST), len(content), manifest_digest),
        *(Wanted(f.path, str(root / f.path), f.bytes, f.sha256, f.rows) for f in manifest.files),
        *(Wanted(d.path, str(root / d.path), d.bytes, d.sha256) for d in manifest.documents),
    ]
    if (root / SIGNATURE).is_file():
        digest, size = files.sha256(str(root / SIGNATURE))
        wanted.append(Wanted(SIGNATURE, str(root / SIGNATURE), size, digest))
    for one in wanted:
        _refuse_stranger(one, root)
    return Candidate(folder, manifest, manifest_digest, {one.path: one for one in wanted})


def _refuse_stranger(one: Wanted, root: Path) -> None:
    """No path that leads elsewhere, is hidden or private, whatever a manifest says."""
    form = SHARD if one.rows >= 0 else DOCUMENT
    is_odd = form.fullmatch(one.path) is None or ".." in PurePosixPath(one.path).parts
    if is_odd or (one.rows < 0 and one.path.startswith(PRIVATE)):
        raise InputError(f"the manifest names {one.path!r}, which no release has")
    path = Path(one.local)
    if not path.is_file() or path.resolve() != root.resolve() / one.path:
        raise InputError(f"{one.path} is missing, or not a file of its own")


def version(manifest: ReleaseManifest) -> str:
    """The tag of a release by its last interval: `2023.26.0` is year, ISO week, patch.

    Raises:
        RecipeError: intervals do not tell a week.
    """
    weeks = []
    for interval in {file.interval for file in manifest.files}:
        if found := re.fullmatch(r"(\d{4})-W(\d{2})", interval):
            weeks.append((int(found[1]), int(found[2])))
        elif found := re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", interval):
            year, month = int(found[1]), int(found[2])
            day = int(found[3] or calendar.monthrange(year, month)[1])
            weeks.append(dt.date(year, month, day).isocalendar()[:2])
    if not weeks:
        raise RecipeError("the release has no intervals to name it by: give --tag")
    year, week = max(weeks)
    return f"{year}.{week:02d}.0"
