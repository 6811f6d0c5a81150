"""Of conversations that say the same, the oldest stays and says how many it stands for."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.duplicates import DropDuplicates
from tests.conftest import DAY_S, MONDAY, built, cases, conversations, judge

SAME = ["hi", "hello"]


@cases("drop_duplicates")
def test_what_is_equal(case: dict[str, Any]) -> None:
    """Each case file says which differences do not count."""
    stage = built("drop_duplicates", case.get("options"))
    (state,) = judge(stage, conversations(*case["pair"]))

    assert state["reason"] == [None, case["want"]]


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
@given(pair=st.tuples(*[st.text("ae\N{COMBINING ACUTE ACCENT}é \n\u00a0\u3000", max_size=5)] * 2))
def test_words_count_not_spaces(form: Any, pair: tuple[str, str]) -> None:
    """Texts are equal if their words are, in one normal form, whatever space is between them."""
    one, other = (unicodedata.normalize(form, text).split() for text in pair)
    (state,) = judge(DropDuplicates(form=form), conversations(*([text] for text in pair)))

    assert (state["reason"][1] is not None) == (one == other)


def test_the_oldest_stays() -> None:
    """Time decides, not the order of the rows; the others name it."""
    batch = conversations(SAME, SAME, SAME, tstamp=[MONDAY + 5, MONDAY, MONDAY + 9])
    (state,) = judge(DropDuplicates(), batch)

    assert state["reason"] == ["duplicate", None, "duplicate"]
    assert state["into"] == [f"{1:032x}", None, f"{1:032x}"]
    assert state["duplicates"] == [0, 2, 0]


def test_at_the_same_moment_the_id_decides() -> None:
    """Nothing depends on files or workers."""
    batch = conversations(SAME, SAME, tstamp=MONDAY, conversation_id=["b", "a"])

    assert judge(DropDuplicates(), batch)[0]["reason"] == ["duplicate", None]


@pytest.mark.parametrize(
    ("interval", "wanted"), [("day", [1, 0, 0]), ("week", [2, 0, 0]), ("all", [2, 0, 0])]
)
def test_copies_of_the_same_interval_are_counted(interval: str, wanted: list[int]) -> None:
    """A copy in a later interval is dropped but not counted, for that number is out already."""
    batch = conversations(SAME, SAME, SAME, tstamp=[MONDAY, MONDAY + 1, MONDAY + DAY_S])
    (state,) = judge(DropDuplicates(), batch, interval=interval)

    assert state["reason"] == [None, "duplicate", "duplicate"]
    assert state["duplicates"] == wanted


def test_sides_of_a_battle_are_no_copies() -> None:
    """Two models may give the same answer; the same battle's copies elsewhere are copies."""
    battle = ["x", "x", None, "y", "y"]
    (state,) = judge(DropDuplicates(), conversations(*[SAME] * 5, battle_id=battle))

    assert state["reason"] == [None, None, "duplicate", "duplicate", "duplicate"]
    assert state["duplicates"] == [3, 0, 0, 0, 0]
    assert set(state["into"]) == {None, f"{0:032x}"}


@pytest.mark.parametrize(
    ("within", "wanted"),
    [
        ("all", [None, "duplicate", "duplicate", "duplicate"]),
        ("model", [None, "duplicate", None, "duplicate"]),
        ("user", [None, None, "duplicate", "duplicate"]),
    ],
)
def test_whose_copies_count(within: Any, wanted: list[str | None]) -> None:
    """Copies are told by text alone, or only among those of one model or one user."""
    batch = conversations(
        *[SAME] * 4, model=["oak", "oak", "elm", "elm"], user_id=["ann", "bob", "ann", "bob"]
    )

    assert judge(DropDuplicates(within=within), batch)[0]["reason"] == wanted


def test_a_dropped_row_never_wins() -> None:
    """A copy stays if the older one was dropped by an earlier stage."""
    gone = {"dropped_by": ["drop_models", None], "reason": ["embargo", None]}
    (state,) = judge(DropDuplicates(), conversations(SAME, SAME, **gone))

    assert state["reason"] == ["embargo", None]
    assert state["duplicates"] == [None, 0]


def test_null_is_empty() -> None:
    """An answer that was never begun says what an empty one says."""
    (state,) = judge(DropDuplicates(), conversations(["hi", None], ["hi", ""]))

    assert state["reason"] == [None, "duplicate"]
