"""The main job on a real, standalone Spark cluster: two workers, each with a pool beside it.

`make short-spark` on generated logs, `make test-spark`; needs Java, and Maven Central the first
time. The cluster is on loopback, in build/spark, and is ended with the tests.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import runs
from tests.cluster import measures
from tests.cluster.disturbing import dies_and_is_made_good
from tests.cluster.releases import BYTES, SAMPLE, Local, check, running
from tests.cluster.spark import Cluster

pytestmark = pytest.mark.cluster
INPUTS = [SAMPLE, pytest.param("raw_3k", marks=pytest.mark.proof)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A Spark cluster that runs."""
    yield from running(Cluster(runs.ROOT / "build" / "spark"))


@pytest.mark.parametrize("name", INPUTS)
def test_spark_writes_the_local_release(
    name: str, cluster: Cluster, local: Local, tmp_path: Path
) -> None:
    """Byte for byte, by workers of both pools; at most 1 KB a conversation is shuffled."""
    before = cluster.shuffled()
    with measures.watching(cluster) as watch:
        made = local.on(cluster, name, tmp_path)
    check(tmp_path, local.release(name))
    sent, rows = cluster.shuffled() - before, made.books.staged["conversations"]
    figures = measures.noted(cluster, name, sent, rows, watch)

    assert 100 < sent / rows <= BYTES, figures


@pytest.mark.parametrize("name", INPUTS)
def test_a_killed_worker_is_made_good(
    name: str, cluster: Cluster, local: Local, tmp_path: Path
) -> None:
    """A machine that dies in mid-run, with its pool: the other one carries on, same bytes."""
    dies_and_is_made_good("worker-1", "stage", cluster, local, name, tmp_path)
