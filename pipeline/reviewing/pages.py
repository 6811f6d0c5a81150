"""The pages of the reviewer's desk: plain forms, everything escaped, no outside reference."""

import functools
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from pipeline.report import page
from pipeline.reviewing.desk import KIND_CHOICES, Desk

SCRIPT, STYLE = "review.js", "review.css"


def overview(desk: Desk) -> str:
    """How far the review is, and where to go on."""
    return _rendered("overview.html.j2", desk)


def item(desk: Desk, number: int, problem: str = "") -> str:
    """A released message with its redactions marked, and the form of its verdict."""
    one = desk.items[number]
    pieces: list[tuple[str, int | None]] = []
    at = 0
    spans = sorted(enumerate(one.spans), key=lambda pair: pair[1].start)
    for place, span in spans:
        pieces += [(one.text[at : span.start], None), (one.text[span.start : span.end], place)]
        at = span.end
    pieces.append((one.text[at:], None))
    return _rendered(
        "item.html.j2", desk, number=number, item=one, pieces=pieces, kinds=KIND_CHOICES,
        problem=problem,
    )  # fmt: skip


def pair(desk: Desk, number: int, problem: str = "") -> str:
    """A dropped conversation beside its witness, and the form of the verdict."""
    drawn = desk.drawn[number]
    return _rendered(
        "pair.html.j2", desk, number=number, pair=drawn.pair, sides=desk.sides(number),
        problem=problem,
    )  # fmt: skip


def fault(text: str) -> str:
    """One line that says what is wrong."""
    return _environment().get_template("fault.html.j2").render(text=text, style=style())


@functools.cache
def policy() -> str:
    """The pages' Content-Security-Policy: own style and script by hash, forms to this server."""
    rules = page.policy([script()], [style()]).replace("form-action 'none'", "form-action 'self'")
    return f"{rules}; frame-ancestors 'none'"


@functools.cache
def script() -> Markup:
    """Keys for those who judge hundreds."""
    return Markup(_asset(SCRIPT))  # noqa: S704 (our own, hashed)


@functools.cache
def style() -> Markup:
    """The report's look, and that of forms."""
    return Markup(page.asset("report.css") + _asset(STYLE))  # noqa: S704


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text("utf-8")


def _rendered(name: str, desk: Desk, **given: Any) -> str:
    template = _environment().get_template(name)
    return template.render(desk=desk, style=style(), script=script(), **given)


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.reviewing", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
