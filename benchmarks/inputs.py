"""Larger logs for measurements: a log, copied under other days, ids and texts.

    python benchmarks/inputs.py SOURCE TARGET TIMES

Copy 0 is the log itself. In copy n every day is n times the span of the log later, in file names
and in records; conversation ids have other first digits; and messages that begin with a letter
begin with the number of the copy, so that no copy is a duplicate of another one.
"""

import datetime as dt
import re
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from isal import igzip

DAY_S = 86_400
DATE = re.compile(r"\d{4}-\d\d-\d\d")
TIME = re.compile(rb'"(tstamp|start|finish)": (\d{10})(?=[.,}])')
ID = re.compile(rb'"conv_id": "([0-9a-f]{2})(?=[0-9a-f]{30}")')
MESSAGE = re.compile(rb'(\[\[|\], \[)("[^"]*", ")(?=[A-Za-z]|\\u)')
"""The beginning of a message in a list of messages, between its role and its text."""
LEVEL = 2
"""Of compression: 4.4 to 1, half as long to write as what zlib makes 5.1 to 1."""


def copies(source: Path, target: Path, times: int) -> str:
    """Write copies of a log; returns the pattern that names their files.

    Args:
        source: a folder with `server*/*-conv.json` files, plain or compressed.
        target: the folder to write to; files that are there already are taken for done.
        times: how many copies, the log itself included.
    """
    found = sorted(source.glob("server*/*-conv.json*"))
    days = [dt.date.fromisoformat(day) for path in found for day in DATE.findall(path.name)]
    span = (max(days) - min(days)).days + 1
    span += -span % 7  # a whole number of weeks, so that intervals are shared as in the log
    work = [
        (path, _place(path, target, n * span), n, n * span) for n in range(times) for path in found
    ]
    with ProcessPoolExecutor() as pool:
        list(pool.map(_copy, work, chunksize=8))
    return f"{target}/server*/*-conv.json*"


def size(folder: Path) -> int:
    """Decompressed bytes of the logs in a folder."""
    with ProcessPoolExecutor() as pool:
        return sum(pool.map(_size, sorted(folder.glob("server*/*-conv.json*")), chunksize=8))


def _size(path: Path) -> int:
    if path.suffix != ".gz":
        return path.stat().st_size
    with igzip.open(path) as log:
        return sum(len(block) for block in iter(lambda: log.read(1 << 20), b""))


def _place(path: Path, target: Path, days: int) -> Path:
    def later(day: re.Match[str]) -> str:
        return (dt.date.fromisoformat(day[0]) + dt.timedelta(days)).isoformat()

    return target / path.parent.name / DATE.sub(later, path.name)


def _copy(work: tuple[Path, Path, int, int]) -> None:
    path, place, number, days = work
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{place.name}")
    if number == 0:
        shutil.copyfile(path, partial)
    elif path.suffix == ".gz":
        with igzip.open(path) as old, igzip.open(partial, "wb", compresslevel=LEVEL) as new:
            new.writelines(altered(old, number, days))
    else:
        with path.open("rb") as old, partial.open("wb") as new:
            new.writelines(altered(old, number, days))
    partial.rename(place)


def altered(lines: Iterator[bytes], number: int, days: int) -> Iterator[bytes]:
    """The lines of one copy."""

    def later(time: re.Match[bytes]) -> bytes:
        return b'"%s": %d' % (time[1], int(time[2]) + days * DAY_S)

    def renamed(name: re.Match[bytes]) -> bytes:
        return b'"conv_id": "%02x' % ((int(name[1], 16) + number) % 256)

    for line in lines:
        made = ID.sub(renamed, TIME.sub(later, line))
        yield MESSAGE.sub(rb"\g<1>\g<2>%d " % number, made)


if __name__ == "__main__":
    print(copies(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
