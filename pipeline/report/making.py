"""Make a report: `run/report.html`, `run/report.json`, and `run/report/*.csv`; private, all of it.

The release is not touched: what goes wrong here is wrong with the report.
"""

from collections import Counter
from collections.abc import Iterator

from pipeline import files
from pipeline.errors import InputError
from pipeline.folders import Folders
from pipeline.report import (
    activity,
    changes,
    content,
    copies,
    effort,
    examples,
    flow,
    landscape,
    page,
    personal,
    safety,
    sources,
    spreadsheet,
    tables,
)
from pipeline.report.sources import MINIMUM, Sources
from schemas.report import Fact, Figure, Report, Section

PAGE, NUMBERS, TABLES = "report.html", "report.json", "report"
PARTITIONS = ("language", "model", "topic", "interval")


def make(output: str, against: str | None = None, minimum: int = MINIMUM, seed: int = 0) -> str:
    """Write the report of a finished run; returns where the page is.

    Args:
        output: its output folder.
        against: the output folder of a former release to compare with, or None.
        minimum: conversations, and users, behind each cell that is shown.
        seed: of the examples.

    Raises:
        InputError: the run is not finished, or there is none in `against`.
    """
    then = former(against, minimum) if against else None
    read = sources.read(output, minimum, seed)
    report = made(read, then)
    shown = examples.draw(read.folders.release, read.release, seed)
    folders = read.folders
    files.make_folder(folders.run, private=True)
    files.remove_tree(folders.at(TABLES))
    for figure in figures(report):
        files.write_bytes(folders.at(TABLES, f"{figure.id}.csv"), spreadsheet.as_csv(figure))
    files.write_record(folders.at(NUMBERS), report)
    files.write_bytes(folders.at(PAGE), page.rendered(report, shown, seed).encode())
    return folders.at(PAGE)


def former(output: str, minimum: int) -> Report:
    """The numbers of a former release: its report's, or counted now.

    Raises:
        InputError: there is neither a report nor a finished run.
    """
    path = Folders(output).at(NUMBERS)
    if files.exists(path):
        found = files.read_record(path, Report)
        if found.minimum == minimum:
            return found
    try:
        return made(sources.read(output, minimum, 0), None)
    except InputError as error:
        raise InputError(f"--against: {error}") from error


def made(read: Sources, then: Report | None) -> Report:
    """All figures of a run, and what a later report compares with."""
    numbers = {
        name: tables.folded(found.counts, read.minimum, users=found.users)
        for name in PARTITIONS
        if (found := read.statistics.partitions.get(name))
    }
    if shown := personal.shown_kinds(read):
        kinds: Counter[str] = Counter()
        for one in read.statistics.redactions:
            kinds[shown[one.kind]] += one.values
        numbers["redacted kind"] = dict(kinds.most_common())
    report = Report(
        read.release.release,
        f"{read.run.plan.recipe_name} ({read.run.plan.recipe[:12]})",
        read.run.plan.version,
        read.minimum,
        list(_facts(read)),
        [],
        numbers,
        _totals(read),
    )
    parts: list[list[Section]] = [
        flow.sections(read),
        personal.sections(read),
        safety.sections(read),
        content.sections(read),
        landscape.sections(read),
        copies.sections(read),
        activity.sections(read),
        changes.sections(report, then),
        effort.sections(read),
    ]
    report.sections.extend(one for part in parts for one in part)
    return report


def figures(report: Report) -> Iterator[Figure]:
    """All figures of a report."""
    for section in report.sections:
        yield from section.figures


def _totals(read: Sources) -> dict[str, int]:
    books = read.run.books
    return {
        "lines read": books.lines,
        "conversations": read.statistics.conversations,
        "messages": read.statistics.messages or read.survey.messages.total(),
        "users": read.statistics.users or 0,
        "models": len(read.survey.models),
        "values redacted": sum(one.values for one in read.statistics.redactions),
        "rows dropped": sum(sum(found.values()) for found in books.dropped.values()),
        "lines quarantined": sum(books.quarantined.values()),
        "bytes": sum(file.bytes for file in read.release.files),
    }


def _facts(read: Sources) -> Iterator[Fact]:
    totals = _totals(read)
    of = tables.share(totals["conversations"], totals["lines read"])
    yield Fact("Conversations released", f"{totals['conversations']:,}",
               f"of {totals['lines read']:,} lines, {of:.0%}")  # fmt: skip
    yield Fact("Books", "balanced", "every line is accounted for", "good")
    if read.statistics.users:
        yield Fact("Users", f"{read.statistics.users:,}", "distinct, by keyed address")
    yield Fact("Models", f"{totals['models']:,}")
    yield Fact("Values redacted", f"{totals['values redacted']:,}")
    flagged = safety.flagged_share(read)
    if flagged is not None:
        yield Fact("Flagged", f"{flagged:.2%}", "of conversations, by the more flagged role")
    yield _bound(read)
    size = totals["bytes"] / 1e6
    yield Fact("Size", f"{size:,.1f} MB", f"{len(read.release.files):,} files")


def _bound(read: Sources) -> Fact:
    result = read.review
    if result is None:
        return Fact("Residual rate", "not reviewed", "curate review draws a sample", "bad")
    told = f"{result.left.of:,} judged, {result.unjudged:,} not; at most, at 95 %"
    tone = "good" if result.is_complete else "bad"
    return Fact("Residual rate", f"≤ {result.bound:.2%}", told, tone)  # type: ignore[arg-type]
