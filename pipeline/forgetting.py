"""Take-down: a finished run without some conversations, users or texts, in place of itself.

The run is made anew beside the old one from what that had staged, without what is to be forgotten;
then the two change places and the old one is removed. So nothing of it is left in shards, index,
quarantine, caches or samples, and copies that were dropped for a forgotten row may come back.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from pipeline import earlier, files, lock, manifests, run, sealing, tombstones
from pipeline.earlier import Earlier
from pipeline.errors import InputError, OutputError
from pipeline.folders import Folders
from pipeline.messages import Messages
from pipeline.recipe import Recipe
from pipeline.tombstones import Tombstone
from schemas.manifest import Plan, ReleaseManifest, RunManifest

PATCHED, OLD = ".patched", ".forgotten"
"""What the names of the new and of the old folder end in while they change places."""
HEX = hashlib.sha256().digest_size * 2


@dataclass(frozen=True)
class Request:
    """What is to be forgotten.

    Attributes:
        conversations: ids.
        users: handles, as in the column `user_id`.
        texts: SHA-256 of messages in hexadecimal, as logged or as released.
    """

    conversations: Sequence[str] = ()
    users: Sequence[str] = ()
    texts: Sequence[str] = ()


def forget(
    recipe: Recipe, name: str, output: str, request: Request, settings: run.Settings
) -> RunManifest:
    """Make the run in `output` anew without what is asked for, and put it in its place.

    Raises:
        InputError: there is no finished run, or nothing is asked for.
        OutputError: the folder is not on a local disk.
        CurationError: the run cannot be gone on from: see `earlier.load`.
    """
    if not files.is_local(output):
        raise OutputError(f"{output} is not on a local disk: forget in a local copy of it")
    whole = Path(files.absolute(output))
    _finish(whole)
    with lock.held(Folders(str(whole))):
        before = earlier.load(str(whole), recipe, manifests.version())
        marks = list(_marks(request, before.folders, recipe))
        if not marks and not before.stones.marks:
            raise InputError("nothing to forget: give a conversation id, a user's handle or a hash")
        settings = replace(settings, after=str(whole), forget=before.stones.joined(marks))
        patched = Folders(f"{whole}{PATCHED}")
        _discard_done(patched, str(whole))
        manifest = run.run(recipe, name, [], patched.output, settings)
        manifest = _as_before(manifest, before, patched, recipe)
        whole.rename(f"{whole}{OLD}")
    _finish(whole)
    return manifest


def _discard_done(patched: Folders, whole: str) -> None:
    """Remove what an interrupted change of places left, if it is past the run itself."""
    if files.exists(patched.at("plan.json")):
        after = files.read_record(patched.at("plan.json"), Plan).after
        if after is None or after.output != whole:
            files.remove_tree(patched.output)


def _as_before(
    manifest: RunManifest, before: Earlier, patched: Folders, recipe: Recipe
) -> RunManifest:
    """The new run recorded as the old one, so that the command that made it finds it done."""
    made = msgspec.structs.replace(manifest.plan, after=before.manifest.plan.after)
    manifest = msgspec.structs.replace(manifest, plan=made)
    files.write_record(patched.at("manifest.json"), manifest)
    files.write_record(patched.at("plan.json"), made)
    sealing.seal(patched, recipe.identity.load() if recipe.identity else None)
    return manifest


def _finish(whole: Path) -> None:
    """Do what is left of a change of places, as far as an interrupted one came."""
    old, patched = Path(f"{whole}{OLD}"), Path(f"{whole}{PATCHED}")
    if old.exists() and not whole.exists():
        patched.rename(whole)
    if old.exists():
        shutil.rmtree(old)


def _marks(request: Request, folders: Folders, recipe: Recipe) -> Iterator[Tombstone]:
    key = recipe.identity.load() if recipe.identity else None
    for digest in request.texts:
        if len(digest) != HEX or set(digest.lower()) - set("0123456789abcdef"):
            raise InputError(f"{digest!r} is no SHA-256 in hexadecimal")
        yield tombstones.mark(key, "text", digest.lower())
    for user in request.users:
        yield tombstones.mark(key, "user", user)
    for conversation in (*request.conversations, *_released(request.texts, folders)):
        yield tombstones.mark(key, "conversation", conversation)


def _released(texts: Sequence[str], folders: Folders) -> Iterator[str]:
    """The ids of released conversations with one of these texts, as readers know them."""
    wanted = {digest.lower() for digest in texts}
    if not wanted:
        return
    manifest = files.read_record(files.join(folders.release, "manifest.json"), ReleaseManifest)
    for file in manifest.files:
        if file.config == "conversations":
            with files.open_parquet(files.join(folders.release, file.path)) as source:
                for batch in source.iter_batches(256, columns=["conversation_id", "conversation"]):
                    flat = Messages(batch["conversation"])
                    hashes = map(tombstones.text_hash, flat.texts.to_pylist())
                    is_wanted = np.array([digest in wanted for digest in hashes], bool)
                    has = pa.array(flat.rows_with(is_wanted))
                    yield from batch["conversation_id"].filter(has).to_pylist()
