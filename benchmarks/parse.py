"""Why orjson and isal: parsers and gzip readers on log lines, as Markdown.

    python benchmarks/parse.py

Reads two days of the developers' raw_40k, or a synthetic log where that is absent; of five rounds
the fastest counts.
"""

import gzip
import io
import json
import tempfile
import time
import zlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
import orjson
from isal import igzip

from benchmarks.main_job import DATA, machine
from pipeline.sample import logs

ROUNDS = 5


def packed() -> tuple[str, bytes]:
    """What is read, and its bytes: one gzip member."""
    if DATA.exists():
        days = sorted(DATA.glob("server0/2023-04-2[56]-conv.json.gz"))
        whole = b"".join(gzip.decompress(path.read_bytes()) for path in days)
        return "two days of raw_40k", gzip.compress(whole)
    with tempfile.TemporaryDirectory() as folder:
        logs.write(Path(folder), conversations=2000)
        whole = b"".join(path.read_bytes() for path in sorted(Path(folder).glob("server*/*")))
    return "a synthetic log", gzip.compress(whole)


def fastest(work: Callable[[], object]) -> float:
    """CPU seconds of the fastest round."""
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def each(parse: Callable[[bytes], Any], lines: list[bytes]) -> Callable[[], None]:
    """Parse all lines, keeping none."""

    def work() -> None:
        for line in lines:
            parse(line)

    return work


def blocks(opened: Callable[[io.BytesIO], Any], data: bytes) -> Callable[[], None]:
    """Read all of a compressed stream in blocks, as `ingest.lines` does."""

    def work() -> None:
        with opened(io.BytesIO(data)) as stream:
            while stream.read(4 << 20):
                pass

    return work


def table(title: str, mb: float, rounds: dict[str, float]) -> None:
    """One table, the first row of which the others are compared with."""
    print(f"| {title} | MB/s | times the first |\n|---|---:|---:|")
    base = next(iter(rounds.values()))
    for name, seconds in rounds.items():
        print(f"| {name} | {mb / seconds:,.0f} | {base / seconds:.2f} |")
    print()


def is_sound(line: bytes) -> bool:
    """Whether all parsers accept a line."""
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def main() -> None:
    """Measure and report."""
    what, data = packed()
    whole = gzip.decompress(data)
    lines = [line for line in whole.split(b"\n") if is_sound(line)]
    mb = sum(map(len, lines)) / 1e6
    print(f"{what}: {len(lines):,} sound lines, {mb:.1f} MB. {machine()}\n")
    parsers: dict[str, Callable[[bytes], Any]] = {
        "json (Python's)": json.loads,
        f"msgspec {metadata.version('msgspec')}": msgspec.json.Decoder().decode,
        f"orjson {metadata.version('orjson')}": orjson.loads,
    }
    table("parser", mb, {name: fastest(each(parse, lines)) for name, parse in parsers.items()})
    readers: dict[str, Callable[[io.BytesIO], Any]] = {
        f"gzip (zlib {zlib.ZLIB_RUNTIME_VERSION})": lambda raw: gzip.GzipFile(fileobj=raw),
        f"igzip (isal {metadata.version('isal')})": lambda raw: igzip.IGzipFile(fileobj=raw),
    }
    table(
        "gzip reader", len(whole) / 1e6, {n: fastest(blocks(r, data)) for n, r in readers.items()}
    )


if __name__ == "__main__":
    main()
