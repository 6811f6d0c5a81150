"""A release reaches the Hub whole, and readers get the same bytes."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from huggingface_hub.errors import GatedRepoError

from pipeline.errors import (
    ConflictError,
    DeniedError,
    HubError,
    InputError,
    MissingError,
    UnfitError,
)
from pipeline.hub import candidate, difference
from pipeline.hub.candidate import Candidate
from pipeline.hub.messages import Held, State
from pipeline.hub.publisher import Place, Publisher
from tests import runs
from tests.hub import loopback
from tests.hub.loopback import COMMIT, EITHER, NEXT, OTHER, READER, TAG, Loopback

UPLOADS = r"(POST .*/_cas/v1/xorbs|PUT /_lfs/object)"
READ = """
import json, sys
from datasets import load_dataset
rows = load_dataset(sys.argv[1], "conversations", split="train", revision=sys.argv[2])
streamed = load_dataset(
    sys.argv[1], "conversations", split="train", revision=sys.argv[2], streaming=True
)
print(json.dumps([list(rows["conversation_id"]), [row["conversation_id"] for row in streamed]]))
"""


def same(folder: Path, release: Candidate) -> bool:
    """Whether a snapshot of a repository has the bytes of a release, and no other data."""
    got, sent = runs.tree(folder), runs.tree(Path(release.folder))
    strays = [name for name in got if name.startswith("data/") and name not in sent]
    return not strays and all(got.get(name) == data for name, data in sent.items())


@EITHER
def test_readers_get_the_same_bytes(place: Loopback, first: Candidate, second: Candidate) -> None:
    """`snapshot_download` of each tag gives its release, byte for byte; one commit made each."""
    one = place.publish(first, TAG)
    two = place.publish(second, NEXT)

    assert place.refs() == {
        "heads/main": two.oid,
        f"tags/{TAG}": one.oid,
        f"tags/{NEXT}": two.oid,
    }
    assert len(place.hub.requests(COMMIT)) == 2
    assert same(place.downloaded(TAG), first)
    assert same(place.downloaded("main"), second)
    place.check_whole(first, second)
    if place.is_xet:
        assert place.hub.requests(r"POST .*/_cas/v1/xorbs")
    else:
        assert place.hub.requests(r"PUT /_lfs/object")


def test_readers_load_what_the_card_says(place: Loopback, first: Candidate) -> None:
    """`load_dataset` by the card of the tag, whole and streamed, has the rows of the release."""
    assert "README.md" in first.wanted
    place.publish(first, TAG)
    whole, streamed = json.loads(place.run(READ, READER, place.repo, TAG))

    rows = runs.read(Path(first.folder) / "data" / "conversations")
    assert len(place.hub.requests(COMMIT)) == 1
    assert whole == streamed
    assert sorted(whole) == sorted(row["conversation_id"] for row in rows)


@EITHER
def test_the_same_command_again_changes_nothing(place: Loopback, first: Candidate) -> None:
    """What is there is recognised by its hashes: no commit, no upload, the same commit's id."""
    one = place.publish(first, TAG)
    place.hub.clear()
    two = place.publish(first, TAG)

    assert (two.oid, two.changed) == (one.oid, 0)
    assert not place.hub.requests(COMMIT)
    assert not place.hub.requests(UPLOADS)


def test_only_what_is_ours_is_deleted(
    place: Loopback, first: Candidate, second: Candidate, tmp_path: Path
) -> None:
    """Shards and documents of the release before go; a file that somebody else put there stays.

    The later release has no card, so that the card of the earlier one must go too.
    """
    bare = loopback.without_documents(second, tmp_path / "bare")
    place.publish(first, TAG)
    place.put("notes.txt", b"by hand")
    made = place.publish(bare, NEXT)

    assert "README.md" in first.wanted
    assert set(place.trees()[made.oid]) == {".gitattributes", "notes.txt", *bare.wanted}


def test_a_tag_never_changes(place: Loopback, first: Candidate, second: Candidate) -> None:
    """Another release under a tag that is taken is refused; the message names a free one."""
    place.publish(first, TAG)
    before = place.refs()
    with pytest.raises(ConflictError, match=r"--tag 2023\.26\.1"):
        place.publish(second, TAG)

    assert place.refs() == before


def test_a_release_before_comes_back_as_a_new_tag(
    place: Loopback, first: Candidate, second: Candidate
) -> None:
    """Rolling back is publishing the earlier release again: nothing is uploaded for it."""
    place.publish(first, TAG)
    place.publish(second, NEXT)
    place.hub.clear()
    made = place.publish(first, "2023.26.2")

    assert first.is_held(place.trees()[place.refs()["heads/main"]])
    assert made.changed
    assert not [r for r in place.hub.requests(UPLOADS) if r["request_bytes"] > 10_000]


def test_nothing_but_the_release_is_sent(place: Loopback, first: Candidate, tmp_path: Path) -> None:
    """Files planted in the release folder, beside it and below run/ never reach the Hub."""
    secret = b"planted where no reader may see it"
    release = tmp_path / "out" / "release"
    shutil.copytree(first.folder, release)
    for name in ("notes.txt", "data/stray.parquet", ".env", "../run/manifest.json"):
        path = release / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(secret)
    place.publish(candidate.read(str(tmp_path / "out")), TAG)

    stored = runs.tree(Path(place.hub.store.root))
    assert any(name.startswith("lfs/") for name in stored)
    assert not [name for name, data in stored.items() if secret in data]
    assert set(place.trees()[place.refs()["heads/main"]]) == {".gitattributes", *first.wanted}


@pytest.mark.parametrize(
    "path", ["../run/key", "/etc/hostname", "run/manifest.json", ".env", "data/x.txt", "a//b"]
)
def test_a_manifest_cannot_name_what_is_no_release(
    first: Candidate, tmp_path: Path, path: str
) -> None:
    """A path that leads out of the release, is hidden or private is refused before all else."""
    release = tmp_path / "release"
    shutil.copytree(first.folder, release)
    manifest = msgspec.to_builtins(first.manifest)
    manifest["documents"] = [{"path": path, "bytes": 1, "sha256": "0" * 64}]
    (release / "manifest.json").write_bytes(msgspec.json.encode(manifest))

    with pytest.raises(InputError, match="which no release has"):
        candidate.read(str(release))


def test_a_link_out_of_the_release_is_refused(first: Candidate, tmp_path: Path) -> None:
    """A shard that is a symbolic link to elsewhere is no file of the release."""
    release = tmp_path / "release"
    shutil.copytree(first.folder, release)
    shard = release / first.manifest.files[0].path
    shard.rename(tmp_path / "elsewhere")
    shard.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(InputError, match="not a file of its own"):
        candidate.read(str(release))


def test_a_file_that_changed_is_not_committed(
    place: Loopback, first: Candidate, tmp_path: Path
) -> None:
    """Bytes that are not what the manifest says are noticed before the commit."""
    shutil.copytree(first.folder, tmp_path / "release")
    changed = candidate.read(str(tmp_path / "release"))
    shard = tmp_path / "release" / first.manifest.files[0].path
    data = bytearray(shard.read_bytes())
    data[len(data) // 2] ^= 1
    shard.write_bytes(data)

    with pytest.raises(UnfitError, match="changed meanwhile"):
        place.publish(changed, TAG)
    assert not place.hub.requests(COMMIT)


def test_a_commit_takes_a_hundred_files(first: Candidate) -> None:
    """More changed files than a commit should have are refused, with what to do about it."""
    old = {f"data/old/{number}": Held(1, "0" * 64, "") for number in range(101)}
    state = State("0" * 40, is_private=False, files=old, tags={}, named=[])

    with pytest.raises(UnfitError, match="cut larger shards"):
        difference.between(state, first).refuse_many()


@pytest.mark.parametrize(
    ("token", "error"),
    [(READER, DeniedError), (OTHER, DeniedError), ("hf_unknown00000", DeniedError)],
)
def test_a_token_without_rights_changes_nothing(
    place: Loopback, first: Candidate, second: Candidate, token: str, error: type[Exception]
) -> None:
    """A reader's, a stranger's and an unknown token are told apart from a Hub that fails."""
    place.publish(first, TAG)
    before = place.refs()
    with pytest.raises(error) as told:
        place.publish(second, NEXT, token)

    assert token not in str(told.value)
    assert place.refs() == before


def test_a_repository_is_not_made_by_a_slip(place: Loopback, first: Candidate) -> None:
    """A repository that is not there is made only if that was asked for."""
    with pytest.raises(MissingError, match="--create"):
        place.publish(first, create=False)
    assert not place.store().exists()


def test_rules_that_leave_files_out_are_refused(place: Loopback, first: Candidate) -> None:
    """With a .gitignore in the repository the Hub would leave out shards in silence."""
    place.put(".gitignore", b"*.parquet")
    with pytest.raises(UnfitError, match="gitignore"):
        place.publish(first, TAG)
    assert "tags/" + TAG not in place.refs()


def test_a_gated_repository_lets_in_who_was_granted(
    place: Loopback, first: Candidate, tmp_path: Path
) -> None:
    """Gated before its first file; who was let in gets the same bytes."""
    place.publish(first, TAG, gated="manual")
    order = [
        r["path"].rpartition("/")[2]
        for r in place.hub.requests(r"(PUT .*/settings|POST .*/commit)")
    ]
    asked: dict[str, Any] = {"repo_type": "dataset", "revision": TAG}
    reader = place.api(READER)
    with pytest.raises(GatedRepoError):
        reader.hf_hub_download(place.repo, "manifest.json", local_dir=tmp_path, **asked)
    place.api().grant_access(place.repo, "reader", repo_type="dataset")
    for path, one in first.wanted.items():
        got = Path(reader.hf_hub_download(place.repo, path, local_dir=tmp_path, **asked))
        assert hashlib.sha256(got.read_bytes()).hexdigest() == one.sha256

    assert order == ["settings", "main"]
    assert place.publish(first, TAG, gated="manual").changed == 0


def test_a_dry_run_changes_nothing(place: Loopback, first: Candidate, second: Candidate) -> None:
    """It tells every file that would change, of a repository and of one that is not there."""
    new = Publisher(place.client(), first, Place(place.repo, TAG)).compare()
    assert {one.path for one in new.add} == set(first.wanted)
    assert not place.store().exists()

    place.publish(first, TAG)
    before = place.refs()
    change = Publisher(place.client(), second, Place(place.repo, NEXT)).compare()
    paths = {one.path for one in change.sent}
    gone = set(first.wanted) - set(second.wanted)
    assert set(change.delete) == gone
    assert paths == {
        path
        for path, one in second.wanted.items()
        if first.wanted.get(path) is None or first.wanted[path].sha256 != one.sha256
    }
    assert place.refs() == before


def test_offline_is_respected(
    place: Loopback, first: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HF_HUB_OFFLINE keeps the publisher off the network."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with place.own_client() as client, pytest.raises(HubError, match="HF_HUB_OFFLINE"):
        Publisher(client, first, Place(place.repo, TAG)).publish()
    assert not place.hub.requests()
