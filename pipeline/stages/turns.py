"""Drop conversations whose turns are not whole: a prompt and its answer, both with text."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import messages
from pipeline.messages import Messages
from pipeline.stage import BatchStage, drop

GARBLED_MIN_BYTES = 8
LOST = ("?", "\N{REPLACEMENT CHARACTER}")
"""What stands where letters were lost."""
SUSPICIOUS = ("??", LOST[1])
"""One of these is in every text of 8 bytes or more of which six tenths are lost."""


@dataclass(frozen=True)
class DropMalformedTurns(BatchStage):
    """Drop conversations with no turn, a prompt without answer, a null message, or garbled text.

    Garbled is a message that is mostly `?` or U+FFFD: text that lost its letters on the way
    through an encoding that did not have them.

    Options:
        garbled: the least share of such characters, by bytes.
    """

    name: ClassVar[str] = "drop_malformed_turns"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = ("no_turns", "odd_turns", "null_message", "garbled")

    garbled: Annotated[float, msgspec.Meta(ge=0.6, le=1)] = 0.6

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        is_null = flat.texts.is_null().to_numpy(zero_copy_only=False)
        for reason, found in (
            ("no_turns", flat.counts == 0),
            ("odd_turns", flat.counts % 2 == 1),
            ("null_message", flat.rows_with(is_null)),
            ("garbled", flat.rows_with(self._is_garbled(flat.texts))),
        ):
            batch = drop(batch, found, self.name, reason)
        return batch

    def _is_garbled(self, texts: pa.StringArray) -> np.ndarray:
        found = messages.containing(texts, SUSPICIOUS)
        suspects = texts.take(pa.array(np.flatnonzero(found)))
        lost = sum(
            pc.count_substring(suspects, sign).to_numpy() * len(sign.encode()) for sign in LOST
        )
        length = messages.lengths(suspects)
        found[found] = (length >= GARBLED_MIN_BYTES) & (lost >= self.garbled * length)
        return found


@dataclass(frozen=True)
class DropEmpty(BatchStage):
    """Drop conversations with a prompt or an answer that is empty or only white space."""

    name: ClassVar[str] = "drop_empty"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = ("empty_prompt", "empty_answer")

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        is_space = pc.fill_null(pc.utf8_is_space(flat.texts), fill_value=False)
        is_empty = is_space.to_numpy(zero_copy_only=False) | (messages.lengths(flat.texts) == 0)
        for reason, role in zip(self.reasons, ("user", "assistant"), strict=True):
            batch = drop(batch, flat.rows_with(is_empty & flat.by(role)), self.name, reason)
        return batch


@dataclass(frozen=True)
class DropTooLong(BatchStage):
    """Drop conversations that are longer than readers and tools can bear.

    Options:
        max_messages: most messages of a conversation.
        max_chars: most characters (code points) of a message.
    """

    name: ClassVar[str] = "drop_too_long"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = ("too_many_messages", "message_too_long")

    max_messages: Annotated[int, msgspec.Meta(ge=2)] = 200
    max_chars: Annotated[int, msgspec.Meta(ge=1)] = 200_000

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        batch = drop(batch, flat.counts > self.max_messages, self.name, self.reasons[0])
        long = np.flatnonzero(messages.lengths(flat.texts) > self.max_chars)
        chars = pc.utf8_length(flat.texts.take(pa.array(long))).to_numpy(zero_copy_only=False)
        found = np.zeros(len(flat.rows), bool)
        found[long[chars > self.max_chars]] = True
        return drop(batch, flat.rows_with(found), self.name, self.reasons[1])
