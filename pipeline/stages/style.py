"""Count what an answer's style is made of, as the leaderboard's style control does."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.messages import Messages, containing
from pipeline.stage import BatchStage, put

SPACE = r"[\s\x0b\x1c-\x1f\x{85}\pZ]"
"""What Python's `\\s` is, which FastChat counts by."""
FENCED = r"```[^`]*```"
HEADER = rf"(?m)^(#{{1,6}}){SPACE}"
LISTS = {
    "ordered": rf"(?m)^{SPACE}*\p{{Nd}}+\.{SPACE}",
    "unordered": rf"(?m)^{SPACE}*[-*+]{SPACE}",
}
BOLD = {"**": r"\*\*[^*\n]+\*\*", "__": r"__[^_\n]+__"}
MARK = "\x01"


@dataclass(frozen=True)
class ScoreStyle(BatchStage):
    """Count headers, list items and bold runs of the answers, code blocks aside.

    Names and definitions are those of the style control in FastChat's leaderboard
    (`header_count`, `list_count`, `bold_count`), summed over the answers of a conversation; with
    the token counts of `score_tokens` they are all that it controls for.
    """

    name: ClassVar[str] = "score_style"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = ("header_count", "list_count", "bold_count")

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        is_answer = flat.by("assistant")
        texts = pc.fill_null(flat.texts.filter(pa.array(is_answer)), "")
        texts = pc.replace_substring_regex(texts, FENCED, "")
        texts = pc.replace_substring(texts, MARK, "\x02") if has_mark(texts) else texts
        rows = flat.rows[is_answer]
        for name, counts in (
            ("header_count", headers(texts)),
            ("list_count", {key: anchored(texts, LISTS[key]) for key in LISTS}),
            ("bold_count", {key: _counted(texts, BOLD[key]) for key in BOLD}),
        ):
            sums = [
                pa.array(np.bincount(rows, count, batch.num_rows).astype(np.int32))
                for count in counts.values()
            ]
            batch = put(batch, name, pa.StructArray.from_arrays(sums, names=[*counts]))
        return batch


def has_mark(texts: pa.StringArray) -> bool:
    """Whether any text holds the sign that stands for a match."""
    return bool(containing(texts, [MARK]).any())


def headers(texts: pa.StringArray) -> dict[str, np.ndarray]:
    """Headers of each level in each text: `h1` to `h6`, each (texts,) int64."""
    marked = pc.replace_substring_regex(texts, HEADER, MARK + r"\1" + MARK)
    return {
        f"h{level}": _numpy(pc.count_substring(marked, MARK + "#" * level + MARK))
        for level in range(1, 7)
    }


def anchored(texts: pa.StringArray, pattern: str) -> np.ndarray:
    """Matches of a pattern that begins at a line: (texts,) int64.

    Not by `count_substring_regex`: it looks at what is behind a match as at a text of its own,
    which begins a line.
    """
    marked = pc.replace_substring_regex(texts, pattern, MARK)
    return _numpy(pc.count_substring(marked, MARK))


def _counted(texts: pa.StringArray, pattern: str) -> np.ndarray:
    return _numpy(pc.count_substring_regex(texts, pattern))


def _numpy(counts: pa.Array) -> np.ndarray:
    return counts.to_numpy(zero_copy_only=False).astype(np.int64)
