"""Rules on the manifest of a release and the list of its files."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.contract.rule import Fault, Rule, plain
from schemas.manifest import FORGOTTEN, Document, ReleasedFile, ReleaseManifest
from schemas.released import COLUMNS, CONFIGS, TEXTS

MANIFEST = "manifest.json"
SIGNATURE = f"{MANIFEST}.sig"
"""Of the manifest, and so listed nowhere; pipeline/contract/signature.py says more."""
ATTRIBUTES, CACHE = ".gitattributes", ".cache/huggingface/"
"""What a repository of the Hub holds, and its client leaves beside what it downloads."""
INTERVAL = r"\d{4}-W\d{2}|\d{4}-\d{2}-\d{2}|\d{4}-\d{2}|all"
SHARD = re.compile(rf"data/(\w+)/({INTERVAL})/train-(\d{{5}})-of-(\d{{5}})\.parquet")
SHA256 = re.compile(r"[0-9a-f]{64}")
MARK = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Listing:
    """What a manifest lists, and what is in the folder.

    Attributes:
        manifest: of the release.
        found: path of each file in the folder, relative to it -> bytes.
    """

    manifest: ReleaseManifest
    found: dict[str, int]


def _missing(seen: Listing) -> Iterator[Fault]:
    for path in _listed(seen.manifest):
        if path not in seen.found:
            yield Fault(path, "missing", "is in the manifest, and not in the release")


def _stray(seen: Listing) -> Iterator[Fault]:
    listed = _listed(seen.manifest)
    for path in sorted(seen.found.keys() - listed.keys() - {MANIFEST, SIGNATURE, ATTRIBUTES}):
        if not path.startswith(CACHE):
            yield Fault(path, "stray", "is in the release, and not in the manifest")


def _size(seen: Listing) -> Iterator[Fault]:
    for path, size in _listed(seen.manifest).items():
        if path in seen.found and seen.found[path] != size:
            yield Fault(
                path, "bytes", f"has {seen.found[path]:,} bytes; the manifest says {size:,}"
            )


def _listed(manifest: ReleaseManifest) -> dict[str, int]:
    return {file.path: file.bytes for file in _all(manifest)}


def _all(manifest: ReleaseManifest) -> list[ReleasedFile | Document]:
    return [*manifest.files, *manifest.documents]


def _listed_once(seen: Listing) -> Iterator[Fault]:
    paths: set[str] = set()
    for file in _all(seen.manifest):
        if file.path in paths:
            yield Fault(file.path, "listed_once", "is in the manifest twice")
        if not SHA256.fullmatch(file.sha256):
            yield Fault(file.path, "listed_once", "the manifest holds no SHA-256 of it")
        paths.add(file.path)


def _place(seen: Listing) -> Iterator[Fault]:
    for file in seen.manifest.files:
        match = SHARD.fullmatch(file.path)
        if match is None or match.group(1, 2) != (file.config, file.interval):
            place = f"data/{file.config}/{file.interval}/train-NNNNN-of-NNNNN.parquet"
            yield Fault(file.path, "place", f"is not called {place}")
    for document in seen.manifest.documents:
        parts = document.path.split("/")
        if parts[0] == "data" or {"", ".", ".."} & set(parts):
            yield Fault(document.path, "place", "is no place for a document")


def _numbering(seen: Listing) -> Iterator[Fault]:
    for (config, interval), files in sorted(_groups(seen.manifest).items()):
        numbers = sorted(number for number, _, _ in files)
        totals = {of for _, of, _ in files}
        if totals != {len(files)} or numbers != list(range(len(files))):
            folder = f"data/{config}/{interval}"
            yield Fault(folder, "numbering", f"its {len(files)} files are not 0 to N-1 of N")


def _groups(manifest: ReleaseManifest) -> dict[tuple[str, str], list[tuple[int, int, str]]]:
    groups = defaultdict(list)
    for file in manifest.files:
        if match := SHARD.fullmatch(file.path):
            name = (file.config, file.interval)
            groups[name].append((int(match[3]), int(match[4]), file.path))
    return groups


def _configs(seen: Listing) -> Iterator[Fault]:
    named = {"files": {file.config for file in seen.manifest.files}}
    named |= {"configs": set(seen.manifest.configs), "columns": set(seen.manifest.columns)}
    for where, configs in named.items():
        for config in sorted(configs - set(CONFIGS)):
            yield Fault(MANIFEST, "configs", f"`{where}` names {config}: there is no such config")
    if set(seen.manifest.configs) != set(seen.manifest.columns):
        yield Fault(MANIFEST, "configs", "`configs` and `columns` do not name the same configs")
    if "conversations" not in seen.manifest.configs:
        yield Fault(MANIFEST, "configs", "there are no conversations")


def _sums(seen: Listing) -> Iterator[Fault]:
    for config, rows in sorted(seen.manifest.configs.items()):
        held = sum(file.rows for file in seen.manifest.files if file.config == config)
        if held != rows:
            yield Fault(MANIFEST, "sums", f"{config} has {rows:,} rows; its files have {held:,}")


def _columns(seen: Listing) -> Iterator[Fault]:
    """The manifest's columns are those of the contract, with one of the types it allows."""
    known = {column.field.name: column.types for column in COLUMNS}
    always = {column.field.name for column in COLUMNS if not column.by and not column.asked}
    whole = seen.manifest.columns.get("conversations", {})
    for config, columns in sorted(seen.manifest.columns.items()):
        left_out = set(TEXTS) if config == "metadata" else set()
        for name in sorted(always - left_out - columns.keys()):
            yield Fault(MANIFEST, "columns", f"{config} lacks the column {name}")
        for name, kind in sorted(columns.items()):
            if name not in known:
                yield Fault(MANIFEST, "columns", f"{config} has a column {name}: no such column")
            elif kind not in {str(one) for one in known[name]}:
                yield Fault(MANIFEST, "columns", f"{config}: {name} has no type of the contract")
        if columns != {name: kind for name, kind in whole.items() if name not in left_out}:
            yield Fault(MANIFEST, "columns", f"{config} has not the columns of conversations")


def _twins(seen: Listing) -> Iterator[Fault]:
    """Each file of `metadata` stands beside one of `conversations`, and has its rows."""
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    for file in seen.manifest.files:
        rows[file.config][number(file)] = file.rows
    if "metadata" in seen.manifest.configs:
        for name in sorted(rows["conversations"].keys() ^ rows["metadata"].keys()):
            config = "conversations" if name in rows["conversations"] else "metadata"
            yield Fault(f"data/{config}/{name}", "twins", "has no twin in the other config")
        for name in sorted(rows["conversations"].keys() & rows["metadata"].keys()):
            if rows["conversations"][name] != rows["metadata"][name]:
                yield Fault(f"data/metadata/{name}", "twins", "has not the rows of its twin")


def _forgotten(seen: Listing) -> Iterator[Fault]:
    """Marks tell by their form alone that they are no ids: those have 32 digits."""
    for kind, marks in sorted(seen.manifest.forgotten.items()):
        if kind not in FORGOTTEN:
            yield Fault(MANIFEST, "forgotten", f"{plain(kind)} is nothing that can be forgotten")
        if marks != sorted(set(marks)) or not all(MARK.fullmatch(mark) for mark in marks):
            yield Fault(MANIFEST, "forgotten", f"marks of kind {plain(kind)} are not in form")


def files_of(manifest: ReleaseManifest, config: str, interval: str) -> list[ReleasedFile]:
    """The files of a config and an interval, by number."""
    mine = [f for f in manifest.files if (f.config, f.interval) == (config, interval)]
    return sorted(mine, key=lambda file: file.path)


def number(file: ReleasedFile) -> str:
    """What a file shares with its twin in another config: the end of its path."""
    return file.path.partition(f"data/{file.config}/")[2]


RULES: tuple[Rule[Listing], ...] = (
    Rule("missing", "every file that the manifest lists is there", _missing),
    Rule("stray", "no other file is there, but for what the Hub and its client add", _stray),
    Rule("bytes", "a file has the bytes that the manifest says", _size),
    Rule("listed_once", "a file is listed once, with its SHA-256", _listed_once),
    Rule("place", "a file lies in the folder of its config and interval", _place),
    Rule("numbering", "the files of an interval are numbered 0 to N-1, each `of` N", _numbering),
    Rule("configs", "configs are those of `schemas/released.py`", _configs),
    Rule("sums", "the rows of a config are those of its files", _sums),
    Rule("columns", "columns and their types are those of `schemas/released.py`", _columns),
    Rule("twins", "each file of conversations has one of metadata, with as many rows", _twins),
    Rule("forgotten", "a mark of what was forgotten is 16 hexadecimal digits, once", _forgotten),
)
