"""A run in a process of its own that ends by `kill -9` where it is told to.

    python -m tests.victim PATTERN OUTPUT '{"engine": "plain", "workers": 2, ...}'

Keys beside the settings of a run: `recipe`; `step`, the step at which to end, counted from 1 over
all processes, where a step makes a file or folder visible or removes one; `late`, after the step
and not before it; `torn`, in the middle of it, if it removes a folder; `end`, what to do: kill
the whole `group` (the default), the `main` process but not its workers, the `worker` alone that
made the step, or `hold` there for ever. Says `ready` when all is imported, `steps N` at its end, an
error as `Name: text` with its exit code.
"""

import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyarrow import fs

from pipeline import engines
from pipeline.errors import CurationError
from tests import runs

STEPS = multiprocessing.get_context("fork").Value("l", 0)
MAIN = os.getpid()


def main(pattern: str, output: str, told: dict[str, Any]) -> int:
    """Run, and die on the way if told so; returns the exit code."""
    count_steps(
        told.pop("step", 0),
        when="torn" if told.pop("torn", False) else "late" if told.pop("late", False) else "early",
        end=ENDS[told.pop("end", "group")],
    )
    engines.WORTH_WORKERS = 0
    if told.get("engine") == "local":
        from pipeline import flow  # noqa: F401, PLC0415 (so that `ready` means it)
    made = runs.small(told.pop("recipe", "release"))
    say("ready")
    try:
        runs.curate(pattern, Path(output), made, **told)
    except CurationError as error:
        say(f"{type(error).__name__}: {error}")
        return error.exit_code
    say(f"steps {STEPS.value}")
    return 0


def count_steps(wanted: int, when: str, end: Callable[[], None]) -> None:
    """Count the steps of this process and its workers; at the wanted one, end."""

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*args: Any, **options: Any) -> Any:
            with STEPS.get_lock():
                STEPS.value += 1
                is_it = STEPS.value == wanted
            if is_it and when == "torn":
                tear(Path(args[-1]))
            if is_it and when != "late":
                end()
            made = step(*args, **options)
            if is_it and when == "late":
                end()
            return made

        return counting

    class Counting(fs.LocalFileSystem):  # type: ignore[misc]
        """A file system whose removals are steps."""

        delete_dir = counted(fs.LocalFileSystem.delete_dir)
        delete_file = counted(fs.LocalFileSystem.delete_file)

    fs.LocalFileSystem = Counting
    for owner, name in (
        (Path, "replace"),
        (Path, "rename"),
        (Path, "unlink"),
        (shutil, "rmtree"),
    ):
        setattr(owner, name, counted(getattr(owner, name)))


def tear(folder: Path) -> None:
    """Remove every other file of a folder, as a removal does that ends half-way."""
    for path in sorted(folder.rglob("*.*"))[::2]:
        if path.is_file():
            os.unlink(path)  # noqa: PTH108 (`Path.unlink` is a step)


def group() -> None:
    """Kill this process, its parent and its siblings."""
    os.killpg(0, signal.SIGKILL)


def main_alone() -> None:
    """Kill the main process; its workers are left to themselves."""
    os.kill(MAIN, signal.SIGKILL)


def worker_alone() -> None:
    """Kill this process only."""
    os.kill(os.getpid(), signal.SIGKILL)


def hold() -> None:
    """Stay here."""
    say("held")
    time.sleep(600)


def say(text: str) -> None:
    """Tell whoever started this process."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


ENDS = {"group": group, "main": main_alone, "worker": worker_alone, "hold": hold}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
