"""Tag what moderation says of each message, and drop what must not be released."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import tag_errors
from pipeline.judges.options import Server
from pipeline.messages import Messages
from pipeline.moderation import embedded, minors
from pipeline.moderation.backends import Backend
from pipeline.moderation.embedded import LEAST_KNOWN, Embedded
from pipeline.stage import BatchStage, drop, put
from schemas import moderation as taxonomy
from schemas.moderation import CATEGORIES, OMNI, Category, Taxonomy

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Role = Literal["user", "assistant"]
ROLES: tuple[Role, ...] = ("user", "assistant")
BY_RULE = "sexual/minors by rule"


@dataclass(frozen=True)
class TagModeration(BatchStage):
    """Tag each message, of both roles, with the categories of OpenAI's moderation.

    Scores stand wherever a category can be told; `flagged` is whether any category that can be
    told reaches its threshold. A category that the model was not trained for is null, and so is
    all of a message that it cannot read: no words, or not its language; `tag_errors` says which.
    See docs/moderation.md for what the shipped model can and cannot tell.

    Options:
        backend: `embedded`, a linear model that comes with the package; English. Or a server:
            `openai`, its moderation endpoint; `chat`, any model; `guard`, as Llama Guard.
        model: a file that `curate train-moderation` wrote; the shipped one if empty.
        taxonomy: `text` has the 11 categories of LMSYS-Chat-1M, `omni` also both of `illicit`.
        thresholds: category -> the least score that flags; others are as in the model's card.
        least_known: share of a message's words that the model must have seen in training.
        server: which server is asked, and how much of it; docs/judges.md.
        flags: whether thresholds flag, or `openai`'s own verdicts do.

    Adds:
        openai_moderation (list): categories, category_scores, flagged of each message.
        flagged_user (bool): whether any prompt is flagged: an attempt.
        flagged_assistant (bool): whether any answer is flagged: a success.
        moderation_model (string): backend and digest.
        tag_errors (list): why a message has no scores.
    """

    name: ClassVar[str] = "tag_moderation"
    reads: ClassVar[tuple[str, ...]] = ("conversation", "tag_errors")
    writes: ClassVar[tuple[str, ...]] = (
        "openai_moderation",
        "flagged_user",
        "flagged_assistant",
        "moderation_model",
        "tag_errors",
    )

    backend: Literal["embedded", "openai", "chat", "guard"] = "embedded"
    model: str = ""
    taxonomy: Taxonomy = "text"
    thresholds: dict[Category, Share] = field(default_factory=dict)
    least_known: Share = LEAST_KNOWN
    server: Server = field(default_factory=Server)
    flags: Literal["thresholds", "server"] = "thresholds"

    def __post_init__(self) -> None:
        if self.flags == "server" and (self.backend != "openai" or self.thresholds):
            raise ValueError("flags 'server' is for backend 'openai', without thresholds")
        if self.backend in {"chat", "guard"} and not self.server.model:
            raise ValueError(f"backend {self.backend!r} needs a server.model")
        if self.model and not Path(self.model).with_suffix(".json").is_file():
            raise ValueError(f"model {self.model!r}: no such file, or no card beside it")

    @property
    def sends_text(self) -> bool:
        return self.backend != "embedded"

    @property
    def fingerprint(self) -> str:
        return embedded.fingerprint(self.model)

    @property
    def _backend(self) -> Backend:
        if self.backend == "embedded":
            return Embedded(self.model, self.least_known)
        from pipeline.judges.backends import Served  # noqa: PLC0415 (the client takes a second)

        return Served(self.backend, self.server)

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        judged = self._backend.judge(
            flat.texts, _prompts(flat) if self.backend == "guard" else None
        )
        least = self._least()
        told = ~np.isnan(judged.scores)
        flags = judged.scores >= least
        is_told = told.any(axis=1)
        is_flagged = (flags & told).any(axis=1)
        if self.flags == "server" and judged.verdicts is not None:
            flags, is_flagged = judged.verdicts[:, :-1], judged.verdicts[:, -1] & is_told
        ends = pa.array(np.concatenate([[0], np.cumsum(flat.counts)]), pa.int32())
        entries = self._entries(judged.scores, flags, is_flagged)
        kind = taxonomy.column(self.taxonomy)
        for name, column in (
            ("openai_moderation", pa.ListArray.from_arrays(ends, entries, type=kind)),
            ("flagged_user", _rolled(flat, "user", is_flagged, is_told)),
            ("flagged_assistant", _rolled(flat, "assistant", is_flagged, is_told)),
            ("moderation_model", pa.array([self._backend.model] * batch.num_rows, pa.string())),
        ):
            batch = put(batch, name, column)
        return tag_errors.noted(batch, self.name, flat, judged.reasons)

    def _least(self) -> np.ndarray:
        """The threshold of each category: shape (13,); those of no threshold never flag."""
        given = self._backend.thresholds | self.thresholds
        return np.array([given.get(name, np.inf) for name in OMNI])

    def _entries(
        self, scores: np.ndarray, flags: np.ndarray, is_flagged: np.ndarray
    ) -> pa.StructArray:
        """One struct a message; what is not told is null inside it."""
        names = CATEGORIES[self.taxonomy]
        fields = list(taxonomy.column(self.taxonomy).value_type)
        mine = scores[:, : len(names)]
        unknown = np.isnan(mine)
        held = [
            [pa.array(flags[:, at], mask=unknown[:, at]) for at in range(len(names))],
            [pa.array(mine[:, at], mask=unknown[:, at]) for at in range(len(names))],
        ]
        structs = [
            pa.StructArray.from_arrays(columns, fields=list(kind.type))
            for columns, kind in zip(held, fields, strict=False)
        ]
        flagged = pa.array(is_flagged, mask=unknown.all(axis=1))
        return pa.StructArray.from_arrays([*structs, flagged], fields=fields)


def _prompts(flat: Messages) -> pa.StringArray:
    """What each message answers; null for prompts: shape (messages,)."""
    before = pa.array(np.arange(len(flat.place)) - 1, mask=flat.place % 2 == 0)
    return pc.fill_null(flat.texts, "").take(before)


def _rolled(
    flat: Messages, role: Role, is_flagged: np.ndarray, is_told: np.ndarray
) -> pa.BooleanArray:
    """Whether any message of a role is flagged; null if none is and one could not be told."""
    mine = flat.by(role)
    some = flat.rows_with(mine & is_flagged)
    return pa.array(some, mask=flat.rows_with(mine & ~is_told) & ~some)


@dataclass(frozen=True)
class DropFlagged(BatchStage):
    """Drop conversations that moderation flags; sexual content about minors never ships.

    Looks at `openai_moderation`, so `tag_moderation` comes before it. A category that the model
    cannot tell is null there and drops nothing. For `sexual/minors`, which the shipped model
    cannot tell, there is a rule of words beside it: an explicit word near a word for a minor, or a
    word for a minor in a message that is flagged as sexual. The rule knows English words only; it
    misses what is implied, and drops some fiction, news and education. It is no classifier.

    Options:
        categories: category -> the least score that drops; null drops what is flagged.
        roles: whose messages are looked at.
        minors_rule: whether the rule of words is used.
    """

    name: ClassVar[str] = "drop_flagged"
    reads: ClassVar[tuple[str, ...]] = ("conversation", "openai_moderation")
    writes: ClassVar[tuple[str, ...]] = ()
    reasons: ClassVar[tuple[str, ...]] = (*OMNI, BY_RULE)

    categories: dict[Category, Share | None] = field(
        default_factory=lambda: {"sexual/minors": None}
    )
    roles: tuple[Role, ...] = ROLES
    minors_rule: bool = True

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        mine = np.logical_or.reduce([flat.by(role) for role in self.roles or ROLES])
        is_sexual = np.zeros(len(flat.rows), bool)
        if "openai_moderation" in batch.schema.names:
            tagged = _Tagged(flat, batch["openai_moderation"])
            is_sexual = tagged.hits("sexual", None)
            for category, least in self.categories.items():
                found = flat.rows_with(mine & tagged.hits(category, least))
                batch = drop(batch, found, self.name, category)
        found = np.zeros(batch.num_rows, bool)
        if self.minors_rule:
            found = flat.rows_with(mine & minors.found(flat.texts, is_sexual))
        return drop(batch, found, self.name, BY_RULE)


class _Tagged:
    """The entries of a moderation column, one a message of rows that have them."""

    def __init__(self, flat: Messages, column: pa.ListArray) -> None:
        counts = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
        self.entries = column.flatten()
        self.fits = (counts == flat.counts)[flat.rows]
        self.held = np.repeat(counts == flat.counts, counts)

    def hits(self, category: str, least: float | None) -> np.ndarray:
        """Whether each message reaches a score, or is flagged; never where that is null."""
        names = [kind.name for kind in self.entries.type.field("categories").type]
        found = np.zeros(len(self.fits), bool)
        if category in names:
            if least is None:
                told = self.entries.field("categories").field(category)
            else:
                told = pc.greater_equal(
                    self.entries.field("category_scores").field(category), least
                )
            told = pc.fill_null(told, fill_value=False).to_numpy(zero_copy_only=False)
            found[self.fits] = told[self.held]
        return found
