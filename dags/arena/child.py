"""Runs `curate`, which lives in an environment of its own, as a child of a task."""

import ctypes
import logging
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowNotFoundException
from airflow.sdk.log import mask_secret

log = logging.getLogger(__name__)

CURATE = "ARENA_CURATE"
"""Names the command; default: that of the checkout in which the DAGs are."""
SECRETS = {
    "CURATE_ID_KEY": ("arena_identity", "password"),
    "HF_TOKEN": ("arena_hub", "password"),
    "HF_ENDPOINT": ("arena_hub", "host"),
    "OPENAI_API_KEY": ("arena_judge", "password"),
}
"""Variable of the child -> connection and its field; without that, the worker's own variable."""
KEY, HUB, JUDGE = ("CURATE_ID_KEY",), ("HF_TOKEN", "HF_ENDPOINT"), ("OPENAI_API_KEY",)
OWN = ("AIRFLOW", "_AIRFLOW", "ARENA_")
"""How Airflow's own variables begin; some are secrets, and none is the child's business."""
PASSING = {5, 6, 13, 14, 130}
"""Exit codes of what may be over later: locked, disk full, Hub or engine away, interrupted."""
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def curate(*arguments: str, secrets: Sequence[str] = (), passes: Sequence[int] = (0,)) -> str:
    """What the command prints; what it says on the way goes to the task's log.

    Args:
        arguments: of the command; never a secret, for they are logged.
        secrets: variables of `SECRETS` that the child needs.
        passes: exit codes that are no failure; one that is not 0, only if something is printed.

    Raises:
        AirflowException: it was killed, or met what may pass; the task is tried again.
        AirflowFailException: it will fail again, so the task is not tried again.
    """
    log.info("curate %s", " ".join(_short(arguments)))
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(  # noqa: S603 (no shell)
            [command(), *arguments],
            env=environment(secrets),
            stdout=said,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            preexec_fn=_end_with_parent,  # noqa: PLW1509 (one call that takes no lock)
        )
        for line in child.stderr or ():
            log.info(line.rstrip())
        code = child.wait()
        said.seek(0)
        told = said.read()
    if code in passes and (told or not code):  # a Python that does not even start exits with 1 too
        return told
    log.error(told)
    what = f"curate {arguments[0]} ended with {_told(code)}"
    raise (AirflowException if code in PASSING or code < 0 else AirflowFailException)(what)


def command() -> str:
    """The path of `curate`."""
    default = Path(__file__).parents[2] / ".venv" / "bin" / "curate"
    return os.environ.get(CURATE) or str(default)


def environment(secrets: Sequence[str]) -> Mapping[str, str]:
    """The child's variables: the worker's, without Airflow's and without secrets not asked for."""
    found = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(OWN) and (name not in SECRETS or name in secrets)
    }
    for name in secrets:
        if value := _secret(*SECRETS[name]) or found.get(name):
            mask_secret(value)
            found[name] = value
    return found


def _secret(connection: str, field: str) -> str | None:
    try:
        value: str | None = getattr(Connection.get(connection), field)
    except AirflowNotFoundException:
        return None
    return value


def _end_with_parent() -> None:
    """Have the kernel end the child when the task's process is gone, however it went (Linux)."""
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def _short(arguments: Sequence[str], most: int = 12) -> Sequence[str]:
    if len(arguments) <= most * 2:
        return arguments
    return [*arguments[:most], f"({len(arguments) - 2 * most} more)", *arguments[-most:]]


def _told(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
