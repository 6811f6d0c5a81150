"""What a later release costs: CPU against a release of everything, bytes sent to a Hub.

    python -m benchmarks.growing [--data ../shared/data/raw_40k] [--recipe release]

The logs of all days but the last ones are the first release; the last ones hold about a tenth of
the bytes, and come as the second. Then some conversations of every day are forgotten. Each release
is published to a loopback Hub of ../shared/tools by the unmodified client, with Xet and one cache.
"""

import argparse
import collections
import importlib.util
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "growing"
SERVER = ROOT.parent / "shared" / "tools" / "hubserver.py"
CURATE = str(Path(sys.executable).parent / "curate")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
NEWS, FORGOTTEN = 0.1, 0.001
TOKEN = "hf_benchmark0123456789"  # noqa: S105 (of the loopback Hub)


def split(data: Path) -> tuple[list[str], list[str]]:
    """The files of the days before, and of the last days that hold a tenth of the bytes."""
    size: collections.Counter[str] = collections.Counter()
    found = sorted(data.glob("server*/*-conv.json*"))
    for path in found:
        size[DAY.findall(path.name)[0]] += path.stat().st_size
    days, news = sorted(size), 0
    while not news or news + size[days[-1]] / 2 < NEWS * size.total():
        news += size[days.pop()]
    return (
        [str(path) for path in found if DAY.findall(path.name)[0] in days],
        [str(path) for path in found if DAY.findall(path.name)[0] not in days],
    )


def cpu(command: Sequence[str], environment: dict[str, str] | None = None) -> float:
    """CPU seconds, user and system, of a command and all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def hub() -> Any:
    """A Hub on loopback."""
    spec = importlib.util.spec_from_file_location("hubserver", SERVER)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["hubserver"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.HubServer(FOLDER / "hub", tokens={TOKEN: ("curator", "write")})


def sent(server: Any, output: Path, home: str) -> int:
    """Bytes that publishing an output sends, by the log of the Hub."""
    server.log.clear()
    environment = server.env(TOKEN, FOLDER / home)
    cpu(
        [
            *(CURATE, "publish", str(output), "--repo", "curator/data", "--create"),
            *("--approved-by", "a benchmark", "--tag", output.name),
        ],
        environment,
    )
    return sum(entry["request_bytes"] for entry in server.log)


def some(output: Path) -> list[str]:
    """Every thousandth released conversation."""
    ids: list[str] = []
    for path in sorted((output / "release" / "data" / "metadata").rglob("*.parquet")):
        ids += pq.read_table(path, columns=["conversation_id"])["conversation_id"].to_pylist()
    return ids[:: round(1 / FORGOTTEN)]


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "raw_40k")
    parser.add_argument("--recipe", default="release")
    asked = parser.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    before, news = split(asked.data)
    key = str(FOLDER / "id.key")
    cpu([CURATE, "key", key])

    def run(name: str, files: Sequence[str], *more: str) -> float:
        known = ("--output", str(FOLDER / name), "--id-key-file", key, "--no-report")
        return cpu([CURATE, "run", asked.recipe, "--input", *files, *known, *more])

    all_s = run("whole", [*before, *news])
    first_s = run("first", before)
    second_s = run("second", news, "--after", str(FOLDER / "first"))
    shutil.copytree(FOLDER / "second", FOLDER / "third")
    gone = some(FOLDER / "third")
    command = [CURATE, "forget", asked.recipe, str(FOLDER / "third"), "--id-key-file", key]
    third_s = cpu([*command, "--conversation-id", *gone])
    with hub() as server:
        bytes_ = [sent(server, FOLDER / name, "home") for name in ("first", "second", "third")]
        fresh = sent(server, FOLDER / "whole", "another")
    whole = sum(path.stat().st_size for path in (FOLDER / "third" / "release").rglob("*.*"))
    print("| release | CPU s | of all at once | MB sent | of the release |")
    print("|---|---|---|---|---|")
    names = ("the first nine tenths", "a tenth more", f"{len(gone)} conversations forgotten")
    for name, spent, size in zip(names, (first_s, second_s, third_s), bytes_, strict=True):
        _row(name, spent, spent / all_s, size, size / whole)
    _row("all at once, by a fresh worker", all_s, 1, fresh, fresh / whole)


def _row(name: str, spent: float, share: float, size: float, of_release: float) -> None:
    print(f"| {name} | {spent:.1f} | {share:.2f} | {size / 1e6:.1f} | {of_release:.2f} |")


if __name__ == "__main__":
    main()
