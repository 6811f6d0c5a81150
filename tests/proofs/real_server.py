"""A real server for judges, made and started here: llama.cpp's, in an environment of its own."""

import contextlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import runs

PACKAGES = ("xllamacpp==2026.10.11549", "gguf==0.19.0", "numpy==2.4.6")
"""llama.cpp with its server as a wheel of 34 MB, without torch; and what writes its models."""
PLACE = runs.ROOT / "build" / "real-judge"
SCRIPT = Path(__file__).with_name("llama_server.py")
UP_S = 120.0


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a server, for as long as it is needed; the test is skipped without packages.

    Args:
        folder: an empty one, for the model and what the server says.
    """
    python = _environment()
    with (folder / "server.log").open("wb") as said:
        process = subprocess.Popen([python, str(SCRIPT), str(folder)], stdout=said, stderr=said)
        try:
            yield _address(process, folder)
        finally:
            process.kill()
            process.wait()


def _environment() -> str:
    """The interpreter of an environment with the packages, which is made once."""
    python = PLACE / "bin" / "python"
    done = PLACE / "done"
    if not done.exists() or done.read_text("utf-8") != "\n".join(PACKAGES):
        uv = shutil.which("uv") or str(runs.ROOT / ".tools" / "bin" / "uv")
        for command in (
            [uv, "venv", "--clear", "--python", sys.executable, str(PLACE)],
            [uv, "pip", "install", "--python", str(python), *PACKAGES],
        ):
            made = subprocess.run(command, capture_output=True, text=True, check=False)
            if made.returncode:
                pytest.skip(f"no real server here: {made.stderr.strip()[-300:]}")
        done.write_text("\n".join(PACKAGES), "utf-8")
    return str(python)


def _address(process: subprocess.Popen[bytes], folder: Path) -> str:
    end = time.monotonic() + UP_S
    while not (folder / "address").exists():
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail((folder / "server.log").read_text("utf-8")[-2000:])
        time.sleep(0.05)
    return (folder / "address").read_text("utf-8")
