"""Copies of a release that are spoiled in one way, with a manifest that tries to hide it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import contract, files, shards
from schemas import features
from schemas.manifest import ReleasedFile, ReleaseManifest


class Copy:
    """A copy of a release.

    Attributes:
        folder: where it is.
    """

    def __init__(self, release: Path, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(release, folder)

    @property
    def manifest(self) -> ReleaseManifest:
        """What its manifest says now."""
        return files.read_record(str(self.folder / "manifest.json"), ReleaseManifest)

    def tell(self, **changes: Any) -> None:
        """Let the manifest say something else."""
        told = msgspec.structs.replace(self.manifest, **changes)
        files.write_record(str(self.folder / "manifest.json"), told)

    def listed(self, config: str = "conversations") -> list[ReleasedFile]:
        """The files of a config."""
        return [file for file in self.manifest.files if file.config == config]

    def path(self, config: str = "conversations", number: int = 0) -> Path:
        """One of them."""
        return self.folder / self.listed(config)[number].path

    def relist(self, file: ReleasedFile, **changes: Any) -> None:
        """Let the manifest say something else of a file."""
        new = msgspec.structs.replace(file, **changes)
        self.tell(files=[new if one.path == file.path else one for one in self.manifest.files])

    def rewrite(self, file: ReleasedFile, table: pa.Table, *, told: bool = True) -> None:
        """Write a file anew, by the house's writer, and let the manifest know its bytes."""
        path = str(self.folder / file.path)
        with shards.writer(path, features.described(table.schema)) as to:
            to.add(table)
        if told:
            self.hide(file)

    def hide(self, file: ReleasedFile) -> None:
        """Let the manifest say of a file what is there."""
        digest, size = files.sha256(str(self.folder / file.path))
        rows = pq.read_metadata(self.folder / file.path).num_rows
        self.relist(file, sha256=digest, bytes=size, rows=rows)

    def change(
        self, change: Callable[[pa.Table], pa.Table], config: str = "conversations", number: int = 0
    ) -> None:
        """Change the rows of a file."""
        file = self.listed(config)[number]
        self.rewrite(file, change(pq.read_table(self.folder / file.path, partitioning=None)))

    def faults(self) -> dict[str, set[str]]:
        """The rules that it breaks, and in which files."""
        found: dict[str, set[str]] = {}
        for fault in contract.verify(str(self.folder)).faults:
            found.setdefault(fault.rule, set()).add(fault.file)
        return found


def put(table: pa.Table, name: str, value: Callable[[list[Any]], list[Any]]) -> pa.Table:
    """A table with other values in a column."""
    at = table.schema.get_field_index(name)
    field = table.schema.field(at)
    return table.set_column(at, field, pa.array(value(table[name].to_pylist()), field.type))
