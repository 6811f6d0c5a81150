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
        found = [identify(*row) for row in zip(*names, strict=True)]
        sides = [Messages(batch[name]) for name in ("conversation_a", "conversation_b")]
        rules = _texts_by_rule(sides, self.identity_words, batch.num_rows)
        for fault in self.reasons[:3]:
            rules[fault] = np.array([one.fault == fault for one in found], bool)
        if not self.after_reveal:
            rules["after_reveal"] = np.array([one.is_revealed for one in found], bool)
        if not self.self_battles:
            rules["self_battle"] = np.array([one.is_self_battle for one in found], bool)
        for reason in self.reasons:
            if reason in rules:
                batch = drop(batch, rules[reason], self.name, reason)
        batch = put(batch, "model_a", pa.array([one.model_a for one in found], pa.string()))
        batch = put(batch, "model_b", pa.array([one.model_b for one in found], pa.string()))
        batch = put(batch, "anony", pa.array([one.is_anonymous for one in found], pa.bool_()))
        winner = [WINNERS.get(vote) for vote in batch["vote"].to_pylist()]
        return put(batch, "winner", pa.array(winner, pa.string()))


@dataclass(frozen=True)
class Identity:
    """Whom a vote is about.

    Attributes:
        fault: why that cannot be told; None: it can.
        is_revealed: the page showed the names because a vote had been cast already.
    """

    fault: str | None
    model_a: str | None
    model_b: str | None
    is_anonymous: bool = False
    is_revealed: bool = False

    @property
    def is_self_battle(self) -> bool:
        """Whether both sides are the same model, as far as is known."""
        return self.model_a is not None and self.model_a == self.model_b


def identify(
    label_a: str | None, label_b: str | None, hidden_a: str | None, hidden_b: str | None
) -> Identity:
    """Whom a vote is about, by the names that the page showed and those that the log hid."""
    if label_a is None or label_b is None:
        return Identity("null_label", hidden_a, hidden_b)
    reveals = [REVEALED.fullmatch(label) for label in (label_a, label_b)]
    shown = [
        reveal[1] if reveal else label
        for reveal, label in zip(reveals, (label_a, label_b), strict=True)
    ]
    if (shown[0] == "") != (shown[1] == ""):
        return Identity("one_label_empty", hidden_a, hidden_b)
    models = [hidden or label for hidden, label in zip((hidden_a, hidden_b), shown, strict=True)]
    is_anonymous = shown[0] in ANONYMOUS
    if not is_anonymous and any(
        model not in label for model, label in zip(models, shown, strict=True)
    ):
        return Identity("label_mismatch", models[0], models[1])
    known = [None if model in ANONYMOUS else model for model in models]
    return Identity(None, known[0], known[1], is_anonymous, any(reveals))


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
