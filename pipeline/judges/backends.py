"""Moderation by a server: the backends that `tag_moderation` has beside its own model."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, assert_never

import msgspec
import numpy as np
import pyarrow as pa

from pipeline.judges import answers, asking
from pipeline.judges import prompts as prompting
from pipeline.judges.answers import LLAMA_GUARD, Answer, Scores
from pipeline.judges.endpoints import Chats, Endpoint, Moderations
from pipeline.judges.options import Server
from pipeline.judges.replies import Verdict
from pipeline.moderation.backends import Judged, nothing
from schemas.moderation import OMNI, Category

Name = Literal["openai", "chat", "guard"]
EVEN = 0.5
"""The score that flags; verdicts are 0 and 1, probabilities are even there."""
DEFAULT_MODEL = "omni-moderation-latest"


@dataclass(frozen=True)
class Served:
    """Scores by a server.

    Attributes:
        name: what kind of server.
        server: its options.
    """

    name: Name
    server: Server

    @property
    def model(self) -> str:
        """The kind, the server's name of the model, and a digest of how it is asked."""
        return f"{self.name}:{self._server.model}:{self._endpoint.form[:12]}"

    @property
    def thresholds(self) -> dict[Category, float]:
        """Even odds, for each category that it can tell."""
        names = set(self._hazards.values()) if self.name == "guard" else set(OMNI)
        return {name: EVEN for name in OMNI if name in names}

    def judge(self, texts: pa.StringArray, prompts: pa.StringArray | None = None) -> Judged:
        """Score some texts; those without any letter, sign or digit are not sent."""
        scores = nothing(len(texts))
        reasons: list[str | None] = ["no_text"] * len(texts)
        verdicts = np.zeros((len(texts), len(OMNI) + 1), bool)
        asked = [(at, text) for at, text in enumerate(texts.to_pylist()) if text and text.strip()]
        found = asking.ask(self._endpoint, self._server, self._sent(asked, prompts))
        for (at, _), told in zip(asked, found, strict=True):
            if self.name == "openai" and told.answer is not None:
                verdicts[at] = own_verdict(msgspec.json.decode(told.answer, type=Verdict))
            read = self._read(told.answer) if told.answer is not None else told.reason
            if isinstance(read, dict):
                reasons[at] = None
                for name, score in read.items():
                    scores[at, OMNI.index(name)] = score
            else:
                reasons[at] = read
        own = verdicts if self.name == "openai" else None
        return Judged(np.round(scores, 6), pa.array(reasons, pa.string()), own)

    def _sent(self, asked: list[tuple[int, str]], before: pa.StringArray | None) -> list[str]:
        """What is sent of each text; of an answer to a guard, the prompt before it as well."""
        if self.name != "guard":
            return [text for _, text in asked]
        if before is None or not self.server.guard_context:
            return [prompting.packed(text, None) for _, text in asked]
        given = before.to_pylist()
        return [prompting.packed(text, given[at]) for at, text in asked]

    @property
    def _server(self) -> Server:
        """The options, with the model that OpenAI has for this if none is named."""
        if self.name == "openai" and not self.server.model:
            return msgspec.structs.replace(self.server, model=DEFAULT_MODEL)
        return self.server

    @property
    def _hazards(self) -> dict[str, Category]:
        return self.server.guard_categories or LLAMA_GUARD

    @functools.cached_property
    def _endpoint(self) -> Endpoint:
        if self.name == "openai":
            return Moderations(self._server)
        return Chats(self._server, is_guard=self.name == "guard")

    def _read(self, answer: bytes) -> Scores | str:
        """Scores of a kept answer, or a reason."""
        if self.name == "openai":
            told = msgspec.json.decode(answer, type=Verdict).category_scores
            return {name: score for name in OMNI if (score := told.get(name)) is not None}
        return self._reader(msgspec.json.decode(answer, type=Answer))

    @property
    def _reader(self) -> Callable[[Answer], Scores | str]:
        if self.name == "guard":
            return functools.partial(answers.from_guard, categories=self._hazards)
        match self.server.structured:
            case "json_schema" | "none":
                return answers.from_json
            case "choice" | "guided_choice":
                return answers.from_choice
            case other:
                assert_never(other)


def own_verdict(verdict: Verdict) -> list[bool]:
    """What the moderation endpoint decided of a text: each category, and whether any flags it."""
    flags = [bool(verdict.categories.get(name)) for name in OMNI]
    return [*flags, any(flags) if verdict.flagged is None else verdict.flagged]
