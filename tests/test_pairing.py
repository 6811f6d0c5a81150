"""Near copies are found range by range and block by block, whatever their sizes."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from benchmarks import inputs
from pipeline import pairing, recipe, similarity, spill
from pipeline.recipe import Recipe
from tests import runs

NEAR: dict[str, Any] = {"threshold": 0.6, "shingle": 2}


def made(**options: Any) -> Recipe:
    """A recipe whose only copies are near ones."""
    stages = ["drop_errors", "tag_feedback", "tag_battles"]
    near = {"drop_near_duplicates": NEAR | options}
    return recipe.build({"stages": [*stages, near]}, runs.ROOT / "configs")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A log of which each conversation has two near copies, on other days."""
    folder = tmp_path_factory.mktemp("logs")
    runs.sample(folder / "once", 80)
    return inputs.copies(folder / "once", folder / "often", 3)


def ledger(output: Path) -> list[tuple[Any, ...]]:
    """Who was dropped for whom, and how near they are."""
    rows = runs.read(output / "run" / "dropped" / "conversations")
    names = ("conversation_id", "tstamp", "dropped_by", "into", "similarity")
    return sorted(tuple(str(row.get(name)) for name in names) for row in rows)


@pytest.mark.parametrize("over", ["conversation", "prefix"])
def test_ranges_and_blocks_do_not_matter(
    over: str, logs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many small ranges and blocks, and components larger than a part, give the same."""
    runs.curate(logs, tmp_path / "whole", made(over=over))
    monkeypatch.setattr(pairing, "RANGE_BYTES", 20_000)
    monkeypatch.setattr(pairing, "BLOCK_BYTES", 5000)
    monkeypatch.setattr(similarity, "BLOCK_BYTES", 7000)
    runs.curate(logs, tmp_path / "cut", made(over=over), split_mb=0.3)
    found = ledger(tmp_path / "whole")

    assert sum(row[2] == "drop_near_duplicates" for row in found) >= 100
    assert ledger(tmp_path / "cut") == found
    assert runs.tree(tmp_path / "cut" / "release") == runs.tree(tmp_path / "whole" / "release")


def test_nothing_is_left_of_the_steps(logs: str, tmp_path: Path) -> None:
    """What lay between the steps is gone when the run is done: it is as large as the index."""
    runs.curate(logs, tmp_path / "out", made())

    assert not (tmp_path / "out" / "run" / "judged" / "pairs").exists()


def test_a_part_is_read_alone(tmp_path: Path) -> None:
    """A table comes back part by part, in its order; a part may be empty."""
    path = str(tmp_path / "table.arrow")
    table = pa.table({"row": [0, 1, 2, 3], "sets": [[1], [], [2, 3], None]})
    spill.write(path, table, np.array([2, 0, 2, 0]), 4)
    rows = [spill.read(path, part)["row"].to_pylist() for part in range(4)]

    assert rows == [[1, 3], [], [0, 2], []]
    assert spill.gather([(7, path)], 2).to_pylist() == [
        {"row": 0, "sets": [1], "unit": 7},
        {"row": 2, "sets": [2, 3], "unit": 7},
    ]
