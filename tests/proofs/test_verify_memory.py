"""`curate verify` takes no more memory for a larger release."""

from pathlib import Path

import pytest

from benchmarks import verify
from tests import runs

GROWTH = 1.2
SMALL, LARGE = 60_000_000, 240_000_000


@pytest.mark.proof
def test_memory_of_verify_is_flat(tmp_path: Path) -> None:
    """Four times the release, within a fifth of the memory: nothing but ids is held of all rows."""
    logs = runs.sample(tmp_path / "logs", 2000)
    runs.curate(logs, tmp_path / "out")
    found = []
    for size in (SMALL, LARGE):
        place = tmp_path / str(size)
        verify.enlarged(tmp_path / "out" / "release", place, size)
        found.append(verify.measured(place)[0].mb)
    assert found[1] < GROWTH * found[0]
