"""What the tests of publishing share: two releases, and a Hub."""

import contextlib
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.hub import candidate
from pipeline.hub.candidate import Candidate
from tests import runs
from tests.hub import loopback
from tests.hub.loopback import Loopback


@pytest.fixture(name="outputs", scope="session")
def _outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The output folders of two runs: the logs of one day, and of these and one day more."""
    folder = tmp_path_factory.mktemp("releases")
    made = runs.small("rich", shard_mb=96.0)
    for days in (1, 2):
        logs = runs.sample(folder / f"logs-{days}", conversations=60 * days, days=days)
        runs.curate(logs, folder / f"out-{days}", made)
    return folder / "out-1", folder / "out-2"


@pytest.fixture(name="first")
def _first(outputs: tuple[Path, Path], tmp_path: Path) -> Candidate:
    """The earlier release."""
    made = candidate.read(str(outputs[0]))
    return loopback.salted(made, tmp_path / "out-1" / "release", tmp_path.name)


@pytest.fixture(name="second")
def _second(outputs: tuple[Path, Path], tmp_path: Path) -> Candidate:
    """The later one, which shares shards with it."""
    made = candidate.read(str(outputs[1]))
    return loopback.salted(made, tmp_path / "out-2" / "release", tmp_path.name)


@pytest.fixture(name="hubs", scope="session")
def _hubs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, Loopback]]:
    """Two Hubs: of one the clients use Xet, of the other they do not."""
    folder = tmp_path_factory.mktemp("hubs")
    with contextlib.ExitStack() as stack:
        running = contextlib.contextmanager(loopback.running)
        yield {
            is_xet: stack.enter_context(running(folder / name, is_xet=is_xet))
            for name, is_xet in (("xet", True), ("lfs", False))
        }


@pytest.fixture(name="place")
def _place(
    request: pytest.FixtureRequest, hubs: dict[bool, Loopback], tmp_path: Path
) -> Iterator[Loopback]:
    """A repository that nobody else uses; clients use Xet, as they do if nobody says otherwise."""
    hub = hubs[getattr(request, "param", "xet") == "xet"]
    hub.hub.clear()
    yield dataclasses.replace(hub, repo=f"curator/{re.sub('[^a-z0-9]+', '-', tmp_path.name)[:60]}")
    hub.hub.clear()
