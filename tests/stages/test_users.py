"""No user, and no program, fills the dataset."""

from typing import Any

import pytest

from pipeline.stages.users import CapUser
from tests.conftest import DAY_S, MONDAY, conversations, judge


def verdicts(stage: CapUser, *seconds: float, interval: str = "week", **columns: Any) -> list[Any]:
    """Why conversations at these seconds after Monday are dropped; all of one user."""
    columns = {"user_id": "ann"} | columns
    batch = conversations(*[["hi"]] * len(seconds), tstamp=[MONDAY + s for s in seconds], **columns)
    return judge(stage, batch, interval=interval)[0]["reason"]


def test_the_first_of_a_day_stay() -> None:
    """The cap is per day in UTC, and time decides who is first."""
    hours = [h * 3600.0 for h in (9, 1, 5, 24, 25, 26)]

    assert verdicts(CapUser(most=2), *hours) == ["over_cap", None, None, None, None, "over_cap"]


@pytest.mark.parametrize(("interval", "kept"), [("day", 4), ("week", 2), ("all", 2)])
def test_the_first_of_an_interval_stay(interval: str, kept: int) -> None:
    """The cap may be per interval of the release instead."""
    found = verdicts(
        CapUser(most=2, per="interval"), 0, 3600, 7200, DAY_S, DAY_S + 99, interval=interval
    )

    assert found.count(None) == kept
    assert found[:2] == [None, None]


def test_users_do_not_share_a_cap() -> None:
    """Everyone has their own; rows of nobody are kept, however many."""
    users = ["ann", "bob", "ann", None, None, None]
    found = verdicts(CapUser(most=1), *range(0, 6000, 1000), user_id=users)

    assert found == [None, None, "over_cap", None, None, None]


def test_bursts() -> None:
    """More than so many within so many seconds are a program's; what is beyond is dropped."""
    stage = CapUser(burst=2, burst_s=60)

    assert verdicts(stage, 0, 1, 2, 3) == [None, None, "burst", "burst"]
    assert verdicts(stage, 0, 30, 60) == [None, None, "burst"]
    assert verdicts(stage, 0, 30, 60.5) == [None, None, None]
    assert verdicts(stage, 0, 1, 2, 1000, 1001) == [None, None, "burst", None, None]


def test_bursts_know_no_midnight() -> None:
    """A program that works past midnight is a program."""
    assert verdicts(CapUser(burst=1), DAY_S - 1, DAY_S, interval="day") == [None, "burst"]


def test_a_burst_of_many_users_is_none() -> None:
    """A busy minute is no burst."""
    assert verdicts(CapUser(burst=1), 0, 1, 2, user_id=["ann", "bob", None]) == [None] * 3


def test_burst_is_the_reason_that_is_given() -> None:
    """Where both rules fit, the row says burst."""
    assert verdicts(CapUser(most=1, burst=1), 0, 1) == [None, "burst"]


def test_dropped_rows_fill_no_cap() -> None:
    """What an earlier stage dropped is not counted."""
    gone: dict[str, Any] = {"dropped_by": ["drop_empty", None], "reason": ["empty_prompt", None]}

    assert verdicts(CapUser(most=1), 0, 1000, **gone) == ["empty_prompt", None]


def test_defaults() -> None:
    """By default a user has 100 conversations a day, and 20 a minute."""
    assert verdicts(CapUser(), *range(0, 10_100, 100)).count("over_cap") == 1
    assert verdicts(CapUser(), *range(21)).count("burst") == 1
