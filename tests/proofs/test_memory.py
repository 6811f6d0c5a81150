"""Memory does not grow with the corpus."""

import sys
from pathlib import Path

import pytest

from benchmarks import inputs, memory
from tests import runs

LIMIT_MB = 1500
GROWTH = 1.2
TIMES = 4


def peak(pattern: str, output: Path) -> memory.Peak:
    """The peak of `curate run release` with two workers on Beam."""
    where = ["--input", pattern, "--output", str(output), "--workers", "2"]
    found = memory.peak(
        [sys.executable, "-m", "pipeline.cli", "run", "release", *where],
        {"CURATE_ID_KEY": runs.KEY},
    )
    assert found.code == 0
    assert found.processes >= 3
    assert found.samples > 20
    return found


@pytest.mark.proof
def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    """Two workers stay under 1.5 GB on raw_40k, and within a fifth of it on four times that."""
    source = runs.data("raw_40k")
    once = peak(f"{source}/server*/*-conv.json*", tmp_path / "once")
    larger = inputs.copies(source, tmp_path / "logs", TIMES)
    often = peak(larger, tmp_path / "often")
    sys.stderr.write(
        f"\npeak PSS: {once.mb:,.0f} MB; on {TIMES} times the input {often.mb:,.0f} MB\n"
    )
    assert once.mb < LIMIT_MB
    assert often.mb < GROWTH * once.mb
