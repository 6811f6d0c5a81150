"""Rules on columns that speak of the same thing: they must say the same."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contract.rows import Nested, RowRule, Rows, is_null, is_true, plainly
from pipeline.language.names import NAMES

LANGUAGES = pa.array(sorted(NAMES))
ENGLISH = pa.array([NAMES[code] for code in sorted(NAMES)])
OTHER = "other"


def _turns(rows: Rows) -> np.ndarray:
    return rows.each("turn") != rows.messages.counts // 2


def _one_each(name: str) -> RowRule:
    def broken(rows: Rows) -> np.ndarray:
        return rows.nested(name).counts != rows.messages.counts

    says = f"`{name}` has one entry a message"
    return RowRule(f"{name}_each", says, ("conversation", name), broken)


def _language(rows: Rows) -> np.ndarray:
    named = ENGLISH.take(pc.index_in(rows["language_code"], LANGUAGES))
    return ~is_true(pc.equal(named, rows["language"]))


def _tokens(rows: Rows) -> np.ndarray:
    flat = rows.nested("message_tokens")
    values, is_prompt = plainly(flat.flat).astype(np.float64), flat.place % 2 == 0
    return (flat.sum(values * is_prompt) != rows.each("prompt_tokens")) | (
        flat.sum(values * ~is_prompt) != rows.each("answer_tokens")
    )


def _redacted(rows: Rows) -> np.ndarray:
    return rows.each("redacted").astype(bool) != (rows.nested("redactions").counts > 0)


def _inside(rows: Rows) -> np.ndarray:
    """Places are in code points of the message that they name."""
    spans = rows.nested("redactions")
    message, start, end = (plainly(spans.field(n)) for n in ("message", "start", "end"))
    is_there = (message >= 0) & (message < rows.messages.counts[spans.row])
    at = (rows.messages.begin[spans.row] + message)[is_there]
    length = np.zeros(len(message), np.int64)
    texts = rows.messages.field("content").take(pa.array(at))
    length[is_there] = plainly(pc.utf8_length(texts))
    return spans.rows_with(~is_there | (start < 0) | (start > end) | (end > length))


def _in_order(rows: Rows) -> np.ndarray:
    spans = rows.nested("redactions")
    message, start, end = (plainly(spans.field(n)) for n in ("message", "start", "end"))
    wrong = np.zeros(len(message), bool)
    is_next = (spans.row[1:] == spans.row[:-1]) & (message[1:] == message[:-1])
    wrong[1:] = is_next & (start[1:] < end[:-1])
    wrong[1:] |= (spans.row[1:] == spans.row[:-1]) & (message[1:] < message[:-1])
    return spans.rows_with(wrong)


def _flagged(rows: Rows) -> np.ndarray:
    """A message is flagged where any category is; a model may flag for one that has no column."""
    flat = rows.nested("openai_moderation")
    some = np.zeros(len(flat.row), bool)
    told = np.zeros(len(flat.row), bool)
    for part in flat.field("categories").flatten():
        some |= is_true(part)
        told |= ~is_null(part)
    flagged = flat.field("flagged")
    return flat.rows_with((some & ~is_true(flagged)) | (is_null(flagged) == told))


def _told_scores(rows: Rows) -> np.ndarray:
    """A category and its score are null together."""
    flat = rows.nested("openai_moderation")
    wrong = np.zeros(len(flat.row), bool)
    pairs = (flat.field(name).flatten() for name in ("categories", "category_scores"))
    for category, score in zip(*pairs, strict=True):
        wrong |= is_null(category) != is_null(score)
    return flat.rows_with(wrong)


def _rolled(name: str, odd: int) -> RowRule:
    def broken(rows: Rows) -> np.ndarray:
        flat = rows.nested("openai_moderation")
        flagged, mine = flat.field("flagged"), flat.place % 2 == odd
        some = flat.rows_with(is_true(flagged) & mine)
        untold = flat.rows_with(is_null(flagged) & mine)
        said, is_said = rows.each(name).astype(bool), ~rows.is_null(name)
        return (some & ~said) | (~some & said & ~untold) | (~is_said & ~untold)

    role = ("prompt", "answer")[odd]
    says = f"`{name}` is whether any {role} is flagged, and null only if one cannot be told"
    return RowRule(name, says, ("openai_moderation", name), broken)


def _together(name: str, says: str, *names: str) -> RowRule:
    def broken(rows: Rows) -> np.ndarray:
        first, *others = (rows.is_null(one) for one in names)
        return np.any([first != other for other in others], axis=0)

    return RowRule(name, says, names, broken)


def _other(rows: Rows) -> np.ndarray:
    is_other = is_true(pc.equal(rows["topic"], OTHER))
    return is_other != (rows.each("topic_id") == -1)


def _itself(rows: Rows) -> np.ndarray:
    return is_true(pc.equal(rows["near_duplicate_of"], rows["conversation_id"]))


def _battle(rows: Rows) -> np.ndarray:
    """A battle is called after its side A, so that side is the conversation it names."""
    is_first = is_true(pc.equal(rows["battle_id"], rows["conversation_id"]))
    return is_first != is_true(pc.equal(rows["side"], "a"))


def _refusals(rows: Rows) -> np.ndarray:
    return rows.each("refusals") > rows.each("turn")


def _code(rows: Rows) -> np.ndarray:
    return (rows.each("code_share") > 0) & ~rows.each("has_code").astype(bool)


def _jailbreak(rows: Rows) -> np.ndarray:
    return rows.each("jailbreak").astype(bool) & rows.is_null("jailbreak_score")


def _feedback(rows: Rows) -> np.ndarray:
    counts = np.sum([plainly(part) for part in rows["feedback"].flatten()], axis=0)
    return (counts == 0) & ~rows.is_null("feedback")


def _errors(rows: Rows) -> np.ndarray:
    entries: Nested = rows.nested("tag_errors")
    message = entries.field("message")
    at = plainly(message)
    is_there = is_null(message) | ((at >= 0) & (at < rows.messages.counts[entries.row]))
    is_said = ~is_null(entries.field("tag")) & ~is_null(entries.field("reason"))
    return entries.rows_with(~(is_there & is_said))


RULES: tuple[RowRule, ...] = (
    RowRule("turn_fits", "`turn` is half the messages", ("conversation", "turn"), _turns),
    _one_each("openai_moderation"),
    _one_each("message_languages"),
    _one_each("message_tokens"),
    RowRule(
        "language_name",
        "`language` is the English name of `language_code`",
        ("language", "language_code"),
        _language,
    ),
    RowRule(
        "token_sums",
        "`prompt_tokens` and `answer_tokens` are the sums of `message_tokens`",
        ("message_tokens", "prompt_tokens", "answer_tokens"),
        _tokens,
    ),
    RowRule(
        "redacted",
        "`redacted` is whether there are redactions",
        ("redacted", "redactions"),
        _redacted,
    ),
    RowRule(
        "spans",
        "a redaction lies inside the message that it names, in code points",
        ("redactions", "conversation"),
        _inside,
    ),
    RowRule("span_order", "redactions are in order and do not overlap", ("redactions",), _in_order),
    RowRule(
        "flagged",
        "a message is flagged if a category is, and null if none can be told",
        ("openai_moderation",),
        _flagged,
    ),
    RowRule(
        "told_scores",
        "a category of moderation is null where its score is",
        ("openai_moderation",),
        _told_scores,
    ),
    _rolled("flagged_user", 0),
    _rolled("flagged_assistant", 1),
    RowRule(
        "tag_errors",
        "an entry of `tag_errors` names a tag, a reason, and a message that is there",
        ("tag_errors", "conversation"),
        _errors,
    ),
    _together(
        "topic_null",
        "`topic_id`, `topic` and `topic_score` are null together",
        *("topic_id", "topic", "topic_score"),
    ),
    RowRule(
        "topic_other", "`topic` is other where `topic_id` is -1", ("topic_id", "topic"), _other
    ),
    RowRule(
        "jailbreak_told",
        "what is a `jailbreak` has a `jailbreak_score`",
        ("jailbreak", "jailbreak_score"),
        _jailbreak,
    ),
    _together(
        "near_duplicate_null",
        "`similarity` and `near_duplicate_of` are null together",
        *("near_duplicate_of", "similarity"),
    ),
    RowRule(
        "near_duplicate_itself",
        "a conversation is not its own near duplicate",
        ("near_duplicate_of", "conversation_id"),
        _itself,
    ),
    _together("battle_null", "`battle_id` and `side` are null together", *("battle_id", "side")),
    RowRule(
        "battle_side",
        "`battle_id` is the conversation's own id on side a, and there only",
        ("battle_id", "side", "conversation_id"),
        _battle,
    ),
    RowRule("refused_turns", "`refusals` is at most `turn`", ("refusals", "turn"), _refusals),
    RowRule(
        "code", "where `code_share` is not 0, `has_code` is true", ("code_share", "has_code"), _code
    ),
    RowRule("feedback_null", "`feedback` is null if there was none", ("feedback",), _feedback),
)
