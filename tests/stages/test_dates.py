"""A release is about some days, and about a sample that is always the same one."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.dates import DropOutsideDates, DropUnsampled
from tests.conftest import battles, conversations, reasons

MANY = conversations(*[["hi"]] * 2000)


def moment(text: str) -> float:
    """Seconds since the epoch."""
    return dt.datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("since", "until", "logged", "wanted"),
    [
        ("2023-06-26", None, "2023-06-26T00:00:00Z", None),
        ("2023-06-26", None, "2023-06-25T23:59:59.999Z", "before"),
        (None, "2023-06-26", "2023-06-25T23:59:59.999Z", None),
        (None, "2023-06-26", "2023-06-26T00:00:00Z", "after"),
        ("2023-06-26T12:00:00", None, "2023-06-26T11:59:59Z", "before"),
        ("2023-06-26T12:00:00", None, "2023-06-26T12:00:00Z", None),
        ("2023-06-26T05:00:00-07:00", None, "2023-06-26T11:59:59Z", "before"),
        ("2023-06-26T05:00:00-07:00", None, "2023-06-26T12:00:00Z", None),
        ("2023-06-26", "2023-06-27", "2023-06-26T23:59:59Z", None),
        (None, None, "2023-06-26T00:00:00Z", None),
    ],
)
def test_dates(since: str | None, until: str | None, logged: str, wanted: str | None) -> None:
    """`since` is the first moment that is wanted and `until` the first that is not, in UTC."""
    stage = DropOutsideDates(since=since, until=until)
    pair = (["hi", "hello"], ["hi", "hey"])

    assert reasons(stage, conversations(["hi", "hello"], tstamp=moment(logged))) == [wanted]
    assert reasons(stage, battles(pair, tstamp=moment(logged))) == [wanted]


def test_a_date_that_is_none() -> None:
    """A wrong date is found before anything runs."""
    with pytest.raises(ValueError, match="isoformat"):
        DropOutsideDates(until="the end of June")


def kept(share: float) -> set[str]:
    """Ids of the sampled conversations."""
    after = DropUnsampled(share).apply(MANY).to_pylist()
    return {row["conversation_id"] for row in after if row["reason"] is None}


def test_the_share_is_kept() -> None:
    """About the share of the conversations is sampled, and all of them by default."""
    assert 150 < len(kept(0.1)) < 250
    assert len(kept(1.0)) == 2000


@given(shares=st.tuples(st.floats(0.001, 1), st.floats(0.001, 1)).map(sorted))
def test_a_larger_sample_holds_a_smaller_one(shares: list[float]) -> None:
    """A row's lot is its own: whoever is in a sample is in all larger ones."""
    small, large = shares

    assert kept(small) <= kept(large)


def test_all_rows_of_a_conversation_share_its_lot() -> None:
    """Every turn of a conversation is sampled, or none."""
    turns = conversations(["a"], ["a", "b"], ["c"], conversation_id="the same")

    assert len(set(reasons(DropUnsampled(0.5), turns))) == 1
