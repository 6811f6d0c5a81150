"""Prompts that many conversations share are counted, and may be capped."""

from typing import Any

import pytest

from pipeline import hashing
from pipeline.stages.frequency import DropFrequentPrompts, TagFrequentPrompts
from tests.conftest import DAY_S, MONDAY, conversations, judge

DAYS = [MONDAY, MONDAY, MONDAY + DAY_S, MONDAY + 2 * DAY_S]


def tagged(stage: TagFrequentPrompts, *dialogues: Any, **columns: Any) -> dict[str, Any]:
    """What a stage joins to some conversations, and its verdicts."""
    return judge(stage, conversations(*dialogues, **columns))[0]


def test_conversations_are_counted_by_prompt() -> None:
    """The answer does not count, and the prompt is compared exactly."""
    found = tagged(TagFrequentPrompts(), ["hi", "a"], ["hi", "b"], ["hi ", "a"], ["Hi", "a"])

    assert found["prompt_frequency"] == [2, 2, 1, 1]
    assert found["high_frequency"] == [False] * 4
    assert found["reason"] == [None] * 4


def test_all_prompts_of_a_conversation_count() -> None:
    """The user's messages are joined by line ends."""
    found = tagged(TagFrequentPrompts(), ["a", "x", "b", "y"], ["a\nb", "x"], ["a", "x"], [])

    assert found["prompt_frequency"] == [2, 2, 1, 1]


def test_only_the_beginning_is_compared() -> None:
    """Prompts are cut after `max_chars` characters, not bytes."""
    found = tagged(TagFrequentPrompts(max_chars=2), ["äöü"], ["äöx"], ["äx"])

    assert found["prompt_frequency"] == [2, 2, 1]


def test_the_cap_itself_is_no_high_frequency() -> None:
    """Only more conversations than the cap are too many."""
    found = tagged(TagFrequentPrompts(cap=2), ["a"], ["a"], ["b"], ["b"], ["b"])

    assert found["high_frequency"] == [False, False, True, True, True]


def test_counts_are_as_of_the_end_of_the_interval() -> None:
    """A row counts its own interval whole, and nothing after it."""
    found = tagged(TagFrequentPrompts(cap=2), *[["hi"]] * 4, tstamp=DAYS)

    assert found["prompt_frequency"] == [2, 2, 3, 4]
    assert found["high_frequency"] == [False, False, True, True]


def test_the_quantile_of_conversations_per_prompt() -> None:
    """Of 10 prompts, 9 seen once and 1 five times, the median prompt is seen once."""
    dialogues = [[str(number)] for number in range(9)] + [["hi"]] * 5
    median = tagged(TagFrequentPrompts(cap=None, quantile=0.5), *dialogues)
    highest = tagged(TagFrequentPrompts(cap=None, quantile=0.95), *dialogues)

    assert median["high_frequency"] == [False] * 9 + [True] * 5
    assert highest["high_frequency"] == [False] * 14


def test_the_quantile_grows_with_the_intervals() -> None:
    """The cap of an interval is the quantile of all that was logged until its end."""
    days = [MONDAY] * 3 + [MONDAY + DAY_S] * 3
    dialogues = [["a"], ["a"], ["b"], ["b"], ["b"], ["a"]]
    found = tagged(TagFrequentPrompts(cap=None, quantile=0.4), *dialogues, tstamp=days)

    assert found["prompt_frequency"] == [2, 2, 1, 3, 3, 3]
    assert found["high_frequency"] == [True, True, False, False, False, False]


@pytest.mark.parametrize("stage", [TagFrequentPrompts, DropFrequentPrompts])
def test_a_quantile_of_nothing(stage: type[TagFrequentPrompts]) -> None:
    """A run of which earlier stages left no conversation has no quantile, and no error."""
    stage(cap=None).settle([])


def test_only_so_many_stay() -> None:
    """Beyond the cap conversations are dropped; prompts that few share lose none."""
    found = tagged(DropFrequentPrompts(cap=2), *[["hi"]] * 5, ["a"], ["a"])

    assert found["reason"].count("frequent_prompt") == 3
    assert found["reason"][5:] == [None, None]
    assert found["into"] == [None] * 7
    assert found["high_frequency"] == [True] * 5 + [False] * 2


def test_who_stays_is_drawn_by_lot() -> None:
    """Neither the hour nor the user decides, but a hash of the conversation id."""
    ids = [f"{number:032x}" for number in range(9)]
    (lots, _) = hashing.pair(conversations(*[["hi"]] * 9)["conversation_id"])
    lucky = sorted(range(9), key=lambda row: lots[row])[:3]
    found = tagged(DropFrequentPrompts(cap=3), *[["hi"]] * 9, conversation_id=ids)

    assert [row for row in range(9) if found["reason"][row] is None] == sorted(lucky)


def test_earlier_intervals_go_first() -> None:
    """What was released stays; only what is left of the cap is drawn for later intervals."""
    days = [MONDAY + DAY_S] * 8 + [MONDAY, MONDAY]
    found = tagged(DropFrequentPrompts(cap=3), *[["hi"]] * 10, tstamp=days)

    assert found["reason"][8:] == [None, None]
    assert found["reason"][:8].count(None) == 1
