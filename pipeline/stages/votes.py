"""Judge votes by the ancestor's rules: which battle they are about, and whether it was fair."""

import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from pipeline import messages
from pipeline.messages import Messages
from pipeline.stage import BatchStage, drop, put

WINNERS = {
    "leftvote": "model_a",
    "rightvote": "model_b",
    "tievote": "tie",
    "bothbad_vote": "tie (bothbad)",
}
REVEALED = re.compile(r"\s*(?:<h3>|### )Model [AB]: (.*?)(?:</h3>)?\s*", re.DOTALL)
ANONYMOUS = frozenset({"", "Model A", "Model B"})

IDENTITY_WORDS = (
    *("vicuna", "lmsys", "koala", "uc berkeley", "open assistant", "laion", "chatglm", "chatgpt"),
    *("gpt-4", "openai", "anthropic", "claude", "bard", "palm", "lamda", "google", "gemini"),
    *("llama", "qianwan", "qwen", "alibaba", "mistral", "zhipu", "keg lab", "01.ai", "ai2"),
    *("tülu", "tulu", "deepseek", "hermes", "cohere", "dbrx", "databricks"),
)
"""By which the ancestor took a side as recognised; substrings of lower-cased text."""

FAILED = (
    "network error due to high traffic. please regenerate or refresh this page.",
    "$moderation$ your input violates our content moderation guidelines.",
    "api request error. please increase the number of max tokens.",
    "**api request error**",
)
UNFINISHED = ("▌", '<span class="cursor">')


@dataclass(frozen=True)
class DropInvalidVotes(BatchStage):
    """Find the two models of a vote, and drop votes that say nothing fair about them.

    Rules in the ancestor's order, the first that fits is the reason: `null_label` (a name is
    null), `one_label_empty`, `label_mismatch` (a shown name that is not the model's),
    `no_messages`, `null_message` (null or empty text), `leaked_identity` (a text names a model or
    its maker), `error`, `unfinished`; then ours: `after_reveal` (voted again with the names in
    sight) and `self_battle` (a model against itself).

    Options:
        identity_words: lower-cased substrings that give a model away; searched on both sides and
            in both roles.
        after_reveal: keep votes cast after the names were revealed, as named ones.
        self_battles: keep battles of a model against itself.

    Adds:
        anony (bool): whether the names were hidden; winner (string): `model_a`, `model_b`, `tie`
        or `tie (bothbad)`. Replaces model_a, model_b by the identities found.
    """

    name: ClassVar[str] = "drop_invalid_votes"
    tables: ClassVar[tuple[str, ...]] = ("battles",)
    reads: ClassVar[tuple[str, ...]] = (
        *("label_a", "label_b", "model_a", "model_b", "vote", "conversation_a", "conversation_b"),
    )
    writes: ClassVar[tuple[str, ...]] = ("model_a", "model_b", "anony", "winner")
    reasons: ClassVar[tuple[str, ...]] = (
        *("null_label", "one_label_empty", "label_mismatch", "no_messages", "null_message"),
        *("leaked_identity", "error", "unfinished", "after_reveal", "self_battle"),
    )

    identity_words: tuple[str, ...] = IDENTITY_WORDS
    after_reveal: bool = False
    self_battles: bool = False

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        names = [batch[name].to_pylist() for name in self.reads[:4]]
        found = [identities(*row) for row in zip(*names, strict=True)]
        sides = [Messages(batch[name]) for name in ("conversation_a", "conversation_b")]
        texts = _texts_by_rule(sides, self.identity_words, batch.num_rows)
        for reason in self.reasons:
            where = texts.get(reason)
            if where is None:
                where = np.array([row[0] == reason for row in found], bool)
            if (reason == "after_reveal" and self.after_reveal) or (
                reason == "self_battle" and self.self_battles
            ):
                continue
            batch = drop(batch, where, self.name, reason)
        for at, column in enumerate(("model_a", "model_b", "anony"), start=1):
            kind = pa.bool_() if column == "anony" else pa.string()
            batch = put(batch, column, pa.array([row[at] for row in found], kind))
        winner = [WINNERS.get(vote) for vote in batch["vote"].to_pylist()]
        return put(batch, "winner", pa.array(winner, pa.string()))


def identities(
    label_a: str | None, label_b: str | None, hidden_a: str | None, hidden_b: str | None
) -> tuple[str | None, str | None, str | None, bool]:
    """Why the vote is invalid (or None), the two models, whether their names were hidden."""
    if label_a is None or label_b is None:
        return "null_label", hidden_a, hidden_b, False
    reveals = [REVEALED.fullmatch(label) for label in (label_a, label_b)]
    shown = [
        reveal[1] if reveal else label
        for reveal, label in zip(reveals, (label_a, label_b), strict=True)
    ]
    models = [hidden or label for hidden, label in zip((hidden_a, hidden_b), shown, strict=True)]
    if (shown[0] == "") != (shown[1] == ""):
        return "one_label_empty", hidden_a, hidden_b, False
    is_hidden = shown[0] in ANONYMOUS
    if not is_hidden and any(
        model not in label for model, label in zip(models, shown, strict=True)
    ):
        return "label_mismatch", models[0], models[1], False
    reason = "after_reveal" if any(reveals) else None
    if reason is None and models[0] == models[1]:
        reason = "self_battle"
    known = [None if model in ANONYMOUS else model for model in models]
    return reason, known[0], known[1], is_hidden


def _texts_by_rule(
    sides: list[Messages], words: tuple[str, ...], rows: int
) -> dict[str, np.ndarray]:
    """For each rule about texts, the rows it fits on either side: reason -> (rows,) bool."""
    rules = {"leaked_identity": words, "error": FAILED, "unfinished": UNFINISHED}
    found = {reason: np.zeros(rows, bool) for reason in ("no_messages", "null_message", *rules)}
    for side in sides:
        found["no_messages"] |= side.counts == 0
        found["null_message"] |= side.rows_with(messages.lengths(side.texts) == 0)
        for reason, needles in rules.items():
            hits = messages.containing(side.texts, needles, ignore_case=True)
            found[reason] |= side.rows_with(hits)
    return found
