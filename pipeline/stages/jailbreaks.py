"""Tag prompts that try to talk a model out of its rules."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import tag_errors
from pipeline.messages import Messages
from pipeline.moderation import embedded, injections, linear
from pipeline.stage import BatchStage, put

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


@dataclass(frozen=True)
class TagJailbreak(BatchStage):
    """Tag conversations in which a prompt is a jailbreak, or orders the model to forget its orders.

    The score is that of a linear model, fitted to jailbreaks seen in the wild (English, 2023);
    a new kind of jailbreak is not known to it. `injection` is a rule of words: a prompt that says
    to ignore former instructions, forges the marks of a system or assistant turn, or asks for the
    hidden prompt. See docs/moderation.md.

    Options:
        threshold: the least score that is called a jailbreak; null: as in the model's card.
        model: a file that `curate train-moderation` wrote; the shipped one if empty.
        least_known: share of a prompt's words that the model must have seen in training.

    Adds:
        jailbreak (bool): whether a prompt is; null if none is and one cannot be told.
        jailbreak_score (double): the highest of its prompts; null if none can be told.
        injection (bool): whether a prompt matches the rule.
        tag_errors (list): why a prompt has no score.
    """

    name: ClassVar[str] = "tag_jailbreak"
    reads: ClassVar[tuple[str, ...]] = ("conversation", "tag_errors")
    writes: ClassVar[tuple[str, ...]] = ("jailbreak", "jailbreak_score", "injection", "tag_errors")

    threshold: Share | None = None
    model: str = ""
    least_known: Share = embedded.LEAST_KNOWN

    def __post_init__(self) -> None:
        if self.model and not Path(self.model).with_suffix(".json").is_file():
            raise ValueError(f"model {self.model!r}: no such file, or no card beside it")

    @property
    def fingerprint(self) -> str:
        return embedded.fingerprint(self.model)

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        is_prompt = flat.by("user")
        model = embedded.loaded(self.model, "jailbreak")
        prompts = pc.if_else(pa.array(is_prompt), flat.texts, pa.scalar(None, pa.string()))
        scores, reasons = linear.scores(prompts, model, self.least_known)
        score = scores[:, -1]
        is_told = ~np.isnan(score)
        least = self.threshold
        if least is None:
            least = next(reversed(model.card["thresholds"].values()))
        some = flat.rows_with(is_told & (score >= least))
        untold = flat.rows_with(is_prompt & ~is_told) & ~some
        highest = np.full(batch.num_rows, -1.0)
        np.maximum.at(highest, flat.rows[is_told], score[is_told])
        injected = flat.rows_with(injections.found(prompts))
        for name, column in (
            ("jailbreak", pa.array(some, mask=untold)),
            ("jailbreak_score", pa.array(highest, mask=highest < 0)),
            ("injection", pa.array(injected)),
        ):
            batch = put(batch, name, column)
        reasons = pc.if_else(pa.array(is_prompt), reasons, pa.scalar(None, pa.string()))
        return tag_errors.noted(batch, self.name, flat, reasons)
