"""A job service and pools of workers on loopback, and an engine file that names them."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests import runs

STARTED_S = 120.0


@contextlib.contextmanager
def pool(environment: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A pool of workers in a process of its own, and its port."""
    command = [sys.executable, "-m", "pipeline.worker_pool", "--address", "localhost:0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=runs.ROOT, env={**os.environ, **environment}
    ) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline().rsplit(" ", 1)[-1])
        finally:
            process.terminate()


def engine(path: Path, job_port: int, pool_port: int, **options: Any) -> str:
    """Write an engine file; returns its path."""
    given = {
        "runner": "portable",
        "parallelism": 2,
        "package": "installed",
        "pool": f"localhost:{pool_port}",
        "shares_disk": True,
        "options": {"job_endpoint": f"localhost:{job_port}", "job_server_timeout": 60},
    }
    path.write_text(yaml.safe_dump(given | options))
    return str(path)
