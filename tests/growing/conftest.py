"""Logs in pieces, and the two ways to one release: at once, and step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.recipe import Recipe
from pipeline.stage import FittedStage
from tests import runs

STEPS = 3
MODELS = ("release", "rich")


def parts(folder: Path, target: Path) -> list[str]:
    """The logs of a folder in three pieces, each file's lines dealt like cards.

    That is the hard case: votes and later turns come with logs of their own, and belong to rows
    that are released already.
    """
    for path in sorted(folder.glob("server*/*.json")):
        lines = path.read_bytes().splitlines(keepends=True)
        for step in range(STEPS):
            mine = [line for at, line in enumerate(lines) if at * 7 % 11 * STEPS // 11 == step]
            place = target / str(step) / path.parent.name / path.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(b"".join(mine))
    return [f"{target}/{step}/server*/*.json" for step in range(STEPS)]


def grown(patterns: Sequence[str], folder: Path, made: Recipe, **settings: Any) -> Path:
    """Runs one after the other, each on its own logs; the output of the last one."""
    output, after = folder, None
    for step, pattern in enumerate(patterns):
        output = folder / f"step{step}"
        runs.curate(pattern, output, made, after=after, **settings)
        after = str(output)
    return output


def small_recipe(name: str) -> Recipe:
    """A recipe of many small shards that fits nothing: a model is given to all runs, or to none."""
    made = runs.small(name, shard_mb=0.05)
    return replace(made, stages=tuple(s for s in made.stages if not isinstance(s, FittedStage)))


@dataclass
class World:
    """Logs in pieces, the release of all of them, and the release that grew."""

    pieces: list[str]
    made: Recipe
    whole: Path
    last: Path


@pytest.fixture(scope="session", params=MODELS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Both ways to the same release, on logs dealt like cards."""
    folder = tmp_path_factory.mktemp("world")
    made = small_recipe(request.param)
    runs.sample(folder / "logs", 200)
    pieces = parts(folder / "logs", folder / "pieces")
    runs.curate(pieces, folder / "whole", made)
    return World(pieces, made, folder / "whole", grown(pieces, folder, made))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small finished run."""
    runs.curate(runs.sample(tmp_path / "logs", 60), tmp_path / "before", runs.small())
    return tmp_path / "before"
