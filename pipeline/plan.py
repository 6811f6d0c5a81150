"""Which bytes are a unit of work: inputs -> units of about equal size."""

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import PurePosixPath

import pyarrow.fs as pafs

from pipeline import files
from pipeline.errors import InputError
from pipeline.ingest import lines
from pipeline.ingest.lines import Limits, Lines, Span
from schemas.manifest import InputFile, Plan, Slice, Unit

EXPANSION = 6
"""Decompressed bytes a compressed byte of log stands for; measured 5.1 for gzip at level 6."""


def find(patterns: Sequence[str]) -> list[str]:
    """The files that the patterns name, each once, by name and then by folder.

    Raises:
        InputError: a pattern names nothing, or a folder.
    """
    found = {path for pattern in patterns for path in _matches(pattern)}
    return sorted(found, key=lambda path: (PurePosixPath(path).name, path))


def _matches(pattern: str) -> list[str]:
    paths = _remote(pattern) if "://" in pattern else glob.glob(pattern, recursive=True)  # noqa: PTH207
    if not paths:
        raise InputError(f"no input matches {pattern}")
    if "://" in pattern:
        return paths
    if all(os.path.isdir(path) for path in paths):  # noqa: PTH112 (as glob gave it)
        raise InputError(
            f"{pattern} is a folder; give files or a pattern, such as '{pattern}/**/*-conv.json*'"
        )
    return [os.path.abspath(path) for path in paths if not os.path.isdir(path)]  # noqa: PTH100, PTH112


def _remote(pattern: str) -> list[str]:
    scheme = pattern.split("://", 1)[0]
    fs, inner = files.resolve(pattern)
    fixed = inner.split("*", 1)[0].rsplit("/", 1)[0] if "*" in inner else inner
    info = fs.get_file_info(fixed)
    if info.type == pafs.FileType.File:
        return [pattern]
    found = fs.get_file_info(pafs.FileSelector(fixed, recursive=True, allow_not_found=True))
    wanted = inner.replace("**/", "*")
    return [f"{scheme}://{f.path}" for f in found if f.is_file and fnmatch(f.path, wanted)]


def describe(paths: Sequence[str]) -> list[InputFile]:
    """Size, hash and compression of each file, four at a time.

    Raises:
        InputError: a file cannot be read.
    """
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(_described, paths))


def _described(path: str) -> InputFile:
    try:
        digest, size = files.sha256(path)
        return InputFile(path, size, digest, lines.compression(path) if size else None)
    except OSError as error:
        raise InputError(f"cannot read {path}: {files.plain(error)}") from error


def units(
    inputs: Sequence[InputFile],
    split_bytes: int,
    salt: str,
    limit: int | None = None,
    first: int = 0,
) -> list[Unit]:
    """Cut the inputs into units of about `split_bytes` of decompressed log.

    Args:
        inputs: in the order of `find`.
        split_bytes: a plain file larger than this is cut into ranges; smaller ones share a unit.
        salt: what else decides the content of a staged unit: code, recipe, key.
        limit: take only the first lines of the first files.
        first: the place of the first input that is cut; those before it are cut already.
    """
    made: list[Unit] = []
    group: list[Slice] = []
    weight = 0
    parts = _limited(inputs, limit) if limit else _slices(inputs, split_bytes, first)
    for part, part_weight in parts:
        if group and weight + part_weight > split_bytes:
            made.append(_unit(group, weight, inputs, salt))
            group, weight = [], 0
        group.append(part)
        weight += part_weight
    return [*made, _unit(group, weight, inputs, salt)] if group else made


def _slices(
    inputs: Sequence[InputFile], split_bytes: int, first: int
) -> Iterator[tuple[Slice, int]]:
    for number, source in enumerate(inputs[first:], first):
        if source.compression:
            yield Slice(number, 0, None), source.bytes * EXPANSION
            continue
        pieces = max(1, -(-source.bytes // split_bytes))
        for piece in range(pieces):
            start, end = (source.bytes * at // pieces for at in (piece, piece + 1))
            yield Slice(number, start, None if piece == pieces - 1 else end), end - start


def _limited(inputs: Sequence[InputFile], limit: int) -> Iterator[tuple[Slice, int]]:
    for number, source in enumerate(inputs):
        if limit <= 0:
            return
        pieces = lines.read(Span(source.path, number, max_lines=limit), Limits())
        count = sum(len(p.lines) if isinstance(p, Lines) else 1 for p in pieces)
        yield Slice(number, 0, None, limit), min(source.bytes, 4096 * count)
        limit -= count


def _unit(group: list[Slice], weight: int, inputs: Sequence[InputFile], salt: str) -> Unit:
    content = [(inputs[s.file].sha256, s.start, s.end, s.max_lines) for s in group]
    digest = hashlib.sha256(repr((salt, content)).encode()).hexdigest()
    return Unit(digest[:24], list(group), weight)


def spans(plan: Plan, unit: Unit) -> list[Span]:
    """The byte ranges of a unit."""
    return [
        Span(plan.inputs[s.file].path, s.file, s.start, s.end, s.max_lines) for s in unit.slices
    ]
