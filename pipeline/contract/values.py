"""Rules on the values of one column: ranges, codes, forms."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import intervals
from pipeline.contract.rows import RowRule, Rows, is_null, is_true, plainly
from pipeline.language.names import NAMES
from pipeline.pii.kinds import KINDS

SHARES = (*("language_score", "code_share", "topic_score", "jailbreak_score", "similarity"),)
COUNTS = (
    *("turn", "prompt_tokens", "answer_tokens", "refusals", "regenerated", "branched", "variant"),
    *("near_duplicates", "duplicates", "hardness"),
)
STRUCTS = ("header_count", "list_count", "bold_count", "feedback")
NAMED = ("model", "tokenizer", "moderation_model", "hardness_model")
DIGITS = {"conversation_id": 32, "user_id": 32}
BATTLE_SIDES = pa.array(["a", "b"])
CODES = pa.array(sorted(NAMES))
KIND_NAMES = pa.array(sorted(KINDS))
EARLIEST, LATEST = np.datetime64("2000-01-01", "us"), np.datetime64("2100-01-01", "us")
LENGTHS = {3: "all", 7: "month", 8: "week", 10: "day"}
"""The kind of an interval, by the length of its name."""


def _is_share(name: str, rows: Rows) -> np.ndarray:
    value = rows.each(name)
    return ~((value >= 0) & (value <= 1))


def _is_count(name: str, rows: Rows) -> np.ndarray:
    return rows.each(name) < 0


def _are_counts(name: str, rows: Rows) -> np.ndarray:
    return np.any([plainly(part) < 0 for part in rows[name].flatten()], axis=0)


def _is_named(name: str, rows: Rows) -> np.ndarray:
    return is_true(pc.equal(pc.binary_length(rows[name]), 0))


def _has_digits(name: str, rows: Rows) -> np.ndarray:
    form = f"^[0-9a-f]{{{DIGITS[name]}}}$"
    return ~is_true(pc.match_substring_regex(rows[name], form)) & ~rows.is_null(name)


def _is_code(rows: Rows) -> np.ndarray:
    return ~is_true(pc.is_in(rows["language_code"], CODES))


def _are_codes(rows: Rows) -> np.ndarray:
    codes = rows.nested("message_languages")
    return codes.rows_with(~is_true(pc.is_in(codes.flat, CODES)))


def _roles(rows: Rows) -> np.ndarray:
    """Even places are the user's, odd ones the assistant's."""
    flat = rows.messages
    is_user = is_true(pc.equal(flat.field("role"), "user"))
    is_assistant = is_true(pc.equal(flat.field("role"), "assistant"))
    return flat.rows_with(np.where(flat.place % 2 == 0, ~is_user, ~is_assistant))


def _contents(rows: Rows) -> np.ndarray:
    flat = rows.messages
    return flat.rows_with(is_null(flat.field("content"))) | (flat.counts == 0)


def _scores(rows: Rows) -> np.ndarray:
    """Each score of each category; null is told of in `tag_errors`."""
    flat = rows.nested("openai_moderation")
    wrong = np.zeros(len(flat.row), bool)
    for part in flat.field("category_scores").flatten():
        score = plainly(part)
        wrong |= ~((score >= 0) & (score <= 1))
    return flat.rows_with(wrong)


def _tokens(rows: Rows) -> np.ndarray:
    flat = rows.nested("message_tokens")
    return flat.rows_with((plainly(flat.flat) < 0) | is_null(flat.flat))


def _side(rows: Rows) -> np.ndarray:
    return ~is_true(pc.is_in(rows["side"], BATTLE_SIDES)) & ~rows.is_null("side")


def _kinds(rows: Rows) -> np.ndarray:
    flat = rows.nested("redactions")
    return flat.rows_with(~is_true(pc.is_in(flat.field("kind"), KIND_NAMES)))


def _time(rows: Rows) -> np.ndarray:
    moment = rows["timestamp"].cast(pa.int64())
    value = plainly(moment).astype("datetime64[us]")
    kind = LENGTHS.get(len(rows.interval), "all")
    number = intervals.number(value.astype("datetime64[s]").astype(np.int64), kind)
    mine = {n for n in np.unique(number).tolist() if intervals.name(n, kind) == rows.interval}
    is_mine = np.isin(number, list(mine)) & (value >= EARLIEST) & (value < LATEST)
    return ~is_mine & ~is_null(moment)


def _frequency(rows: Rows) -> np.ndarray:
    return rows.each("prompt_frequency") < 1


def _topic(rows: Rows) -> np.ndarray:
    return rows.each("topic_id") < -1


def _on(name: str, says: str, broken: Callable[[str, Rows], np.ndarray]) -> RowRule:
    return RowRule(name, says, (name,), partial(broken, name))


RULES: tuple[RowRule, ...] = (
    *(
        _on(name, f"`{name}` is {digits} hexadecimal digits", _has_digits)
        for name, digits in DIGITS.items()
    ),
    *(_on(name, f"`{name}` is from 0 to 1", _is_share) for name in SHARES),
    *(_on(name, f"`{name}` is not negative", _is_count) for name in COUNTS),
    *(_on(name, f"no count in `{name}` is negative", _are_counts) for name in STRUCTS),
    *(_on(name, f"`{name}` is not empty", _is_named) for name in NAMED),
    RowRule("language_code", "`language_code` is one that is known", ("language_code",), _is_code),
    RowRule(
        "message_languages",
        "each of `message_languages` is a code that is known",
        ("message_languages",),
        _are_codes,
    ),
    RowRule("roles", "roles are user and assistant in turn, user first", ("conversation",), _roles),
    RowRule("content", "there are messages, and each has a content", ("conversation",), _contents),
    RowRule(
        "category_scores",
        "each score of moderation is from 0 to 1",
        ("openai_moderation",),
        _scores,
    ),
    RowRule("message_tokens", "no message has fewer than 0 tokens", ("message_tokens",), _tokens),
    RowRule("side", "`side` is a or b", ("side",), _side),
    RowRule("kind", "the kind of a redaction is one that is known", ("redactions",), _kinds),
    RowRule("timestamp", "`timestamp` lies in the interval of its folder", ("timestamp",), _time),
    RowRule(
        "prompt_frequency",
        "`prompt_frequency` counts the conversation itself",
        ("prompt_frequency",),
        _frequency,
    ),
    RowRule("topic_id", "`topic_id` is -1 or more", ("topic_id",), _topic),
)
