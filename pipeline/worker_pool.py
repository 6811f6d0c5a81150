"""Beam's pool of workers for a machine of a cluster; its workers start in a tenth of a second.

    python -m pipeline.worker_pool --address 0.0.0.0:50000

A task manager asks its pool for workers when a job begins. Beam's own pool starts a new Python for
each, which costs four CPU seconds of imports a job; here they are forked from a process that has
imported all of it and nothing else. A worker ends with its pool, and when its engine lets it go.

The identity key comes from the environment of the pool, as do the credentials of stores.
"""

import argparse
import importlib
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

import grpc
from apache_beam.portability.api import beam_fn_api_pb2 as messages
from apache_beam.portability.api import beam_fn_api_pb2_grpc as services
from apache_beam.runners.worker.sdk_worker import SdkHarness

log = logging.getLogger(__name__)

PRELOADED = ["pipeline.flow", "pipeline.stages", "pipeline.worker_pool"]
REQUESTS_AT_ONCE = 16
BUFFER_MS = -1
"""No data is sent before a buffer is full or a bundle ends."""


class Pool(services.BeamFnExternalWorkerPoolServicer):
    """Starts and stops workers as task managers ask for it."""

    def __init__(self) -> None:
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(PRELOADED)
        self.workers: dict[str, BaseProcess] = {}
        self.lock = threading.Lock()

    def StartWorker(  # noqa: N802 (Beam's name)
        self, request: messages.StartWorkerRequest, _: grpc.ServicerContext
    ) -> messages.StartWorkerResponse:
        """Start a worker that reports to the caller."""
        told = (request.control_endpoint.url, request.worker_id)
        worker = self.context.Process(target=work, args=told, daemon=True)
        with self.lock:
            worker.start()
            self.workers[request.worker_id] = worker
        return messages.StartWorkerResponse()

    def StopWorker(  # noqa: N802 (Beam's name)
        self, request: messages.StopWorkerRequest, _: grpc.ServicerContext
    ) -> messages.StopWorkerResponse:
        """Stop a worker; one that is gone already is no error."""
        with self.lock:
            worker = self.workers.pop(request.worker_id, None)
        if worker is not None:
            worker.kill()  # its bundles are done, or are done again elsewhere
            worker.join()
        return messages.StopWorkerResponse()


def work(control: str, worker_id: str) -> None:
    """The life of a worker: bundles of one job, until the engine or the pool goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    logging.basicConfig(level=logging.WARNING)
    SdkHarness(control, worker_id=worker_id, data_buffer_time_limit_ms=BUFFER_MS).run()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def serve(address: str) -> tuple[grpc.Server, int]:
    """Begin to listen; returns the server and its port.

    Args:
        address: host and port; port 0 takes a free one.
    """
    options = [("grpc.http2.max_pings_without_data", 0), ("grpc.http2.max_ping_strikes", 0)]
    server = grpc.server(ThreadPoolExecutor(REQUESTS_AT_ONCE), options=options)
    services.add_BeamFnExternalWorkerPoolServicer_to_server(Pool(), server)
    port = server.add_insecure_port(address)
    server.start()
    return server, port


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until the process is told to end; says its port on standard output."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.worker_pool", description=__doc__)
    parser.add_argument("--address", default="localhost:50000", help="host:port to listen at")
    server, port = serve(parser.parse_args(argv).address)
    sys.stdout.write(f"listening at port {port}\n")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, lambda *_: server.stop(0))
    server.wait_for_termination()
    return 0


if __name__ == "__main__":
    raise SystemExit(importlib.import_module("pipeline.worker_pool").main())
