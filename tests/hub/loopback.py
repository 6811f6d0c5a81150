"""A Hub on loopback for tests: releases to publish, clients of it, and a look into its store."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from pipeline import files
from pipeline.hub import candidate
from pipeline.hub.candidate import Candidate
from pipeline.hub.client import Client, Patience
from pipeline.hub.messages import Held
from pipeline.hub.publisher import Place, Published, Publisher
from schemas.manifest import Document, ReleaseManifest
from tests import runs

SERVER = runs.ROOT.parent / "shared" / "tools" / "hubserver.py"
WRITER, READER, OTHER = "hf_writerToken0123456789", "hf_readerToken0123456789", "hf_other98765432"
REPO, REVIEW = "curator/arena", "curator/arena-review"
COMMIT = r"POST .*/commit/main"
QUICK = Patience(whole_s=120, silence_s=10, attempts=3, wait_s=0.02)


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
    """A running Hub, with Xet or without, and a place for its clients' homes.

    Attributes:
        hub: the server.
        folder: this test's own.
        is_xet: whether clients upload by Xet.
    """

    hub: Any
    folder: Path
    is_xet: bool
    homes: int = field(default=0)

    def environment(self, token: str = WRITER, home: str = "home") -> dict[str, str]:
        """What tells a client of the Hub, and of whom it works for."""
        found: dict[str, str] = self.hub.env(token, self.folder / home)
        found |= {"HF_XET_CLIENT_RETRY_BASE_DELAY": "20ms", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
        return found if self.is_xet else found | {"HF_HUB_DISABLE_XET": "1"}

    def publisher(
        self, release: Candidate, place: Place, token: str = WRITER, patience: Patience = QUICK
    ) -> Publisher:
        """A publisher with a process of its own, to be closed by its client."""
        return Publisher(Client(patience, self.environment(token)), release, place)

    def publish(
        self, release: Candidate, tag: str = "2023.26.0", token: str = WRITER, **given: Any
    ) -> Published:
        """Publish with all defaults."""
        patience = given.pop("patience", QUICK)
        place = Place(given.pop("repo", REPO), tag, create=True, **given)
        made = self.publisher(release, place, token, patience)
        with made.client:
            return made.publish()

    def store(self, repo: str = REPO) -> Path:
        """The folder of a repository."""
        return Path(self.hub.store.repo_dir("dataset", repo))

    def refs(self, repo: str = REPO) -> dict[str, str]:
        """Branches and tags, and the commits they are at."""
        found = self.hub.store.refs("dataset", repo)
        return {ref.removeprefix("refs/"): str(at["target"]) for ref, at in found.items()}

    def trees(self, repo: str = REPO) -> dict[str, dict[str, Held]]:
        """What every commit holds that was ever made, reachable or not."""
        found = {}
        for path in self.store(repo).glob("commits/*.json"):
            tree = json.loads(path.read_bytes())["tree"]
            found[path.stem] = {
                name: Held(one["size"], one.get("lfs", {}).get("oid"), one["oid"])
                for name, one in tree.items()
            }
        return found

    def check_whole(self, *releases: Candidate, repo: str = REPO) -> None:
        """Each commit is empty or holds one of the releases; what a tag names is never empty."""
        if not self.store(repo).exists():
            return
        trees = self.trees(repo)
        for tree in trees.values():
            assert set(tree) == {".gitattributes"} or any(r.is_held(tree) for r in releases)
        for ref, oid in self.refs(repo).items():
            if ref.startswith("tags/"):
                assert any(r.is_held(trees[oid]) for r in releases), ref

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

    def downloaded(self, revision: str, repo: str = REPO, token: str = READER) -> Path:
        """A snapshot of a revision, as `snapshot_download` makes it."""
        target = self.folder / f"got-{revision}-{token}"
        code = "import sys; from huggingface_hub import snapshot_download as s\n"
        code += "s(sys.argv[1], repo_type='dataset', revision=sys.argv[2], local_dir=sys.argv[3])"
        self.run(code, token, repo, revision, str(target))
        return target


def running(folder: Path, *, is_xet: bool) -> Iterator[Loopback]:
    """A Hub with a writer, a reader, and a writer who owns nothing here."""
    tokens = {WRITER: ("curator", "write"), READER: ("reader", "read"), OTHER: ("other", "write")}
    with server().HubServer(folder / "hub", tokens=tokens) as hub:
        yield Loopback(hub, folder, is_xet)


def with_documents(release: Candidate, folder: Path, **documents: str) -> Candidate:
    """A copy of a release with documents, as `pipeline.documents` would have added them."""
    shutil.copytree(release.folder, folder)
    found = []
    for name, text in documents.items():
        path = folder / name.replace("_", ".")
        path.write_text(text, "utf-8")
        digest, size = files.sha256(str(path))
        found.append(Document(path.name, size, digest))
    manifest = msgspec.structs.replace(release.manifest, documents=found)
    rewritten(folder, manifest)
    return candidate.read(str(folder))


def rewritten(folder: Path, manifest: ReleaseManifest) -> None:
    """Put another manifest into a release folder."""
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest, order="sorted"))
