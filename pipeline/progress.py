"""How a run goes on, for people and for machines: phases, units, rows a second, time left.

Whatever the engine, progress is seen by the receipts that units leave in the run folder.
"""

import contextlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, TextIO

import msgspec

from pipeline import files
from pipeline.observing import Observer

POLL_S = 0.25
UNITS = {"stage": "lines", "write": "rows"}
"""What the receipts of a phase count."""


class Tally:
    """What the receipts in a folder add up to, each read once."""

    def __init__(self, folder: str, phase: str) -> None:
        self.folder = folder
        self.counted = UNITS.get(phase)
        self.seen: set[str] = set(files.names(folder))
        self.before = len(self.seen)
        self.amount = 0
        self.began = time.monotonic()

    def look(self) -> None:
        """Read the receipts that came since the last look."""
        for name in set(files.names(self.folder)) - self.seen:
            self.seen.add(name)
            receipt = msgspec.json.decode(files.read_bytes(files.join(self.folder, name)))
            self.amount += receipt.get(self.counted, 0) if self.counted else 0

    @property
    def rate(self) -> float:
        """Lines or rows a second since this process began the phase."""
        return self.amount / max(time.monotonic() - self.began, 1e-9)

    def left_s(self, units: int) -> float | None:
        """Seconds to the end of the phase at the pace so far; None before any unit is done."""
        done = len(self.seen) - self.before
        elapsed = time.monotonic() - self.began
        return elapsed / done * (units - len(self.seen)) if done else None


class Watcher(Observer):
    """Looks at the receipts now and then, and shows what it sees."""

    def __init__(self) -> None:
        self.units = 0

    def begin(self, phase: str, units: int, done: int) -> None:
        del phase, done
        self.units = units

    @contextlib.contextmanager
    def watching(self, folder: str, phase: str) -> Iterator[None]:
        tally, over = Tally(folder, phase), threading.Event()

        def watch() -> None:
            while not over.wait(POLL_S):
                tally.look()
                self.show(phase, tally)

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            tally.look()
            self.show(phase, tally, is_over=True)

    def show(self, phase: str, tally: Tally, *, is_over: bool = False) -> None:
        """Show how far a phase is."""


class Plain(Watcher):
    """Lines on a stream that is no terminal: at most one every few seconds a phase."""

    EVERY_S = 5.0

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__()
        self.stream = stream or sys.stderr
        self.last = 0.0

    def show(self, phase: str, tally: Tally, *, is_over: bool = False) -> None:
        now = time.monotonic()
        if is_over or now - self.last >= self.EVERY_S:
            self.last = now
            self.stream.write(f"{phase:8} {_progress(phase, tally, self.units)}\n")
            self.stream.flush()


class Json(Watcher):
    """The same as JSON lines, for machines."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__()
        self.stream = stream or sys.stderr

    def show(self, phase: str, tally: Tally, *, is_over: bool = False) -> None:
        event = {
            "phase": phase,
            "units": self.units,
            "done": self.units if is_over else len(tally.seen),
            "per_second": round(tally.rate),
            "left_s": tally.left_s(self.units),
            "over": is_over,
        }
        self.stream.write(json.dumps(event) + "\n")
        self.stream.flush()


class Terminal(Watcher):
    """A bar a phase, redrawn in place."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console  # noqa: PLC0415 (a tenth of a second, only here)
        from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

        self.bars = Progress(
            TextColumn("{task.description:8}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[said]}"),
            console=Console(stderr=True),
        )
        self.tasks: dict[str, Any] = {}

    def begin(self, phase: str, units: int, done: int) -> None:
        super().begin(phase, units, done)
        self.bars.start()
        self.tasks[phase] = self.bars.add_task(phase, total=units, completed=done, said="")

    def show(self, phase: str, tally: Tally, *, is_over: bool = False) -> None:
        done = self.units if is_over else len(tally.seen)
        said = _progress(phase, tally, self.units)
        self.bars.update(self.tasks[phase], completed=done, said=said)

    def end(self, phase: str) -> None:
        if phase == "assemble":
            self.bars.stop()


def _progress(phase: str, tally: Tally, units: int) -> str:
    said = [f"{len(tally.seen):,}/{units:,} units"] if phase in UNITS else []
    if tally.counted and tally.amount:
        said.append(f"{tally.rate:,.0f} {tally.counted}/s")
    left = tally.left_s(units)
    if left:
        said.append(f"{left:.0f} s left")
    elapsed = time.monotonic() - tally.began
    return " · ".join([*said, f"{elapsed:.1f} s"])


def observer(*, as_json: bool) -> Observer:
    """The one that fits where the output goes."""
    if as_json:
        return Json()
    return Terminal() if sys.stderr.isatty() else Plain()
