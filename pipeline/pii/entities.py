"""Which spans of a conversation name the same thing, and where else it is named.

An entity is one value of one kind: all spellings of a telephone number, a full name and its parts.
Entities are numbered by first appearance, so that numbers depend on nothing but the conversation.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.pii import seen
from pipeline.pii.kinds import KINDS
from pipeline.pii.recurrence import Recurrence
from pipeline.pii.words import TITLES

SUBSCRIBER = 9
"""Digits at the end of a telephone number that all ways to write it share."""
_SIGNS = {"at": "@", "dot": "."}
_SPELLED_OUT = re.compile(r"\s*[\[({]?\s*\b(at|dot)\b\s*[\])}]?\s*")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_OTHER = re.compile(r"[\W_]+")


class Span(NamedTuple):
    """A place of personal data in a conversation, in code points of one of its messages."""

    message: int
    start: int
    end: int
    kind: str
    rule: int
    entity: int = -1


def fold(kind: str, value: str) -> str:
    """One spelling for all spellings of a value of a kind."""
    folds = KINDS[kind].folds
    if folds == "exact":
        return value
    plain = seen.folded(value)
    return _OTHER.sub("", plain) if folds == "digits" else " ".join(plain.split())


def identity(kind: str, value: str) -> str:
    """What two spellings of a value have in common, within a conversation.

    Telephone numbers have it by their last digits, with or without the country's code; e-mail
    addresses also where they are spelled out; all other kinds by their folded form.
    """
    folded = fold(kind, value)
    if kind == "phone":
        return folded[-SUBSCRIBER:]
    if kind == "email" and "@" not in folded:
        return _SPELLED_OUT.sub(lambda found: _SIGNS[found[1]], folded).replace(" ", "")
    return folded.removeprefix("@") if kind == "username" else folded


def numbered(messages: Sequence[str], spans: Sequence[Span]) -> tuple[list[Span], list[str]]:
    """The spans in order, each with its entity, and each entity's folded value.

    A single name belongs to the first full name of the conversation that holds it.
    """
    spans = sorted(spans)
    written = [messages[s.message][s.start : s.end] for s in spans]
    names = [fold(s.kind, w) for s, w in zip(spans, written, strict=True) if s.kind == "person"]
    whole = _full_names(names)
    entities: dict[tuple[str, str], int] = {}
    values: list[str] = []
    made: list[Span] = []
    for span, value in zip(spans, written, strict=True):
        folded = fold(span.kind, value)
        is_name = span.kind == "person"
        folded = whole.get(folded, folded) if is_name else folded
        key = (span.kind, folded if is_name else identity(span.kind, value))
        if key not in entities:
            entities[key] = len(values)
            values.append(folded)
        made.append(span._replace(entity=entities[key]))
    return made, values


def _full_names(names: Iterable[str]) -> dict[str, str]:
    """Every way to say a name -> the longest name that it is part of and that came first."""
    whole: dict[str, str] = {}
    for name in sorted(dict.fromkeys(names), key=lambda name: -_length(name)):
        words = parts(name)
        bare = " ".join(words)
        target = whole.get(name) or whole.get(bare) or _wider(words, whole) or name
        for said in (name, bare, *words):
            whole.setdefault(said, target)
    return whole


def _length(name: str) -> int:
    """How many words of a name are more than an initial."""
    return sum(len(word) > 1 for word in parts(name))


def _wider(words: Sequence[str], whole: Mapping[str, str]) -> str:
    """A longer name with the same family name that has all of these words or begins with them."""
    target = whole.get(words[-1], "") if words else ""
    full = parts(target)
    is_part = all(word in full or any(w[0] == word for w in full) for word in words)
    return target if len(words) > 1 and is_part else ""


def parts(name: str) -> list[str]:
    """The words of a folded name; titles, commas and the ends of possessives aside."""
    words = [_POSSESSIVE.sub("", word.strip(".,")) for word in name.split()]
    return [word for word in words if word and (word not in TITLES or len(word) == 1)]


def elsewhere(
    messages: Sequence[str], spans: Sequence[Span], propagates: frozenset[str], rule: int
) -> Iterator[Span]:
    """Other places where the values of the spans stand; some may overlap known ones.

    Args:
        messages: of one conversation.
        spans: what is known.
        propagates: the kinds whose values are looked for.
        rule: the number under which such a place is noted.
    """
    values = {(s.kind, messages[s.message][s.start : s.end]) for s in spans if s.kind in propagates}
    known = Recurrence(sorted(values))
    if known:
        for number, text in enumerate(messages):
            for start, end, kind in known.places(text):
                yield Span(number, start, end, kind, rule)
