"""Score how much an agent reasons where it could look."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import tag_errors, trajectories
from pipeline.judges.options import Server
from pipeline.messages import Messages
from pipeline.stage import BatchStage, put
from pipeline.trajectories import ACTION, OBSERVATION, REASONING, Parts
from schemas.judged import JUDGED, OVERTHINKING

KINDS = ("reasoning", "action", "observation")
TOO_LONG = "too_long"


@dataclass(frozen=True)
class ScoreOverthinking(BatchStage):
    """Count what a trajectory is made of: reasoning, actions of an agent, answers of its tools.

    A trajectory holds a call of a tool in an answer and an observation, told by the marks of
    common scaffolds (`Action:`, `Observation:`, `<tool_call>`, `<execute_bash>`, ...); all else is
    plain chat, and its columns are null. The counts tell nothing of the quality of a trajectory.
    A judge may be asked for the three patterns of overthinking and a score (docs/judges.md).

    Options:
        backend: `none`, or `chat`: any model of a server is asked.
        server: which server, and how much of it.
        max_chars: a longer trajectory is not sent, and its verdict is null.

    Adds:
        overthinking (struct): answers (`steps`), actions, observations, actions made before
            (`repeated_actions`) and with no observation behind them (`unobserved_actions`),
            characters of reasoning, of its longest run, and their share in what the agent wrote.
        overthinking_judged (struct): patterns, score 0 to 10, model; null where none was asked.
        tag_errors (list): why a judge that was asked said nothing of a trajectory.
    """

    name: ClassVar[str] = "score_overthinking"
    reads: ClassVar[tuple[str, ...]] = ("conversation", "tag_errors")
    writes: ClassVar[tuple[str, ...]] = ("overthinking", "overthinking_judged", "tag_errors")

    backend: Literal["none", "chat"] = "none"
    server: Server = field(default_factory=Server)
    max_chars: Annotated[int, msgspec.Meta(ge=1)] = 60_000

    def __post_init__(self) -> None:
        if self.backend == "chat" and not self.server.model:
            raise ValueError("backend 'chat' needs a server.model")

    @property
    def sends_text(self) -> bool:
        return self.backend == "chat"

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        roles = batch["conversation"].flatten().field("role")
        rows = trajectories.found(flat, roles)
        parts = trajectories.parts(flat, roles, rows)
        batch = put(batch, "overthinking", counted(parts, rows))
        verdicts, reasons = self._judged(flat, parts, rows)
        batch = put(batch, "overthinking_judged", verdicts)
        return tag_errors.noted_rows(batch, self.name, reasons)

    def _judged(
        self, flat: Messages, parts: Parts, rows: np.ndarray
    ) -> tuple[pa.StructArray, pa.StringArray]:
        """What a judge says of each trajectory, and why it says nothing: two of shape (rows,)."""
        found: list[dict[str, object] | None] = [None] * len(rows)
        reasons: list[str | None] = [None] * len(rows)
        if self.backend == "chat" and rows.any():
            from pipeline.judges import overthinking, questions  # noqa: PLC0415 (loads the client)

            asked = questions.Asked(overthinking.QUESTION, self.server)
            texts = told(flat, parts, rows)
            short = [at for at, text in texts.items() if len(text) <= self.max_chars]
            reasons = [TOO_LONG if at in texts else None for at in range(len(rows))]
            answers = asked.about([texts[at] for at in short])
            for at, verdict in zip(short, answers, strict=True):
                reasons[at] = verdict if isinstance(verdict, str) else None
                if not isinstance(verdict, str):
                    found[at] = msgspec.structs.asdict(verdict) | {"model": asked.model}
        return pa.array(found, JUDGED), pa.array(reasons, pa.string())


def counted(parts: Parts, rows: np.ndarray) -> pa.StructArray:
    """The counts of each trajectory, null for chat: shape (rows,)."""
    count = len(rows)
    chars = pc.utf8_length(parts.texts).to_numpy(zero_copy_only=False).astype(np.int64)

    def of(where: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        held = None if weights is None else weights[where]
        return np.bincount(parts.row[where], held, count).astype(np.int64)

    is_action, is_reasoning = parts.kind == ACTION, parts.kind == REASONING
    reasoning, acting = of(is_reasoning, chars), of(is_action, chars)
    longest = np.zeros(count, np.int64)
    np.maximum.at(longest, parts.row[is_reasoning], chars[is_reasoning])
    is_first = np.diff(parts.message, prepend=-1) != 0
    made = {
        "steps": of(is_first & (parts.kind != OBSERVATION)),
        "actions": of(is_action),
        "observations": of(parts.kind == OBSERVATION),
        "repeated_actions": of(_repeated(parts)),
        "unobserved_actions": of(_unobserved(parts)),
        "reasoning_chars": reasoning,
        "longest_reasoning_chars": longest,
        "reasoning_share": np.round(reasoning / np.maximum(reasoning + acting, 1), 4),
    }
    kinds = list(OVERTHINKING)
    arrays = [pa.array(made[kind.name]).cast(kind.type) for kind in kinds]
    return pa.StructArray.from_arrays(arrays, fields=kinds, mask=pa.array(~rows))


def _repeated(parts: Parts) -> np.ndarray:
    """Whether each part is an action that its trajectory held before: shape (parts,) bool."""
    found = np.flatnonzero(parts.kind == ACTION)
    same = parts.texts.take(pa.array(found)).dictionary_encode().indices.to_numpy()
    _, first = np.unique(np.stack([parts.row[found], same]), axis=1, return_index=True)
    is_repeated = np.zeros(len(parts.kind), bool)
    is_repeated[found] = True
    is_repeated[found[first]] = False
    return is_repeated


def _unobserved(parts: Parts) -> np.ndarray:
    """Whether each part is an action, and no observation comes before the next: (parts,) bool."""
    done = np.flatnonzero(parts.kind != REASONING)
    follows = np.zeros(len(done), bool)
    follows[:-1] = (parts.kind[done[1:]] == OBSERVATION) & (
        parts.row[done[1:]] == parts.row[done[:-1]]
    )
    found = np.zeros(len(parts.kind), bool)
    found[done] = (parts.kind[done] == ACTION) & ~follows
    return found


def told(flat: Messages, parts: Parts, rows: np.ndarray) -> dict[int, str]:
    """Each trajectory as a judge reads it, by row: what a person says stands there as `task`."""
    said: dict[int, list[tuple[int, str, str]]] = {at: [] for at in np.flatnonzero(rows).tolist()}
    own = set(parts.message.tolist())
    texts = flat.texts.to_pylist()
    for at, row in enumerate(flat.rows.tolist()):
        if row in said and at not in own and (texts[at] or "").strip():
            said[row].append((at, "task", texts[at]))
    for at, row, kind, text in zip(
        parts.message.tolist(),
        parts.row.tolist(),
        parts.kind.tolist(),
        parts.texts.to_pylist(),
        strict=True,
    ):
        said[row].append((at, KINDS[kind], text))
    return {
        row: "\n\n".join(
            f"[{kind}]\n{text}" for _, kind, text in sorted(some, key=lambda one: one[0])
        )
        for row, some in said.items()
    }
