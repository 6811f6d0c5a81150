"""Charts of a figure's rows, as Vega-Lite without data and without colours of their own.

Altair checks each against the schema of Vega-Lite. The page puts in the rows, and the colours of
its light or dark theme.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

ROWS = "rows"
"""What the page calls the data."""
BAR_PX = 20
HIGHEST_PX = 900
Spec = dict[str, Any]


def bars(
    name: str,
    value: str,
    *,
    color: str | None = None,
    count: int = 10,
    share: bool = False,
    order: Sequence[str] | None = None,
) -> Spec:
    """A horizontal bar for each name, in the order of the rows; stacked if coloured.

    Args:
        name: field of the names.
        value: field of the lengths.
        color: field that splits a bar.
        count: how many bars there are; makes the height.
        share: whether the lengths are shares of 1.
        order: of the colours.
    """
    encoded: dict[str, Any] = {
        "y": alt.Y(field=name, type="nominal", sort=None, title=None),
        "x": alt.X(field=value, type="quantitative", title=None, axis=_numbers(share)),
        "tooltip": _tips((name, "nominal"), *_split(color), (value, "quantitative")),
    }
    if color:
        encoded["color"] = _color(color, order)
    return _spec(alt.Chart(_data()).mark_bar().encode(**encoded), _height(count))


def steps(count: int) -> Spec:
    """A waterfall: each step's bar lies between `begin` and `end`, coloured by `fate`."""
    chart = (
        alt.Chart(_data())
        .mark_bar()
        .encode(
            y=alt.Y(field="step", type="nominal", sort=None, title=None),
            x=alt.X(field="begin", type="quantitative", title="rows", axis=_numbers()),
            x2=alt.X2(field="end"),
            color=_color("fate", ["kept", "dropped"]),
            tooltip=_tips(("step", "nominal"), ("rows", "quantitative"), ("left", "quantitative")),
        )
    )
    return _spec(chart, _height(count))


def heat(
    across: tuple[str, Sequence[str]],
    down: tuple[str, Sequence[str]],
    value: str,
    *,
    share: bool = False,
) -> Spec:
    """A cell for each pair of names, the darker the more; zero and unknown are left blank.

    Args:
        across: field of the names from left to right, and their order.
        down: field of the names from top to bottom, and their order.
        value: field of the shades.
        share: whether they are shares of 1.
    """
    is_there = f"isValid(datum.{value}) && datum.{value} > 0"
    chart = (
        alt.Chart(_data())
        .mark_rect()
        .transform_filter(is_there)
        .encode(
            x=alt.X(
                field=across[0], type="nominal", sort=list(across[1]), title=None, axis=_slanted()
            ),
            y=alt.Y(field=down[0], type="nominal", sort=list(down[1]), title=None),
            color=alt.Color(
                field=value,
                type="quantitative",
                title=None,
                scale=alt.Scale(type="linear" if share else "symlog"),
                legend=alt.Legend(labelExpr=_format(share=share), gradientLength=160),
            ),
            tooltip=_tips((down[0], "nominal"), (across[0], "nominal"), (value, "quantitative")),
        )
    )
    return _spec(chart, _height(len(down[1])))


def lines(
    across: str,
    value: str,
    color: str | None = None,
    *,
    titles: tuple[str | None, str | None] = (None, None),
    log: bool = False,
    share: bool = False,
) -> Spec:
    """A line for each colour over a number.

    Args:
        across: field of the numbers along the line.
        value: field of their values.
        color: field that tells the lines apart.
        titles: of both axes.
        log: whether the value is on a logarithmic scale (symlog: zero has a place).
        share: whether the values are shares of 1.
    """
    scale = alt.Scale(type="symlog", constant=1e-4 if share else 1) if log else alt.Scale()
    encoded: dict[str, Any] = {
        "x": alt.X(field=across, type="quantitative", title=titles[0]),
        "y": alt.Y(
            field=value,
            type="quantitative",
            title=titles[1],
            scale=scale,
            axis=_numbers(share, [0, 0.0001, 0.001, 0.01, 0.1, 1] if log and share else None),
        ),
        "tooltip": _tips(*_split(color), (across, "quantitative"), (value, "quantitative")),
    }
    if color:
        encoded["color"] = _color(color)
    return _spec(alt.Chart(_data()).mark_line(point=True).encode(**encoded), 320)


def columns(
    across: str,
    value: str,
    color: str | None = None,
    *,
    title: str | None = None,
    order: Sequence[str] | None = None,
) -> Spec:
    """Upright bars in the order of the rows, stacked by colour: histograms, and time."""
    encoded: dict[str, Any] = {
        "x": alt.X(field=across, type="ordinal", sort=None, title=title, axis=_slanted()),
        "y": alt.Y(field=value, type="quantitative", title=None, axis=_numbers()),
        "tooltip": _tips((across, "nominal"), *_split(color), (value, "quantitative")),
    }
    if color:
        encoded["color"] = _color(color, order)
    return _spec(alt.Chart(_data()).mark_bar().encode(**encoded), 280)


def scatter(box: Mapping[str, float]) -> Spec:
    """A map: a circle of `conversations` at `x`, `y` for each `topic`.

    Args:
        box: `x0`, `x1`, `y0`, `y1`: what is in sight; the page moves these parameters.
    """
    place: dict[str, dict[str, Any]] = {
        name: {
            "field": name,
            "type": "quantitative",
            "axis": None,
            "scale": alt.Scale(
                domainMin=alt.ExprRef(f"{name}0"),
                domainMax=alt.ExprRef(f"{name}1"),
                nice=False,
                zero=False,
            ),
        }
        for name in ("x", "y")
    }
    size = alt.Size(
        field="conversations",
        type="quantitative",
        scale=alt.Scale(range=[30, 1600]),
        legend=None,
    )
    points = (
        alt.Chart(_data())
        .mark_circle(opacity=0.6, clip=True)
        .encode(
            x=alt.X(**place["x"]),
            y=alt.Y(**place["y"]),
            size=size,
            tooltip=_tips(
                ("topic", "nominal"), ("terms", "nominal"), ("conversations", "quantitative")
            ),
        )
    )
    names = (
        alt.Chart(_data())
        .mark_text(fontSize=12, limit=150, clip=True, dy=-13)
        .encode(
            x=alt.X(**place["x"]),
            y=alt.Y(**place["y"]),
            text=alt.Text(field="name", type="nominal"),
        )
    )
    moved = [alt.param(name=name, value=value) for name, value in box.items()]
    return _spec(alt.layer(points, names).add_params(*moved), 560)


def _data() -> alt.NamedData:
    return alt.NamedData(name=ROWS)


def _spec(chart: Any, height: int) -> Spec:
    made: Spec = chart.properties(width="container", height=height).to_dict(context={"data": None})
    for name in ("$schema", "config", "usermeta"):
        made.pop(name, None)
    return made


def _height(count: int) -> int:
    return min(max(count, 2) * BAR_PX, HIGHEST_PX)


def _format(*, share: bool) -> str:
    """Each number with a prefix of its own: 0, 500, 10k."""
    if share:
        return "format(datum.value, '~%')"
    return "format(datum.value, abs(datum.value) < 1 ? '~g' : '~s')"


def _numbers(share: bool = False, values: Sequence[float] | None = None) -> alt.Axis:  # noqa: FBT001, FBT002 (one question)
    marks: dict[str, Any] = {"values": list(values)} if values else {}
    return alt.Axis(labelExpr=_format(share=share), tickCount=6, **marks)


def _slanted() -> alt.Axis:
    return alt.Axis(labelAngle=-40)


def _color(field: str, order: Sequence[str] | None = None) -> alt.Color:
    sort = list(order) if order else None
    legend = alt.Legend(orient="top", title=None, columns=4, symbolLimit=0)
    return alt.Color(field=field, type="nominal", sort=sort, title=None, legend=legend)


def _split(color: str | None) -> list[tuple[str, Any]]:
    return [(color, "nominal")] if color else []


def _tips(*fields: tuple[str, Any]) -> list[alt.Tooltip]:
    return [alt.Tooltip(field=name, type=kind) for name, kind in fields]


def grouped(across: str, value: str, color: str) -> Spec:
    """Upright bars side by side for each colour, in the order of the rows."""
    chart = (
        alt.Chart(_data())
        .mark_bar()
        .encode(
            x=alt.X(field=across, type="ordinal", sort=None, title=None, axis=_slanted()),
            xOffset=alt.XOffset(field=color, type="nominal"),
            y=alt.Y(field=value, type="quantitative", title=None, axis=_numbers()),
            color=_color(color),
            tooltip=_tips((across, "nominal"), (color, "nominal"), (value, "quantitative")),
        )
    )
    return _spec(chart, 280)
