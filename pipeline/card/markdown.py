"""Markdown that says what it is given: text of data cannot become markup."""

import re
from collections.abc import Iterable, Sequence

SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&^$@:.-])")
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
"""Control characters, line ends, and what turns the direction of writing."""
LONGEST = 120


def line(value: str, longest: int = LONGEST) -> str:
    """One line that can be seen, without the characters that cannot; cut where it is too long."""
    seen = " ".join(UNSEEN.sub(" ", value).split())
    return seen if len(seen) <= longest else seen[: longest - 1] + "…"


def text(value: str) -> str:
    """Plain text: every sign that could mean something is escaped."""
    return SPECIAL.sub(r"\\\1", line(value))


def code(value: str, longest: int = LONGEST) -> str:
    """A name from the data, as code: no markup, link, mention or HTML comes to life in it.

    Its fence is longer than any run of backticks inside; a bar would end the cell of a table.
    """
    inner = line(value, longest) or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", inner)), default=0) + 1)
    pad = " " if inner[0] == "`" or inner[-1] == "`" else ""
    return f"{fence}{pad}{inner}{pad}{fence}".replace("|", "\\|")


def block(value: str, language: str = "") -> str:
    """Lines of code, fenced by more backticks than they hold."""
    runs = (len(run) for run in re.findall("`+", value))
    fence = "`" * max(3, max(runs, default=0) + 1)
    return f"{fence}{language}\n{value.strip()}\n{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns of numbers, all but the first of their kind, stand to the right.

    Args:
        head: the names of columns; one that begins with `#` holds numbers.
        rows: finished Markdown.
    """
    names = [name.removeprefix("#") for name in head]
    marks = ["---:" if name.startswith("#") else "---" for name in head]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (names, marks, *rows))


def count(value: int | None, minimum: int = 0) -> str:
    """A count; null says that it is too small to show."""
    return f"fewer than {minimum:,}" if value is None else f"{value:,}"


def share(part: int, whole: int) -> str:
    """Per cent of a whole, to one decimal."""
    return f"{100 * part / whole:.1f} %" if whole else "-"
