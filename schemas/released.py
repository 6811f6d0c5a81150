"""The configs and columns of a release. First those of LMSYS-Chat-1M by name and type, then ours.

A column is released if the recipe holds the stage that makes it; a test compares this list with
what the stages declare, and the README's table is generated from it.
"""

from typing import Literal

import pyarrow as pa

from schemas import features, judged, moderation
from schemas.column import BOLD, FEEDBACK, HEADERS, LISTS, REDACTIONS, TAG_ERRORS, Column
from schemas.staged import CONVERSATION, GENERATION

Config = Literal["conversations", "metadata", "sample"]
CONFIGS: dict[Config, str] = {
    "conversations": "all conversations",
    "metadata": "the same rows without their texts: every column but `conversation`",
    "sample": "some conversations of each interval, drawn by the hash of their id",
}
"""The configs of a release; the first is the default, the others repeat rows of it."""
TEXTS = ("conversation",)
"""The columns that `metadata` leaves out."""

COLUMNS = (
    Column(pa.field("conversation_id", pa.string(), nullable=False), "32 hexadecimal digits"),
    Column(pa.field("model", pa.string(), nullable=False), "public name of the model"),
    Column(
        pa.field("conversation", CONVERSATION, nullable=False),
        "messages in order, each with `content` and `role`",
    ),
    Column(pa.field("turn", pa.int64(), nullable=False), "number of answers"),
    Column(
        pa.field("language", pa.string(), nullable=False),
        "English name of the prompts' language; `unknown` where there is no prose",
        by="tag_language",
    ),
    Column(
        pa.field("openai_moderation", moderation.column("text")),
        "moderation of each message: categories, scores, flagged; null where it cannot be told",
        by="tag_moderation",
    ),
    Column(
        pa.field("redacted", pa.bool_(), nullable=False),
        "whether anything personal was replaced in it",
        by="redact_pii",
    ),
    Column(
        pa.field("redactions", REDACTIONS, nullable=False),
        "what was replaced: message, start and end in code points of the text here, kind, rule",
        by="redact_pii",
    ),
    Column(
        pa.field("language_code", pa.string(), nullable=False),
        "ISO 639 code of that language: two letters where it has them; `und` for `unknown`",
        by="tag_language",
    ),
    Column(
        pa.field("language_score", pa.float64(), nullable=False),
        "how sure that is, 0 to 1: the share of the prose in it, times the detector's score",
        by="tag_language",
    ),
    Column(
        pa.field("message_languages", pa.list_(pa.string()), nullable=False),
        "ISO 639 code of each message's language; `und` for no prose, or nothing but code",
        by="tag_language",
    ),
    Column(
        pa.field("message_tokens", pa.list_(pa.int32()), nullable=False),
        "tokens of each message",
        by="score_tokens",
    ),
    Column(
        pa.field("prompt_tokens", pa.int64(), nullable=False),
        "tokens of all prompts",
        by="score_tokens",
    ),
    Column(
        pa.field("answer_tokens", pa.int64(), nullable=False),
        "tokens of all answers",
        by="score_tokens",
    ),
    Column(
        pa.field("tokenizer", pa.string(), nullable=False),
        "what a token is: `unicode_words`, or the hash of a tokenizer file",
        by="score_tokens",
    ),
    Column(
        pa.field("header_count", HEADERS, nullable=False),
        "Markdown headers of the answers by level, as the leaderboard's style control counts",
        by="score_style",
    ),
    Column(
        pa.field("list_count", LISTS, nullable=False),
        "list items of the answers, likewise",
        by="score_style",
    ),
    Column(
        pa.field("bold_count", BOLD, nullable=False),
        "bold runs of the answers, likewise",
        by="score_style",
    ),
    Column(
        pa.field("code_share", pa.float64(), nullable=False),
        "share of the characters that stand in fenced code, 0 to 1",
        by="score_code",
    ),
    Column(
        pa.field("has_code", pa.bool_(), nullable=False),
        "whether there is code in it, fenced or not",
        by="score_code",
    ),
    Column(
        pa.field("refusals", pa.int32(), nullable=False),
        "answers that begin by refusing",
        by="score_refusals",
    ),
    Column(
        pa.field("flagged_user", pa.bool_()),
        "whether moderation flags a prompt: an attempt; null if none is and one cannot be told",
        by="tag_moderation",
    ),
    Column(
        pa.field("flagged_assistant", pa.bool_()),
        "whether moderation flags an answer: a success; null if none is and one cannot be told",
        by="tag_moderation",
    ),
    Column(
        pa.field("moderation_model", pa.string(), nullable=False),
        "backend and model that the scores are of",
        by="tag_moderation",
    ),
    Column(
        pa.field("tag_errors", TAG_ERRORS, nullable=False),
        "why a tag is null: tag, message from 0 (null: the whole conversation), reason",
        by="tag_moderation",
        or_by=("tag_jailbreak", "tag_topics", "tag_hardness", "score_overthinking"),
    ),
    Column(
        pa.field("topic_id", pa.int32()),
        "number of the topic in its model, the same in every release; -1: other; null: no prose",
        by="tag_topics",
    ),
    Column(
        pa.field("topic", pa.string()),
        "words that tell the topic from others, or its label; `other`; null: no prose",
        by="tag_topics",
    ),
    Column(
        pa.field("topic_score", pa.float64()),
        "how probable the topic is beside the others, 0 to 1; null: no prose",
        by="tag_topics",
    ),
    Column(
        pa.field("jailbreak", pa.bool_()),
        "whether a prompt is a jailbreak; null if none is and one cannot be told",
        by="tag_jailbreak",
    ),
    Column(
        pa.field("jailbreak_score", pa.float64()),
        "the highest score of its prompts, 0 to 1; null if none can be told",
        by="tag_jailbreak",
    ),
    Column(
        pa.field("injection", pa.bool_(), nullable=False),
        "whether a prompt orders the model to forget its orders, or forges marks of turns",
        by="tag_jailbreak",
    ),
    Column(
        pa.field("hardness_criteria", judged.MET),
        "which criteria of a hard prompt the first prompt meets; null where it cannot be told",
        by="tag_hardness",
    ),
    Column(
        pa.field("hardness", pa.int32()),
        "how many of them, 0 to 7; null where it cannot be told",
        by="tag_hardness",
    ),
    Column(
        pa.field("hardness_model", pa.string(), nullable=False),
        "backend and model that they are of",
        by="tag_hardness",
    ),
    Column(
        pa.field("overthinking", judged.OVERTHINKING),
        "counts of a trajectory: steps, actions, observations, reasoning; null for plain chat",
        by="score_overthinking",
    ),
    Column(
        pa.field("overthinking_judged", judged.JUDGED),
        "what a judge says of it, 0 to 10; null for plain chat, or where it cannot be told",
        by="score_overthinking",
    ),
    Column(
        pa.field("timestamp", pa.timestamp("us", "UTC")),
        "when the last answer was finished, coarsened as the recipe says",
        asked="timestamp",
    ),
    Column(
        pa.field("user_id", pa.string()),
        "keyed HMAC-SHA-256 of the user's address; null where none was logged",
        asked="user_id",
    ),
    Column(
        pa.field("generation", GENERATION),
        "sampling parameters of the last answer; null before 2023-04-20",
        asked="generation",
    ),
    Column(
        pa.field("regenerated", pa.int32(), nullable=False),
        "answers that the user had generated again; only the last one is here",
        by="drop_superseded",
    ),
    Column(
        pa.field("branched", pa.int32(), nullable=False),
        "logged states whose history is not a prefix of this conversation",
        by="drop_superseded",
    ),
    Column(
        pa.field("variant", pa.int32(), nullable=False),
        "0 for the last state of a conversation, 1, 2… for states that were regenerated or left",
        by="drop_superseded",
        asked="variants",
    ),
    Column(
        pa.field("feedback", FEEDBACK),
        "how often users voted on or flagged this conversation; null for never",
        by="tag_feedback",
    ),
    Column(
        pa.field("battle_id", pa.string()),
        "conversation id of side A of the battle this is a side of; null for a single chat",
        by="tag_battles",
    ),
    Column(pa.field("side", pa.string()), "`a` or `b` in that battle", by="tag_battles"),
    Column(
        pa.field("prompt_frequency", pa.int32(), nullable=False),
        "conversations with the same prompts up to the end of this one's interval",
        by="tag_frequent_prompts",
    ),
    Column(
        pa.field("high_frequency", pa.bool_(), nullable=False),
        "whether that is more than the cap",
        by="tag_frequent_prompts",
    ),
    Column(
        pa.field("near_duplicates", pa.int32(), nullable=False),
        "near copies of the same interval that this conversation stands for",
        by="drop_near_duplicates",
        or_by=("tag_near_duplicates",),
    ),
    Column(
        pa.field("near_duplicate_of", pa.string()),
        "id of the conversation that this one is nearly equal to; null for none",
        by="tag_near_duplicates",
    ),
    Column(
        pa.field("similarity", pa.float64()),
        "Jaccard similarity of shingles to that conversation, the lower of prompts and answers",
        by="tag_near_duplicates",
    ),
    Column(
        pa.field("duplicates", pa.int32(), nullable=False),
        "exact copies this conversation stands for",
        by="drop_duplicates",
    ),
)


def schema(stages: set[str], asked: set[str], config: Config = "conversations") -> pa.Schema:
    """The schema of a config, made by these stages with these switches of the recipe."""
    return features.described(
        pa.schema(
            [
                _field(column, asked).with_metadata({"description": column.meaning})
                for column in COLUMNS
                if (column.by is None or stages & {column.by, *column.or_by})
                and (column.asked is None or column.asked in asked)
                and (config != "metadata" or column.field.name not in TEXTS)
            ]
        )
    )


def _field(column: Column, asked: set[str]) -> pa.Field:
    """The field; with 13 categories of moderation instead of 11 where a recipe asks for them."""
    if column.field.name == "openai_moderation" and "omni" in asked:
        return column.field.with_type(moderation.column("omni"))
    return column.field
