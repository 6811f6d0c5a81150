"""Drop conversations that hold an error of the server instead of an answer."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import messages
from pipeline.messages import Messages
from pipeline.stage import BatchStage, drop

Marker = Literal[
    "network_error", "old_network_error", "api_error", "rate_limit", "worker_error", "unfinished"
]

LITERALS: dict[Marker, tuple[str, ...]] = {
    "network_error": (
        "**NETWORK ERROR DUE TO HIGH TRAFFIC. PLEASE REGENERATE OR REFRESH THIS PAGE.**",
    ),
    "old_network_error": ("**NETWORK ERROR. PLEASE REGENERATE OR REFRESH THIS PAGE.**",),
    "api_error": (
        "**API REQUEST ERROR**",
        "API REQUEST ERROR. Please increase the number of max tokens.",
    ),
    "rate_limit": ("**RATE LIMIT OF THIS MODEL IS REACHED.",),
    "worker_error": ("\n\n(error_code: ",),
    "unfinished": ('<span class="cursor"></span>',),
}
"""What FastChat writes into an answer when it fails (constants.py of its versions since 2023)."""

CURSOR = "▌"
"""The end of an answer that was still being written when its state was logged."""


@dataclass(frozen=True)
class DropErrors(BatchStage):
    """Drop conversations with a server error, a rate limit or an unfinished answer in them.

    Failed turns are not logged when they fail, but stay in the history and surface in later
    states; the state before the failure is then the one that is released.

    Options:
        markers: which ones; the reason of the drop is the marker's name.
        roles: whose messages are searched; users also quote errors to ask about them.
        ignore_case: as the ancestor did, who lower-cased all text.
    """

    name: ClassVar[str] = "drop_errors"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = tuple(LITERALS)

    markers: tuple[Marker, ...] = tuple(LITERALS)
    roles: tuple[Literal["user", "assistant"], ...] = ("assistant",)
    ignore_case: bool = False

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        is_searched = np.logical_or.reduce([flat.by(role) for role in self.roles])
        suspects = np.flatnonzero(is_searched & self._has_any(flat.texts))
        texts = flat.texts.take(pa.array(suspects))
        for marker in self.markers:
            found = np.zeros(len(flat.rows), bool)
            found[suspects] = self._has(texts, marker)
            batch = drop(batch, flat.rows_with(found), self.name, marker)
        return batch

    def _has_any(self, texts: pa.StringArray) -> np.ndarray:
        """Whether a message may hold any marker: one pass over all text, which few survive."""
        literals = [literal for marker in self.markers for literal in LITERALS[marker]]
        ends = [CURSOR] if "unfinished" in self.markers else []
        return messages.containing(texts, literals + ends, ignore_case=self.ignore_case)

    def _has(self, texts: pa.StringArray, marker: Marker) -> np.ndarray:
        found = messages.containing(texts, LITERALS[marker], ignore_case=self.ignore_case)
        return found | messages.ends_with(texts, CURSOR) if marker == "unfinished" else found


SENTINELS = {
    "input": "$MODERATION$ YOUR INPUT VIOLATES OUR CONTENT MODERATION GUIDELINES.",
    "text": "$MODERATION$ YOUR TEXT VIOLATES OUR CONTENT MODERATION GUIDELINES.",
    "image": "$MODERATION$ YOUR IMAGE VIOLATES OUR CONTENT MODERATION GUIDELINES.",
}


@dataclass(frozen=True)
class DropModerationSentinels(BatchStage):
    """Drop conversations in which the server replaced a flagged prompt by a sentence.

    Since 2023-11-11 the sentence is sent to the model and logged as if the user had written it.
    The reason says what was flagged: `input`, `text` or `image`.
    """

    name: ClassVar[str] = "drop_moderation_sentinels"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = tuple(SENTINELS)

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        is_user = flat.by("user")
        for reason, sentence in SENTINELS.items():
            found = pc.fill_null(pc.starts_with(flat.texts, sentence), fill_value=False)
            hit = found.to_numpy(zero_copy_only=False) & is_user
            batch = drop(batch, flat.rows_with(hit), self.name, reason)
        return batch
