"""Whether the newest interval of a run is unlike those before it: rates of drops, redaction, flags.

A broken rule, a new kind of spam or a format of logs that changed shows as a rate that jumps. Rates
are counted from the private ledger and the released metadata; no text is read.
"""

from collections import Counter
from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, intervals
from pipeline.errors import InputError
from pipeline.folders import Folders
from schemas.manifest import RunManifest

SPREADS, LEAST = 4.0, 0.02
"""An alarm is so many standard deviations away, and so far in rate."""
NAMES = {"redacted": "redacted", "flagged_user": "flagged prompts", "jailbreak": "jailbreaks"}
NAMES |= {"flagged_assistant": "flagged answers", "has_code": "with code"}
"""Released columns of yes and no, and what their rate is called."""


class Rate(msgspec.Struct, frozen=True):
    """One rate of the newest interval beside those of the intervals before."""

    name: str
    newest: float
    rows: int  # of the newest interval
    before: list[float]  # by interval, the oldest first
    distance: float  # in standard deviations of what is to be expected
    is_alarm: bool


def rates(output: str, *, spreads: float = SPREADS, least: float = LEAST) -> list[Rate]:
    """The rates of the newest interval of a finished run, those that are furthest off first.

    Args:
        output: the output folder.
        spreads: standard deviations from which on a rate is an alarm.
        least: difference of rates below which none is.

    Raises:
        InputError: there is no finished run, or it has one interval only.
    """
    folders = Folders(output)
    if not files.exists(folders.at("manifest.json")):
        raise InputError(f"{output} holds no finished run")
    manifest = files.read_record(folders.at("manifest.json"), RunManifest)
    kind = _kind(manifest)
    staged, counts = _staged(folders, manifest, kind), _dropped(folders, kind)
    released, tagged = _released(folders, manifest)
    order = sorted(released)
    if len(order) < 2:  # noqa: PLR2004 (one to compare, one to compare with)
        raise InputError(f"{output} has one interval; rates are compared with earlier ones")
    found = [_rate(f"dropped by {n}", c, staged, order, spreads, least) for n, c in counts.items()]
    found += [_rate(name, c, released, order, spreads, least) for name, c in tagged.items()]
    return sorted(found, key=lambda one: (-one.is_alarm, -abs(one.distance), one.name))


def _kind(manifest: RunManifest) -> str:
    """The kind of the intervals, by their names."""
    names = {f.interval for f in manifest.release.files}
    shapes = {"all": "all", "W": "week"}
    name = next(iter(sorted(names)), "all")
    lengths = {len("2023-04-24"): "day", len("2023-04"): "month"}
    return next((kind for sign, kind in shapes.items() if sign in name), lengths.get(len(name), ""))


def _staged(folders: Folders, manifest: RunManifest, kind: str) -> Counter[str]:
    """Staged conversations by interval."""
    found: Counter[str] = Counter()
    for unit in manifest.plan.units:
        with files.open_parquet(folders.index(unit.id, "conversations")) as source:
            if source.metadata.num_rows:
                table = source.read(["tstamp"], use_threads=False)
                found += Counter(_names(table["tstamp"], kind))
    return found


def _names(tstamp: pa.ChunkedArray, kind: str) -> Iterator[str]:
    numbers = intervals.number(tstamp.to_numpy(), kind)
    for number, count in zip(*np.unique(numbers, return_counts=True), strict=True):
        yield from [intervals.name(int(number), kind)] * int(count)


def _dropped(folders: Folders, kind: str) -> dict[str, Counter[str]]:
    """Dropped conversations by "stage: reason" and interval."""
    found: dict[str, Counter[str]] = {}
    for name in files.names(folders.at("dropped", "conversations")):
        path = folders.at("dropped", "conversations", name)
        table = files.read_table(path, ["tstamp", "dropped_by", "reason"])
        why = pc.binary_join_element_wise(table["dropped_by"], table["reason"], ": ")
        for one in pc.unique(why).to_pylist():
            mine = table["tstamp"].filter(pc.equal(why, one))
            found.setdefault(one, Counter()).update(_names(mine, kind))
    return found


def _released(
    folders: Folders, manifest: RunManifest
) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """Released conversations by interval, and those that have a tag."""
    rows: Counter[str] = Counter()
    tagged: dict[str, Counter[str]] = {}
    for file in manifest.release.files:
        if file.config != "metadata":
            continue
        rows[file.interval] += file.rows
        with files.open_parquet(files.join(folders.release, file.path)) as source:
            names = [name for name in NAMES if name in source.schema_arrow.names]
            table = source.read(names, use_threads=False)
        for name in names:
            count = pc.sum(pc.cast(table[name], pa.int64())).as_py() or 0
            tagged.setdefault(NAMES[name], Counter())[file.interval] += count
    return rows, tagged


def _rate(
    name: str,
    counts: Counter[str],
    of: Counter[str],
    order: list[str],
    spreads: float,
    least: float,
) -> Rate:
    """What is expected is the mean of the intervals before, as they vary and as chance does."""
    *former, newest = order
    shares = np.array([counts[i] / of[i] for i in former if of[i]])
    rows = of[newest]
    share = counts[newest] / rows if rows else 0.0
    pooled = (sum(counts[i] for i in order) + 1) / (sum(of[i] for i in order) + 2)
    chance = pooled * (1 - pooled) * (1 / max(rows, 1) + 1 / max(sum(of[i] for i in former), 1))
    varied = float(shares.var(ddof=1)) if len(shares) > 1 else 0.0
    mean = float(shares.mean()) if len(shares) else 0.0
    distance = (share - mean) / np.sqrt(chance + varied)
    is_alarm = bool(abs(distance) >= spreads and abs(share - mean) >= least)
    told = [round(float(one), 6) for one in shares]
    return Rate(name, round(share, 6), rows, told, round(float(distance), 2), is_alarm)
