"""Section: where every line went, from the log to the release."""

from collections import Counter

from pipeline.errors import RecipeError
from pipeline.recipe import find, load, shipped
from pipeline.report import charts, tables
from pipeline.report.sources import Sources
from schemas.report import Section

SAYS = (
    "Every line of the logs is a staged row, part of one, or quarantined; every staged row is "
    "released, held or dropped for a reason. A run whose books do not balance makes no release."
)
Step = tuple[str, str, int, int, int, int]


def sections(sources: Sources) -> list[Section]:
    """The funnel by stage, the reasons, the quarantine, the other tables."""
    books = sources.run.books
    steps = _steps(sources)
    reasons: list[tuple[str, str, str, int]] = [
        (table, *_parted(reason), rows)
        for table, found in books.dropped.items()
        for reason, rows in found.items()
    ]
    reasons.sort(key=lambda row: (-row[3], row))
    quarantined = sorted(books.quarantined.items(), key=lambda one: (-one[1], one[0]))
    tables_ = [
        (table, rows, sum(books.dropped.get(table, {}).values()), books.held.get(table, 0),
         books.released.get(table, 0))
        for table, rows in sorted(books.staged.items())
    ]  # fmt: skip
    return tables.section(
        "funnel",
        "From lines to release",
        SAYS,
        tables.figure(
            "funnel",
            ("Lines to released conversations", "What each step took, and what was left after it."),
            [("step", "Step", "text"), ("fate", "Fate", "text"), ("rows", "Rows", "count"),
             ("left", "Left", "count"), ("begin", "Bar from", "count"), ("end", "Bar to", "count")],
            steps,
            charts.steps(len(steps)),
        ),
        tables.figure(
            "dropped",
            ("Dropped, by stage and reason", "Rows of each table that are not released, and why."),
            [("table", "Table", "text"), ("stage", "Stage", "text"), ("reason", "Reason", "text"),
             ("rows", "Rows", "count")],
            reasons,
            charts.bars("reason", "rows", color="table", count=len({row[2] for row in reasons})),
        ),
        tables.figure(
            "quarantined",
            ("Quarantined lines", "Lines that could not be staged; none of them is kept."),
            [("reason", "Reason", "text"), ("lines", "Lines", "count")],
            quarantined,
            charts.bars("reason", "lines", count=len(quarantined)),
        ),
        tables.figure(
            "tables",
            ("Tables", "Staged rows by table, and what became of them."),
            [("table", "Table", "text"), ("staged", "Staged", "count"),
             ("dropped", "Dropped", "count"), ("held", "Kept, not released", "count"),
             ("released", "Released", "count")],
            tables_,
        ),
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
