"""Runs that are killed, what they leave, and what the next run makes of it."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from schemas.manifest import StageReceipt, WriteReceipt
from tests import runs

SETTINGS: dict[str, Any] = {"engine": "plain", "workers": 1, "split_mb": 0.3}
CRITICAL = 4
"""Steps at the end of a run: the last receipt, the public manifest, the release, the manifest."""
Files = dict[str, tuple[int, int]]
"""Path in the output folder -> inode, time of the last change."""


@dataclass(frozen=True)
class Kill:
    """When a run is killed, and how.

    Attributes:
        step: at this step, counted from 1; from the end of the run, if negative; None: at `moment`.
        is_late: after the step, not before it.
        moment: share of the duration of an undisturbed run.
        is_alone: the main process only, not its workers.
        engine: `plain` or `local`.
        workers: processes.
    """

    step: int | None = None
    is_late: bool = False
    moment: float = 0.0
    is_alone: bool = False
    engine: str = "plain"
    workers: int = 1

    def __str__(self) -> str:
        when = f"at {self.moment:.2f}" if self.step is None else f"step {self.step}"
        who = f"{self.engine}-{self.workers}{' alone' if self.is_alone else ''}"
        return f"{when}{' late' if self.is_late else ''}, {who}"


def at_random(count: int, seed: int, **options: Any) -> list[Kill]:
    """Kills at random moments of a run."""
    rng = random.Random(seed)  # noqa: S311 (moments, not secrets)
    return [Kill(moment=rng.random(), **options) for _ in range(count)]


@dataclass(frozen=True)
class Aftermath:
    """What a killed run left, and what the next one made of it.

    Attributes:
        was_killed: whether the kill came before the end.
        visible: the release after the kill; None if there was none.
        redone: finished files that the next run wrote again, or lost.
        release: the release after the next run.
        partial: half-written files after the next run.
        extra: other files that an undisturbed run does not leave.
    """

    was_killed: bool
    visible: dict[str, bytes] | None
    redone: list[str]
    release: dict[str, bytes]
    partial: list[str]
    extra: list[str]


class Scene:
    """A small log, an undisturbed run on it, and runs that are killed, each once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs = runs.sample(folder / "logs", 120)
        reference = folder / "reference"
        self.steps = int(self.run(reference, SETTINGS).split()[-1])
        self.release = runs.tree(reference / "release")
        self.files = set(_inodes(reference))
        began = time.monotonic()
        runs.curate(self.logs, folder / "timed", runs.small(), **SETTINGS)
        self.duration_s = {"plain": time.monotonic() - began, "local": 2.0}
        runs.curate(self.logs, folder / "other", runs.small("fastchat"), **SETTINGS)
        self.other = runs.tree(folder / "other" / "release")
        self.seen: dict[Kill, Aftermath] = {}

    def start(self, output: Path, told: dict[str, Any]) -> subprocess.Popen[str]:
        """Start a run in a process group of its own; returns when it is ready to work."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.victim", self.logs, str(output), json.dumps(told)],
            cwd=runs.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    def run(self, output: Path, told: dict[str, Any]) -> str:
        """Run to the end; returns the last line that the process said."""
        return ended(self.start(output, told)).split("\n")[-1]

    def after(self, kill: Kill) -> Aftermath:
        """What follows a kill."""
        if kill not in self.seen:
            self.seen[kill] = self._after(kill, self.folder / f"killed-{len(self.seen)}")
        return self.seen[kill]

    def after_restart(self, step: int, when: str) -> Aftermath:
        """What follows a `--restart` of a finished run, killed at a step: early, late or torn."""
        told = {} if when == "early" else {when: True}
        output = self.folder / f"restart-{step}-{when}"
        shutil.copytree(self.folder / "reference", output)
        process = self.start(output, SETTINGS | {"restart": True, "step": step} | told)
        ended(process)
        return self._next(output, was_killed=process.returncode == -signal.SIGKILL)

    def _after(self, kill: Kill, output: Path) -> Aftermath:
        return self._next(output, was_killed=self._kill(kill, output))

    def _next(self, output: Path, *, was_killed: bool) -> Aftermath:
        is_there = (output / "release").exists()
        visible = runs.tree(output / "release") if is_there else None
        finished = _finished(output)
        for name in runs.partial(output):
            (output / name).write_bytes(b"whoever reads this fails")
        runs.curate(self.logs, output, runs.small(), **SETTINGS)
        now = _inodes(output)
        return Aftermath(
            was_killed,
            visible,
            sorted(name for name in finished if now.get(name) != finished[name]),
            runs.tree(output / "release"),
            runs.partial(output),
            sorted(n for n in now.keys() - self.files if runs.PARTIAL not in n),
        )

    def _kill(self, kill: Kill, output: Path) -> bool:
        told = SETTINGS | {"engine": kill.engine, "workers": kill.workers}
        if kill.step is not None:
            step = kill.step + (self.steps + 1 if kill.step < 0 else 0)
            end = "main" if kill.is_alone else "group"
            told |= {"step": step, "late": kill.is_late, "end": end}
        process = self.start(output, told)
        if kill.step is None:
            time.sleep(kill.moment * self.duration_s[kill.engine])
            if kill.is_alone:
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        ended(process)
        wait_for_orphans(process.pid)
        return process.returncode == -signal.SIGKILL


def ended(process: subprocess.Popen[str]) -> str:
    """Wait for the end of a process; returns what it said since it was ready."""
    assert process.stdout
    with process.stdout:
        said = process.stdout.read()
    process.wait(120)
    return said.strip()


def wait_for_orphans(group: int, patience_s: float = 20) -> None:
    """Wait until no process of a group is left."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError(f"workers outlive their run by {patience_s} s")


def _inodes(output: Path) -> Files:
    """All files; those of a release under their final path, wherever it is built."""
    found = {}
    for path in output.rglob("*"):
        if path.is_file() and path.name != "lock":
            name = str(path.relative_to(output)).replace("run/building/", "release/")
            found[name] = (path.stat().st_ino, path.stat().st_mtime_ns)
    return found


def _finished(output: Path) -> Files:
    """The files of finished units, by their receipts, and the receipts; (0, 0) if one is gone."""
    receipts = output / "run" / "receipts"
    names = [str(path.relative_to(output)) for path in receipts.rglob("[!.]*.json")]
    for path in receipts.glob("stage/[!.]*.json"):
        staged = msgspec.json.decode(path.read_bytes(), type=StageReceipt)
        names += [f"run/{name}" for name in staged.files]
    for path in receipts.glob("write/[!.]*.json"):
        written = msgspec.json.decode(path.read_bytes(), type=WriteReceipt)
        names += [f"release/{path}" for path in (written.path, *(d.path for d in written.derived))]
    if (receipts / "judge" / "all.json").exists():
        for folder in ("judged", "dropped", "cuts"):
            found = (output / "run" / folder).rglob("[!.]*.*")
            names += [str(path.relative_to(output)) for path in found if path.is_file()]
    now = _inodes(output)
    return {name: now.get(name, (0, 0)) for name in names}
