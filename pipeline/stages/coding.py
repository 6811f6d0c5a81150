"""Tell how much of a conversation is code."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import prose
from pipeline.messages import Messages
from pipeline.stage import BatchStage, put

DIGITS = 4


@dataclass(frozen=True)
class ScoreCode(BatchStage):
    """Tell whether there is code in a conversation, and what share of its characters is fenced.

    `code_share` counts the characters inside of fences (three backticks or tildes, the fence
    itself included; one never closed goes to the end). `has_code` is true of any fence, and of a
    message with three lines or more in its first 1,500 characters that look like code: the end of
    a statement, an assignment, a definition, an import, a call, a query.
    """

    name: ClassVar[str] = "score_code"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = ("code_share", "has_code")

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        texts = pc.fill_null(flat.texts, "")
        chars = _lengths(texts)
        rest = prose.without_fences(texts, "")
        code = chars - _lengths(rest)
        heads = pc.utf8_slice_codeunits(rest, 0, prose.HEAD_CHARS)
        has_code = (code > 0) | (prose.code_lines(heads) >= prose.LEAST_LINES)
        share = flat.sum(code) / np.maximum(flat.sum(chars), 1)
        batch = put(batch, "code_share", pa.array(np.round(share, DIGITS)))
        return put(batch, "has_code", pa.array(flat.rows_with(has_code)))


def _lengths(texts: pa.StringArray) -> np.ndarray:
    return pc.utf8_length(texts).to_numpy().astype(np.int64)
