"""Section: where every line went, from the log to the release."""

from collections import Counter

from pipeline.errors import RecipeError
from pipeline.recipe import find, load, shipped
from pipeline.report import charts, tables
from pipeline.report.sources import Sources
from schemas.manifest import Books
from schemas.report import Figure, Section

SAYS = (
    "Every line of the logs is a staged row, part of one, or quarantined; every staged row is "
    "released, held or dropped for a reason. A run whose books do not balance makes no release."
)
Step = tuple[str, str, int, int, int, int]


def sections(sources: Sources) -> list[Section]:
    """The funnel by stage, the reasons, the quarantine, the other tables."""
    books = sources.run.books
    return tables.section(
        "funnel",
        "From lines to release",
        SAYS,
        _funnel(_steps(sources)),
        _dropped(books),
        _quarantined(books),
        _tables(books),
    )


def _funnel(steps: list[Step]) -> list[Figure]:
    return tables.figure(
        "funnel",
        ("Lines to released conversations", "What each step took, and what was left after it."),
        [("step", "Step", "text"), ("fate", "Fate", "text"), ("rows", "Rows", "count"),
         ("left", "Left", "count"), ("begin", "Bar from", "count"), ("end", "Bar to", "count")],
        steps,
        charts.steps(len(steps)),
    )  # fmt: skip


def _dropped(books: Books) -> list[Figure]:
    rows: list[tuple[str, str, str, int]] = [
        (table, *_parted(reason), count)
        for table, found in books.dropped.items()
        for reason, count in found.items()
    ]
    rows.sort(key=lambda row: (-row[3], row))
    return tables.figure(
        "dropped",
        ("Dropped, by stage and reason", "Rows of each table that are not released, and why."),
        [("table", "Table", "text"), ("stage", "Stage", "text"), ("reason", "Reason", "text"),
         ("rows", "Rows", "count")],
        rows,
        charts.bars("reason", "rows", color="table", count=len({row[2] for row in rows})),
    )  # fmt: skip


def _quarantined(books: Books) -> list[Figure]:
    rows = sorted(books.quarantined.items(), key=lambda one: (-one[1], one[0]))
    return tables.figure(
        "quarantined",
        ("Quarantined lines", "Lines that could not be staged; none of them is kept."),
        [("reason", "Reason", "text"), ("lines", "Lines", "count")],
        rows,
        charts.bars("reason", "lines", count=len(rows)),
    )


def _tables(books: Books) -> list[Figure]:
    rows = [
        (table, rows, sum(books.dropped.get(table, {}).values()), books.held.get(table, 0),
         books.released.get(table, 0))
        for table, rows in sorted(books.staged.items())
    ]  # fmt: skip
    return tables.figure(
        "tables",
        ("Tables", "Staged rows by table, and what became of them."),
        [("table", "Table", "text"), ("staged", "Staged", "count"),
         ("dropped", "Dropped", "count"), ("held", "Kept, not released", "count"),
         ("released", "Released", "count")],
        rows,
    )  # fmt: skip


def _steps(sources: Sources) -> list[Step]:
    """The waterfall: step, fate, rows, left, and where its bar lies."""
    books = sources.run.books
    left = books.lines
    found: list[Step] = [("lines read", "kept", left, left, 0, left)]
    others = {f"{t}: own table": n for t, n in books.staged.items() if t != "conversations"}
    first = {"quarantined": sum(books.quarantined.values()), "votes absorbed": books.absorbed}
    for name, rows in (first | others).items():
        if rows:
            found.append((name, "dropped", rows, left - rows, left - rows, left))
            left -= rows
    found.append(("conversations staged", "kept", left, left, 0, left))
    dropped: Counter[str] = Counter()
    for reason, rows in books.dropped.get("conversations", {}).items():
        dropped[reason.split(": ", 1)[0]] += rows
    order = _order(sources)
    for name in sorted(dropped, key=lambda one: (order.get(one, len(order)), -dropped[one], one)):
        rows = dropped[name]
        found.append((name, "dropped", rows, left - rows, left - rows, left))
        left -= rows
    released = books.released.get("conversations", 0)
    found.append(("conversations released", "kept", released, released, 0, released))
    return found


def _parted(reason: str) -> tuple[str, str]:
    stage, _, why = reason.partition(": ")
    return stage, why


def _order(sources: Sources) -> dict[str, int]:
    """Stage -> its place in the recipe; empty where that is no recipe of the project."""
    name = sources.run.plan.recipe_name
    if name not in shipped():
        return {}
    try:
        return {stage.name: at for at, stage in enumerate(load(str(find(name))).stages)}
    except RecipeError:
        return {}
