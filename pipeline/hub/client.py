"""The publisher's end of the process that speaks to the Hub: requests, deadlines, restarts."""

import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Self

import msgspec

from pipeline.hub.messages import Answer, Failure, Request

PATIENCE = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_XET_CLIENT_RETRY_MAX_ATTEMPTS": "3",  # its own default hangs for 256 s on an endless 503
    "HF_XET_CLIENT_CONNECT_TIMEOUT": "15s",
}
"""What the process's environment says, unless ours says otherwise."""
SILENCE = "HF_XET_CLIENT_READ_TIMEOUT"
"""Its own default is 5 minutes."""
OURS = "CURATE_"
"""Variables of this program: its keys are no business of a process that speaks to the network."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for the Hub.

    Attributes:
        whole_s: seconds for a whole publication.
        silence_s: seconds without a byte after which a connection is given up.
        attempts: how often a request is made that fails in passing.
        wait_s: seconds before the second attempt; doubles with each.
    """

    whole_s: float = 3600.0
    silence_s: float = 120.0
    attempts: int = 6
    wait_s: float = 2.0


class Client:
    """Asks the process, and never waits longer than the deadline.

    Args:
        patience: how long to wait.
        environment: variables beside those of this process.
    """

    def __init__(self, patience: Patience, environment: dict[str, str] | None = None) -> None:
        self.patience = patience
        self._environment = environment or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline = time.monotonic() + patience.whole_s

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is at."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    @property
    def left_s(self) -> float:
        """Seconds until the deadline."""
        return self._deadline - time.monotonic()

    def ask(self, request: Request) -> Answer:
        """One request, one answer; silence until the deadline, or a death, is a failure."""
        process = self._started()
        try:
            process.stdin.write(msgspec.json.encode(request) + b"\n")  # type: ignore[union-attr]
            line = self._line(process)
        except BrokenPipeError:
            line = b""
        if line.endswith(b"\n"):
            return msgspec.json.decode(line, type=Answer)
        self.close()
        if self.left_s <= 0:
            return Failure("passing", f"no answer within {self.patience.whole_s:g} s in all")
        return Failure("passing", "the process that speaks to the Hub ended")

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
            self._process = subprocess.Popen(  # noqa: S603 (this very program)
                [sys.executable, "-m", "pipeline.hub.remote", str(self.patience.silence_s)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what libraries say may hold a token
                bufsize=0,
                env=PATIENCE
                | {SILENCE: f"{self.patience.silence_s:g}s"}
                | kept
                | self._environment,
                start_new_session=True,
            )
        return self._process

    def _line(self, process: subprocess.Popen[bytes]) -> bytes:
        stream, found = process.stdout, b""
        assert stream is not None  # noqa: S101 (it was asked for)
        while not found.endswith(b"\n"):
            if not select.select([stream], [], [], max(self.left_s, 0))[0]:
                return b""
            block = os.read(stream.fileno(), 1 << 16)
            if not block:
                return b""
            found += block
        return found
