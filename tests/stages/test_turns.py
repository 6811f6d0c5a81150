"""Turns are whole: a prompt and its answer, both with text, neither without end."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RecipeError
from pipeline.stages.turns import DropMalformedTurns, DropTooLong
from tests.conftest import built, cases, conversations, reasons


@cases("drop_malformed_turns")
def test_malformed_turns(case: dict[str, Any]) -> None:
    """Each case file says what is no turn, and what is only a strange one."""
    stage = built("drop_malformed_turns", case.get("options"))

    assert reasons(stage, conversations(case["messages"])) == [case["want"]]


@cases("drop_empty")
def test_empty_texts(case: dict[str, Any]) -> None:
    """A text of white space of any script is empty."""
    assert reasons(built("drop_empty"), conversations(case["messages"])) == [case["want"]]


@cases("drop_too_long")
def test_limits(case: dict[str, Any]) -> None:
    """A limit itself is allowed."""
    stage = built("drop_too_long", case.get("options"))

    assert reasons(stage, conversations(case["messages"])) == [case["want"]]


def test_defaults() -> None:
    """200 messages, and 200,000 characters of a message, are not too many."""
    long = "x" * 200_000
    batch = conversations(["a"] * 200, ["a"] * 202, [long, "a"], ["a", f"{long}x"])

    assert reasons(DropTooLong(), batch) == [None, "too_many_messages", None, "message_too_long"]


def test_the_least_share() -> None:
    """Below six tenths lost letters need not be neighbours, by which they are found fast."""
    with pytest.raises(RecipeError, match=r"drop_malformed_turns\.garbled: found 0\.55"):
        built("drop_malformed_turns", {"garbled": 0.55})


@pytest.mark.parametrize("garbled", [0.6, 0.8, 1.0])
@given(
    texts=st.lists(st.text("?\N{REPLACEMENT CHARACTER}aé ", max_size=14), max_size=4),
)
def test_garbled_is_a_share_of_bytes(garbled: float, texts: list[str]) -> None:
    """A message of 8 bytes or more is garbled by the share of `?` and U+FFFD in them."""
    stage = DropMalformedTurns(garbled=garbled)
    wanted = []
    for text in texts:
        lost = text.count("?") + 3 * text.count("\N{REPLACEMENT CHARACTER}")
        size = len(text.encode())
        wanted.append("garbled" if size >= 8 and lost >= np.float64(garbled) * size else None)

    assert reasons(stage, conversations(*([text, "a"] for text in texts))) == wanted
