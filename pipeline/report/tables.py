"""Figures from counts: small cells folded, columns named, an empty one left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET

from pipeline.statistics import cells
from schemas.report import Cell, Column, Figure, Kind, Section

OTHER = "other"
UNKNOWN = "unknown"
MOST_NAMES = 30
"""Bars of a chart: what is smaller is one bar, in the chart and in the table."""


def figure(
    name: str,
    words: tuple[str, str],
    columns: Sequence[tuple[str, str, Kind]],
    rows: Sequence[Sequence[Any]],
    chart: dict[str, Any] | None = None,
) -> list[Figure]:
    """A figure, or none if it has no rows.

    Args:
        name: its id.
        words: its title, and what is seen in it.
        columns: name, title and kind of each.
        rows: their cells.
        chart: of `pipeline.report.charts`.
    """
    if not rows:
        return []
    listed: list[list[Cell]] = [list(row) for row in rows]
    return [Figure(name, *words, [Column(*one) for one in columns], listed, chart)]


def section(name: str, title: str, says: str, *figures: list[Figure]) -> list[Section]:
    """A section, or none if it has no figures."""
    held = [one for some in figures for one in some]
    return [Section(name, title, says, held)] if held else []


def folded(
    counts: Mapping[str, int], minimum: int, most: int = MOST_NAMES, users: cells.Known = UNSET
) -> dict[str, int]:
    """The largest counts first; those under the minimum, and beyond `most`, are one.

    Folding is that of `pipeline/statistics/cells.py`: no total gives a small cell away, by users
    where they are given.
    """
    found = cells.fold({name: count for name, count in counts.items() if count}, minimum, users)
    kept = [(name or UNKNOWN, count) for name, count in found.counts.items()]
    rest = found.other + sum(count for _, count in kept[most:])
    made = dict(kept[:most])
    if rest:
        made[OTHER] = made.get(OTHER, 0) + rest
    return made


def groups(counts: Mapping[str, int], minimum: int, most: int) -> dict[str, str]:
    """What each name is shown as: itself, or `other`."""
    kept = folded(counts, minimum, most)
    return {name: name if name in kept and name else OTHER for name in counts}


def share(count: int, total: int) -> float:
    """A share to four digits behind the point; 0 of nothing."""
    return round(count / total, 4) if total else 0.0
