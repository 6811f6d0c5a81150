"""The main job on a real Flink session cluster: two task managers, each with a pool of workers.

`make test-flink`, or `make short-flink` on generated logs; needs Java, Maven Central and PyPI the
first time. The cluster is on loopback, in build/flink, and is ended with the tests.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import runs
from tests.cluster import measures
from tests.cluster.disturbing import begun, dies_and_is_made_good, meanwhile, receipts
from tests.cluster.flink import Cluster
from tests.cluster.releases import BYTES, SAMPLE, Local, check, running

pytestmark = pytest.mark.cluster
GROWTH = 1.25


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A Flink cluster that runs."""
    yield from running(Cluster(runs.ROOT / "build" / "flink"))


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
        made = local.on(cluster, name, tmp_path)
    check(tmp_path, local.release(name))
    sent = measures.shuffled(cluster, measures.jobs(cluster) - before)
    rows = made.books.staged["conversations"]
    local.worker_mb[name] = measures.worker_mb(watch)
    figures = measures.noted(cluster, name, sent, rows, watch)

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
    dies_and_is_made_good("task-manager-1", phase, cluster, local, name, tmp_path)


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
        local.on(cluster, "raw_3k", tmp_path)
    check(tmp_path, local.release("raw_3k"))
    after = receipts(tmp_path)
    assert done
    assert {name: after[name] for name in done} == done


def test_the_pools_are_there(cluster: Cluster) -> None:
    """After all of that every process of the cluster is alive, and no job is left."""
    overview = cluster.rest("/overview")
    assert (overview["taskmanagers"], overview["jobs-running"]) == (2, 0)
    for number in cluster.processes().values():
        Path(f"/proc/{number}").stat()
