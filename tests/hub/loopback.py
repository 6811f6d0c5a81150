"""A Hub on loopback for tests: releases to publish, clients of it, and a look into its store."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import HfApi

from pipeline import files
from pipeline.hub import candidate
from pipeline.hub.candidate import Candidate
from pipeline.hub.client import Client, Patience
from pipeline.hub.messages import Held
from pipeline.hub.publisher import Place, Published, Publisher
from tests import runs

SERVER = runs.ROOT.parent / "shared" / "tools" / "hubserver.py"
WRITER, READER, OTHER = "hf_writerToken0123456789", "hf_readerToken0123456789", "hf_other98765432"
ID = "conversation_id"
TAG, NEXT = "2023.26.0", "2023.26.1"
COMMIT = r"POST .*/commit/main"
EITHER = pytest.mark.parametrize("place", ["xet", "lfs"], indirect=True)
"""The test is about bytes on their way, and Xet may be off."""
QUICK = Patience(whole_s=900, silence_s=20, attempts=3, wait_s=0.02)


def server() -> ModuleType:
    """The developers' Hub; the test is skipped where it is absent, and fails there under CI."""
    if not SERVER.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no loopback Hub at {SERVER}")
    spec = importlib.util.spec_from_file_location("hubserver", SERVER)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault("hubserver", importlib.util.module_from_spec(spec))
    if not hasattr(module, "HubServer"):
        spec.loader.exec_module(module)
    return module


@dataclass
class Loopback:
    """A running Hub, a repository of its own for a test, and processes that speak to the Hub.

    Attributes:
        hub: the server.
        folder: for homes and downloads.
        is_xet: whether clients upload by Xet.
        repo: that nobody else uses.
    """

    hub: Any
    folder: Path
    is_xet: bool
    repo: str = "curator/none"
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def review(self) -> str:
        """The name of a review repository."""
        return f"{self.repo}-review"

    def environment(self, token: str = WRITER, home: str = "home") -> dict[str, str]:
        """What tells a client of the Hub, and of whom it works for."""
        found: dict[str, str] = self.hub.env(token, self.folder / home)
        found["HF_XET_CLIENT_RETRY_BASE_DELAY"] = "20ms"
        return found if self.is_xet else found | {"HF_HUB_DISABLE_XET": "1"}

    def client(self, token: str = WRITER) -> Client:
        """A client of which all tests use the same process: libraries take half a second."""
        if token not in self.clients:
            self.clients[token] = Client(replace(QUICK, whole_s=3600), self.environment(token))
        return self.clients[token]

    def own_client(self, patience: Patience = QUICK) -> Client:
        """A client of one's own, to be closed."""
        return Client(patience, self.environment())

    def publish(
        self, release: Candidate, tag: str = TAG, token: str = WRITER, **given: Any
    ) -> Published:
        """Publish to this test's repository; made if it is missing, unless the options differ."""
        options: dict[str, Any] = {"repo": self.repo, "create": True} | given
        return Publisher(self.client(token), release, Place(tag=tag, **options)).publish()

    def store(self, repo: str | None = None) -> Path:
        """The folder of a repository."""
        return Path(self.hub.store.repo_dir("dataset", repo or self.repo))

    def refs(self, repo: str | None = None) -> dict[str, str]:
        """Branches and tags, and the commits they are at."""
        found = self.hub.store.refs("dataset", repo or self.repo)
        return {ref.removeprefix("refs/"): str(at["target"]) for ref, at in found.items()}

    def trees(self, repo: str | None = None) -> dict[str, dict[str, Held]]:
        """What every commit holds that was ever made, reachable or not."""
        found = {}
        for path in self.store(repo).glob("commits/*.json"):
            tree = json.loads(path.read_bytes())["tree"]
            found[path.stem] = {
                name: Held(one["size"], one.get("lfs", {}).get("oid"), one["oid"])
                for name, one in tree.items()
            }
        return found

    def check_whole(self, *releases: Candidate, repo: str | None = None) -> None:
        """Each commit is empty or holds one of the releases; what a tag names is never empty."""
        if not self.store(repo).exists():
            return
        trees = self.trees(repo)
        for tree in trees.values():
            assert set(tree) == {".gitattributes"} or any(r.is_held(tree) for r in releases)
        for ref, oid in self.refs(repo).items():
            if ref.startswith("tags/"):
                assert any(r.is_held(trees[oid]) for r in releases), ref

    def api(self, token: str = WRITER) -> HfApi:
        """The client library in this process, for what only prepares a test."""
        return HfApi(endpoint=self.hub.url, token=token)

    def put(self, name: str, content: bytes) -> None:
        """Let somebody upload a file by hand."""
        api = self.api()
        api.create_repo(self.repo, repo_type="dataset", exist_ok=True)
        api.upload_file(
            path_or_fileobj=content, path_in_repo=name, repo_id=self.repo, repo_type="dataset"
        )

    def run(self, code: str, token: str = READER, *arguments: str) -> str:
        """What a client program prints; in a process of its own, as libraries read at import."""
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=os.environ | self.environment(token, f"home-{token}"),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def downloaded(self, revision: str, token: str = READER) -> Path:
        """A snapshot of a revision, as `snapshot_download` makes it."""
        target = self.folder / self.repo / f"{revision}-{token}"
        code = "import sys; from huggingface_hub import snapshot_download as s\n"
        code += "s(sys.argv[1], repo_type='dataset', revision=sys.argv[2], local_dir=sys.argv[3])"
        self.run(code, token, self.repo, revision, str(target))
        return target


def running(folder: Path, *, is_xet: bool) -> Iterator[Loopback]:
    """A Hub with a writer, a reader, and a writer who owns nothing here."""
    tokens = {WRITER: ("curator", "write"), READER: ("reader", "read"), OTHER: ("other", "write")}
    with server().HubServer(folder / "hub", tokens=tokens) as hub:
        place = Loopback(hub, folder, is_xet)
        yield place
        for client in place.clients.values():
            client.close()


def without_documents(release: Candidate, folder: Path) -> Candidate:
    """A copy of a release that has shards and a manifest, and no card."""
    for file in release.manifest.files:
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release.wanted[file.path].local, target)
    manifest = msgspec.structs.replace(release.manifest, documents=[])
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest, order="sorted"))
    return candidate.read(str(folder))


def salted(release: Candidate, folder: Path, salt: str) -> Candidate:
    """A copy of a release with other ids, so that no Hub and no cache has seen its bytes before."""
    shutil.copytree(release.folder, folder)
    found = []
    for file in release.manifest.files:
        path = folder / file.path
        rows = pq.read_table(path)
        ids = [hashlib.md5(f"{salt} {one}".encode()).hexdigest() for one in rows[ID].to_pylist()]  # noqa: S324
        at = rows.column_names.index(ID)
        pq.write_table(rows.set_column(at, rows.schema.field(at), pa.array(ids)), path)
        digest, size = files.sha256(str(path))
        found.append(msgspec.structs.replace(file, bytes=size, sha256=digest))
    manifest = msgspec.structs.replace(release.manifest, files=found)
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest, order="sorted"))
    return candidate.read(str(folder))
