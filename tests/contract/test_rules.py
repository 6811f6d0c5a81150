"""Every rule on rows: a sound row breaks none, and for each there is a row that breaks it."""

from typing import Any

import pyarrow as pa
import pytest

from pipeline.contract.rows import Rows
from pipeline.contract.verifying import ROW_RULES
from schemas import moderation
from schemas.released import COLUMNS

SCHEMA = pa.schema([column.field for column in COLUMNS])
WEEK = "2023-W17"
MONDAY_US = 1_682_294_400_000_000


def judged(**scores: Any) -> dict[str, Any]:
    """What moderation says of a message: nothing, but for some categories."""
    told = dict.fromkeys(moderation.TEXT, 0.0) | scores
    flags = {name: None if score is None else score >= 0.5 for name, score in told.items()}
    is_told = any(score is not None for score in told.values())
    flagged = any(flags.values()) if is_told else None
    return {"categories": flags, "category_scores": told, "flagged": flagged}


def unjudged() -> dict[str, Any]:
    """What is said of a message of which nothing can be told."""
    return judged(**dict.fromkeys(moderation.TEXT))


def said(*contents: str | None) -> list[dict[str, Any]]:
    """Messages of a user and an assistant in turn."""
    return [
        {"content": text, "role": ("user", "assistant")[at % 2]} for at, text in enumerate(contents)
    ]


def span(message: int, start: int, end: int, kind: str = "email") -> dict[str, Any]:
    """A redaction."""
    return {"message": message, "start": start, "end": end, "kind": kind, "rule": "email"}


COUNTS = ("header_count", "list_count", "bold_count")
SOUND: dict[str, Any] = {
    **{name: {field.name: 1 for field in SCHEMA.field(name).type} for name in COUNTS},
    "conversation_id": "0" * 32,
    "model": "vicuna-13b",
    "conversation": said("Grüße an EMAIL_1", "Hallo"),
    "turn": 1,
    "language": "German",
    "language_code": "de",
    "language_score": 0.5,
    "openai_moderation": [judged(), judged()],
    "redacted": True,
    "redactions": [span(0, 9, 16)],
    "message_languages": ["de", "und"],
    "message_tokens": [3, 1],
    "prompt_tokens": 3,
    "answer_tokens": 1,
    "tokenizer": "unicode_words",
    "code_share": 0.0,
    "has_code": False,
    "refusals": 0,
    "flagged_user": False,
    "flagged_assistant": False,
    "moderation_model": "embedded",
    "tag_errors": [],
    "topic_id": 3,
    "topic": "greetings",
    "topic_score": 1.0,
    "jailbreak": False,
    "jailbreak_score": 0.1,
    "injection": False,
    "timestamp": MONDAY_US,
    "user_id": "a" * 32,
    "regenerated": 0,
    "branched": 0,
    "variant": 0,
    "battle_id": "0" * 32,
    "side": "a",
    "prompt_frequency": 1,
    "high_frequency": False,
    "near_duplicates": 0,
    "near_duplicate_of": "1" * 32,
    "similarity": 0.9,
    "duplicates": 0,
    "feedback": {"upvote": 1, "downvote": 0, "flag": 0},
    "hardness_model": "embedded",
}
"""A row with all columns that breaks no rule."""


def sound(**changes: Any) -> dict[str, Any]:
    """That row, but for these changes."""
    return SOUND | changes


def broken(*rows: dict[str, Any], interval: str = WEEK) -> list[tuple[str, list[bool]]]:
    """The rules that some rows break, each with the rows that do."""
    batch = pa.RecordBatch.from_pylist(list(rows), SCHEMA)
    seen = Rows(batch, "file", interval, 0)
    told = [(rule.name, rule.broken(seen).tolist()) for rule in ROW_RULES]
    return [(name, found) for name, found in told if any(found)]


FLAGGED = judged(violence=0.9)
BREAKING: dict[str, list[dict[str, Any]]] = {
    "conversation_id": [{"conversation_id": "0" * 31}, {"conversation_id": "G" * 32}],
    "user_id": [{"user_id": "192.0.2.1"}],
    "language_score": [{"language_score": -0.1}, {"language_score": float("nan")}],
    "code_share": [{"code_share": 1.1, "has_code": True}],
    "topic_score": [{"topic_score": 2.0}],
    "jailbreak_score": [{"jailbreak_score": 1.5}],
    "similarity": [{"similarity": 1.01}],
    "turn": [{"turn": -1}],
    "prompt_tokens": [{"prompt_tokens": -1}],
    "answer_tokens": [{"answer_tokens": -1}],
    "refusals": [{"refusals": -1}],
    "regenerated": [{"regenerated": -1}],
    "branched": [{"branched": -1}],
    "variant": [{"variant": -1}],
    "near_duplicates": [{"near_duplicates": -1}],
    "duplicates": [{"duplicates": -1}],
    "hardness": [{"hardness": -1}],
    "header_count": [{"header_count": {"h1": -1}}],
    "list_count": [{"list_count": {"ordered": -1}}],
    "bold_count": [{"bold_count": {"**": -1}}],
    "feedback": [{"feedback": {"upvote": -1, "flag": 2}}],
    "model": [{"model": ""}],
    "tokenizer": [{"tokenizer": ""}],
    "moderation_model": [{"moderation_model": ""}],
    "hardness_model": [{"hardness_model": ""}],
    "language_code": [{"language_code": "xx"}],
    "message_languages": [{"message_languages": ["de", "German"]}],
    "roles": [
        {"conversation": [{"content": "Grüße an EMAIL_1", "role": "user"}] * 2},
        {"conversation": [{"content": "Grüße an EMAIL_1", "role": "human"}, *said("", "")[1:]]},
    ],
    "content": [
        {"conversation": said("Grüße an EMAIL_1", None)},
        {"conversation": [], "turn": 0},
    ],
    "category_scores": [{"openai_moderation": [judged(hate=-0.2), judged()]}],
    "message_tokens": [{"message_tokens": [4, -1]}],
    "side": [{"side": "left", "battle_id": "2" * 32}],
    "kind": [{"redactions": [span(0, 9, 16, "mood")]}],
    "timestamp": [
        {"timestamp": MONDAY_US - 1},
        {"timestamp": MONDAY_US + 7 * 86_400_000_000},
    ],
    "prompt_frequency": [{"prompt_frequency": 0}],
    "topic_id": [{"topic_id": -2}],
    "turn_fits": [{"turn": 2}],
    "openai_moderation_each": [{"openai_moderation": [judged()]}, {"openai_moderation": None}],
    "message_languages_each": [{"message_languages": ["de"]}],
    "message_tokens_each": [{"message_tokens": [3, 1, 0]}],
    "language_name": [{"language": "French"}],
    "token_sums": [{"prompt_tokens": 4}, {"answer_tokens": 0}],
    "redacted": [{"redacted": False}, {"redactions": []}],
    "spans": [
        {"redactions": [span(0, 9, 17)]},
        {"redactions": [span(2, 0, 1)]},
        {"redactions": [span(1, 4, 3)]},
        {"redactions": [span(-1, 0, 1)]},
    ],
    "span_order": [
        {"redactions": [span(0, 0, 9), span(0, 8, 16)]},
        {"redactions": [span(1, 0, 1), span(0, 0, 1)]},
    ],
    "flagged": [
        {"openai_moderation": [FLAGGED | {"flagged": False}, judged()]},
        {"openai_moderation": [judged() | {"flagged": None}, judged()], "flagged_user": None},
    ],
    "told_scores": [
        {
            "openai_moderation": [
                judged() | {"categories": {"hate": True}, "flagged": True},
                judged(),
            ]
        }
    ],
    "flagged_user": [
        {"openai_moderation": [FLAGGED, judged()]},
        {"flagged_user": True},
        {"flagged_user": None},
    ],
    "flagged_assistant": [{"openai_moderation": [judged(), FLAGGED]}, {"flagged_assistant": None}],
    "tag_errors": [
        {"tag_errors": [{"tag": "tag_topics", "message": 2, "reason": "no_text"}]},
        {"tag_errors": [{"tag": "tag_topics", "message": None, "reason": None}]},
    ],
    "topic_null": [{"topic": None}, {"topic_score": None}],
    "topic_other": [{"topic_id": -1}, {"topic": "other"}],
    "jailbreak_told": [{"jailbreak": True, "jailbreak_score": None}],
    "near_duplicate_null": [{"similarity": None}],
    "near_duplicate_itself": [{"near_duplicate_of": "0" * 32}],
    "battle_null": [{"side": None, "battle_id": "2" * 32}],
    "battle_side": [{"side": "b"}, {"battle_id": "2" * 32}],
    "refused_turns": [{"refusals": 2}],
    "code": [{"code_share": 0.5}],
    "feedback_null": [{"feedback": {"upvote": 0, "downvote": 0, "flag": None}}],
}
CASES = [(name, at) for name, changes in BREAKING.items() for at in range(len(changes))]


@pytest.mark.parametrize(("name", "at"), CASES)
def test_a_rule_finds_what_breaks_it(name: str, at: int) -> None:
    """A row that is wrong in one way breaks the rule of that, and the sound rows beside it none."""
    found = dict(broken(sound(), sound(**BREAKING[name][at]), sound()))
    assert found[name] == [False, True, False]
    assert all(rows[::2] == [False, False] for rows in found.values())


def test_every_rule_can_fail() -> None:
    """No rule is without a row that breaks it."""
    assert {rule.name for rule in ROW_RULES} == BREAKING.keys()
    assert len({rule.name for rule in ROW_RULES}) == len(ROW_RULES)


NEAR_MISSES: dict[str, dict[str, Any]] = {
    "nobody knows": {"user_id": None, "timestamp": None, "feedback": None},
    "no battle": {"battle_id": None, "side": None},
    "the other side": {"battle_id": "2" * 32, "side": "b"},
    "no near duplicate": {"near_duplicate_of": None, "similarity": None},
    "no prose": {"topic_id": None, "topic": None, "topic_score": None},
    "no topic": {"topic_id": -1, "topic": "other"},
    "nothing told": {"openai_moderation": [unjudged(), judged()], "flagged_user": None},
    "flagged all the same": {
        "conversation": said("Grüße an EMAIL_1", "b", "c", "d"),
        "turn": 2,
        "message_languages": ["de"] * 4,
        "message_tokens": [1, 0, 2, 1],
        "openai_moderation": [FLAGGED, judged(), unjudged(), judged()],
        "flagged_user": True,
    },
    "for a category without a column": {
        "openai_moderation": [judged() | {"flagged": True}, judged()],
        "flagged_user": True,
    },
    "an empty answer": {"conversation": said("Grüße an EMAIL_1", "")},
    "two redactions side by side": {"redactions": [span(0, 0, 9), span(0, 9, 16)]},
    "a redaction that leaves nothing": {"redactions": [span(0, 16, 16)]},
    "the last moment of a week": {"timestamp": MONDAY_US + 7 * 86_400_000_000 - 1},
}


@pytest.mark.parametrize("why", NEAR_MISSES)
def test_what_is_odd_but_sound(why: str) -> None:
    """A row at the border of a rule keeps it."""
    assert broken(sound(**NEAR_MISSES[why])) == []


@pytest.mark.parametrize("interval", ["2023-04-24", "2023-04", "all"])
def test_a_time_lies_in_its_interval(interval: str) -> None:
    """Days, months and the whole are intervals too."""
    assert broken(sound(), interval=interval) == []
    early = sound(timestamp=MONDAY_US - 30 * 86_400_000_000)
    assert bool(broken(early, interval=interval)) == (interval != "all")


def test_rows_of_a_slice_are_looked_at_alone() -> None:
    """Rules see the rows of a slice of a larger batch, wherever it begins."""
    rows = [sound(), sound(turn=2), sound(), sound(redactions=[span(0, 9, 99)])]
    batch = pa.RecordBatch.from_pylist(rows, SCHEMA)
    for at in range(4):
        seen = Rows(batch.slice(at, 1), "file", WEEK, at)
        names = [rule.name for rule in ROW_RULES if rule.broken(seen).any()]
        assert names == [[], ["turn_fits"], [], ["spans"]][at]
