"""The main job on a real Flink session cluster: two task managers, each with a pool of workers.

`make test-flink`, or `make short-flink` on generated logs; needs Java, Maven Central and PyPI the
first time. The cluster is on loopback, in build/flink, and is ended with the tests.
"""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas.manifest import RunManifest
from tests import runs
from tests.cluster import measures
from tests.cluster.flink import Cluster, lacking

pytestmark = pytest.mark.cluster
SAMPLE = "sample"
"""Generated logs, for the short form; other inputs are folders of the developers' data."""
CONVERSATIONS = 1500
SPLIT_MB = {SAMPLE: 0.5}
RAW_SPLIT_MB = 2.0
BYTES = 1024
"""That may cross the network for a staged conversation: keys, no text."""
GROWTH = 1.25
WAIT_S = 600.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster that runs; its workers have the key of the tests."""
    if wanted := lacking():
        pytest.fail(wanted, pytrace=False)
    made = Cluster(runs.ROOT / "build" / "flink")
    made.stop()
    try:
        made.start({"CURATE_ID_KEY": runs.KEY})
        yield made
    finally:
        made.stop()


class Local:
    """Inputs, the local engine's release of each, and the memory of Flink's workers on it."""

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

    def on_flink(self, name: str, output: Path) -> RunManifest:
        """Run the release recipe on the cluster; units are small, so that there are many."""
        split = SPLIT_MB.get(name, RAW_SPLIT_MB)
        return runs.curate(self.pattern(name), output, engine="flink", split_mb=split)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Local:
    """What every release must equal."""
    return Local(tmp_path_factory.mktemp("local"))


def check(output: Path, wanted: dict[str, bytes]) -> None:
    """The same bytes, nothing more, nothing half-written."""
    found = runs.tree(output / "release")
    assert found.keys() == wanted.keys()
    assert [path for path in found if found[path] != wanted[path]] == []


@pytest.mark.parametrize(
    "name",
    [
        SAMPLE,
        pytest.param("raw_3k", marks=pytest.mark.proof),
        pytest.param("raw_40k", marks=pytest.mark.proof),
    ],
)
def test_flink_writes_the_local_release(
    name: str, cluster: Cluster, local: Local, tmp_path: Path
) -> None:
    """Byte for byte; at most 1 KB a conversation cross the network, and workers stay small."""
    before = measures.jobs(cluster)
    with measures.watching(cluster) as watch:
        made = local.on_flink(name, tmp_path)
    check(tmp_path, local.release(name))
    sent = measures.shuffled(cluster, measures.jobs(cluster) - before)
    rows = made.books.staged["conversations"]
    local.worker_mb[name] = measures.worker_mb(watch)
    figures = f"{name}: {sent / rows:.0f} bytes of {rows}, {local.worker_mb[name]:.0f} MB a worker"
    (cluster.folder / f"{name}.txt").write_text(figures + "\n")

    assert 100 < sent / rows <= BYTES, figures
    if name == "raw_40k":
        assert local.worker_mb[name] <= GROWTH * local.worker_mb["raw_3k"], figures


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        (SAMPLE, "stage"),
        pytest.param("raw_3k", "stage", marks=pytest.mark.proof),
        pytest.param("raw_3k", "judge", marks=pytest.mark.proof),
    ],
)
def test_a_killed_task_manager_is_made_good(
    name: str, phase: str, cluster: Cluster, local: Local, tmp_path: Path
) -> None:
    """A machine that dies in mid-run, with its workers: the other one carries on, same bytes."""

    def die() -> None:
        cluster.kill("task-manager-1")
        cluster.kill("pool-1")

    with meanwhile(begun(tmp_path, phase), die):
        local.on_flink(name, tmp_path)
    check(tmp_path, local.release(name))
    assert "task-manager-1" not in cluster.processes()
    cluster.begin("pool-1", {"CURATE_ID_KEY": runs.KEY})
    cluster.begin("task-manager-1")
    cluster.wait_for(2)


@pytest.mark.proof
def test_a_restarted_job_manager_is_made_good(
    cluster: Cluster, local: Local, tmp_path: Path
) -> None:
    """It forgets the job it ran; the run begins the phase again, and no unit twice."""
    done: dict[str, int] = {}

    def die() -> None:
        done.update(receipts(tmp_path))
        cluster.kill("job-manager")
        time.sleep(2)
        cluster.begin("job-manager")

    with meanwhile(begun(tmp_path, "stage"), die):
        local.on_flink("raw_3k", tmp_path)
    check(tmp_path, local.release("raw_3k"))
    after = receipts(tmp_path)
    assert done
    assert {name: after[name] for name in done} == done


def receipts(output: Path) -> dict[str, int]:
    """When each unit was staged."""
    found = (output / "run" / "receipts" / "stage").glob("*.json")
    return {path.name: path.stat().st_mtime_ns for path in found}


def begun(output: Path, phase: str) -> Callable[[], bool]:
    """Whether a phase has begun, and has done something, but not all."""
    if phase == "stage":
        return lambda: len(receipts(output)) >= 2
    states = output / "run" / "judged" / "states"
    return lambda: any(not path.name.endswith("-0.parquet") for path in states.glob("*.parquet"))


class meanwhile:  # noqa: N801 (reads as a word)
    """Do something once a condition holds, while the context's work goes on; it must happen."""

    def __init__(self, condition: Callable[[], bool], act: Callable[[], None]) -> None:
        self.condition, self.act = condition, act
        self.thread = threading.Thread(target=self._wait)
        self.over, self.happened = threading.Event(), False

    def _wait(self) -> None:
        for _ in range(int(WAIT_S / 0.1)):
            if self.condition():
                self.act()
                self.happened = True
                return
            if self.over.wait(0.1):
                return

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, kind: object, *_: object) -> None:
        self.over.set()
        self.thread.join()
        assert kind or self.happened


def test_the_pools_are_there(cluster: Cluster) -> None:
    """After all of that every process of the cluster is alive, and no job is left."""
    overview = cluster.rest("/overview")
    assert (overview["taskmanagers"], overview["jobs-running"]) == (2, 0)
    for number in cluster.processes().values():
        Path(f"/proc/{number}").stat()
