"""What to expect of 1 million, 100 million and 10 billion conversations, from a run that was made.

    python -m benchmarks.scale OUTPUT --shuffled BYTES

Prints the tables of docs/scale.md. Figures a row come from the receipts and files of the finished
run in OUTPUT; bytes shuffled from `make test-flink`. What grows other than by the row is reckoned
by the code's own constants; skew of keys is drawn, for no average tells the largest partition.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from pipeline import files
from pipeline.folders import Folders
from pipeline.pairing import BLOCK_BYTES
from pipeline.run import KEYS_PER_PARTITION
from schemas.manifest import RunManifest

SIZES = (1_000_000, 100_000_000, 10_000_000_000)
WEEKS = 156
"""Intervals of a corpus: three years of weeks."""
SPLIT_BYTES = 32 << 20
PLAN_UNIT_BYTES = 425
"""Of plan.json, for a unit and its share of input files: raw_3k in units of 2 MB."""
MET = 0.15
"""Assumed: of the rows share a band key with another."""
MET_BYTES = 24
"""Held of a row that met another, besides five bytes of every row, by the step `group`."""
INTERVAL_BYTES = 200
"""Of a surviving row on its way to its interval, by Flink's count of that one job."""
CUT_FACTOR = 3
"""Copies of an interval's rows while they are sorted and cut."""
KEY_BYTES_LIMIT = 128 << 20
"""Of one key that a Flink task may hold in its heap without trouble (spec/beam.md)."""
TOP_PROMPT = 0.004
"""Assumed: share of the most frequent prompt; the others by Zipf's law with exponent 1."""
CAPACITY = 12e9
"""Assumed: bytes of one large worker."""
OPENS_A_DAY = 1e8
"""Assumed: requests that one run may make to an object store: 1,200 a second, for a day."""


@dataclass(frozen=True)
class Row:
    """What one staged conversation takes: bytes, and CPU seconds by phase."""

    log: float
    text: float
    staged: float
    index: float
    state: float
    cut: float
    release: float
    shuffled: float
    cpu: dict[str, float]


def measured(output: str, shuffled: float) -> Row:
    """The figures of a finished run."""
    folders = Folders(output)
    made = files.read_record(folders.at("manifest.json"), RunManifest)
    rows = made.books.staged["conversations"]

    def below(*parts: str) -> float:
        folder = folders.at(*parts)
        return sum(files.size(files.join(folder, name)) for name in files.tree(folder)) / rows

    receipts = [
        files.read_bytes(files.join(folders.at("receipts", "stage"), name))
        for name in files.names(folders.at("receipts", "stage"))
    ]
    text = sum(
        int(receipt.split(b'"text_bytes":')[1].split(b",")[0].split(b"}")[0])
        for receipt in receipts
    )
    return Row(
        log=sum(source.bytes for source in made.plan.inputs) / rows,
        text=text / rows,
        staged=below("staged"),
        index=below("index"),
        state=below("judged", "states"),
        cut=below("cuts"),
        release=sum(file.bytes for file in made.release.files) / rows,
        shuffled=shuffled,
        cpu={name: seconds / rows for name, seconds in made.cpu_s.items()},
    )


def hottest(rows: int, seed: int = 0) -> float:
    """Rows of the fullest partition of prompts, in multiples of an even share.

    The ten thousand most frequent prompts are dealt to partitions by their hash; the rest is even.
    """
    parts = rows // KEYS_PER_PARTITION + 1
    counts = rows * TOP_PROMPT / np.arange(1, 10_001)
    home = np.random.default_rng(seed).integers(0, parts, len(counts))
    held = np.bincount(home, counts, min(parts, home.max() + 1))
    even = (rows - counts.sum()) / parts
    return float((held.max() + even) / (rows / parts))


def table(row: Row) -> Iterator[str]:
    """What all of it takes, by number of conversations."""
    yield "| conversations | " + " | ".join(f"{size:,}" for size in SIZES) + " |"
    yield "|---|" + "--:|" * len(SIZES)
    lines: list[tuple[str, Callable[[int], str]]] = [
        ("log", lambda n: volume(n * row.log)),
        ("units of work of 32 MB", lambda n: f"{n * row.log / SPLIT_BYTES:,.0f}"),
        ("bytes shuffled", lambda n: volume(n * row.shuffled)),
        ("run folder", lambda n: volume(n * (row.staged + row.index + row.state + row.cut))),
        ("release", lambda n: volume(n * row.release)),
        ("shards", lambda n: f"{max(1, n * row.text / (96 << 20)):,.0f}"),
        *((f"CPU hours, {name}", partial(hours, each=each)) for name, each in row.cpu.items()),
        ("partitions of keys", lambda n: f"{n // KEYS_PER_PARTITION + 1:,}"),
        ("fullest partition, times the mean", lambda n: f"{hottest(n):,.0f}"),
    ]
    for name, of in lines:
        yield f"| {name} | " + " | ".join(of(size) for size in SIZES) + " |"


def hours(rows: int, each: float) -> str:
    """CPU hours of some rows that take that many seconds each."""
    return f"{rows * each / 3600:,.1f}"


def limits(row: Row) -> Iterator[str]:
    """What one process or one run must bear of all rows, and from how many on it cannot."""
    yield "| what | grows by | " + " | ".join(f"{size:,}" for size in SIZES) + " | breaks at |"
    yield "|---|---|" + "--:|" * (len(SIZES) + 1)
    units, blocks = row.log / SPLIT_BYTES, MET * row.text / BLOCK_BYTES
    week = INTERVAL_BYTES / WEEKS
    for what, by, power, each, capacity in (
        ("files opened by near-duplicates", "units times blocks", 2, units * blocks, OPENS_A_DAY),
        (
            "an interval's rows in one Flink key",
            "rows a week",
            1,
            week,
            KEY_BYTES_LIMIT,
        ),
        ("memory to cut an interval", "rows a week", 1, week * CUT_FACTOR, CAPACITY),
        (
            "fullest partition's keys",
            "most frequent prompt",
            1,
            TOP_PROMPT * row.shuffled / 10,
            CAPACITY,
        ),
        ("plan held by each worker", "units", 1, units * PLAN_UNIT_BYTES * 4, CAPACITY),
        ("union-find, one process", "rows", 1, 5 + MET * MET_BYTES, CAPACITY),
    ):
        shown = [
            volume(each * size**power) if power == 1 else f"{each * size**power:,.0f}"
            for size in SIZES
        ]
        broken = (capacity / each) ** (1 / power)
        yield f"| {what} | {by} | " + " | ".join(shown) + f" | {broken:,.0f} |"


def volume(size: float) -> str:
    """Bytes in words."""
    for unit, factor in (("PB", 1e15), ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:,.1f} {unit}"
    return f"{size:,.0f} B"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output")
    parser.add_argument("--shuffled", type=float, required=True)
    args = parser.parse_args()
    row = measured(args.output, args.shuffled)
    print(f"One conversation: {row}\n")
    print("\n".join([*table(row), "", *limits(row)]))


if __name__ == "__main__":
    main()
