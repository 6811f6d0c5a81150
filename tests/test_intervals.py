"""Every moment is in one interval, and every interval has a name."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import intervals

KINDS = ("day", "week", "month", "all")
FORMATS = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "all": "all"}
moments = st.floats(0, 4_102_444_800.0)


def named(tstamp: float, kind: str) -> str:
    """The name of the interval of a moment."""
    return intervals.name(int(intervals.number(np.array([tstamp]), kind)[0]), kind)


@pytest.mark.parametrize("kind", KINDS)
@given(tstamp=moments)
def test_names_are_those_of_the_calendar(kind: str, tstamp: float) -> None:
    """Days, ISO weeks and months are as Python's calendar has them, in UTC."""
    wanted = dt.datetime.fromtimestamp(int(tstamp), dt.UTC).strftime(FORMATS[kind])

    assert named(tstamp, kind) == wanted


@pytest.mark.parametrize(
    ("moment", "day", "week", "month"),
    [
        ("2023-04-24T00:00:00", "2023-04-24", "2023-W17", "2023-04"),
        ("2023-04-23T23:59:59.999", "2023-04-23", "2023-W16", "2023-04"),
        ("2024-12-30T00:00:00", "2024-12-30", "2025-W01", "2024-12"),
        ("2023-01-01T12:00:00", "2023-01-01", "2022-W52", "2023-01"),
        ("2024-02-29T23:59:59", "2024-02-29", "2024-W09", "2024-02"),
        ("2021-01-03T00:00:00", "2021-01-03", "2020-W53", "2021-01"),
    ],
)
def test_borders(moment: str, day: str, week: str, month: str) -> None:
    """Weeks begin on Monday and belong to the year of their Thursday."""
    tstamp = dt.datetime.fromisoformat(f"{moment}+00:00").timestamp()

    assert [named(tstamp, kind) for kind in KINDS] == [day, week, month, "all"]


@pytest.mark.parametrize("kind", KINDS)
@given(pair=st.tuples(moments, moments).map(sorted))
def test_later_is_never_an_earlier_interval(kind: str, pair: list[float]) -> None:
    """The numbers of intervals grow with time."""
    first, second = intervals.number(np.array(pair), kind)

    assert first <= second


def test_numbers_are_narrow() -> None:
    """A number is an int32 column, one a row; of no rows, none."""
    found = intervals.number(np.array([]), "week")

    assert found.dtype == np.int32
    assert found.shape == (0,)
