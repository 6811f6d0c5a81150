"""Tag what the prompts of a conversation are about."""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import tag_errors
from pipeline.judges.options import Server
from pipeline.stage import FittedStage, put
from pipeline.topics import model, sampling, words

NO_TEXT, NO_MODEL = "no_text", "no_model"
Count = Annotated[int, msgspec.Meta(ge=0)]


@dataclass(frozen=True)
class Fit:
    """How a run fits a model of topics.

    Attributes:
        topics: how many, before small ones are folded.
        sample: conversations to fit to, about.
        min_users: of a topic, and of each word that is known.
        min_conversations: of a topic, and of a word in its name.
        others: share of the sample that is too far from all topics.
        seed: of the sample and of the fit.
        titles: a server that gives titles to topics; docs/judges.md.
    """

    topics: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 20
    sample: Annotated[int, msgspec.Meta(ge=1, le=200_000)] = 10_000
    min_users: Count = 5
    min_conversations: Count = 20
    others: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.05
    seed: Count = 0
    titles: Server | None = None


@dataclass(frozen=True)
class TagTopics(FittedStage):
    """Tag each conversation with its topic, by a frozen model.

    `curate topics fit` made it, or the run fits it to its first days, redacted. The prose of the
    first four prompts is compared with the topics of the model: code, addresses, placeholders and
    markup are no prose. A model never changes, so a topic has the same id in every release that is
    tagged by it; `curate topics drift` says when it no longer fits. A fit is for the first
    release: give its model, run/models/ID, to those that follow, or ids change.
    Topics with too few users or conversations were folded into `other` when the model was made.

    Options:
        model: the folder of a model.
        fit: how to fit one in the run, in place of `model`; {} as by default. Where there is too
            little to fit one to, topics are null.
        least_score: below it a conversation is `other`; null: as in the model.

    Adds:
        topic_id (int): of that model; -1 for `other`; null where the prompts hold no prose.
        topic (string): the words that tell it from the others, or the label it was given.
        topic_score (double): how probable the topic is beside the others, 0 to 1.
        tag_errors (list): why there is none: no_text, no_model.
    """

    name: ClassVar[str] = "tag_topics"
    reads: ClassVar[tuple[str, ...]] = ("conversation", "tag_errors")
    writes: ClassVar[tuple[str, ...]] = ("topic_id", "topic", "topic_score", "tag_errors")

    model: str = ""
    fit: Fit | None = None
    least_score: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None

    def __post_init__(self) -> None:
        if not self.model and self.fit is None:
            raise ValueError("model: missing; `curate topics fit` makes one, and so does `fit: {}`")
        if self.model and self.fit is not None:
            raise ValueError("model: is given, so there is nothing to `fit`; leave one out")
        if self.model and not model.is_there(self.model):
            raise ValueError(f"model {self.model!r}: no such folder, or no model in it")

    @property
    def fingerprint(self) -> str:
        return model.fingerprint(self.model) if self.model else ""

    @property
    def sends_text(self) -> bool:
        return self.fit is not None and self.fit.titles is not None

    @property
    def lacks_model(self) -> bool:
        return self.fit is not None

    @property
    def sample(self) -> tuple[int, int]:
        return (self.fit.sample, self.fit.seed) if self.fit else (0, 0)

    def read(self, batch: pa.RecordBatch) -> pa.Table:
        return sampling.read(batch)

    def learn(self, sample: pa.Table, seen: int) -> tuple[str, dict[str, bytes]]:
        from pipeline.topics import fitting, spaces  # noqa: PLC0415 (a second of imports)

        how = self.fit or Fit()
        options = spaces.Options(
            topics=how.topics,
            seed=how.seed,
            others=how.others,
            min_users=how.min_users,
            min_conversations=how.min_conversations,
        )
        drawn = sampling.of(sample, sample.num_rows, how.seed, seen)
        made = fitting.fit(drawn, options)
        if how.titles:
            from pipeline import titles  # noqa: PLC0415 (the client takes a second)

            made = titles.titled(made, drawn, how.titles)
        return model.packed(made)

    def given(self, model: str) -> "TagTopics":
        return replace(self, model=model, fit=None)

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        if not self.model:
            return self._untold(batch)
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

    def _untold(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch without topics, before a model is fitted, or where none could be."""
        for name, kind in zip(self.writes, (pa.int32(), pa.string(), pa.float64()), strict=False):
            batch = put(batch, name, pa.nulls(batch.num_rows, kind))
        reasons = pa.array([NO_MODEL] * batch.num_rows, pa.string())
        return tag_errors.noted_rows(batch, self.name, reasons)
