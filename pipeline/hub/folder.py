"""Publish a release to a folder laid out like the Hub, for those who have none.

    DIR/snapshots/<SHA-256 of the manifest>/   the files of a release; never change
    DIR/main        -> snapshots/...           the newest one
    DIR/tags/<tag>  -> snapshots/...           all of them, by tag

A snapshot appears by one rename when its bytes were read back, a link is replaced by one rename:
readers of `DIR/main` see one release or another, whole.
"""

import contextlib
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from pipeline import files
from pipeline.contract.manifests import MANIFEST
from pipeline.errors import ConflictError, InputError, LockedError, UnfitError
from pipeline.files import PARTIAL
from pipeline.hub import difference
from pipeline.hub.candidate import Candidate, Wanted
from pipeline.hub.difference import Difference
from pipeline.hub.messages import Held, State
from pipeline.hub.publisher import Published

MAIN, TAGS, SNAPSHOTS = "main", "tags", "snapshots"


class Folder:
    """A local folder that releases are published to."""

    def __init__(self, root: str) -> None:
        if not files.is_local(root):
            raise InputError(f"{root} is not on a local disk")
        self.root = Path(files.resolve(root)[1])

    def publish(self, candidate: Candidate, tag: str) -> Published:
        """Copy, read back, let appear, name; what is there already is not done again.

        Raises:
            ConflictError: the tag is another release's.
            UnfitError: a local file is not what the manifest says.
            LockedError: another process publishes here.
        """
        with files.said(str(self.root)), self._alone():
            self._refuse_another(candidate, tag)
            snapshot = self.root / SNAPSHOTS / candidate.digest
            change = self.compare(candidate, tag)
            if not (self.root / TAGS / tag).exists():
                if not snapshot.exists():
                    self._fill(candidate, snapshot)
                self._point(self.root / MAIN, snapshot)
                self._point(self.root / TAGS / tag, snapshot)
                return Published(candidate.digest, change.count)
            return Published(candidate.digest, 0)

    def compare(self, candidate: Candidate, tag: str) -> Difference:
        """What `main` would differ in; nothing is written.

        Raises:
            ConflictError: the tag is another release's.
        """
        self._refuse_another(candidate, tag)
        held = {}
        for path in self._paths(self.root / MAIN):
            digest, size = files.sha256(str(self.root / MAIN / path))
            held[path] = Held(size, digest, "")
        return difference.between(
            State("", is_private=False, files=held, tags={}, named=list(held)), candidate
        )

    def _refuse_another(self, candidate: Candidate, tag: str) -> None:
        named = self.root / TAGS / tag / MANIFEST
        if named.exists() and files.sha256(str(named))[0] != candidate.digest:
            raise ConflictError(
                f"{self.root} has another release as {tag}, and tags never change: give --tag"
            )

    def _paths(self, folder: Path) -> list[str]:
        found = (path for path in folder.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(folder)) for path in found)

    def _fill(self, candidate: Candidate, snapshot: Path) -> None:
        """Make a snapshot beside its place; files that `main` has are shared with it."""
        building = snapshot.parent / f"{PARTIAL}{uuid.uuid4().hex}"
        try:
            for one in candidate.wanted.values():
                self._place(one, building / one.path)
            building.rename(snapshot)
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _place(self, one: Wanted, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        before = self.root / MAIN / one.path
        for source in (before, Path(one.local)):
            if source.is_file() and source.stat().st_size == one.bytes:
                _put(source, target, is_shared=source is before)
                if files.sha256(str(target)) == (one.sha256, one.bytes):
                    return
                target.unlink()
        raise UnfitError(f"{one.path} is not what the manifest says: it changed meanwhile")

    def _point(self, link: Path, snapshot: Path) -> None:
        link.parent.mkdir(parents=True, exist_ok=True)
        made = link.parent / f"{PARTIAL}{uuid.uuid4().hex}"
        made.symlink_to(os.path.relpath(snapshot, link.parent))
        made.rename(link)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One publisher at a time; what a killed one left half-done is removed."""
        (self.root / SNAPSHOTS).mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LockedError(f"someone publishes to {self.root} right now") from error
            for left in (*self.root.glob(f"{PARTIAL}*"), *self.root.glob(f"*/{PARTIAL}*")):
                if left.is_symlink():
                    left.unlink()
                else:
                    shutil.rmtree(left)
            yield


def _put(source: Path, target: Path, *, is_shared: bool) -> None:
    if is_shared:
        with contextlib.suppress(OSError):  # another disk, or one without links
            os.link(source.resolve(), target)
            return
    shutil.copyfile(source, target)
