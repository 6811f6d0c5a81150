"""Our own labelled conversations: the frames of `frames/` filled with made-up values.

GUIDELINES.md says what is labelled. The values are made here, from the frame and a number, so that
nothing that looks like a key stands in the repository, and a new frame changes no other.
"""

import functools
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from benchmarks.pii import people, values
from benchmarks.pii.checked import FULL_WIDTH
from benchmarks.pii.frames import Frame, Hole, frames, pieces

KINDS = (
    "person", "email", "phone", "address", "card", "iban", "bank_account", "national_id",
    "passport", "driving_licence", "plate", "ip", "mac", "url", "url_secret", "username",
    "coordinates", "date_of_birth", "wallet", "device_id", "secret", "password",
)  # fmt: skip
FORMS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "wide": lambda text: text.translate(FULL_WIDTH),
    "joined": "\u200b".join,
    "halves": lambda text: f"{text[: len(text) // 2]}\u200d{text[len(text) // 2 :]}",
    "spaced": " ".join,
    "bare": lambda text: "".join(one for one in text if one.isalnum() or one == "+"),
    "json": lambda text: text.replace("\n", "\\n"),
}
"""How values may be written, beside the forms of names."""
IGNORED = "ignored"
"""Kind of a span that may be found or not: bank codes, machines, names of nobody."""
CORE = re.compile("⟨(.*)⟩", re.DOTALL)


@dataclass(frozen=True)
class Span:
    """A personal value: `messages[message][start:end]`, in code points.

    Attributes:
        before: how many code points before it a detector may take with it: of a title, of an
            address around a password.
        behind: how many behind it.
    """

    message: int
    start: int
    end: int
    kind: str
    variant: str = ""
    before: int = 0
    behind: int = 0


@dataclass(frozen=True)
class Conversation:
    """Messages and what is personal in them.

    Attributes:
        frame: number of the frame it was made of.
        is_held_out: a quarter of the frames, for judging only: who writes rules does not look at
            what is missed there.
    """

    messages: tuple[str, ...]
    roles: tuple[str, ...]
    spans: tuple[Span, ...]
    language: str
    tags: tuple[str, ...]
    frame: int = -1
    is_held_out: bool = False


class Filler:
    """Fills the holes of one conversation; remembers the values that recur."""

    def __init__(self, language: str, rng: Random) -> None:
        self.language, self.rng = language, rng
        self.people: dict[str, tuple[str, str]] = {}
        self.known: dict[tuple[str, str], tuple[str, str]] = {}

    def person(self, reference: str) -> tuple[str, str]:
        """The person of a reference; always another one without reference."""
        name = people.person(self.language, self.rng)
        return self.people.setdefault(reference, name) if reference else name

    def made(self, hole: Hole) -> tuple[str, str]:
        """A value for a hole that is not a person, and its variant."""
        if hole.kind == "email":
            return people.email(self.person(hole.reference), hole.variant, self.rng), hole.variant
        if hole.kind == "date_of_birth":
            return people.birthday(self.language, self.rng), ""
        if hole.kind in values.table("shapes")["noise"]:
            return values.value("noise", hole.kind, self.language, self.rng)
        return values.value(hole.kind, hole.variant, self.language, self.rng)

    def value(self, hole: Hole) -> tuple[str, str]:
        """What stands in a hole, and its variant."""
        if hole.literal is not None:
            text, variant = hole.literal, hole.variant
        elif hole.kind == "person":
            name, variant = self.person(hole.reference), hole.variant
            text = people.in_form(name, hole.variant, self.language)
        else:
            key = (hole.kind, hole.reference)
            text, variant = self.known.get(key) or self.made(hole)
            if hole.reference:
                self.known[key] = text, variant
        return FORMS.get(hole.form, str)(text), variant

    def message(self, number: int, text: str) -> tuple[str, list[Span]]:
        """A message with its holes filled, and its labels."""
        whole, spans = "", []
        for piece in pieces(text):
            if isinstance(piece, str):
                whole += piece
                continue
            word, variant = self.value(piece)
            plain, before, behind = core(word)
            if piece.is_label:
                start, end = len(whole) + before, len(whole) + len(plain) - behind
                spans.append(Span(number, start, end, piece.kind, variant, before, behind))
            whole += plain
        return whole, [titled(span, whole) for span in spans]


def core(word: str) -> tuple[str, int, int]:
    """A value without the marks of its core, and what stands before and behind the core."""
    marked = CORE.search(word)
    if marked is None:
        return word, 0, 0
    return CORE.sub(r"\1", word), marked.start(), len(word) - marked.end()


@functools.cache
def titles() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Titles that stand before a name, and those behind."""
    before, behind = (
        "|".join(map(re.escape, words.split())) for words in values.table("titles").values()
    )
    return (
        re.compile(rf"\b(?:{before})\.?\s$", re.IGNORECASE),
        re.compile(rf"^ ?(?:{behind})", re.IGNORECASE),
    )


def titled(span: Span, text: str) -> Span:
    """A person's span that may have the title beside it."""
    if span.kind != "person":
        return span
    before, behind = titles()
    first = before.search(text[max(0, span.start - 12) : span.start])
    last = behind.search(text[span.end : span.end + 8])
    return replace(span, before=len(first[0]) if first else 0, behind=last.end() if last else 0)


def filled(frame: Frame, number: int, fill: int) -> Conversation:
    """A frame filled for the `fill`-th time."""
    filler = Filler(frame.language, Random(f"{fill} {frame.turns}"))  # noqa: S311 (a fixed seed)
    done = [filler.message(at, text) for at, (_, text) in enumerate(frame.turns)]
    return Conversation(
        messages=tuple(text for text, _ in done),
        roles=tuple(role for role, _ in frame.turns),
        spans=tuple(span for _, spans in done for span in spans),
        language=frame.language,
        tags=frame.tags,
        frame=number,
        is_held_out=hashlib.sha256(frame.turns[0][1].encode()).digest()[0] % 4 == 0,
    )


@functools.cache
def labelled() -> tuple[Conversation, ...]:
    """All labelled conversations, none twice."""
    found: dict[tuple[str, ...], Conversation] = {}
    for number, frame in enumerate(frames()):
        for fill in range(frame.fills):
            one = filled(frame, number, fill)
            found.setdefault(one.messages, one)
    return tuple(found.values())
