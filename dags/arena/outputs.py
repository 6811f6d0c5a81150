"""The folder of releases: an output folder an interval, and what is written down beside them.

RELEASES/2023-06-26--2023-07-03/          output of `curate run`: release/ and run/
RELEASES/plans/2023-06-26--2023-07-03.json   what it was asked for, so that a re-run asks the same
RELEASES/plans/tombstones/                what take-downs asked for, where a run does not inherit it
RELEASES/published/2023-06-26--2023-07-03.json   which release of it stands where, under which tag
"""

import datetime as dt
import glob
import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

INTERVAL = re.compile(r"\d{4}-\d\d-\d\d--\d{4}-\d\d-\d\d")
DATED = re.compile(r"\d{4}-\d\d-\d\d")
WEEK = dt.timedelta(days=7)
DEFAULT = Path(__file__).parents[2] / "build" / "airflow"
"""Where `make airflow` has its logs and releases."""


def interval(start: dt.datetime | None, end: dt.datetime | None, run_after: dt.datetime) -> str:
    """The name of a run's interval; that of the last whole week if the run has none."""
    if start is None or end is None or start == end:
        end = run_after - dt.timedelta(days=run_after.weekday())
        start = end - WEEK
    return f"{start:%Y-%m-%d}--{end:%Y-%m-%d}"


def plan(releases: str, name: str, logs: str, *, fresh: bool = False) -> dict[str, Any] | None:
    """What an interval's run is asked for, as it was written down first; None: there are no logs.

    Its inputs are the logs of all days before the interval's end, but for those that the newest
    earlier output has read. So logs that came late go into the next release.

    Args:
        releases: the folder of releases.
        name: of the interval.
        logs: a pattern of log files with a day in their names; ** crosses folders.
        fresh: forget what was written down; release everything anew, after no earlier output.
    """
    if (found := planned(releases, name)) and not fresh:
        return found
    after = None if fresh else newest(releases, before=name)
    known = _read(after) if after else set()
    inputs = [
        path
        for path, day in dated(logs)
        if day < name.partition("--")[2] and (path, Path(path).stat().st_size) not in known
    ]
    if not inputs:
        return None
    made = {
        "output": str(Path(releases, name).absolute()),
        "after": after,
        "tombstones": _tombstones(releases, name, after),
        "inputs": inputs,
    }
    write(_plan(releases, name), made)
    return made


def planned(releases: str, name: str) -> dict[str, Any]:
    """What was written down of an interval's run; empty: nothing."""
    path = _plan(releases, name)
    found: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {}
    return found


def _plan(releases: str, name: str) -> Path:
    return Path(releases, "plans", f"{name}.json")


def _tombstones(releases: str, name: str, after: str | None) -> str | None:
    """What take-downs have asked for, where the run does not inherit it: a copy that stays."""
    place = Path(releases, "plans", "tombstones", f"{name}.json")
    last = newest(releases)
    if last not in {after, None} and not place.exists():
        found = Path(str(last), "run", "tombstones.json")
        if found.exists():
            write(place, json.loads(found.read_bytes()))
    return str(place.absolute()) if place.exists() else None


def is_taken_down(output: str) -> bool:
    """Whether a take-down has made a finished output anew: its own run cannot go on there."""
    path = Path(output, "run", "manifest.json")
    after = json.loads(path.read_bytes())["plan"].get("after") if path.exists() else None
    return after is not None and Path(after["output"]).name == Path(output).name


def dated(pattern: str) -> Iterator[tuple[str, str]]:
    """Log files and their days, in order.

    Raises:
        ValueError: a file's name tells no day.
    """
    for path in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207 (absolute patterns)
        if (found := DATED.search(Path(path).name)) is None:
            raise ValueError(f"{path} has no day in its name")
        yield str(Path(path).absolute()), found.group()


def finished(output: Path) -> bool:
    """Whether a run there came to its end."""
    return (output / "run" / "manifest.json").exists() and (output / "release").exists()


def newest(releases: str, before: str = "~") -> str | None:
    """The newest finished output of an interval before another one."""
    names = (path for path in Path(releases).glob("*--*") if INTERVAL.fullmatch(path.name))
    found = [path for path in names if path.name < before and finished(path)]
    return str(max(found).absolute()) if found else None


def unfinished(releases: str) -> list[str]:
    """Intervals whose runs were begun and have not come to an end."""
    plans = sorted(Path(releases, "plans").glob("*--*.json"))
    return [path.stem for path in plans if not finished(Path(releases, path.stem))]


def _read(output: str) -> set[tuple[str, int]]:
    manifest = json.loads(Path(output, "run", "manifest.json").read_bytes())
    return {(one["path"], one["bytes"]) for one in manifest["plan"]["inputs"]}


def digest(output: str) -> str:
    """SHA-256 of a release's manifest, which names the release, files and all."""
    return hashlib.sha256(Path(output, "release", "manifest.json").read_bytes()).hexdigest()


def signed(output: str) -> str | None:
    """Who signed this very release off with `curate publish OUT --approved-by NAME`."""
    path = Path(output, "run", "published", "approval.json")
    if not path.exists():
        return None
    found = json.loads(path.read_bytes())
    return found["approved_by"] if found["manifest"] == digest(output) else None


def tag(output: str, place: str) -> str:
    """The tag of a release: year, ISO week, and how many others of its interval stand there."""
    end = dt.date.fromisoformat(Path(output).name.partition("--")[2])
    year, week, _ = (end - dt.timedelta(days=1)).isocalendar()
    there = [one for one in _published(output) if one["place"] == place]
    same = [one["tag"] for one in there if one["manifest"] == digest(output)]
    return same[-1] if same else f"{year}.{week:02d}.{len({one['tag'] for one in there})}"


def remember(output: str, receipt: dict[str, Any]) -> None:
    """Write down that a release stands somewhere; a take-down does not take that away."""
    kept = [one for one in _published(output) if one["tag"] != receipt["tag"]]
    write(_record(output), [*kept, receipt])


def _published(output: str) -> list[dict[str, Any]]:
    path = _record(output)
    found: list[dict[str, Any]] = json.loads(path.read_bytes()) if path.exists() else []
    return found


def _record(output: str) -> Path:
    return Path(output).parent / "published" / f"{Path(output).name}.json"


def write(path: Path, content: Any) -> None:
    """Write JSON, whole or not at all; for the owner's eyes."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=1))
    os.replace(partial, path)  # noqa: PTH105 (atomic)
