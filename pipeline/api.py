"""Curate and read from Python.

>>> from pipeline import api
>>> manifest = api.curate("release", ["logs/**/*-conv.json"], "out", id_key_file="id.key")
>>> manifest.books.released
{'conversations': 1814}
>>> table = api.read_release("out/release", columns=["model", "turn"])
"""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import files, recipe, run
from pipeline.errors import InputError
from pipeline.identity import KeySource
from schemas.manifest import ReleaseManifest, RunManifest


def curate(
    config: str,
    inputs: Sequence[str],
    output: str,
    *,
    id_key_file: str | None = None,
    **settings: Any,
) -> RunManifest:
    """Run a recipe, or go on with a run that was interrupted.

    Args:
        config: a recipe file, or the name of a shipped one.
        inputs: paths and patterns of raw logs.
        output: a folder, local or a URI; gets `release/` and `run/`.
        id_key_file: the identity key; else it comes from the environment.
        settings: fields of `pipeline.run.Settings`, such as `workers`.

    Raises:
        CurationError: as drawn in pipeline/errors.py.
    """
    made = recipe.load(config)
    if made.identity and id_key_file:
        made = dataclasses.replace(made, identity=KeySource(made.identity.variable, id_key_file))
    name = config.rsplit("/", 1)[-1].removesuffix(".yaml")
    return run.run(made, name, inputs, output, run.Settings(**settings))


def release_manifest(release: str) -> ReleaseManifest:
    """The public record of a release folder.

    Raises:
        InputError: there is none: the folder is no release, or not a whole one.
    """
    path = files.join(release, "manifest.json")
    if not files.exists(path):
        raise InputError(f"{release} is no release: it has no manifest.json")
    return files.read_record(path, ReleaseManifest)


def read_release(
    release: str, config: str = "conversations", columns: Sequence[str] | None = None
) -> pa.Table:
    """All rows of a config in released order, in memory: shape (rows, columns).

    Raises:
        InputError: the folder is no release.
    """
    batches = list(iterate_release(release, config, columns))
    return pa.Table.from_batches(batches) if batches else pa.table({})


def iterate_release(
    release: str,
    config: str = "conversations",
    columns: Sequence[str] | None = None,
    batch_rows: int = 2048,
) -> Iterator[pa.RecordBatch]:
    """The rows of a config in released order, batch by batch, whatever its size.

    Raises:
        InputError: the folder is no release.
    """
    wanted = None if columns is None else list(columns)
    for file in release_manifest(release).files:
        if file.config == config:
            with pq.ParquetFile(files.open_input(files.join(release, file.path))) as source:
                yield from source.iter_batches(batch_rows, columns=wanted)
