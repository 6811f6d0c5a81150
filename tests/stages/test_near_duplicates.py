"""Near copies are dropped, each with the row it copies and how near it is."""

import itertools
from typing import Any

import pytest

from pipeline.stages.near_duplicates import DropNearDuplicates, TagNearDuplicates
from tests.conftest import DAY_S, MONDAY, Dialogue, conversations, judge

LONG = " ".join(f"word{number}" for number in range(100))
NEAR = LONG.replace("word99", "other")
ANSWER = " ".join(f"reply{number}" for number in range(100))
FAR = " ".join(f"else{number}" for number in range(100))
DROPPED = "drop_near_duplicates"


def verdicts(*dialogues: Dialogue, stage: Any = None, **columns: Any) -> list[str | None]:
    """Who is dropped, all rows in one unit."""
    (state,) = judge(stage or DropNearDuplicates(), conversations(*dialogues, **columns))
    found: list[str | None] = state["dropped_by"]
    return found


def test_a_near_copy_is_dropped_with_its_witness() -> None:
    """The first stays and says how many it stands for; the copy names it and how near it is."""
    (state,) = judge(DropNearDuplicates(), conversations([LONG, ANSWER], [NEAR, ANSWER]))

    assert state["dropped_by"] == [None, DROPPED]
    assert state["into"] == [None, f"{0:032x}"]
    assert state["near_duplicates"] == [1, 0]
    assert state["similarity"] == [None, pytest.approx(95 / 97, abs=1e-6)]


def test_prompts_and_answers_are_compared_each_for_itself() -> None:
    """The same prompt with another answer is no copy, nor the same answer to another prompt."""
    rows = ([LONG, ANSWER], [LONG, FAR], [FAR, ANSWER])

    assert verdicts(*rows) == [None, None, None]
    assert verdicts(*rows, stage=DropNearDuplicates(over="prompts")) == [None, DROPPED, None]


def test_short_texts_must_be_equal() -> None:
    """Ten texts of one to four words, ten copies of each: ninety are dropped."""
    words = ["hi", "hello", "good", "day", "to", "you", "all", "my", "dear", "friends"]
    texts = [" ".join(words[at : at + 1 + at % 4]) for at in range(10)]
    stage = DropNearDuplicates(over="prompts")

    assert verdicts(*([text] for text in texts * 10), stage=stage).count(DROPPED) == 90


def test_case_and_blank_lines_do_not_count() -> None:
    """Copies in upper case, and with blank lines, are copies."""
    rows = ([LONG, ANSWER], [LONG.upper(), ANSWER], [LONG.replace(" ", "\n\n"), ANSWER])

    assert verdicts(*rows) == [None, DROPPED, DROPPED]


def test_empty_and_missing_messages_are_borne() -> None:
    """Rows without messages, without text, or with a null answer meet only their like."""
    assert verdicts([], ["", ""], ["", None], [LONG, None]) == [None, DROPPED, DROPPED, None]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_first_in_time_stays_in_any_order(order: tuple[int, ...]) -> None:
    """Which row stays depends on time, not on where it stands."""
    rows = [([LONG, ANSWER], 0.0), ([NEAR, ANSWER], 1.0), ([LONG, ANSWER], 2.0)]
    shuffled = [rows[at] for at in order]
    times = [MONDAY + time for _, time in shuffled]
    found = verdicts(*(row for row, _ in shuffled), tstamp=times)

    assert [time for verdict, time in zip(found, times, strict=True) if not verdict] == [MONDAY]


def test_layout_does_not_matter() -> None:
    """Two units give what one gives."""
    rows = [[LONG, ANSWER], [NEAR, ANSWER], [FAR, ANSWER]]
    (whole,) = judge(DropNearDuplicates(), conversations(*rows))
    batch = conversations(*rows)
    parts = judge(DropNearDuplicates(), batch.slice(0, 1), batch.slice(1))

    assert [v for part in parts for v in part["into"]] == whole["into"]


def test_the_longest_or_the_most_liked_may_stay() -> None:
    """Within an interval `keep` decides who stays."""
    rows = ([LONG, ANSWER], [LONG + " and more", ANSWER])

    assert verdicts(*rows, stage=DropNearDuplicates(keep="longest")) == [DROPPED, None]


def test_what_was_released_stays_released() -> None:
    """A longer copy of a later interval does not take the place of an earlier row."""
    times = [MONDAY, MONDAY + 3 * DAY_S]
    rows = ([LONG, ANSWER], [LONG + " and more", ANSWER])
    found = verdicts(*rows, stage=DropNearDuplicates(keep="longest"), tstamp=times)

    assert found == [None, DROPPED]


def test_copies_of_another_user_may_not_count() -> None:
    """`within: user` compares the rows of each user only."""
    rows = [[LONG, ANSWER]] * 3
    found = verdicts(*rows, stage=DropNearDuplicates(within="user"), user_id=["ann", "bob", "ann"])

    assert found == [None, None, DROPPED]


def test_the_sides_of_a_battle_stay_together() -> None:
    """They are no copies of each other, and one is not dropped without the other."""
    one, other = [LONG, ANSWER], [FAR, ANSWER]
    same = verdicts(one, one, battle_id=["a", "a"])
    half = verdicts(one, one, other, battle_id=[None, "b", "b"])
    both = verdicts(one, other, one, other, battle_id=["a", "a", "b", "b"])

    assert same == [None, None]
    assert half == [None, None, None]
    assert both == [None, None, DROPPED, DROPPED]


def test_a_tag_drops_nothing() -> None:
    """`tag_near_duplicates` names the row, and leaves both."""
    (state,) = judge(TagNearDuplicates(), conversations([LONG, ANSWER], [NEAR, ANSWER]))

    assert state["dropped_by"] == [None, None]
    assert state["near_duplicate_of"] == [None, f"{0:032x}"]


def prefix(*dialogues: Dialogue, **columns: Any) -> list[str | None]:
    """Whose beginning each dropped row is."""
    (state,) = judge(DropNearDuplicates(over="prefix"), conversations(*dialogues, **columns))
    found: list[str | None] = state["into"]
    return found


def test_a_conversation_that_another_continues_is_dropped() -> None:
    """The longest stays, and is the witness of all that it begins with."""
    long = ["hi", "hello", "so?", "so.", "and?", "and."]

    assert prefix(long[:2], long[:4], long) == [f"{2:032x}", f"{2:032x}", None]


def test_a_prefix_is_exact() -> None:
    """Another answer on the way, or another order, is no prefix; white space does not count."""
    long = ["hi", "hello", "so?", "so."]

    assert prefix(["hi", "hey"], ["so?", "so."], [" hi\n", "hello"], long) == [
        *(None, None, f"{3:032x}", None),
    ]


def test_of_equal_conversations_the_first_stays() -> None:
    """Two equal ones are each other's beginning."""
    assert prefix(["hi", "hello"], ["hi", "hello"]) == [None, f"{0:032x}"]


def test_a_later_continuation_does_not_take_a_released_row() -> None:
    """A conversation that goes on in a later interval leaves the earlier row where it is."""
    long = ["hi", "hello", "so?", "so."]

    assert prefix(long[:2], long, tstamp=[MONDAY, MONDAY + 9 * DAY_S]) == [None, None]
