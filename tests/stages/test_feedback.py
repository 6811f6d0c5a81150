"""Clicks are counted on the conversation that they are about."""

from typing import Any

import pytest

from pipeline.stages.feedback import TagFeedback
from tests.conftest import MONDAY, conversations, feedback, judge

DIALOGUE = ["hi", "hello"]


def counted(*kinds: str, **columns: Any) -> Any:
    """What is joined to conversation `c` by clicks on it."""
    clicks = feedback(*kinds, conversation_id="c", **columns)
    chats, _ = judge(TagFeedback(), conversations(DIALOGUE, conversation_id="c"), clicks)
    return chats["feedback"][0]


@pytest.mark.parametrize("kind", ["upvote", "downvote", "flag"])
def test_clicks_are_counted_by_kind(kind: str) -> None:
    """Two users' clicks of one kind are two, and none of the other kinds."""
    nothing = {"upvote": 0, "downvote": 0, "flag": 0}

    assert counted(kind, kind) == nothing | {kind: 2}


def test_kinds_do_not_mix() -> None:
    """Each kind has its own count."""
    assert counted("upvote", "flag", "upvote") == {"upvote": 2, "downvote": 0, "flag": 1}


def test_nobody_clicked() -> None:
    """No feedback is null, and so is a share, which is no opinion."""
    (chats,) = judge(TagFeedback(), conversations(DIALOGUE))

    assert chats["feedback"] == [None]
    assert counted("share") is None


def test_a_line_logged_twice_counts_once() -> None:
    """The same line in two places is one click; the same user a second later clicks again."""
    twice = {"tstamp": MONDAY + 60, "user_id": "ann"}

    assert counted("upvote", "upvote", **twice)["upvote"] == 1
    assert counted("upvote", "upvote", **twice | {"tstamp": [1.0, 2.0]})["upvote"] == 2
    assert counted("upvote", "downvote", **twice) == {"upvote": 1, "downvote": 1, "flag": 0}


def test_clicks_are_absorbed() -> None:
    """A click says into which conversation it went, or that there is none."""
    clicks = feedback("upvote", "share", "flag", conversation_id=["c", "c", "nowhere"])
    _, state = judge(TagFeedback(), conversations(DIALOGUE, conversation_id="c"), clicks)

    assert state["reason"] == ["absorbed", "absorbed", "no_conversation"]
    assert state["into"] == ["c", "c", None]
    assert state["feedback"] == [None, None, None]


def test_dropped_conversations_absorb_too() -> None:
    """A conversation that is not released was staged all the same."""
    chats = conversations(DIALOGUE, conversation_id="c", dropped_by="drop_empty", reason="empty")
    before, clicks = judge(TagFeedback(), chats, feedback("flag", conversation_id="c"))

    assert clicks["reason"] == ["absorbed"]
    assert before["feedback"] == [{"upvote": 0, "downvote": 0, "flag": 1}]
    assert before["dropped_by"] == ["drop_empty"]


def test_every_state_of_a_conversation_has_its_feedback() -> None:
    """Whichever state is released, the clicks are on it."""
    chats = conversations(DIALOGUE, [*DIALOGUE, "so?", "so."], conversation_id="c")
    states, _ = judge(TagFeedback(), chats, feedback("flag", conversation_id="c"))

    assert [found["flag"] for found in states["feedback"]] == [1, 1]
