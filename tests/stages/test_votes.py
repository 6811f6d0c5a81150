"""Votes are judged as the ancestor judged them, and the two models are found."""

from typing import Any

import pytest

from pipeline.stages.votes import WINNERS, DropInvalidVotes
from tests.conftest import battles, built, cases, reasons

PAIR = (["hi", "hello"], ["hi", "hey"])


@cases("drop_invalid_votes")
def test_rules(case: dict[str, Any]) -> None:
    """Each case file says which votes say nothing fair, why, and whom the others are about."""
    label_a, label_b = case.get("labels", ["", ""])
    model_a, model_b = case.get("models", ["maple-13b", "birch-7b"])
    pair = (case.get("a", PAIR[0]), case.get("b", PAIR[1]))
    batch = battles(pair, label_a=label_a, label_b=label_b, model_a=model_a, model_b=model_b)
    (row,) = built("drop_invalid_votes", case.get("options")).apply(batch).to_pylist()

    assert row["reason"] == case["want"]
    assert row["dropped_by"] == (case["want"] and "drop_invalid_votes")
    if "found" in case:
        assert [row["model_a"], row["model_b"], row["anony"]] == case["found"]


@pytest.mark.parametrize(("vote", "winner"), WINNERS.items())
def test_winners(vote: str, winner: str) -> None:
    """A vote has the ancestor's word for its winner, dropped or not."""
    batch = battles(PAIR, PAIR, vote=vote, label_a=["", None])

    assert DropInvalidVotes().apply(batch)["winner"].to_pylist() == [winner] * 2


def test_rules_about_rows_do_not_mix() -> None:
    """A text on one vote says nothing about another."""
    batch = battles(PAIR, (["hi", "I am ChatGPT."], ["hi", "hey"]), PAIR, ([], PAIR[1]), PAIR)

    assert reasons(DropInvalidVotes(), batch) == [
        None,
        "leaked_identity",
        None,
        "no_messages",
        None,
    ]
