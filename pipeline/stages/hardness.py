"""Tag which criteria of a hard prompt the first prompt of a conversation meets."""

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import tag_errors
from pipeline.errors import InputError
from pipeline.judges.options import Server
from pipeline.messages import Messages
from pipeline.moderation import embedded, linear
from pipeline.moderation.embedded import LEAST_KNOWN
from pipeline.stage import BatchStage, put
from schemas.judged import CRITERIA, MET

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
EVEN = 0.5
MOST_CHARS = 10_000
"""Of a prompt are judged, as BenchBuilder does."""


@dataclass(frozen=True)
class TagHardness(BatchStage):
    """Tag the first prompt with the seven criteria of BenchBuilder, and count those that it meets.

    By a model of a server (`chat`), or by linear heads that were trained from what such a model
    said (`heads`), in English as far as its labels are. No heads come with the package, because no
    labels do: `curate train-hardness` makes them (docs/judges.md).

    Options:
        backend: `chat`, or `heads`.
        model: of `heads`: a file that `curate train-hardness` wrote.
        least_known: of `heads`: share of a prompt's words that training must have seen.
        server: of `chat`: which server, and how much of it.
        max_chars: of a prompt are looked at.

    Adds:
        hardness_criteria (struct): whether each criterion is met.
        hardness (int): how many are.
        hardness_model (string): backend and model, with a digest.
        tag_errors (list): why there are none.
    """

    name: ClassVar[str] = "tag_hardness"
    reads: ClassVar[tuple[str, ...]] = ("conversation", "tag_errors")
    writes: ClassVar[tuple[str, ...]] = (
        "hardness_criteria",
        "hardness",
        "hardness_model",
        "tag_errors",
    )

    backend: Literal["chat", "heads"] = "chat"
    model: str = ""
    least_known: Share = LEAST_KNOWN
    server: Server = field(default_factory=Server)
    max_chars: Annotated[int, msgspec.Meta(ge=1)] = MOST_CHARS

    def __post_init__(self) -> None:
        if self.backend == "chat" and not self.server.model:
            raise ValueError("backend 'chat' needs a server.model")
        if self.backend == "heads":
            card = Path(self.model).with_suffix(".json") if self.model else None
            if not card or not card.is_file() or not Path(self.model).is_file():
                raise ValueError(
                    f"model {self.model!r}: no such file, or no card beside it; "
                    "`curate train-hardness` makes one"
                )

    @property
    def sends_text(self) -> bool:
        return self.backend == "chat"

    @property
    def fingerprint(self) -> str:
        return embedded.fingerprint(self.model) if self.backend == "heads" else ""

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        prompts = first_prompts(batch["conversation"], self.max_chars)
        judge = self._by_heads if self.backend == "heads" else self._by_chat
        met, reasons, model = judge(prompts)
        is_told = pc.is_null(reasons)
        arrays = [pa.array(met[:, at]) for at in range(len(CRITERIA))]
        mask = pc.invert(is_told)
        count = pa.array(met.sum(axis=1).astype(np.int32))
        for name, column in (
            ("hardness_criteria", pa.StructArray.from_arrays(arrays, fields=list(MET), mask=mask)),
            ("hardness", pc.if_else(is_told, count, pa.scalar(None, pa.int32()))),
            ("hardness_model", pa.array([model] * batch.num_rows, pa.string())),
        ):
            batch = put(batch, name, column)
        return tag_errors.noted_rows(batch, self.name, reasons)

    def _by_heads(self, prompts: pa.StringArray) -> tuple[np.ndarray, pa.StringArray, str]:
        heads = loaded(self.model)
        scores, reasons = linear.scores(prompts, heads, self.least_known)
        columns = [heads.heads.index(name) for name in CRITERIA]
        met = np.nan_to_num(scores)[:, columns] >= EVEN
        return met, reasons, f"heads:{heads.digest}"

    def _by_chat(self, prompts: pa.StringArray) -> tuple[np.ndarray, pa.StringArray, str]:
        from pipeline.judges import hardness, questions  # noqa: PLC0415 (the client takes a second)

        asked = questions.Asked(hardness.QUESTION, self.server)
        met = np.zeros((len(prompts), len(CRITERIA)), bool)
        reasons: list[str | None] = [None] * len(prompts)
        for at, told in enumerate(asked.about(prompts.to_pylist())):
            if isinstance(told, str):
                reasons[at] = told
            else:
                met[at] = [getattr(told, name) for name in CRITERIA]
        return met, pa.array(reasons, pa.string()), asked.model


@functools.cache
def loaded(file: str) -> linear.Model:
    """A model of heads.

    Raises:
        InputError: it has other heads than the criteria.
    """
    model = linear.load(Path(file))
    if missing := set(CRITERIA) - set(model.heads):
        raise InputError(f"{file} has no head for {', '.join(sorted(missing))}")
    return model


def first_prompts(conversations: pa.ListArray, most_chars: int = MOST_CHARS) -> pa.StringArray:
    """The beginning of the first prompt of each conversation; null if there is none."""
    flat = Messages(conversations)
    first = pa.array(np.cumsum(flat.counts) - flat.counts, mask=flat.counts == 0)
    return pc.utf8_slice_codeunits(flat.texts.take(first), 0, most_chars)
