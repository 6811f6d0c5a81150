"""What leaves this process pickles: the phases on Beam's portable job service, without Java.

The service and the pool of workers are processes of their own, as on a cluster: workers share
nothing with the run but files and their environment.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import EngineError, IdentityError
from tests import portable, runs

pytestmark = pytest.mark.beam
CONVERSATIONS = 280


@pytest.fixture(scope="module")
def job_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of Beam's own job service, in pure Python."""
    folder = tmp_path_factory.mktemp("service")
    command = [sys.executable, "-m", "apache_beam.runners.portability.local_job_service_main"]
    with (folder / "log").open("w") as log:
        service = subprocess.Popen(
            [*command, "--port_file", str(folder / "port"), "--staging_dir", str(folder)],
            stdout=log,
            stderr=log,
        )
        try:
            while not (folder / "port").exists():
                assert service.poll() is None, (folder / "log").read_text()
                with_timeout(service, 0.2)
            yield int((folder / "port").read_text())
        finally:
            service.kill()
            service.wait()


def with_timeout(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait a little for a process to end, or for what it does meanwhile."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The pattern of a small synthetic log."""
    return runs.sample(tmp_path_factory.mktemp("logs"), CONVERSATIONS)


@pytest.mark.parametrize("name", ["release", "rich"])
def test_a_portable_runner_equals_the_plain_loop(
    name: str, logs: str, job_port: int, tmp_path: Path
) -> None:
    """Workers in other processes write the release of a plain loop, to the byte."""
    wanted = runs.curate(logs, tmp_path / "plain", runs.small(name))
    with portable.pool({"CURATE_ID_KEY": runs.KEY}) as (_, pool_port):
        engine = portable.engine(tmp_path / "engine.yaml", job_port, pool_port)
        made = runs.curate(logs, tmp_path / "out", runs.small(name), engine=engine, split_mb=0.3)

    assert len(made.plan.units) > 4
    assert made.books == wanted.books
    assert runs.tree(tmp_path / "out" / "release") == runs.tree(tmp_path / "plain" / "release")
    assert runs.partial(tmp_path / "out") == []


def test_a_worker_with_another_key_is_refused(logs: str, job_port: int, tmp_path: Path) -> None:
    """A pool under another identity key ends the run with the error of that, and no release."""
    with portable.pool({"CURATE_ID_KEY": "cd" * 32}) as (_, pool_port):
        engine = portable.engine(tmp_path / "engine.yaml", job_port, pool_port)
        with pytest.raises(IdentityError, match="another identity key"):
            runs.curate(logs, tmp_path / "out", runs.small(), engine=engine)

    assert not (tmp_path / "out" / "release").exists()


def test_an_engine_that_is_not_there_is_said(logs: str, tmp_path: Path) -> None:
    """A job service that nobody started is one clear error; the run can go on elsewhere."""
    options = {"job_endpoint": "localhost:9", "job_server_timeout": 1}
    engine = portable.engine(tmp_path / "engine.yaml", 9, 9, options=options)
    with pytest.raises(EngineError, match="not there"):
        runs.curate(logs, tmp_path / "out", runs.small(), engine=engine)
    runs.curate(logs, tmp_path / "out", runs.small())

    assert (tmp_path / "out" / "release").exists()
