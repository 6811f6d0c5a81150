"""The numbers of a report, as machines read them: `run/report.json`. No text of a user, no id.

Each figure is a table first; the chart, the table on the page and the CSV are made of its rows.
"""

from typing import Any, Literal

import msgspec

Cell = str | int | float | bool | None
Kind = Literal["text", "count", "share", "number"]


class Column(msgspec.Struct, frozen=True):
    """One column of a figure's table."""

    name: str  # as the chart and the CSV call it
    title: str
    kind: Kind = "text"  # a share is 0 to 1


class Figure(msgspec.Struct, frozen=True):
    """One table, and how it is drawn."""

    id: str  # letters, digits and hyphens; also the name of its CSV
    title: str
    says: str  # what is seen in it, one or two sentences
    columns: list[Column]
    rows: list[list[Cell]]
    chart: dict[str, Any] | None = None  # Vega-Lite without data; its rows are called `rows`
    walk: bool = False  # a map: points can be visited one by one


class Section(msgspec.Struct, frozen=True):
    """Figures about one thing."""

    id: str
    title: str
    says: str
    figures: list[Figure]


class Fact(msgspec.Struct, frozen=True):
    """One number above all figures; `tone` says whether it is good or bad news."""

    title: str
    value: str
    says: str = ""
    tone: Literal["plain", "good", "bad"] = "plain"


class Report(msgspec.Struct, frozen=True):
    """All figures of one release."""

    release: str  # id
    recipe: str  # name and digest
    version: str
    minimum: int  # conversations and users behind each cell that is shown
    facts: list[Fact]
    sections: list[Section]
    numbers: dict[str, dict[str, int]] = {}  # partition -> name -> rows, folded; for the next one
    totals: dict[str, int] = {}  # what is compared with the next release
