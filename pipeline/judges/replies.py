"""What a server says, as it comes over the wire: checked for its shape before anything else."""

from typing import Any, TypeVar

import msgspec

from schemas.moderation import OMNI

T = TypeVar("T")


class BrokenReplyError(Exception):
    """The reply is not JSON: it was cut, or comes from something in between. Ask again."""


class MalformedReplyError(Exception):
    """The reply is JSON of another shape. Asking again will not help."""


class Alternative(msgspec.Struct):
    """A token that could have stood at a place."""

    token: str
    logprob: float


class Token(msgspec.Struct):
    """A token of an answer, with what could have stood there."""

    token: str
    top_logprobs: list[Alternative] = []


class Logprobs(msgspec.Struct):
    """The tokens of an answer."""

    content: list[Token] | None = None


class Message(msgspec.Struct):
    """What a model says."""

    content: str | None = None
    refusal: str | None = None


class Choice(msgspec.Struct):
    """One answer of a model, and why it ends there."""

    message: Message
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class Completion(msgspec.Struct):
    """A reply of `/chat/completions`."""

    choices: list[Choice]
    usage: Any = None

    @property
    def tokens(self) -> int | None:
        """What it cost; None if the server does not say."""
        total = self.usage.get("total_tokens") if isinstance(self.usage, dict) else None
        return total if isinstance(total, int) and total >= 0 else None


class Verdict(msgspec.Struct):
    """What the moderation endpoint says of one text; null is a category of another model."""

    category_scores: dict[str, float | None]
    categories: dict[str, bool | None] = {}
    flagged: bool | None = None


class Verdicts(msgspec.Struct):
    """A reply of `/moderations`."""

    results: list[Verdict]


def decoded(body: bytes, kind: type[T]) -> T:
    """A reply of some kind.

    Raises:
        BrokenReplyError: it is not JSON.
        MalformedReplyError: it is not of that kind.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise MalformedReplyError from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenReplyError from error


def completion(body: bytes) -> Completion:
    """A reply of `/chat/completions` with an answer in it."""
    found = decoded(body, Completion)
    if not found.choices:
        raise MalformedReplyError
    return found


def verdicts(body: bytes, texts: int) -> list[Verdict]:
    """A reply of `/moderations`: one verdict a text, scores 0 to 1."""
    found = decoded(body, Verdicts).results
    if len(found) != texts or not all(map(_is_sound, found)):
        raise MalformedReplyError
    return found


def _is_sound(verdict: Verdict) -> bool:
    known = [s for n, s in verdict.category_scores.items() if n in OMNI and s is not None]
    return bool(known) and all(0 <= score <= 1 for score in known)
