"""The only module that touches files: local, or remote by pyarrow's file systems.

A path is a plain one or a URI (`gs://`, `s3://`, `hdfs://`, `file://`). A file appears whole or
not at all: local ones are written beside their place and renamed, object stores show an upload
only when it is complete.
"""

import contextlib
import errno
import functools
import hashlib
import io
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from pipeline import parquet
from pipeline.errors import DiskFullError, InputError, OutputError
from pipeline.parquet import Source

T = TypeVar("T")

PARTIAL = ".partial-"
"""Marks files that a killed process may have left; never read, removed at the next start."""

STORES = {"s3", "gcs"}
"""File systems in which a file needs no folder above it: making one would be several requests."""


@functools.lru_cache(64)
def resolve(path: str) -> tuple[pafs.FileSystem, str]:
    """The file system of a path or URI, and the path in it."""
    if "://" in path:
        found: tuple[pafs.FileSystem, str] = pafs.FileSystem.from_uri(path)
        return found
    return pafs.LocalFileSystem(), os.path.abspath(path)  # noqa: PTH100 (keeps no symlinks)


def join(root: str, *parts: str) -> str:
    """A path below a root, which may be a URI."""
    return "/".join([root.rstrip("/"), *parts])


def absolute(path: str) -> str:
    """The path as another process sees it, whatever its working directory; URIs stay."""
    return path if "://" in path else resolve(path)[1]


def is_local(path: str) -> bool:
    """Whether the path is on a local disk."""
    return isinstance(resolve(path)[0], pafs.LocalFileSystem)


def exists(path: str) -> bool:
    """Whether a file or folder is there."""
    fs, inner = resolve(path)
    return bool(fs.get_file_info(inner).type != pafs.FileType.NotFound)


def size(path: str) -> int:
    """Bytes of a file; -1 if it is not there."""
    fs, inner = resolve(path)
    info = fs.get_file_info(inner)
    return int(info.size) if info.type == pafs.FileType.File else -1


def names(folder: str) -> list[str]:
    """Sorted names of the finished files right in a folder; empty if there is none."""
    fs, inner = resolve(folder)
    found = fs.get_file_info(pafs.FileSelector(inner, allow_not_found=True))
    return sorted(f.base_name for f in found if f.is_file and PARTIAL not in f.base_name)


def tree(folder: str) -> list[str]:
    """Sorted paths of all files below a folder, relative to it."""
    return sorted(sizes(folder))


def sizes(folder: str) -> dict[str, int]:
    """The bytes of all files below a folder, by their paths relative to it."""
    fs, inner = resolve(folder)
    selector = pafs.FileSelector(inner, allow_not_found=True, recursive=True)
    found = fs.get_file_info(selector)
    return {f.path[len(inner) :].lstrip("/"): int(f.size) for f in found if f.is_file}


def remove_tree(folder: str) -> None:
    """Remove a folder and all in it, if it is there."""
    if exists(folder):
        fs, inner = resolve(folder)
        fs.delete_dir(inner)


def sweep(folder: str) -> None:
    """Remove what a killed process left half-done below a local folder."""
    if is_local(folder):
        for path in sorted(Path(resolve(folder)[1]).rglob(f"{PARTIAL}*")):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def discard(folder: str, trash: str) -> None:
    """Let a folder vanish at once, by a rename into `trash`, and then remove it."""
    if exists(folder) and is_local(folder):
        gone = Path(resolve(trash)[1]) / f"{PARTIAL}{uuid.uuid4().hex}"
        with said(folder):
            Path(resolve(folder)[1]).rename(gone)
            shutil.rmtree(gone)
    else:
        remove_tree(folder)


def remove(path: str) -> None:
    """Remove a file, if it is there."""
    if exists(path):
        fs, inner = resolve(path)
        fs.delete_file(inner)


def make_folder(path: str, *, private: bool = False) -> None:
    """Create a folder and its parents; a private one is for its owner only (mode 0700)."""
    fs, inner = resolve(path)
    with said(path):
        fs.create_dir(inner, recursive=True)
        if private and is_local(path):
            Path(inner).chmod(0o700)


def appear(folder: str, place: str) -> None:
    """Let a finished folder appear at its place: one rename on a local disk.

    An object store has no rename: there the files are copied, the manifest last, and readers
    take a release without a manifest for none.
    """
    fs, inner = resolve(folder)
    _, target = resolve(place)
    with said(place):
        if is_local(folder):
            Path(inner).rename(target)
            return
        for name in sorted(tree(folder), key=lambda name: name == "manifest.json"):
            fs.copy_file(f"{inner}/{name}", f"{target}/{name}")
        fs.delete_dir(inner)


@contextlib.contextmanager
def said(path: str) -> Iterator[None]:
    """Turn what the operating system says of writing to `path` into one clear error.

    Raises:
        OutputError: as the system says; DiskFullError if no space is left, or a quota is used up.
    """
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} or "No space" in str(error):
            raise DiskFullError(f"no space left to write {path}") from error
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error


@contextlib.contextmanager
def sink(path: str) -> Iterator[Any]:
    """A stream to write a file that appears at `path` when all is written, or never."""
    fs, inner = resolve(path)
    folder, _, name = inner.rpartition("/")
    local = is_local(path)
    target = f"{folder}/{PARTIAL}{uuid.uuid4().hex}-{name}" if local else inner
    with said(path):
        if fs.type_name not in STORES:
            fs.create_dir(folder, recursive=True)
        try:
            with fs.open_output_stream(target) as stream:
                yield stream
        except BaseException:
            if local:
                Path(target).unlink(missing_ok=True)
            raise
        if local:
            Path(target).replace(inner)


def write_bytes(path: str, data: bytes) -> None:
    """Write a whole file at once."""
    with sink(path) as stream:
        stream.write(data)


def read_bytes(path: str) -> bytes:
    """Read a whole file."""
    fs, inner = resolve(path)
    with fs.open_input_stream(inner, compression=None) as stream:
        data: bytes = stream.read()
        return data


def write_record(path: str, record: msgspec.Struct) -> None:
    """Write a record as JSON with sorted keys, indented."""
    data = msgspec.json.encode(record, order="sorted")
    write_bytes(path, msgspec.json.format(data, indent=1) + b"\n")


def read_record(path: str, kind: type[T]) -> T:
    """Read a record written by `write_record`.

    Raises:
        InputError: it is no such record; says nothing of what it holds.
    """
    try:
        return msgspec.json.decode(read_bytes(path), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is damaged, or of another version: {error}") from error


def link(path: str, place: str) -> None:
    """Let a file appear at a second place: the same bytes on a local disk, else a copy."""
    fs, inner = resolve(path)
    target_fs, target = resolve(place)
    with said(place):
        if target_fs.type_name not in STORES:
            target_fs.create_dir(target.rpartition("/")[0], recursive=True)
        if is_local(path) and is_local(place):
            Path(target).unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                os.link(inner, target)
                return
        pafs.copy_files(inner, target, source_filesystem=fs, destination_filesystem=target_fs)


def open_input(path: str) -> Any:
    """A seekable stream of bytes.

    Raises:
        InputError: it is missing, a folder, or may not be read.
    """
    fs, inner = resolve(path)
    try:
        return fs.open_input_file(inner)
    except OSError as error:
        raise InputError(f"cannot read {path}: {plain(error)}") from error


def plain(error: Exception) -> str:
    """What an operating system error says, without pyarrow's preamble."""
    text = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
    return text.strip()


def sha256(path: str) -> tuple[str, int]:
    """Hexadecimal SHA-256 and size of a file, read in one pass with 1 MiB in memory."""
    digest, total = hashlib.sha256(), 0
    with open_input(path) as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
            total += len(block)
    return digest.hexdigest(), total


def write_table(path: str, table: pa.Table, **options: Any) -> None:
    """Write one Parquet file, zstd, whole or not at all."""
    options = {"compression": "zstd", "compression_level": 1} | parquet.CHECKED | options
    with sink(path) as stream:
        pq.write_table(table, stream, **options)


def read_table(path: str, columns: list[str] | None = None) -> pa.Table:
    """Read one Parquet file, or some of its columns."""
    return Source(io.BytesIO(read_bytes(path)), path).read(columns, use_threads=False)


def read_rows(path: str, rows: np.ndarray, column: str) -> pa.Array:
    """One column of some rows of a Parquet file, in the order asked for."""
    with open_parquet(path) as source:
        groups, at = source.holding(rows)
        table = source.read_row_groups(groups, columns=[column], use_threads=False)
    return table[column].combine_chunks().take(pa.array(at))


def open_parquet(path: str) -> Source:
    """A Parquet file opened for reading some of its row groups."""
    return Source(open_input(path), path)
