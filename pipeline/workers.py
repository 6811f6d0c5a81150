"""Worker processes of the local engine, forked once a run, after Beam is imported.

Beam's own worker processes cost 12 CPU seconds a phase (imports, gRPC, staging); a fork costs
hundredths of one. Each worker runs the phase's pipeline on Beam's local runner and asks for one
unit after the other, so that no core waits for a slow share. A worker ends when its parent does:
no orphan goes on writing.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, cast

from pipeline.errors import CurationError

MapWork = Callable[[Callable[[Any], object], Iterable[Any]], None]
NEXT, END = "next", "end"


class Pool(contextlib.AbstractContextManager["Pool"]):
    """Some processes that wait for work; leaving the context ends them.

    Args:
        count: how many processes.
        map_work: how a worker goes through its units: `flow.map_work` or `plain.map_work`.
    """

    def __init__(self, count: int, map_work: MapWork) -> None:
        context = multiprocessing.get_context("fork")
        self.pipes: list[Connection] = []
        self.processes: list[BaseProcess] = []
        watched, self.life = os.pipe()
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=_serve, args=(theirs, map_work, watched, self.life), daemon=True
            )
            process.start()
            theirs.close()
            self.pipes.append(ours)
            self.processes.append(process)
        os.close(watched)

    def map_work(self, work: Callable[[Any], object], items: Iterable[Any]) -> None:
        """Hand the items out, each to whoever asks first, and wait for all.

        Raises:
            CurationError: the first that a worker met; units in work are finished.
        """
        waiting = iter(items)
        failed: BaseException | None = None
        for pipe in self.pipes:
            pipe.send(work)
        busy = set(self.pipes)
        while busy:
            for pipe in cast("Sequence[Connection]", wait(list(busy))):
                try:
                    said = pipe.recv()
                except (EOFError, OSError):
                    said = CurationError("a worker process was killed; the same command resumes")
                if said == NEXT:
                    pipe.send(END if failed else next(waiting, END))
                    continue
                busy.discard(pipe)
                failed = failed or said
        if failed:
            raise failed

    def __exit__(self, *_: object) -> None:
        for process in self.processes:  # idle, or no longer wanted: nothing is lost by a kill
            process.kill()
            process.join()
        for pipe in self.pipes:
            pipe.close()
        os.close(self.life)


def apart(work: Callable[[Any], object], item: Any) -> None:
    """Do one piece of work in a process of its own, so that its memory goes with it.

    Raises:
        CurationError: as the work did.
    """
    with Pool(1, _each) as pool:
        pool.map_work(work, [item])


def _each(work: Callable[[Any], object], items: Iterable[Any]) -> None:
    for item in items:
        work(item)


def _serve(pipe: Connection, map_work: MapWork, watched: int, life: int) -> None:
    """The life of a worker: phases, one after the other, until the parent hangs up."""
    os.close(life)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, args=(watched,), daemon=True).start()
    while True:
        try:
            work = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_outcome(map_work, work, pipe))


def _outcome(map_work: MapWork, work: Callable[[Any], object], pipe: Connection) -> Any:
    try:
        map_work(work, _asked(pipe))
    except CurationError as error:
        return error
    except Exception:  # noqa: BLE001 (a bug in a worker must reach the parent with its trace)
        return RuntimeError(f"a worker failed:\n{traceback.format_exc()}")
    return None


def _asked(pipe: Connection) -> Iterator[Any]:
    while True:
        pipe.send(NEXT)
        item = pipe.recv()
        if isinstance(item, str) and item == END:
            return
        yield item


def _die_with_parent(watched: int) -> None:
    os.read(watched, 1)
    os._exit(1)
