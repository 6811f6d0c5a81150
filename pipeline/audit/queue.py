"""The records of a review: the queue that reviewers fill in, and what came of it."""

from typing import Literal

import msgspec

Allocation = Literal["proportional", "balanced"]
Part = Literal["sample", "redacted"]


class Marked(msgspec.Struct):
    """A redaction in the text of an item; the reviewer fills `right`.

    Attributes:
        was: what stood there, if the reviewer asked for it: raw, like all of `run/staged`.
    """

    start: int
    end: int
    kind: str
    rule: str
    was: str | None = None
    right: bool | None = None


class Item(msgspec.Struct):
    """A released message to be judged: one line of the queue.

    Attributes:
        part: `sample` counts for the residual rate, `redacted` only for precision.
        weight: how many messages of the release it stands for.
        left: kinds of the personal data that is left in the text; [] for none. The reviewer
            fills it.
        spans: the redactions, in code points of the text.
    """

    conversation_id: str
    message: int
    role: str
    part: Part
    stratum: dict[str, str]
    weight: float
    text: str
    spans: list[Marked]
    left: list[str] | None = None
    note: str = ""


class Queue(msgspec.Struct):
    """What is written beside the queue: how it was drawn, and from which release."""

    release: str  # SHA-256 of the release's manifest
    seed: int
    size: int
    redacted: int
    allocation: Allocation
    messages: int  # of the release
    strata: dict[str, list[int]]  # name -> messages in the release, in the sample


class Share(msgspec.Struct):
    """Hits among trials, and the one-sided 95 % bound that matters."""

    hits: int
    of: int
    bound: float


class Result(msgspec.Struct):
    """What the verdicts say.

    Attributes:
        release: SHA-256 of the manifest of the release that was reviewed.
        reviewers: one or two.
        unjudged: messages of the sample without a verdict.
        left: messages of the sample with personal data left, upper bound.
        weighted: the share of the release, each verdict by its weight; and its upper bound.
        bound: the higher of both upper bounds: what a gate looks at.
        kinds: kind -> messages in which it is left.
        precision: redacted values (one a conversation) that were rightly so, lower bound.
        precision_by_kind: the same by kind.
        agreement: Cohen's kappa of two reviewers, on `left` and on `spans`.
        strata: dimension -> value -> messages with personal data left.
    """

    release: str
    reviewers: int
    unjudged: int
    left: Share
    weighted: tuple[float, float]
    bound: float
    kinds: dict[str, int]
    precision: Share
    precision_by_kind: dict[str, Share]
    agreement: dict[str, float | None]
    strata: dict[str, dict[str, Share]]

    @property
    def is_complete(self) -> bool:
        """Whether every message of the sample has a verdict."""
        return self.unjudged == 0 and self.left.of > 0


def encoded(items: list[Item]) -> bytes:
    """JSON lines."""
    return b"".join(msgspec.json.encode(item) + b"\n" for item in items)


def decoded(data: bytes) -> list[Item]:
    """What JSON lines hold.

    Raises:
        msgspec.MsgspecError: a line is not an item.
    """
    return [msgspec.json.decode(line, type=Item) for line in data.split(b"\n") if line.strip()]
