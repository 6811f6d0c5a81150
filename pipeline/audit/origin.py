"""Where the rows of a release come from: what their run folder staged of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline import files
from pipeline.errors import InputError
from schemas.manifest import JudgeReceipt, Plan


class Origin:
    """The run folder of a finished run.

    Args:
        run: the folder.

    Raises:
        InputError: there is no finished run in it.
    """

    def __init__(self, run: str) -> None:
        receipt = files.join(run, "receipts", "judge", "all.json")
        if not files.exists(files.join(run, "plan.json")) or not files.exists(receipt):
            raise InputError(f"{run} is no run folder of a finished run")
        self._run = run
        self._units = files.read_record(files.join(run, "plan.json"), Plan).units
        self._shards = {s.path: s for s in files.read_record(receipt, JudgeReceipt).shards}

    @property
    def paths(self) -> list[str]:
        """The released files."""
        return list(self._shards)

    def cut(self, path: str) -> pa.Table:
        """What the judge noted of the rows of a released file, in its order.

        Raises:
            InputError: another run made the file.
        """
        if path not in self._shards:
            raise InputError(f"{self._run} did not make {path}")
        return files.read_table(files.join(self._run, "cuts", f"{self._shards[path].id}.parquet"))

    def staged(self, cut: pa.Table, rows: Sequence[int], column: str) -> list[Any]:
        """A staged column of some rows of a cut, in the order asked for."""
        part = cut.take(pa.array(rows, pa.int64()))
        units, at = part["unit"].to_numpy(), part["row"].to_numpy()
        found: list[Any] = [None] * len(rows)
        for unit in np.unique(units).tolist():
            mine = np.flatnonzero(units == unit)
            path = files.join(self._run, "staged", self._units[unit].id, "conversations.parquet")
            values = files.read_rows(path, at[mine], column).to_pylist()
            for place, value in zip(mine.tolist(), values, strict=True):
                found[place] = value
        return found
