"""Section: what changed against a former release: counts, shares, columns."""

import math
from collections.abc import Mapping

from pipeline.report import charts, tables
from schemas.report import Figure, Report, Section

SAYS = (
    "Shares of this release beside those of the former one. The index of population stability "
    "is the sum of (now - then) · ln(now / then): under 0.1 is little, over 0.25 is another one."
)
SMOOTHING = 0.5
MOST_MOVES = 25


def sections(now: Report, then: Report | None) -> list[Section]:
    """Totals, drift of each partition, and the largest moves; none without a former release."""
    if then is None:
        return []
    return tables.section(
        "changes",
        "Against the former release",
        f"{SAYS} Former release: {then.release}.",
        _totals(now.totals, then.totals),
        _drift(now, then),
        _moves(now, then),
    )


def stability(now: Mapping[str, int], then: Mapping[str, int]) -> float:
    """The population stability index of two partitions; half a row is added to each cell.

    Source:
        Siddiqi 2006, "Credit Risk Scorecards", chapter 10.
    """
    names = now.keys() | then.keys()
    ends = [sum(found.values()) + SMOOTHING * len(names) for found in (now, then)]
    total = 0.0
    for name in sorted(names):
        one, other = (
            (f.get(name, 0) + SMOOTHING) / e for f, e in zip((now, then), ends, strict=True)
        )
        total += (one - other) * math.log(one / other)
    return round(total, 4)


def _totals(now: Mapping[str, int], then: Mapping[str, int]) -> list[Figure]:
    rows = [
        (name, then.get(name), now.get(name),
         round(now[name] / then[name] - 1, 4) if then.get(name) and name in now else None)
        for name in dict.fromkeys((*now, *then))
    ]  # fmt: skip
    return tables.figure(
        "totals-then-now",
        ("Totals, then and now", "What the release holds."),
        [("what", "What", "text"), ("then", "Then", "count"), ("now", "Now", "count"),
         ("change", "Change", "share")],
        rows,
    )  # fmt: skip


def _drift(now: Report, then: Report) -> list[Figure]:
    rows = [
        (name, stability(now.numbers[name], then.numbers[name]),
         len(now.numbers[name].keys() - then.numbers[name].keys()),
         len(then.numbers[name].keys() - now.numbers[name].keys()))
        for name in now.numbers
        if name in then.numbers
    ]  # fmt: skip
    return tables.figure(
        "drift",
        ("Drift", "How far each partition has moved."),
        [("what", "Partition", "text"), ("stability", "Stability index", "number"),
         ("new", "New names", "count"), ("gone", "Names gone", "count")],
        rows,
        charts.bars("what", "stability", count=len(rows)),
    )  # fmt: skip


def _moves(now: Report, then: Report) -> list[Figure]:
    rows = []
    for name in now.numbers.keys() & then.numbers.keys():
        one, other = now.numbers[name], then.numbers[name]
        for value in one.keys() | other.keys():
            was = tables.share(other.get(value, 0), sum(other.values()))
            is_now = tables.share(one.get(value, 0), sum(one.values()))
            rows.append((f"{name}: {value}", was, is_now, round(is_now - was, 4)))
    rows.sort(key=lambda row: (-abs(row[3]), row[0]))
    rows = [row for row in rows[:MOST_MOVES] if row[3]]
    return tables.figure(
        "moves",
        ("The largest moves", "Differences of shares, in points of 1."),
        [("what", "What", "text"), ("then", "Then", "share"), ("now", "Now", "share"),
         ("change", "Change", "share")],
        rows,
        charts.bars("what", "change", count=len(rows), share=True),
    )  # fmt: skip
