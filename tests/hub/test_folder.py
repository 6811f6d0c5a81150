"""A folder laid out like the Hub: the same promises without one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.dataset as pads
import pytest

from pipeline.errors import ConflictError, LockedError, UnfitError
from pipeline.files import PARTIAL
from pipeline.hub import candidate
from pipeline.hub.candidate import Candidate
from pipeline.hub.folder import Folder
from tests import runs
from tests.hub.loopback import NEXT, TAG

VICTIM = [sys.executable, "-m", "tests.hub.victim", "folder"]


def check_whole(target: Path, *releases: Candidate) -> None:
    """What `main` and each tag show is one of the releases, to the byte."""
    allowed = [runs.tree(Path(one.folder)) for one in releases]
    for link in (target / "main", *target.glob("tags/*")):
        if not link.name.startswith(PARTIAL) and link.exists():
            assert runs.tree(link) in allowed


def test_main_and_tags_show_releases(first: Candidate, second: Candidate, tmp_path: Path) -> None:
    """`main` is the newest release, tags are all; readers of a folder read either."""
    folder = Folder(str(tmp_path / "hub"))
    folder.publish(first, TAG)
    made = folder.publish(second, NEXT)

    shown = {name: tmp_path / "hub" / name for name in ("main", f"tags/{TAG}", f"tags/{NEXT}")}
    assert runs.tree(shown["main"]) == runs.tree(Path(second.folder))
    assert runs.tree(shown[f"tags/{TAG}"]) == runs.tree(Path(first.folder))
    assert shown["main"].resolve() == shown[f"tags/{NEXT}"].resolve()
    assert made.changed
    rows = pads.dataset(shown["main"] / "data" / "conversations").to_table(["conversation_id"])
    assert rows.num_rows == second.manifest.configs["conversations"]


def test_again_changes_nothing(first: Candidate, tmp_path: Path) -> None:
    """The second time nothing is written."""
    folder = Folder(str(tmp_path / "hub"))
    folder.publish(first, TAG)
    before = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")}

    assert folder.publish(first, TAG).changed == 0
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_tag_never_changes(first: Candidate, second: Candidate, tmp_path: Path) -> None:
    """Another release under a tag that is taken is refused; a new tag brings back an old one."""
    folder = Folder(str(tmp_path / "hub"))
    folder.publish(first, TAG)
    with pytest.raises(ConflictError, match="tags never change"):
        folder.publish(second, TAG)
    folder.publish(second, NEXT)
    folder.publish(first, "2023.26.2")

    assert runs.tree(tmp_path / "hub" / "main") == runs.tree(Path(first.folder))
    assert len(list((tmp_path / "hub" / "snapshots").iterdir())) == 2


def test_a_changed_file_leaves_nothing(first: Candidate, tmp_path: Path) -> None:
    """Bytes that are not what the manifest says: no snapshot, no link, no rest."""
    shutil.copytree(first.folder, tmp_path / "release")
    changed = candidate.read(str(tmp_path / "release"))
    shard = tmp_path / "release" / first.manifest.files[-1].path
    shard.write_bytes(shard.read_bytes()[:-1] + b"?")

    with pytest.raises(UnfitError, match="changed meanwhile"):
        Folder(str(tmp_path / "hub")).publish(changed, TAG)
    assert runs.tree(tmp_path / "hub") == {".lock": b""}


def test_one_publisher_at_a_time(first: Candidate, tmp_path: Path) -> None:
    """A folder that is in use is refused."""
    folder = Folder(str(tmp_path))
    with folder._alone(), pytest.raises(LockedError):
        Folder(str(tmp_path)).publish(first, TAG)


@pytest.mark.parametrize("when", ["early", "late"])
def test_killed_at_every_step(
    first: Candidate, second: Candidate, tmp_path: Path, when: str
) -> None:
    """`kill -9` before and after each rename: whole releases only, and again mends it."""
    step, is_through = 0, False
    while not is_through:
        step += 1
        target = tmp_path / f"{step}"
        Folder(str(target)).publish(first, TAG)
        done = subprocess.run(
            [*VICTIM, second.folder, str(target), NEXT, str(step), when],
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        is_through = "through" in done.stdout
        assert is_through or done.returncode == -9, done.stderr
        check_whole(target, first, second)
        Folder(str(target)).publish(second, NEXT)
        check_whole(target, first, second)
        assert runs.tree(target / "main") == runs.tree(Path(second.folder))
        assert not runs.partial(target)
    assert step > 3
