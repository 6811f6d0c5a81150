"""How the release was made: its recipe as a method, its books as a funnel, what changed."""

import dataclasses
import inspect
import typing
from typing import Any, Literal

import msgspec

from pipeline.card.facts import Facts
from pipeline.card.markdown import code, count, table
from pipeline.stage import Stage
from schemas.manifest import FORGOTTEN, ReleaseManifest
from schemas.statistics import Cells

LONG = 1000
"""Characters of a type at most."""


def stages(facts: Facts) -> str:
    """The stages in order: what each does, and which options it was given."""
    rows = [
        (str(number), code(stage.name), purpose(stage), options(stage) or "-")
        for number, stage in enumerate(facts.recipe.stages, start=1)
    ]
    return table(["#", "stage", "what it does", "options"], rows)


def purpose(stage: Stage) -> str:
    """The first sentence of a stage's manual."""
    manual = (inspect.getdoc(type(stage)) or "").split("\n\n")[0]
    return " ".join(manual.split()).replace("|", "\\|")


def options(stage: Stage) -> str:
    """Numbers, switches and fixed words of a stage; of all else only that it was given.

    Paths, servers, and lists such as models under embargo are the publisher's own.
    """
    hints = typing.get_type_hints(type(stage))
    told = []
    for field in dataclasses.fields(stage):
        value = getattr(stage, field.name)
        is_default = value == field.default
        is_word = typing.get_origin(hints[field.name]) is Literal
        if isinstance(value, bool):
            told.append(code(f"{field.name}: {str(value).lower()}"))
        elif (
            isinstance(value, int | float)
            or is_word
            or (isinstance(value, str) and value and is_default)
        ):
            told.append(code(f"{field.name}: {value}"))
        elif value is not None and value not in ("", (), {}) and not _is_made(field, value):
            told.append(f"{code(field.name)} given")
    return ", ".join(told)


def _is_made(field: "dataclasses.Field[Any]", value: object) -> bool:
    """Whether the value is the default, made by a factory or not."""
    if field.default_factory is not dataclasses.MISSING:
        return bool(value == field.default_factory())
    return bool(value == field.default)


def funnel(facts: Facts) -> str:
    """From the lines of the logs to the released rows."""
    found = facts.statistics.funnel
    rows: list[tuple[str, str]] = [("lines of log", count(found.lines))]
    aside = count(found.quarantined.total)
    rows.append(("set aside, for they could not be read or have no place here", aside))
    rows += _reasons(found.quarantined)
    rows.append(("votes and flags that became part of their conversation", count(found.absorbed)))
    for name, staged in found.staged.items():
        dropped = found.dropped.get(name, Cells({}))
        rows += [(f"rows of {code(name)}", count(staged)), ("dropped", count(dropped.total))]
        rows += _reasons(dropped)
        if name in found.held:
            rows.append(("kept, not released", count(found.held[name])))
        if name in facts.release.configs:
            rows.append(("**released**", f"**{count(facts.release.configs[name])}**"))
    return table(["", "#rows"], rows)


def _reasons(cells: Cells) -> list[tuple[str, str]]:
    """The parts of a total, indented."""
    rows = [(f"&emsp;{code(reason)}", count(of)) for reason, of in cells.counts.items()]
    if cells.other:
        rows.append(
            (f"&emsp;{cells.folded:,} reasons that are too rare to show", count(cells.other))
        )
    return rows


def columns(facts: Facts, config: str) -> str:
    """Every column of a config: type and meaning."""
    rows = [
        (code(field.name), code(_short(str(field.type)), LONG), _meaning(field))
        for field in facts.schemas[config]
    ]
    return table(["column", "type", "meaning"], rows)


def _meaning(field: Any) -> str:
    told = (field.metadata or {}).get(b"description", b"").decode()
    return str(told).replace("|", "\\|")


def _short(kind: str) -> str:
    """Names of categories, twice eleven or thirteen, are in the table of moderation."""
    for children in ("categories: struct<", "category_scores: struct<"):
        before, found, after = kind.partition(children)
        if found:
            inner, _, rest = after.partition(">")
            value = inner.rsplit(": ", 1)[-1]
            kind = f"{before}{found}category: {value}, …>{rest}"
    return kind.replace("list<item: ", "list<").replace("list<element: ", "list<")


def requests(release: ReleaseManifest) -> str:
    """How many conversations, users and texts are left out on request; empty: none."""
    counted = {kind: len(release.forgotten.get(kind, ())) for kind in FORGOTTEN}
    return ", ".join(f"{n:,} {kind}{'s' * (n > 1)}" for kind, n in counted.items() if n)


def forgotten(before: ReleaseManifest, now: ReleaseManifest) -> list[str]:
    """How much was taken down on request since the release before; nothing, if nothing was."""
    new, lost = [], 0
    for kind in FORGOTTEN:
        was, has = (set(one.forgotten.get(kind, ())) for one in (before, now))
        lost += len(was - has)
        if has - was:
            new.append(f"{len(has - was):,} {kind}{'s' * (len(has - was) > 1)}")
    told = [f"On request, {', '.join(new)} went, with all of their rows."] if new else []
    if lost:
        told.append(
            f"Of {lost:,} requests that the release before had honoured, its marks are not in "
            "this one: it was made under another key, or without its list."
        )
    return told


def changes(facts: Facts) -> list[str]:
    """What is other than in the release before; empty if the recipe names none."""
    if not facts.recipe.card.former:
        return []
    before = msgspec.json.decode(facts.recipe.card.former, type=ReleaseManifest)
    told = [
        f"The release before was {code(before.release)}, made by version {code(before.version)}."
    ]
    for name in dict.fromkeys((*before.configs, *facts.release.configs)):
        old, new = before.configs.get(name, 0), facts.release.configs.get(name, 0)
        told.append(f"{code(name)}: {new:,} rows, after {old:,}.")
    was, now = ({one.path: one.sha256 for one in r.files} for r in (before, facts.release))
    kept = sum(was.get(path) == sha256 for path, sha256 in now.items())
    told.append(
        f"Of {len(now):,} data files {kept:,} are unchanged, {len(now.keys() - was):,} new, "
        f"{len(now.keys() & was) - kept:,} changed; {len(was.keys() - now):,} are gone."
    )
    told += forgotten(before, facts.release)
    old_columns = before.columns.get("conversations", {})
    new_columns = facts.release.columns.get("conversations", {})
    for what, names in (
        ("New columns", new_columns.keys() - old_columns),
        ("Columns that are gone", old_columns.keys() - new_columns),
    ):
        if names:
            told.append(f"{what}: {', '.join(map(code, sorted(names)))}.")
    if before.recipe != facts.release.recipe:
        told.append("The recipe is another one.")
    return told
