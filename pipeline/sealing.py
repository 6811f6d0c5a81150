"""The seal of a finished run: hashes of its private state, under the identity key.

A later release takes over what an earlier run has staged and judged. The seal tells whether that
is still what the earlier run left, and that it was sealed by somebody who holds the key.
"""

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor

import msgspec

from pipeline import files
from pipeline.errors import InputError
from pipeline.folders import Folders

NAME = "seal.json"
SEALED = (
    "index",
    "staged",
    "quarantine",
    "cuts",
    "near_index",
    "models",
    "receipts/stage",
    "receipts/fit",
)
"""The folders that a later run builds on; a record of each run is sealed beside them."""
RECORDS = ("plan.json", "tombstones.json")
PURPOSE = b"curate: seal of the private state of a run"
READERS = 4


class Seal(msgspec.Struct, frozen=True):
    """SHA-256 of each file by its path in the run folder, and a code over all of it."""

    files: dict[str, str]
    code: str


def seal(folders: Folders, key: bytes | None) -> None:
    """Write down what the run folder holds now."""
    found = _hashes(folders, _paths(folders))
    files.write_record(folders.at(NAME), Seal(found, _code(found, key)))


def broken(folders: Folders, key: bytes | None) -> str | None:
    """What is wrong with the state of a run, in a few words; None: nothing is.

    Folders that were purged as a whole are not missed here; who needs them, says so.
    """
    if not files.exists(folders.at(NAME)):
        return "it was never sealed"
    try:
        wanted = files.read_record(folders.at(NAME), Seal)
    except InputError:
        return f"{NAME} is damaged"
    if not hmac.compare_digest(wanted.code, _code(wanted.files, key)):
        return f"{NAME} was changed, or sealed under another key"
    present = {path.split("/", 1)[0] for path in _paths(folders)}
    left = [path for path in wanted.files if path.split("/", 1)[0] in present]
    found = _hashes(folders, [path for path in left if files.exists(folders.at(path))])
    wrong = [path for path in left if found.get(path) != wanted.files[path]]
    return f"{len(wrong)} file(s) were changed, the first is {wrong[0]}" if wrong else None


def _paths(folders: Folders) -> list[str]:
    records = [name for name in RECORDS if files.exists(folders.at(name))]
    inside = [f"{name}/{path}" for name in SEALED for path in files.tree(folders.at(name))]
    return [*records, *inside]


def _hashes(folders: Folders, paths: list[str]) -> dict[str, str]:
    with ThreadPoolExecutor(READERS) as pool:
        digests = pool.map(lambda path: files.sha256(folders.at(path))[0], paths)
        return dict(zip(paths, digests, strict=True))


def _code(found: dict[str, str], key: bytes | None) -> str:
    whole = msgspec.json.encode(found, order="sorted")
    if key is None:
        return hashlib.sha256(PURPOSE + whole).hexdigest()
    return hmac.digest(key, PURPOSE + whole, "sha256").hex()
