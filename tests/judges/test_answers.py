"""What is read from a model's answer, and what is not."""

import json
import math
from typing import Any

import pytest

from pipeline.judges import answers
from pipeline.judges.answers import LLAMA_GUARD, SAFETY, TRUTH, Alternatives, Answer
from schemas.moderation import OMNI

NO = dict.fromkeys(OMNI, False)
GOOD = json.dumps(NO | {"hate": True})
SCORES = dict.fromkeys(OMNI, 0.0) | {"hate": 1.0}


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"<think>Is it {{hate}}? {{}}</think>\n{GOOD}",
        f"Here is my verdict:\n{GOOD}\nIt insults a group.",
        json.dumps(NO | {"hate": True, "why": "it insults a group"}),
    ],
)
def test_what_stands_around_an_answer_does_no_harm(content: str) -> None:
    """A fence of Markdown, thoughts, a sentence, one key more: the verdict is there."""
    assert answers.from_json(Answer(content)) == SCORES


@pytest.mark.parametrize(
    "content",
    [
        "not flagged",
        "{}",
        "[]",
        "null",
        GOOD[:-1],
        GOOD[:40],
        json.dumps(NO | {"hate": "true"}),
        json.dumps(NO | {"hate": 1}),
        json.dumps(NO | {"hate": None}),
        json.dumps({name: value for name, value in NO.items() if name != "hate"}),
        json.dumps([NO, NO]),
        json.dumps({"rows": [NO, NO]}),
        f"{GOOD}\n{GOOD}",
        f"{json.dumps(NO)} I mean {GOOD}",
        GOOD[:-1] + ', "hate": false}',
        '{"a":' * 3000,
        "{" * 19_000,
        " " * 30_000 + GOOD,
    ],
    ids=lambda content: content[:30],
)
def test_what_is_no_verdict_is_malformed(content: str) -> None:
    """Other types, missing or doubled keys, a list, two objects: nothing is guessed."""
    assert answers.from_json(Answer(content, finish="stop")) == "malformed"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer("I'm sorry, but I can't assist with that request."), "refused"),
        (Answer("\u62b1\u6b49\uff0c\u6211\u65e0\u6cd5\u5224\u65ad\u3002"), "refused"),
        (Answer(None, "I cannot judge that."), "refused"),
        (Answer(GOOD, "I cannot judge that."), "refused"),
        (Answer(GOOD, finish="content_filter"), "refused"),
        (Answer(GOOD[:40], finish="length"), "truncated"),
        (Answer(None), "no_answer"),
        (Answer(" \n"), "no_answer"),
    ],
)
def test_why_there_is_no_verdict(answer: Answer, reason: str) -> None:
    """A refusal in words, in a field or by a filter, an answer that was cut, and silence."""
    assert answers.from_json(answer) == reason
    assert answers.from_choice(answer) in {reason, "malformed"}
    assert answers.from_guard(answer, LLAMA_GUARD) in {reason, "malformed"}


def _tokens(content: str, chances: dict[str, float]) -> list[Alternatives]:
    """An answer cut into tokens, verdicts with alternatives."""
    found: list[Alternatives] = []
    for pair in content.strip("{}").split(", "):
        name, value = (part.strip('"') for part in pair.split(": "))
        chance = chances[name]
        both = [(" true", math.log(chance)), (" false", math.log(1 - chance)), (" x", -9.0)]
        found += [
            Alternatives(f'{", " if found else "{"}"{name}":'),
            Alternatives(f" {value}", both),
        ]
    return [*found, Alternatives("}")]


def test_probabilities_are_taken_where_they_are_told() -> None:
    """The score of a category is P(true) against P(false) at the place of its verdict."""
    chances: dict[str, float] = {name: (place + 1) / 20 for place, name in enumerate(OMNI)}
    content = json.dumps({name: chance > 0.5 for name, chance in chances.items()})
    told = answers.from_json(Answer(content, tokens=_tokens(content, chances)))

    assert isinstance(told, dict)
    assert told == pytest.approx(chances)
    other = answers.from_json(Answer(content + " ", tokens=_tokens(content, chances)))
    assert isinstance(other, dict)
    assert set(other.values()) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("tops", "chance"),
    [
        ([("unsafe", math.log(0.2)), ("safe", math.log(0.6))], 0.25),
        ([("un", math.log(0.3)), ("Safe", math.log(0.3)), ("\n\n", -0.1)], 0.5),
        ([("safe", 0.0)], 0.0),
        ([("maybe", -0.1)], None),
        ([], None),
        ([("unsafe", 7.0), ("safe", -9999.0)], 1.0),
    ],
)
def test_what_a_token_tells(tops: list[tuple[str, float]], chance: float | None) -> None:
    """Beginnings of a word count for it, other words do not; nothing told is nothing."""
    assert SAFETY.probability(tops) == (None if chance is None else pytest.approx(chance))
    assert TRUTH.side(' "tr') == "true"


@pytest.mark.parametrize(
    ("content", "want"),
    [
        ("none", dict.fromkeys(OMNI, 0.0)),
        ('"sexual/minors".', {"sexual/minors": 1.0}),
        ("not flagged", "malformed"),
        ("hate, violence", "malformed"),
    ],
)
def test_a_chosen_name(content: str, want: Any) -> None:
    """One name is told for sure and the others are not told; `none` tells all."""
    assert answers.from_choice(Answer(content)) == want


TOPS = [("unsafe", math.log(0.75)), ("safe", math.log(0.25))]
KNOWN = set(LLAMA_GUARD.values())


@pytest.mark.parametrize(
    ("content", "first", "want"),
    [
        ("unsafe\nS10", TOPS, dict.fromkeys(KNOWN, 0.0) | {"hate": 0.75}),
        (
            "\n\nunsafe\nS10, S11",
            TOPS,
            dict.fromkeys(KNOWN, 0.0) | {"hate": 0.75, "self-harm": 0.75},
        ),
        ("unsafe\nS7", TOPS, dict.fromkeys(KNOWN, 0.0)),
        ("safe", TOPS, dict.fromkeys(KNOWN, 0.75)),
        ("safe", [], "no_logprobs"),
        ("unsafe", TOPS, "no_category"),
        ("safe and unsafe", TOPS, "malformed"),
        ("I cannot help with that", TOPS, "refused"),
        ('{"flagged": false}', TOPS, "malformed"),
    ],
)
def test_a_guard_says_safe_or_unsafe(
    content: str, first: list[tuple[str, float]], want: Any
) -> None:
    """P(first token = unsafe) is the score of what it names; hazards that we lack tell nothing."""
    tokens = [Alternatives("\n\n"), Alternatives("unsafe", first), Alternatives("\nS10")]
    found = answers.from_guard(Answer(content, tokens=tokens), LLAMA_GUARD)

    assert found == (pytest.approx(want) if isinstance(want, dict) else want)
