"""A cluster has no shared disk: inputs and output in an S3 store, a real server on loopback."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyarrow import fs

from pipeline import engines, files, run
from pipeline.errors import InputError
from schemas.manifest import RunManifest
from tests import runs

CONVERSATIONS = 40
BUCKET = "curation"
ACCESS = {
    "AWS_ACCESS_KEY_ID": "loopback",
    "AWS_SECRET_ACCESS_KEY": "loopback",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[fs.FileSystem]:
    """An S3 server with an empty bucket; the environment names it, as it would for workers."""
    log = tmp_path_factory.mktemp("store") / "log"
    command = [sys.executable, "-m", "moto.server", "-p", "0"]
    with log.open("w") as out, pytest.MonkeyPatch.context() as environment:
        server = subprocess.Popen([*command], stdout=out, stderr=out)
        try:
            environment.setenv("AWS_ENDPOINT_URL", listening(server, log))
            for name, value in ACCESS.items():
                environment.setenv(name, value)
            files.resolve.cache_clear()
            url = os.environ["AWS_ENDPOINT_URL"]
            fs.S3FileSystem(endpoint_override=url, allow_bucket_creation=True).create_dir(BUCKET)
            yield files.resolve(f"s3://{BUCKET}/")[0]
            assert re.findall(r'.*" 5\d\d .*', log.read_text()) == []
        finally:
            server.kill()
            server.wait()
            files.resolve.cache_clear()


def listening(server: "subprocess.Popen[bytes]", log: Path) -> str:
    """The address of a server, once it says where it listens."""
    for _ in range(600):
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        if found:
            return found[0]
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise TimeoutError


def uploaded(pattern: str, store: fs.FileSystem) -> str:
    """Copy logs into the bucket; returns the pattern that names them there."""
    for path in sorted(Path("/").glob(pattern.lstrip("/"))):
        with store.open_output_stream(f"{BUCKET}/logs/{path.parent.name}/{path.name}") as out:
            out.write(path.read_bytes())
    return f"s3://{BUCKET}/logs/**/*-conv.json*"


def curate(pattern: str, output: str, **settings: Any) -> RunManifest:
    """Run the release recipe from one place to another, both of which may be URIs."""
    options: dict[str, Any] = {"workers": 1, "engine": "plain", "split_mb": 64} | settings
    with runs.keyed():
        return run.run(runs.small(), "tested", [pattern], output, run.Settings(**options))


def tree(folder: str) -> dict[str, bytes]:
    """The bytes of all files below a folder of the store."""
    return {name: files.read_bytes(files.join(folder, name)) for name in files.tree(folder)}


def test_a_store_holds_input_and_output(store: fs.FileSystem, tmp_path: Path) -> None:
    """Logs and release in a store: the bytes of a local run, and the manifest came last."""
    logs = runs.sample(tmp_path / "logs", CONVERSATIONS)
    runs.curate(logs, tmp_path / "local", runs.small())
    there = f"s3://{BUCKET}/out"
    made = curate(uploaded(logs, store), there, split_mb=0.15)
    release = tree(f"{there}/release")

    wanted = runs.tree(tmp_path / "local" / "release")
    assert len(made.plan.units) > 2
    assert release.keys() == wanted.keys()
    assert [name for name in release if release[name] != wanted[name]] == []
    listed = [f"{BUCKET}/out/release/{name}" for name in release]
    written = {info.base_name: info.mtime for info in store.get_file_info(listed)}
    assert max(written.values()) == written["manifest.json"]
    assert not files.exists(f"{there}/run/building")


@pytest.mark.beam
def test_a_finished_run_in_a_store_is_taken_over(
    store: fs.FileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same command again reads the manifest and does nothing twice; also forked, on Beam."""
    monkeypatch.setattr(engines, "WORTH_WORKERS", 0)
    pattern = uploaded(runs.sample(tmp_path / "logs", CONVERSATIONS), store)
    there = f"s3://{BUCKET}/again"
    first = curate(pattern, there, engine="local", workers=2)
    again = curate(pattern, there)

    assert again.finished == first.finished


def test_a_bucket_that_is_not_there_is_one_clear_error(
    store: fs.FileSystem, tmp_path: Path
) -> None:
    """Inputs that a store does not have are an error of inputs."""
    del store
    with pytest.raises(InputError, match="no input matches"):
        curate(f"s3://{BUCKET}/nothing/*-conv.json", str(tmp_path))
