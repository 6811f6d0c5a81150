"""A conversation that was logged once a turn is released once."""

from typing import Any

import pytest

from pipeline.stages.superseded import DropSuperseded
from tests.conftest import MONDAY, built, cases, conversations, judge


@cases("drop_superseded")
def test_states(case: dict[str, Any]) -> None:
    """Each case file says how earlier states relate to the last one, oldest first."""
    stage = built("drop_superseded", case.get("options"))
    (state,) = judge(stage, conversations(*case["states"], conversation_id="c"))

    assert state["reason"] == case["want"]
    assert state["variant"] == case.get("variants", [0] * len(case["states"]))
    assert state["into"] == [want and "c" for want in case["want"]]


@pytest.mark.parametrize("keep", ["last", "all"])
def test_counts_stand_on_the_last_state(keep: Any) -> None:
    """How often an answer was made again, and how many branches there were."""
    dialogues = (["a", "b"], ["x", "y"], ["a", "B"], ["a", "b"], ["a", "c"], ["a", "c", "d", "e"])
    (state,) = judge(DropSuperseded(keep=keep), conversations(*dialogues, conversation_id="c"))

    assert state["regenerated"] == [0, 0, 0, 0, 0, 3]
    assert state["branched"] == [0, 0, 0, 0, 0, 1]


def test_conversations_do_not_meet() -> None:
    """States of another conversation supersede nothing."""
    (state,) = judge(DropSuperseded(), conversations(["a", "b"], ["a", "b", "c", "d"]))

    assert state["reason"] == [None, None]


def test_time_decides_not_place() -> None:
    """The last state is the latest one, in whatever file or order it was logged."""
    early = conversations(["a", "b"], conversation_id="c", tstamp=MONDAY)
    late = conversations(["a", "b", "c", "d"], conversation_id="c", tstamp=MONDAY + 9)

    assert [s["reason"] for s in judge(DropSuperseded(), late, early)] == [[None], ["continued"]]


def test_at_the_same_moment_the_longer_state_is_later() -> None:
    """Old logs round their time stamps."""
    batch = conversations(["a", "b", "c", "d"], ["a", "b"], conversation_id="c", tstamp=MONDAY)
    (state,) = judge(DropSuperseded(), batch)

    assert state["reason"] == [None, "continued"]


def test_a_dropped_state_supersedes_nothing() -> None:
    """If the last state holds an error, the one before it is released."""
    dialogues = (["a", "b"], ["a", "b", "c", "d"], ["a", "b", "c", "error"])
    verdicts = {"dropped_by": [None, None, "drop_errors"], "reason": [None, None, "api_error"]}
    (state,) = judge(DropSuperseded(), conversations(*dialogues, conversation_id="c", **verdicts))

    assert state["reason"] == ["continued", None, "api_error"]
    assert state["dropped_by"] == ["drop_superseded", None, "drop_errors"]
    assert state["regenerated"] == [0, 0, None]
