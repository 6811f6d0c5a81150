"""The words of the card that need more than a condition in its template."""

import re

from pipeline.card.facts import Facts
from pipeline.card.markdown import code, count, line


def first(facts: Facts) -> str:
    """What is in it, in two sentences."""
    found = facts.statistics
    said = f"{found.conversations:,} conversations of {found.messages:,} messages"
    if facts.period:
        begin, end = facts.period
        said += f", from {begin} to {end} (UTC)" if begin != end else f", of {begin} (UTC)"
    return f"{said}. Each is one row: its messages, the model, and what was found out about it."


def names(facts: Facts, partition: str) -> str:
    """The names of a partition, as code."""
    cells = facts.statistics.partitions.get(partition)
    return ", ".join(code(name) for name in cells.counts if name) if cells else ""


def copies(facts: Facts) -> str:
    """What the rows stand for; empty if nothing was left out as a copy."""
    what = {"duplicates": "exact copies", "near_duplicates": "near copies"}
    told = [
        f"{count(of, facts.statistics.minimum)} {what[name]} (`{name}`)"
        for name, of in facts.statistics.copies.items()
        if f"drop_{name}" in facts.stages
    ]
    if not told:
        return ""
    said = " and ".join(told)
    return (
        f"The rows stand for {said} that were left out, counted to the end of each row's interval."
    )


def untold(facts: Facts) -> str:
    """The categories that the moderation model cannot tell."""
    flags = facts.statistics.flags
    missing = {one.category for one in flags} - {one.category for one in flags if one.told}
    return ", ".join(map(code, sorted(missing - {""})))


def citation(facts: Facts) -> str:
    """BibTeX: the recipe's, or one made of title and authors."""
    asked = facts.recipe.card
    if asked.citation:
        return asked.citation.strip()
    plain = re.sub(r"[{}\\]", "", line(asked.title))
    key = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_") or "dataset"
    fields = {
        "title": plain,
        "author": " and ".join(map(line, asked.authors)),
        "howpublished": line(asked.homepage),
        "note": f"Release {facts.release.release}",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])
