"""Tag the language of conversations and of their messages."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
import numpy as np
import pyarrow as pa

from pipeline.language import detection
from pipeline.language.names import NAMES, UNKNOWN
from pipeline.messages import Messages
from pipeline.stage import BatchStage, put


@dataclass(frozen=True)
class TagLanguage(BatchStage):
    """Tag the language of each conversation, and of each of its messages.

    Code, addresses, placeholders, markup and numbers are taken out first. Then, in this order:
    a message that is but a greeting or thanks (a list), a script that only one language uses, the
    detector. `und` is said of messages without prose: empty, or nothing but code; LMSYS-Chat-1M
    calls such a conversation's language `unknown`, and so does `language`. Nothing is ever null.

    The conversation's language is that of its prompts, each weighing as much as the prose in it
    that was looked at (400 characters at most) times its score. The answers have a say only if
    the prompts hold no prose, or leave it in doubt.

    Options:
        detector: `ngrams` (py3langid's model, BSD-3-Clause); `fasttext` (lid.176.ftz, whose
            licence is CC-BY-SA-3.0; extra `fasttext`); `lingua` (Apache-2.0, 0.7 GB of memory;
            extra `lingua`).
        doubt: the score below which the prompts leave it in doubt.
    """

    name: ClassVar[str] = "tag_language"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = (
        "language",
        "language_code",
        "language_score",
        "message_languages",
    )

    detector: detection.Name = "ngrams"
    doubt: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.7

    def __post_init__(self) -> None:
        if detection.version(self.detector) is None:
            raise ValueError(f"detector {self.detector!r} is not installed: it is an extra")

    @property
    def fingerprint(self) -> str:
        return detection.version(self.detector) or ""

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        found = detection.detect(flat.texts, self.detector)
        codes, scores = self._of_rows(flat, found)
        ends = np.concatenate([[0], np.cumsum(flat.counts)]).astype(np.int32)
        spoken = pa.ListArray.from_arrays(pa.array(ends), pa.array(found.codes, pa.string()))
        for name, column in (
            ("language", pa.array([NAMES[code] for code in codes], pa.string())),
            ("language_code", pa.array(codes, pa.string())),
            ("language_score", pa.array(scores, pa.float64())),
            ("message_languages", spoken),
        ):
            batch = put(batch, name, column)
        return batch

    def _of_rows(self, flat: Messages, found: detection.Languages) -> tuple[np.ndarray, np.ndarray]:
        """The language of each conversation and its score: two of shape (rows,)."""
        is_prompt = flat.by("user")
        codes, scores = _weighed(flat, found, is_prompt)
        doubted = scores < self.doubt
        if doubted.any():
            by_all = _weighed(flat, found, is_prompt | doubted[flat.rows])
            codes[doubted], scores[doubted] = by_all[0][doubted], by_all[1][doubted]
        return codes, scores


def _weighed(
    flat: Messages, found: detection.Languages, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The language that weighs most in each row, among the messages that count.

    Its score is its weight times score, over the weight of all; of equals, the first in the
    alphabet wins.
    """
    rows = len(flat.counts)
    named, code = np.unique(found.codes.astype(str), return_inverse=True)
    weights = np.where(counts & (found.codes != UNKNOWN), found.weights, 0)
    place = flat.rows * len(named) + code
    held = np.bincount(place, weights * found.scores, rows * len(named)).reshape(rows, len(named))
    held = np.round(held, detection.DIGITS)
    all_of_it = np.bincount(flat.rows, weights, rows)
    codes, scores = np.full(rows, UNKNOWN, object), np.zeros(rows)
    spoken = np.flatnonzero(all_of_it)
    best = held[spoken].argmax(1) if len(spoken) else spoken
    codes[spoken] = named[best].astype(object)
    scores[spoken] = np.round(held[spoken, best] / all_of_it[spoken], detection.DIGITS)
    return codes, scores
