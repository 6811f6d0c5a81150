"""Conversations as FastChat holds them, and the JSON records it writes of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.sample import people
from pipeline.sample.models import TEMPLATES
from pipeline.sample.versions import Version

Json = dict[str, object]
Content = str | list[object] | None  # text, [text, [md5 of an image]], or an answer that is missing


@dataclass(frozen=True)
class Turn:
    """A prompt and the answers to it: all but the last were regenerated."""

    prompt: Content
    answers: tuple[str | None, ...]


@dataclass(frozen=True)
class Span:
    """When an answer began and ended; seconds since the epoch."""

    start: float
    finish: float


@dataclass(frozen=True)
class Conversation:
    """One conversation id: a chat, or one side of a battle."""

    identity: str  # 32 hexadecimal digits
    kind: str  # "chat" or "battle"
    trait: str  # see `plan`
    ordinal: int  # how many of this trait came before
    user: int
    language: str
    server: int
    model: str
    version: Version
    turns: tuple[Turn, ...]
    spans: tuple[tuple[Span, ...], ...]  # one for each answer of each turn
    has_csam_image: bool | None = None  # None: no image at all

    @property
    def start(self) -> float:
        """When the first prompt was sent."""
        return self.spans[0][0].start

    @property
    def finish(self) -> float:
        """When the last answer was complete."""
        return self.spans[-1][-1].finish

    def final(self) -> Json:
        """State after the last answer, as votes carry it."""
        return self.state(len(self.turns) - 1, len(self.turns[-1].answers) - 1)

    def chats(self) -> Iterator[Json]:
        """The `chat` records: one for each answer, each with everything before it."""
        for turn, spans in enumerate(self.spans):
            for attempt, span in enumerate(spans):
                yield self._chat(turn, attempt, span)

    def state(self, turn: int, attempt: int) -> Json:
        """State after that attempt at that turn."""
        template, version = TEMPLATES[self.model], self.version
        row: Json = {}
        if version.template_key:
            row[version.template_key] = template.name
        row[version.system_key] = template.system
        row["roles"] = list(template.roles)
        row["messages"] = self._messages(turn, attempt)
        row["offset"] = len(template.few_shot)
        if version.has_separators:
            row |= {"sep": "###", "sep2": None}
        row["conv_id"] = self.identity
        if version.has_model_name:
            row["model_name"] = self.model
        if version.is_routed:
            row |= _routes(turn + 1)
        if self.has_csam_image is not None:
            row["has_csam_image"] = self.has_csam_image
        return row

    def _messages(self, turn: int, attempt: int) -> list[list[Content]]:
        template = TEMPLATES[self.model]
        texts: list[Content] = list(template.few_shot)
        for earlier in self.turns[:turn]:
            texts += [earlier.prompt, earlier.answers[-1]]
        texts += [self.turns[turn].prompt, self.turns[turn].answers[attempt]]
        return [[template.roles[place % 2], text] for place, text in enumerate(texts)]

    def _chat(self, turn: int, attempt: int, span: Span) -> Json:
        row: Json = {"tstamp": span.finish, "type": "chat", "model": self.model}
        if self.version.parameters:
            values = {"temperature": 0.7, "top_p": 1.0, "max_new_tokens": 1024}
            row["gen_params"] = {name: values[name] for name in self.version.parameters}
        row["start"] = span.start
        row["finish"] = span.start if self.version.is_finish_start else span.finish
        row["state"] = self.state(turn, attempt)
        row["ip"] = people.address(self.user)
        return row


def feedback(conversation: Conversation, kind: str) -> Json:
    """An `upvote`, `downvote` or `flag` record; its `tstamp` is still missing."""
    return {
        "type": kind,
        "model": conversation.model,
        "state": conversation.final(),
        "ip": people.address(conversation.user),
    }


def vote(sides: Sequence[Conversation], kind: str, labels: list[str]) -> Json:
    """A vote or `share` record without `tstamp`; the user saw `labels` above the two answers."""
    return {
        "type": kind,
        "models": labels,
        "states": [side.final() for side in sides],
        "ip": people.address(sides[0].user),
    }


def encode(row: Json, version: Version) -> bytes:
    """The line, without its line feed: ASCII, as `json.dumps` writes it."""
    if version.is_remote:
        nested = {key: value for key, value in row.items() if isinstance(value, dict | list)}
        row = row | {key: json.dumps(value) for key, value in nested.items()}
    return json.dumps(row).encode("ascii")


def _routes(turns: int) -> Json:
    chosen = ("gpt-4", "maple-34b", "claude-v1")
    return {
        "ans_models": [chosen[turn % 3] for turn in range(turns)],
        "router_outputs": [{chosen[turn % 3]: 0.7, "koala-13b": 0.3} for turn in range(turns)],
    }
