"""What a cluster's release must equal: the local one of the same logs, to the byte."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from schemas.manifest import RunManifest
from tests import runs
from tests.cluster.processes import Processes, lacking

SAMPLE = "sample"
"""Generated logs, for the short form; other inputs are folders of the developers' data."""
CONVERSATIONS = 1500
SPLIT_MB = {SAMPLE: 0.5}
RAW_SPLIT_MB = 2.0
BYTES = 1024
"""That may cross the network for a staged conversation: keys, no text."""
Kind = TypeVar("Kind", bound=Processes)


def running(cluster: Kind) -> Iterator[Kind]:
    """The cluster, once it runs and its workers have the key of the tests; ends it afterwards."""
    if wanted := lacking():
        pytest.fail(wanted, pytrace=False)
    cluster.stop()
    try:
        cluster.start({"CURATE_ID_KEY": runs.KEY})
        yield cluster
    finally:
        cluster.stop()


class Local:
    """Inputs, the local engine's release of each, and the memory of a cluster's workers on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.worker_mb: dict[str, float] = {}

    def release(self, name: str) -> dict[str, bytes]:
        """The local release of an input."""
        output = self.folder / name
        if not output.exists():
            runs.curate(self.pattern(name), output, engine="local", workers=2)
        return runs.tree(output / "release")

    def pattern(self, name: str) -> str:
        """The log files of an input."""
        if name != SAMPLE:
            return f"{runs.data(name)}/server*/*-conv.json*"
        return runs.sample(self.folder / "logs", CONVERSATIONS)

    def on(self, cluster: Processes, name: str, output: Path) -> RunManifest:
        """Run the release recipe on the cluster; units are small, so that there are many."""
        split = SPLIT_MB.get(name, RAW_SPLIT_MB)
        return runs.curate(self.pattern(name), output, engine=cluster.KIND, split_mb=split)


def check(output: Path, wanted: dict[str, bytes]) -> None:
    """The same bytes, nothing more, nothing half-written."""
    found = runs.tree(output / "release")
    assert found.keys() == wanted.keys()
    assert [path for path in found if found[path] != wanted[path]] == []
