"""Count the answers that begin by refusing."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import refusal
from pipeline.messages import Messages
from pipeline.stage import BatchStage, put

HEAD_CHARS = 250


@dataclass(frozen=True)
class ScoreRefusals(BatchStage):
    """Count the answers that begin by refusing, in 24 languages.

    Rules of words, on the first 250 characters of an answer: an apology or `as an AI` may come
    first, then somebody must be unable or unwilling, to do what was asked. An answer that tells a
    limit (`I don't have feelings`) and goes on is none. What is refused in other words, or after
    an introduction, is not found. Of 100 distinct beginnings that it found in real answers, all
    say that something is not done, 88 do nothing of it, and 12 go on to help with a part.
    """

    name: ClassVar[str] = "score_refusals"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = ("refusals",)

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        found = np.zeros(len(flat.texts), bool)
        is_answer = flat.by("assistant")
        found[is_answer] = refuses(flat.texts.filter(pa.array(is_answer)))
        return put(batch, "refusals", pa.array(flat.sum(found).astype(np.int32)))


def refuses(answers: pa.StringArray) -> np.ndarray:
    """Whether each answer begins by refusing: shape (answers,) bool."""
    heads = pc.utf8_slice_codeunits(pc.fill_null(answers, ""), 0, HEAD_CHARS)
    found = pc.match_substring_regex(heads, refusal.pattern(), ignore_case=True)
    return found.to_numpy(zero_copy_only=False)
