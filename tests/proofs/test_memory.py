"""Memory does not grow with the corpus."""

import shutil
import sys
from pathlib import Path

import pytest
import yaml

from benchmarks import inputs, memory, near_path
from tests import runs

LIMIT_MB = 1500
GROWTH = 1.2
TIMES = 4
FEW, MANY = 40_000, 240_000
ROW_BYTES = 250


def peak(config: str, pattern: str, output: Path) -> memory.Peak:
    """The peak of `curate run` with two workers on Beam."""
    where = ["--input", pattern, "--output", str(output), "--workers", "2"]
    found = memory.peak(
        [sys.executable, "-m", "pipeline.cli", "run", config, *where],
        {"CURATE_ID_KEY": runs.KEY},
    )
    assert found.code == 0
    assert found.processes >= 3
    assert found.samples > 20
    return found


@pytest.mark.proof
@pytest.mark.parametrize("left_out", ["drop_near_duplicates", "nothing"])
def test_memory_does_not_grow_with_the_corpus(left_out: str, tmp_path: Path) -> None:
    """Two workers stay under 1.5 GB on raw_40k, and within a fifth of it on four times that."""
    source, config = runs.data("raw_40k"), tmp_path / "release.yaml"
    made = yaml.safe_load((runs.ROOT / "configs" / "release.yaml").read_text())
    made["stages"] = [step for step in made["stages"] if left_out not in step]
    config.write_text(yaml.safe_dump(made))
    shutil.copy(runs.ROOT / "configs" / "models.yaml", tmp_path)
    once = peak(str(config), f"{source}/server*/*-conv.json*", tmp_path / "once")
    larger = inputs.copies(source, tmp_path / "logs", TIMES)
    often = peak(str(config), larger, tmp_path / "often")
    told = f"peak PSS {once.mb:,.0f} MB; on {TIMES} times the input {often.mb:,.0f} MB"
    assert once.mb < LIMIT_MB, told
    assert often.mb < GROWTH * once.mb, told


@pytest.mark.proof
def test_a_row_with_near_copies_takes_little_memory(tmp_path: Path) -> None:
    """Where each row has a near copy, 200,000 rows more take at most 250 bytes each.

    Of the process that makes their keys, finds them, proves their similarity and decides.
    """
    documents = tmp_path / "documents.arrow"
    near_path.write(near_path.words(MANY), documents)
    few, many = (near_path.apart(documents, count) for count in (FEW, MANY))
    row = (many.mb - few.mb) * 2**20 / (MANY - FEW)

    assert (few.dropped, many.dropped) == (FEW // 2, MANY // 2)
    assert row <= ROW_BYTES, f"{few.mb:,.0f} MB, then {many.mb:,.0f} MB: {row:.0f} bytes a row"
