"""Votes tell which conversations are two sides of one battle."""

from pipeline.stages.battles import DropRepeatedVotes, TagBattles
from tests.conftest import MONDAY, battles, conversations, judge

PAIR = (["hi", "hello"], ["hi", "hey"])
CHATS = conversations(["hi", "hello"], ["hi", "hey"], ["hi"], conversation_id=["one", "two", "x"])
VOTE = battles(PAIR, conversation_id_a="one", conversation_id_b="two")


def test_both_sides_are_linked() -> None:
    """Each side has the id of the battle, which is side A's, and its letter."""
    chats, votes = judge(TagBattles(), CHATS, VOTE)

    assert chats["battle_id"] == ["one", "one", None]
    assert chats["side"] == ["a", "b", None]
    assert votes["battle_id"] == votes["side"] == [None]


def test_every_state_of_a_side_is_linked() -> None:
    """A side of n turns was logged n times, before the vote and after it."""
    states = conversations(["hi"], ["hi", "hello"], conversation_id="two")
    early, votes, late = judge(TagBattles(), states, VOTE, states.slice(1))

    assert early["side"] + late["side"] == ["b", "b", "b"]
    assert votes["reason"] == [None]


def test_without_votes() -> None:
    """A battle that nobody voted on stays unlinked."""
    (chats,) = judge(TagBattles(), CHATS)

    assert chats["battle_id"] == chats["side"] == [None, None, None]


def test_a_dropped_vote_still_links() -> None:
    """An unfair vote is about two conversations all the same, and a dropped chat is a side."""
    gone = {"dropped_by": "drop_invalid_votes", "reason": "null_label"}
    unfair = battles(PAIR, conversation_id_a="one", conversation_id_b="two", **gone)
    dropped = conversations(["hi"], conversation_id="two", **gone)
    chats, sides, votes = judge(TagBattles(), CHATS, dropped, unfair)

    assert chats["side"] == ["a", "b", None]
    assert sides["side"] == ["b"]
    assert votes["dropped_by"] == ["drop_invalid_votes"]


def test_the_first_vote_links() -> None:
    """Should two votes disagree on who was where, the older one is right."""
    old = battles(
        PAIR, conversation_id_a="two", conversation_id_b="one", tstamp=MONDAY - 1, user_id="ann"
    )
    chats, *_ = judge(TagBattles(), CHATS, VOTE, old)

    assert chats["battle_id"] == ["two", "two", None]
    assert chats["side"] == ["b", "a", None]


def test_repeated_votes() -> None:
    """Of the votes on the same two conversations, the first one counts."""
    votes = battles(
        *[PAIR] * 4,
        conversation_id_a=["one", "one", "other", "one"],
        conversation_id_b=["two", "two", "two", "other"],
        vote=["leftvote", "rightvote", "leftvote", "leftvote"],
        tstamp=[MONDAY + 9, MONDAY, MONDAY + 1, MONDAY + 2],
    )
    (state,) = judge(DropRepeatedVotes(), votes)

    assert state["reason"] == ["duplicate_vote", None, None, None]
    assert state["into"] == ["one", None, None, None]


def test_a_vote_with_sides_changed_is_another_vote() -> None:
    """Left and right are part of what was asked."""
    votes = battles(PAIR, PAIR, conversation_id_a=["1", "2"], conversation_id_b=["2", "1"])

    assert judge(DropRepeatedVotes(), votes)[0]["reason"] == [None, None]


def test_a_vote_line_logged_twice() -> None:
    """Equal lines are one vote."""
    states = judge(DropRepeatedVotes(), VOTE, VOTE)

    assert [state["reason"] for state in states] == [[None], ["duplicate_vote"]]


def test_a_dropped_vote_repeats_nothing() -> None:
    """If the first vote was unfair, the second one counts."""
    gone = {"dropped_by": ["drop_invalid_votes", None], "reason": ["error", None]}
    votes = battles(PAIR, PAIR, conversation_id_a="one", conversation_id_b="two", **gone)

    assert judge(DropRepeatedVotes(), votes)[0]["reason"] == ["error", None]
