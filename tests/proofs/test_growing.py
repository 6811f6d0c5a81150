"""Three releases, one after the other, are the release of all days at once."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import runs

SPLITS = {"by-thirds": (5, 10), "by-weeks": (7, 13), "by-few": (4, 9)}
"""After how many days the first and the second release end."""


def released(inputs: list[Path], output: Path, *more: str) -> Path:
    """The output of the shipped recipe, as the command makes it."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pipeline.cli", "run", "release", "--no-report"),
            *("--input", *map(str, inputs), "--output", str(output), *more),
        ],
        env={"CURATE_ID_KEY": runs.KEY},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return output


@pytest.fixture(scope="module")
def days() -> list[list[Path]]:
    """The files of raw_40k, day by day."""
    found = sorted(runs.data("raw_40k").glob("server*/*-conv.json*"))
    day = {path: re.findall(r"\d{4}-\d\d-\d\d", path.name)[0] for path in found}
    return [[path for path in found if day[path] == one] for one in sorted(set(day.values()))]


@pytest.fixture(scope="module")
def whole(days: list[list[Path]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All days at once."""
    return released([path for day in days for path in day], tmp_path_factory.mktemp("w") / "whole")


@pytest.mark.proof
@pytest.mark.parametrize("ends", SPLITS.values(), ids=SPLITS)
def test_three_releases_are_one(
    ends: tuple[int, int], days: list[list[Path]], whole: Path, tmp_path: Path
) -> None:
    """Of raw_40k, by the shipped recipe: the same files, byte for byte, manifest and card too."""
    output, more = tmp_path, list[str]()
    for begin, end in ((0, ends[0]), ends, (ends[1], len(days))):
        inputs = [path for day in days[begin:end] for path in day]
        output = released(inputs, tmp_path / f"until{end}", *more)
        more = ["--after", str(output)]

    assert runs.tree(output / "release") == runs.tree(whole / "release")
