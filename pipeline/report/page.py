"""The page of a report: one file that opens offline, fetches nothing and runs no other script.

The Content-Security-Policy allows the hashes of our own scripts and style, and nothing else. So
Vega runs on its interpreter, for it would otherwise compile its expressions by `eval`.
"""

import base64
import functools
import hashlib
from collections.abc import Sequence
from importlib import resources
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup

from pipeline.report import spreadsheet
from pipeline.report.examples import Drawn
from schemas.report import Column, Figure, Report

ASSETS, TEMPLATES = "assets", "templates"
LIBRARIES = ("vega.min.js", "vega-lite.min.js", "vega-interpreter.js")
IMPORTS = "import { ascending, isString, DisallowedObjectProperties } from 'vega-util';"
EXPORTS = "export { expression as expressionInterpreter };"
SOURCE_MAP = "//# sourceMappingURL="


def rendered(report: Report, examples: Drawn, seed: int) -> str:
    """The whole page.

    Args:
        report: all figures.
        examples: conversations to show.
        seed: that drew them; the page says it.
    """
    scripts = [*libraries(), asset("report.js")]
    style = asset("report.css")
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            examples=examples,
            seed=seed,
            scripts=[Markup(script) for script in scripts],  # noqa: S704 (our own, hashed)
            style=Markup(style),  # noqa: S704
            policy=policy(scripts, [style]),
        )
    )


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """A Content-Security-Policy that allows these scripts and styles only, and no network."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(_hashed(script) for script in scripts)}",
            f"style-src {' '.join(_hashed(style) for style in styles)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hashed(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@functools.cache
def asset(name: str) -> str:
    """A file of `assets/`, as it stands."""
    return resources.files(__package__).joinpath(ASSETS, name).read_text("utf-8")


@functools.cache
def libraries() -> tuple[str, ...]:
    """Vega, Vega-Lite and the interpreter as plain scripts, for inlining."""
    plain = []
    for name in LIBRARIES:
        text = asset(name).replace(
            IMPORTS, "const {ascending,isString,DisallowedObjectProperties}=vega;"
        )
        text = text.replace(EXPORTS, "globalThis.expressionInterpreter=expression;")
        lines = [line for line in text.splitlines() if not line.startswith(SOURCE_MAP)]
        text = "\n".join(lines)
        plain.append(f"{{{text}}}" if name == LIBRARIES[-1] else text)
    return tuple(plain)


@functools.cache
def environment() -> jinja2.Environment:
    """Templates of this room; everything is escaped."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.report", TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"told": told, "data": data, "csv_link": csv_link, "packed": packed}
    return made


def told(value: Any, column: Column) -> str:
    """A cell as it is read: thousands parted, shares in per cent; null is too small to show."""
    match value, column.kind:
        case None, "text":
            return ""
        case None, _:
            return "\N{EN DASH}"
        case int() | float(), "share":
            return f"{value:.2%}"
        case int(), "count":
            return f"{value:,}"
        case float(), _:
            return f"{value:,.4g}"
        case _:
            return str(value)


def data(figure: Figure) -> Markup:
    """The chart and its rows, as JSON in a script element: no character of it can end that."""
    names = [column.name for column in figure.columns]
    rows = [dict(zip(names, row, strict=True)) for row in figure.rows]
    titles = {column.name: [column.title, column.kind] for column in figure.columns}
    return packed({"chart": figure.chart, "rows": rows, "titles": titles, "walk": figure.walk})


def packed(value: Any) -> Markup:
    """JSON with every `<`, `>` and `&` written as a code."""
    text = msgspec.json.encode(value).decode()
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 (no markup is left in it)


def csv_link(figure: Figure) -> str:
    """The CSV as a link that holds it."""
    return (
        "data:text/csv;charset=utf-8;base64,"
        + base64.b64encode(spreadsheet.as_csv(figure)).decode()
    )
