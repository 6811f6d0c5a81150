"""Tag what the prompts of a conversation are about."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import tag_errors
from pipeline.stage import BatchStage, put
from pipeline.topics import model, words

NO_TEXT = "no_text"


@dataclass(frozen=True)
class TagTopics(BatchStage):
    """Tag each conversation with its topic, by a frozen model that `curate topics fit` made.

    The prose of the first four prompts is compared with the topics of the model: code, addresses,
    placeholders and markup are no prose. A model never changes, so a topic has the same id in
    every release that is tagged by it; `curate topics drift` says when it no longer fits. Topics
    with too few users or conversations were folded into `other` when the model was made.

    Options:
        model: the folder of a model.
        least_score: below it a conversation is `other`; null: as in the model.

    Adds:
        topic_id (int): of that model; -1 for `other`; null where the prompts hold no prose.
        topic (string): the words that tell it from the others, or the label it was given.
        topic_score (double): cosine to the topic, or the probability of the label, 0 to 1.
        tag_errors (list): why there is none.
    """

    name: ClassVar[str] = "tag_topics"
    reads: ClassVar[tuple[str, ...]] = ("conversation", "tag_errors")
    writes: ClassVar[tuple[str, ...]] = ("topic_id", "topic", "topic_score", "tag_errors")

    model: str = ""
    least_score: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None

    def __post_init__(self) -> None:
        if not self.model:
            raise ValueError("model: missing; `curate topics fit` makes one")
        if not model.is_there(self.model):
            raise ValueError(f"model {self.model!r}: no such folder, or no model in it")

    @property
    def fingerprint(self) -> str:
        return model.fingerprint(self.model)

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        frozen = model.load(self.model)
        texts = words.of_prompts(batch["conversation"])
        found = frozen.assign(texts, self.least_score)
        is_empty = pc.equal(texts, "").to_numpy(zero_copy_only=False)
        labels = pa.array([*frozen.labels, model.OTHER], pa.string())
        place = np.where(found.topics < 0, len(frozen.labels), found.topics)
        place = pa.array(place, pa.int32(), mask=is_empty)
        for name, column in (
            ("topic_id", pa.array(found.topics, pa.int32(), mask=is_empty)),
            ("topic", labels.take(place)),
            ("topic_score", pa.array(found.scores, pa.float64(), mask=is_empty)),
        ):
            batch = put(batch, name, column)
        reasons = pc.if_else(pa.array(is_empty), NO_TEXT, pa.scalar(None, pa.string()))
        return tag_errors.noted_rows(batch, self.name, reasons)
