"""What the main job costs: Beam against a plain loop, two workers against one, as Markdown.

    python benchmarks/main_job.py [--times 8] [--repeat 1] [--recipe release]

Runs on copies of the developers' raw_40k, or of a synthetic log where that is absent; each run in a
process of its own. CPU seconds are those of the process and its workers, by phase; of several
repetitions the cheapest counts, for the machine has other work too.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks import inputs
from pipeline.observing import Observer
from pipeline.sample import logs

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data" / "raw_40k"
PHASES = ("stage", "judge", "write")
MAPPED = ("stage", "write")
LATER = ("drop_near_duplicates",)
"""Stages of the shipped recipe that are no part of the main job; they have their own benchmarks."""
ANCESTOR_S, ANCESTOR_ROWS, ANCESTOR_MB = 70.2, 100_000, 218
REMARK = f"""
The ancestor's figure is the spec's: {ANCESTOR_S} s for {ANCESTOR_ROWS:,} chat rows of
{ANCESTOR_MB} MB. These are seconds, not CPU seconds, of 16 processes on two busy cores, in another
run on this kind of machine. They include language detection (CLD2); votes, and all stages but
network errors, renames and the last row of an id, they do not."""
RUNS = (("plain", 1), ("local", 1), ("local", 2))


@dataclass
class Cost:
    """What each phase of a run took.

    Attributes:
        cpu_s: phase -> CPU seconds of all processes.
        busiest_s: phase -> CPU seconds of the process that had most; what it would take if no
            other program used the machine.
        wall_s: phase -> seconds.
        lines: of the log.
        rows: chat rows.
        conversations: released.
    """

    cpu_s: dict[str, float] = field(default_factory=dict)
    busiest_s: dict[str, float] = field(default_factory=dict)
    wall_s: dict[str, float] = field(default_factory=dict)
    lines: int = 0
    rows: int = 0
    conversations: int = 0

    def cpu(self, phases: Sequence[str] = PHASES) -> float:
        """CPU seconds of some phases."""
        return sum(self.cpu_s[phase] for phase in phases)

    def busiest(self, phases: Sequence[str] = PHASES) -> float:
        """CPU seconds of the busiest process of some phases."""
        return sum(self.busiest_s[phase] for phase in phases)

    def wall(self, phases: Sequence[str] = PHASES) -> float:
        """Seconds of some phases."""
        return sum(self.wall_s[phase] for phase in phases)


def child(engine: str, workers: int, recipe_name: str, pattern: str, output: str) -> None:
    """One run; prints its cost as JSON."""
    began = time.monotonic()
    from pipeline import engines, recipe, run  # noqa: PLC0415 (the imports are measured)

    __import__(f"pipeline.{'flow' if engine == 'local' else 'plain'}")
    cost = Cost()
    note(cost, "imports", {}, began)

    class Meter(Observer):
        """Notes what phases cost."""

        before: dict[int, float]
        began: float

        def begin(self, phase: str, units: int, done: int) -> None:
            del phase, units, done
            self.before, self.began = spent(), time.monotonic()

        def end(self, phase: str) -> None:
            note(cost, phase, self.before, self.began)

    start = engines.engine

    def metered(*args: Any) -> engines.Engine:
        before, began = spent(), time.monotonic()
        made = start(*args)
        note(cost, "workers", before, began)
        return made

    engines.engine = metered  # type: ignore[assignment]
    made = recipe.load(recipe_name)
    if recipe_name == "release":
        made = replace(made, stages=tuple(s for s in made.stages if s.name not in LATER))
    settings = run.Settings(engine=engine, workers=workers, observe=Meter())
    books = run.run(made, "benchmark", [pattern], output, settings).books
    cost.lines, cost.rows = books.lines, books.staged["conversations"]
    cost.conversations = books.released["conversations"]
    print(json.dumps(vars(cost)))


def note(cost: Cost, what: str, before: dict[int, float], began: float) -> None:
    """Put down what has been spent since then."""
    used = {process: cpu_s - before.get(process, 0.0) for process, cpu_s in spent().items()}
    cost.cpu_s[what], cost.busiest_s[what] = sum(used.values()), max(used.values())
    cost.wall_s[what] = time.monotonic() - began


def spent() -> dict[int, float]:
    """CPU seconds of this process and of each living child, by process id; 0: of ended children."""
    own, ended = psutil.Process(), resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {each.pid: each.cpu_times() for each in [own, *own.children(recursive=True)]}
    living = {process: times.user + times.system for process, times in found.items()}
    return {0: ended.ru_utime + ended.ru_stime} | living


def measured(engine: str, workers: int, recipe_name: str, pattern: str) -> Cost:
    """The cost of one run in a process of its own."""
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as output:
        told = ["--child", engine, str(workers), recipe_name, pattern, output]
        done = subprocess.run(
            [sys.executable, __file__, *told],
            env={**os.environ, "CURATE_ID_KEY": "ab" * 32},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    return Cost(**json.loads(done.stdout))


def corpus(times: int) -> tuple[str, str, int]:
    """The pattern of the logs, what they are, and their decompressed bytes."""
    source, what = DATA, "raw_40k"
    if not DATA.exists():
        source, what = ROOT / "build" / "sample-40k", "a synthetic log"
        if not source.exists():
            logs.write(source, conversations=40_000, days=14, servers=3, gzipped=True)
    folder = ROOT / "build" / f"{source.name}-{times}-times"
    pattern = inputs.copies(source, folder, times)
    return pattern, f"{times} copies of {what}", inputs.size(folder)


def report(costs: dict[tuple[str, int], Cost], what: str, mb: float) -> None:
    """Print the costs as Markdown."""
    plain, beam, two = (costs[run] for run in RUNS)
    print(f"{what}: {mb:,.0f} MB, {beam.lines:,} lines, {beam.rows:,} chat rows, ", end="")
    print(f"{beam.conversations:,} conversations released. {machine()}")
    print(f"Load average of the last 15 minutes: {os.getloadavg()[2]:.1f}.\n")
    print("| phase | plain loop, CPU s | Beam, CPU s | ratio ", end="")
    print("| Beam, s | two workers, s | speed-up | busier worker, CPU s | speed-up on free cores |")
    print("|---|" + "---:|" * 8)
    for name, phases in (*((p, [p]) for p in PHASES), ("stage + write", MAPPED), ("all", PHASES)):
        cells = (
            f"{plain.cpu(phases):.1f}",
            f"{beam.cpu(phases):.1f}",
            f"{beam.cpu(phases) / plain.cpu(phases):.2f}",
            f"{beam.wall(phases):.1f}",
            f"{two.wall(phases):.1f}",
            f"{beam.wall(phases) / two.wall(phases):.2f}",
            f"{two.busiest(phases):.1f}",
            f"{beam.cpu(phases) / two.busiest(phases):.2f}",
        )
        print(f"| {name} | {' | '.join(cells)} |")
    print("\nApart from that:")
    for name, cost in zip(
        ("plain loop", "Beam", "Beam, two workers"), (plain, beam, two), strict=True
    ):
        apart = ", ".join(
            f"{phase} {cost.cpu_s[phase]:.2f} s CPU, {cost.wall_s[phase]:.2f} s"
            for phase in ("imports", "workers", "plan", "publish")
        )
        print(f"- {name}: {apart}")
    print("\n| | conversations/s | MB/s | us a line, CPU | CPU s a MB | CPU us a chat row |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, cost in (("Beam, one worker", beam), ("Beam, two workers", two)):
        print(
            f"| {name} | {cost.conversations / cost.wall():,.0f} | {mb / cost.wall():.0f} "
            f"| {1e6 * cost.cpu() / cost.lines:.0f} | {cost.cpu() / mb:.4f} "
            f"| {1e6 * cost.cpu() / cost.rows:.0f} |"
        )
    a_mb, a_row = ANCESTOR_S / ANCESTOR_MB, ANCESTOR_S / ANCESTOR_ROWS
    print(f"| the ancestor | | {1 / a_mb:.1f} | | {a_mb:.4f} | {1e6 * a_row:.0f} |")
    print(
        f"| ratio to Beam, one worker | | | | {a_mb / (beam.cpu() / mb):.0f} "
        f"| {a_row / (beam.cpu() / beam.rows):.1f} |"
    )
    print(REMARK)


def machine() -> str:
    """What it was measured on."""
    with Path("/proc/cpuinfo").open() as info:
        model = next((line.split(":")[1].strip() for line in info if "model name" in line), "?")
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}."


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--times", type=int, default=8, help="copies of the log")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each kind")
    parser.add_argument("--recipe", default="release", help=f"release stands without {LATER[0]}")
    args = parser.parse_args()
    (ROOT / "build").mkdir(exist_ok=True)
    pattern, what, size = corpus(args.times)
    costs = {
        run: min((measured(*run, args.recipe, pattern) for _ in range(args.repeat)), key=Cost.cpu)
        for run in RUNS
    }
    report(costs, what, size / 1e6)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
    else:
        main()
