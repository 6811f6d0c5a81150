"""The endpoints that judge: what they are asked, and what of their replies is kept."""

import functools
import hashlib
from dataclasses import dataclass
from typing import Any, Protocol, cast

import msgspec
import openai

from pipeline.judges import answers, prompts, replies
from pipeline.judges.limits import most_tokens
from pipeline.judges.options import Server

TEXTS_PER_LIST = 32
CHAT_TOKENS = 400
"""Enough for 13 categories in JSON: about 110 tokens, and white space."""
GUARD_TOKENS = 40
CHAT_ALTERNATIVES = 5
GUARD_ALTERNATIVES = 20
OVERHEAD = 64
"""Tokens that a chat template may add to a message."""
PROBE = "<|im_end|> </s> [INST] BEGIN END"
"""A text with all that is done to texts, so that the digest of a request's form covers it."""


@dataclass(frozen=True)
class Reply:
    """What came of a request: one answer a text, and the tokens it cost, if that was said."""

    answers: list[bytes]
    tokens: int | None


class Endpoint(Protocol):
    """A way to ask a server."""

    @property
    def texts_per_request(self) -> int:
        """How many texts it may take at once; 1 where one text could speak for another."""

    @property
    def form(self) -> str:
        """A digest of all that an answer depends on, but for the text."""

    def most_tokens(self, texts: list[str]) -> int:
        """The most tokens that a request for some texts can cost."""

    async def ask(self, client: openai.AsyncOpenAI, texts: list[str]) -> Reply:
        """Send one request.

        Raises:
            openai.OpenAIError: it failed.
            BrokenReplyError: what came back is no JSON.
            MalformedReplyError: it is JSON of a wrong shape.
        """


@dataclass(frozen=True)
class Moderations:
    """OpenAI's moderation endpoint; it takes lists, and judges their texts one by one."""

    server: Server
    texts_per_request: int = TEXTS_PER_LIST

    @functools.cached_property
    def form(self) -> str:
        return digest(["moderations", self.server.model])

    def most_tokens(self, texts: list[str]) -> int:
        return sum(map(most_tokens, texts))

    async def ask(self, client: openai.AsyncOpenAI, texts: list[str]) -> Reply:
        raw = await client.moderations.with_raw_response.create(
            model=self.server.model, input=texts
        )
        found = replies.verdicts(raw.content, len(texts))
        return Reply([msgspec.json.encode(one, order="sorted") for one in found], None)


@dataclass(frozen=True)
class Chats:
    """Chat completions: one text a request, so that no text can speak for another.

    Attributes:
        is_guard: whether the model has its own prompt and answers safe or unsafe; its texts are
            those of `prompts.packed`.
    """

    server: Server
    is_guard: bool = False
    texts_per_request: int = 1

    @functools.cached_property
    def form(self) -> str:
        probe = prompts.packed(PROBE, PROBE) if self.is_guard else PROBE
        return digest(["chat", self._messages(probe), self._fields])

    def most_tokens(self, texts: list[str]) -> int:
        said = [str(message["content"]) for text in texts for message in self._messages(text)]
        limits = [self._fields.get(name) for name in ("max_tokens", "max_completion_tokens")]
        answer = max([limit for limit in limits if isinstance(limit, int)], default=CHAT_TOKENS)
        return sum(most_tokens(one) + OVERHEAD for one in said) + answer

    async def ask(self, client: openai.AsyncOpenAI, texts: list[str]) -> Reply:
        (text,) = texts
        fields = self._fields
        raw = await client.chat.completions.with_raw_response.create(
            model=self.server.model,
            messages=cast("Any", self._messages(text)),
            extra_body={name: value for name, value in fields.items() if name != "model"},
        )
        found = replies.completion(raw.content)
        telling = answers.SAFETY if self.is_guard else answers.TRUTH
        answer = answers.kept(found.choices[0], telling)
        return Reply([msgspec.json.encode(answer, order="sorted")], found.tokens)

    def _messages(self, text: str) -> list[dict[str, Any]]:
        if self.is_guard:
            return prompts.exchange(text)
        is_json = self.server.structured in {"json_schema", "none"}
        return prompts.messages(text, "json" if is_json else "choice")

    @functools.cached_property
    def _fields(self) -> dict[str, Any]:
        """All fields of a request but its messages."""
        fields: dict[str, Any] = {
            "model": self.server.model,
            "temperature": 0,
            "logprobs": True,
            "top_logprobs": GUARD_ALTERNATIVES if self.is_guard else CHAT_ALTERNATIVES,
            "max_tokens": GUARD_TOKENS if self.is_guard else CHAT_TOKENS,
        }
        if not self.is_guard:
            fields |= prompts.answer_form(self.server.structured)
        fields |= self.server.parameters
        return {name: value for name, value in fields.items() if value is not None}


def digest(parts: list[Any]) -> str:
    """SHA-256 of anything that is JSON."""
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()
