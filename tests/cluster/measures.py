"""What a cluster did meanwhile: bytes over the network by its own count, memory of its workers."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import psutil

from benchmarks import memory
from tests.cluster.flink import Cluster
from tests.cluster.processes import MACHINES, Processes

EVERY_S = 0.5


def jobs(cluster: Cluster) -> set[str]:
    """Ids of all jobs that the job manager remembers."""
    return {job["jid"] for job in cluster.rest("/jobs/overview")["jobs"]}


def shuffled(cluster: Cluster, chosen: set[str]) -> int:
    """Bytes that some jobs sent from one task to others.

    What is written by a vertex counts, once, if any vertex reads it by another strategy than
    `Forward`, which stays in its slot.
    """
    total = 0
    for job in chosen:
        nodes = cluster.rest(f"/jobs/{job}/plan")["plan"]["nodes"]
        inputs = [source for node in nodes for source in node.get("inputs", ())]
        crossing = {source["id"] for source in inputs if source["ship_strategy"] != "Forward"}
        for vertex in cluster.rest(f"/jobs/{job}")["vertices"]:
            if vertex["id"] in crossing:
                total += vertex["metrics"]["write-bytes"]
    return total


@dataclass
class Watch:
    """What workers held at most: PSS of one process in bytes, by pool, and how many there were."""

    peaks: dict[str, int] = field(default_factory=dict)
    seen: dict[str, set[int]] = field(default_factory=dict)


@contextlib.contextmanager
def watching(cluster: Processes) -> Iterator[Watch]:
    """Look at the workers of all pools, as long as the context lasts."""
    watch, over = Watch(), threading.Event()

    def look() -> None:
        while not over.wait(EVERY_S):
            for name, number in cluster.processes().items():
                if name.startswith("pool-"):
                    _look(watch, name, number)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield watch
    finally:
        over.set()
        looking.join()


def _look(watch: Watch, name: str, number: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        for worker in psutil.Process(number).children(recursive=True):
            sizes = memory.tree(worker)
            if sizes and not worker.children():
                watch.peaks[name] = max(watch.peaks.get(name, 0), sizes[0])
                watch.seen.setdefault(name, set()).add(worker.pid)


def worker_mb(watch: Watch) -> float:
    """The largest worker of any pool, in MB; all pools must have had some."""
    assert len(watch.peaks) == MACHINES, watch.peaks
    return max(watch.peaks.values()) / 1e6


def noted(cluster: Processes, name: str, sent: int, rows: int, watch: Watch) -> str:
    """Figures of a run in one line, which is left in the cluster's folder, too.

    Args:
        cluster: where it ran.
        name: of the input.
        sent: bytes shuffled.
        rows: conversations staged.
        watch: what was seen of the workers.
    """
    line = f"{name}: {sent / rows:.0f} bytes of {rows}, {worker_mb(watch):.0f} MB a worker"
    (cluster.folder / f"{name}.txt").write_text(line + "\n")
    return line
