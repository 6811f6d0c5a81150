"""The whole release recipe on copies of raw_40k: speed, peak memory, where the time goes. Markdown.

    python -m benchmarks.whole_recipe [--times 8] [--workers 2] [--recipe release] [--keep FOLDER]

One run of the command, start-up included, in a process of its own, which says on standard error
where it is; its process tree is looked at all the time, for a tenth of a core at most. Copies of
the log are made once, in build/. A conversation is what has an id: the log has a row for each of
its states, and most copies are dropped as near copies. CPU seconds are the machine's whole bill: of
the command and all that it started. By stage they are what the receipts of units say; what no stage
took is parsing, sorting, writing. Exit code 1: a bound is missed.
"""

import argparse
import contextlib
import json
import os
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import main_job, memory

ROOT = Path(__file__).parent.parent
LEAST_A_SECOND, MOST_MB = 600, 2000
TAGS = ("language", "moderation_model", "topic_id")
"""A column of each of the three tags."""
REST = "(no stage: parsing, sorting, Parquet)"


def spent_s() -> float:
    """CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def by_stage(run: Path, phase: str) -> Counter[str]:
    """CPU seconds of each stage in the receipts of a phase, and of what no stage took."""
    total: Counter[str] = Counter()
    for path in sorted((run / "receipts" / phase).glob("*.json")):
        receipt = json.loads(path.read_bytes())
        stages = receipt.get("stages", {})
        total.update(stages)
        total[REST] += receipt["cpu_s"] - sum(stages.values())
    return total


def states_before(books: dict[str, Any]) -> int:
    """Chat rows that are earlier states of a conversation: rows less conversations."""
    dropped = books["dropped"]["conversations"].items()
    return sum(count for reason, count in dropped if reason.startswith("drop_superseded:"))


def report(found: memory.Peak, cpu_s: float, output: Path, mb: float) -> list[str]:
    """Print what it took; returns the bounds that are missed."""
    run = json.loads((output / "run" / "manifest.json").read_bytes())
    books, columns = run["books"], run["release"]["columns"]["conversations"]
    missing = [name for name in TAGS if name not in columns]
    logged, released = books["staged"]["conversations"], books["released"]["conversations"]
    conversations = logged - states_before(books)
    speed = conversations / found.wall_s
    print(
        f"{mb:,.0f} MB, {books['lines']:,} lines, {logged:,} chat rows of {conversations:,} "
        f"conversations, {released:,} released."
    )
    print(f"{main_job.machine()} Load average of 15 minutes: {os.getloadavg()[2]:.1f}.\n")
    print("| what | found | must be |\n|---|---:|---:|")
    print(f"| conversations a second | {speed:,.0f} | at least {LEAST_A_SECOND} |")
    print(f"| of them released | {released / found.wall_s:,.0f} | |")
    print(f"| chat rows a second | {logged / found.wall_s:,.0f} | |")
    print(f"| lines a second | {books['lines'] / found.wall_s:,.0f} | |")
    print(f"| seconds, start-up included | {found.wall_s:,.1f} | |")
    print(f"| CPU seconds of all processes | {cpu_s:,.1f} | |")
    print(f"| conversations a second of two free cores | {2 * conversations / cpu_s:,.0f} | |")
    print(f"| peak PSS of {found.processes} processes, MB | {found.mb:,.0f} | under {MOST_MB:,} |")
    print(f"| tags without a column | {', '.join(missing) or 'none'} | none |\n")
    _phases(run, cpu_s, found.wall_s)
    _stages(output / "run")
    bounds = {
        f"{speed:,.0f} conversations a second, not {LEAST_A_SECOND}": speed >= LEAST_A_SECOND,
        f"{found.mb:,.0f} MB at the peak, not under {MOST_MB:,}": found.mb < MOST_MB,
        f"no column of {', '.join(missing)}": not missing,
        "no model of topics was fitted": bool(run["release"]["models"]),
    }
    return [what for what, is_kept in bounds.items() if not is_kept]


def _phases(run: dict[str, Any], cpu_s: float, wall_s: float) -> None:
    print("| phase | seconds | CPU seconds |\n|---|---:|---:|")
    for phase, seconds in run["phases"].items():
        cpu = run["cpu_s"].get(phase)
        print(f"| {phase} | {seconds:.1f} | {'' if cpu is None else f'{cpu:.1f}'} |")
    rest = wall_s - sum(run["phases"].values())
    other = cpu_s - sum(run["cpu_s"].values())
    print(f"| start-up, and what no receipt counts | {rest:.1f} | {other:.1f} |\n")


def _stages(run: Path) -> None:
    print("| phase | stage | CPU seconds | share of the phase |\n|---|---|---:|---:|")
    for phase in ("stage", "fit", "write"):
        found = by_stage(run, phase)
        whole = sum(found.values()) or 1.0
        for name, seconds in found.most_common():
            print(f"| {phase} | {name} | {seconds:.1f} | {seconds / whole:.1%} |")


@contextlib.contextmanager
def _folder(keep: str | None) -> Iterator[str]:
    if keep:
        yield keep
        return
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as made:
        yield made


def main() -> None:
    """Measure and report; exit code 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--times", type=int, default=8, help="copies of the log")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--recipe", default="release")
    parser.add_argument("--keep", help="leave the output in this folder")
    args = parser.parse_args()
    (ROOT / "build").mkdir(exist_ok=True)
    print(f"build/: {args.times} copies of the log, unless they are there", file=sys.stderr)
    pattern, what, size = main_job.corpus(args.times)
    curate = [str(Path(sys.executable).parent / "curate"), "run", args.recipe, "--restart"]
    with _folder(args.keep) as output:
        told = ["--input", pattern, "--output", output, "--workers", str(args.workers)]
        before = spent_s()
        print(" ".join([*curate, *told]), file=sys.stderr)
        found = memory.peak([*curate, *told], {"CURATE_ID_KEY": "ab" * 32}, stderr=None)
        if found.code:
            sys.exit(f"the run ended with {found.code}")
        print(f"{what}, recipe `{args.recipe}`, {args.workers} workers: ", end="")
        missed = report(found, spent_s() - before, Path(output), size / 1e6)
    if missed:
        sys.exit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
