"""The process that speaks to the Hub: `python -m pipeline.hub.remote`, started by `hub.client`.

It reads requests from stdin and answers each on stdout, one line of JSON a message; when stdin
ends, it ends, whatever it is at. It is a process of its own because the client library and
hf_xet read endpoint, token and patience from the environment when they are imported, because
some of their calls know no timeout, and because whatever hangs in it can be killed.
"""

import contextlib
import hashlib
import os
import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO, TypeVar

import httpx2
import msgspec
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
    constants,
    hf_hub_download,
    set_client_factory,
)
from huggingface_hub.errors import RevisionNotFoundError
from huggingface_hub.hf_api import RepoFile

from pipeline.hub.failures import CAUGHT, ChangedError, failure
from pipeline.hub.messages import (
    Added,
    Answer,
    Blobs,
    Commit,
    Create,
    Done,
    Erase,
    Failure,
    Gate,
    Held,
    Look,
    Request,
    Rows,
    State,
    Stored,
    Tag,
    Untag,
)

T = TypeVar("T")

DATASET = "dataset"
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.sig"
WHOLE = "data/conversations/"
"""Where the shards are whose bytes the other configs share: sent first, they are sent once."""
CONNECT_S = 15.0
WAITS_S = (0.1, 1.0)
"""Seconds between tries of one read; longer waits are the publisher's."""
SMALL = 8 << 20
"""Bytes of a document that is held in memory, so that what is sent is what was hashed."""


class _Named(msgspec.Struct):
    path: str


class _Manifest(msgspec.Struct):
    """As much of any release's manifest as tells which files are ours."""

    files: list[_Named]
    documents: list[_Named] = []
    forgotten: dict[str, list[str]] = {}


def main() -> int:
    """Answer requests until there are no more."""
    silence_s = float(sys.argv[1])
    set_client_factory(lambda: _client(silence_s))
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # libraries print
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, waiting), daemon=True).start()
    while True:
        request = msgspec.json.decode(waiting.get(), type=Request)
        replies.write(msgspec.json.encode(answer(request)) + b"\n")


def _client(silence_s: float) -> httpx2.Client:
    timeout = httpx2.Timeout(silence_s, connect=min(CONNECT_S, silence_s))
    return httpx2.Client(follow_redirects=True, timeout=timeout)


def _listen(requests: BinaryIO, waiting: "queue.SimpleQueue[bytes]") -> None:
    for line in requests:
        waiting.put(line)
    os._exit(0)  # the publisher is gone: what it did not order must not happen


def answer(request: Request) -> Answer:
    """Do what is asked; whatever fails is told, never raised."""
    if constants.is_offline_mode():
        return Failure("refused", "HF_HUB_OFFLINE says not to use the network")
    try:
        if isinstance(request, Look):
            return look(request)
        if isinstance(request, Stored):
            return Blobs(stored(request.repo))
        return Done(_do(request) or "")
    except CAUGHT as error:
        return failure(error)


def _do(request: Create | Gate | Commit | Tag | Untag | Erase | Rows) -> str | None:
    api = _api()
    match request:
        case Create(repo, is_private):
            api.create_repo(repo, repo_type=DATASET, private=is_private, exist_ok=True)
        case Gate(repo, gated):
            api.update_repo_settings(repo, repo_type=DATASET, gated=gated)
        case Tag(repo, name, oid):
            api.create_tag(repo, tag=name, revision=oid, repo_type=DATASET)
        case Untag(repo, name):
            with contextlib.suppress(RevisionNotFoundError):
                api.delete_tag(repo, tag=name, repo_type=DATASET)
        case Erase(repo, hashes):
            gone = [SimpleNamespace(file_oid=one) for one in hashes]
            api.permanently_delete_lfs_files(repo, gone, rewrite_history=True, repo_type=DATASET)
        case Rows():
            read_rows(request)
        case Commit():
            return commit(request)
    return None


def look(asked: Look) -> State:
    """The tree of a revision, with the hashes that the Hub has of it, and all tags."""
    api, repo = _api(), asked.repo
    info = again(lambda: api.dataset_info(repo, revision=asked.revision))
    oid = str(info.sha)
    options = {"repo_type": DATASET, "revision": oid, "recursive": True}
    listing = again(lambda: list(api.list_repo_tree(repo, **options)))
    held = {
        one.path: Held(
            one.size, one.lfs.sha256 if one.lfs else None, one.blob_id, one.xet_hash is not None
        )
        for one in listing
        if isinstance(one, RepoFile)
    }
    refs = again(lambda: api.list_repo_refs(repo, repo_type=DATASET))
    tags = {tag.name: tag.target_commit for tag in refs.tags}
    found = again(lambda: _manifest(repo, oid, held[MANIFEST])) if MANIFEST in held else None
    if found is None:
        return State(oid, bool(info.private), held, tags, [])
    named = [MANIFEST, SIGNATURE, *(one.path for one in (*found.files, *found.documents))]
    marks = [f"{kind} {mark}" for kind, some in found.forgotten.items() for mark in some]
    return State(oid, bool(info.private), held, tags, named, marks)


def stored(repo: str) -> dict[str, str]:
    """The large files of all revisions: SHA-256 -> a path."""
    found = again(lambda: list(_api().list_lfs_files(repo, repo_type=DATASET)))
    return {one.file_oid: one.filename for one in found}


def again(read: Callable[[], T]) -> T:
    """What a read gives, which is tried a few times: the client library tries most only once."""
    for wait_s in WAITS_S:
        try:
            return read()
        except CAUGHT as error:
            if failure(error).kind != "passing":
                raise
            time.sleep(wait_s)
    return read()


def _manifest(repo: str, oid: str, held: Held) -> _Manifest | None:
    """The manifest of a revision; None if it is no release's.

    Raises:
        RuntimeError: it came damaged; clients do not look at hashes themselves.
    """
    with tempfile.TemporaryDirectory() as folder:
        got = hf_hub_download(repo, MANIFEST, repo_type=DATASET, revision=oid, local_dir=folder)
        content = Path(got).read_bytes()
    git = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
    if (held.sha256 or held.blob) not in {git.hexdigest(), hashlib.sha256(content).hexdigest()}:
        raise RuntimeError(f"{MANIFEST} came damaged")
    try:
        return msgspec.json.decode(content, type=_Manifest)
    except msgspec.MsgspecError:
        return None


def commit(order: Commit) -> str:
    """Upload what is to be added, make sure it was what the manifest says, and commit once.

    Raises:
        ChangedError: a local file changed since the manifest was written.
    """
    api = _api()
    adds = [_addition(one) for one in order.add]
    for wave in (True, False):  # columns of the other configs are chunks of the whole rows
        mine = [one for one in adds if one.path_in_repo.startswith(WHOLE) is wave]
        api.preupload_lfs_files(order.repo, mine, repo_type=DATASET, free_memory=False)
    for told, made in zip(order.add, adds, strict=True):
        if made.upload_info.sha256.hex() != told.sha256:
            raise ChangedError(f"{told.path} is not what the manifest says: it changed meanwhile")
    copies = [
        CommitOperationCopy(path, path, order.source_revision, order.source, DATASET)
        for path in order.copy
    ]
    deletes = [CommitOperationDelete(path, is_folder=False) for path in order.delete]
    made = api.create_commit(
        order.repo,
        [*adds, *copies, *deletes],
        commit_message=order.title,
        commit_description=order.description,
        repo_type=DATASET,
        parent_commit=order.head,
    )
    return made.oid


def _addition(told: Added) -> CommitOperationAdd:
    path = Path(told.local)
    if path.stat().st_size > SMALL or told.path.startswith("data/"):
        return CommitOperationAdd(told.path, path)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != told.sha256:
        raise ChangedError(f"{told.path} is not what the manifest says: it changed meanwhile")
    return CommitOperationAdd(told.path, content)


def read_rows(asked: Rows) -> None:
    """Read the first row of each file by ranges, as a reader does who streams.

    Raises:
        ValueError: a file has another number of rows than it should.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 (half of this process's start)
    from huggingface_hub import HfFileSystem  # noqa: PLC0415

    system = HfFileSystem()
    for path, rows in asked.files.items():
        with (
            system.open(f"datasets/{asked.repo}@{asked.oid}/{path}") as stream,
            pq.ParquetFile(stream) as source,
        ):
            if source.metadata.num_rows != rows:
                raise ValueError(f"{path} has {source.metadata.num_rows} rows there, not {rows}")
            if rows:
                next(source.iter_batches(batch_size=1, use_threads=False))


def _api() -> Any:
    return HfApi(library_name="arena-log-curation")


if __name__ == "__main__":
    sys.exit(main())
