"""A signature travels with its release, and goes with it."""

from pathlib import Path

from pipeline.contract import signature, verify
from pipeline.hub import candidate
from pipeline.hub.candidate import Candidate
from pipeline.hub.folder import Folder
from tests import runs
from tests.contract.test_signature import key
from tests.hub.loopback import NEXT, TAG, Loopback


def test_the_hub_holds_the_signature(
    place: Loopback, first: Candidate, second: Candidate, tmp_path: Path
) -> None:
    """Who downloads the tag can check it; the next release, unsigned, does not keep it."""
    mine, allowed = key(tmp_path, "mine")
    signature.sign(first.folder, mine)
    signed = candidate.read(first.folder)
    place.publish(signed, TAG)
    got = place.downloaded(TAG)
    made = place.publish(second, NEXT)

    assert (got / "manifest.json.sig").read_bytes().startswith(b"-----BEGIN SSH SIGNATURE")
    broken = {one.rule for one in verify(str(got), allowed).faults}
    assert not broken & {"signature", "stray"}  # salted shards are not cut as a release's
    assert "manifest.json.sig" not in place.trees()[made.oid]


def test_a_folder_holds_the_signature(first: Candidate, tmp_path: Path) -> None:
    """What is published to a folder has it, too."""
    mine, _ = key(tmp_path, "mine")
    signature.sign(first.folder, mine)
    Folder(str(tmp_path / "hub")).publish(candidate.read(first.folder), TAG)

    assert runs.tree(tmp_path / "hub" / "main") == runs.tree(Path(first.folder))
