"""Which spans of a conversation name the same thing, and where else it is named.

An entity is one value of one kind: all spellings of a telephone number, a full name and its parts.
Entities are numbered by first appearance, so that numbers depend on nothing but the conversation.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import re2

from pipeline.pii import seen
from pipeline.pii.kinds import KINDS
from pipeline.pii.words import COMMON_NAMES, TITLES

LEAST_CHARS = 4
"""Letters and digits a value must have to be looked for elsewhere; a name may have three."""
LEAST_DIGITS = 7
SUBSCRIBER = 9
"""Digits at the end of a telephone number that all ways to write it share."""
MEMORY = 32 << 20
UNSPACED = (("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7a3"))
"""Kana, Han, Hangul: a name may stand beside other letters."""
_BETWEEN = r"[\s.()/-]{0,3}"
_SIGNS = {"at": "@", "dot": "."}
_SPELLED_OUT = re.compile(r"\s*[\[({]?\s*\b(at|dot)\b\s*[\])}]?\s*")
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
    return folded


def numbered(messages: Sequence[str], spans: Sequence[Span]) -> tuple[list[Span], list[str]]:
    """The spans in order, each with its entity, and each entity's folded value.

    A single name belongs to the first full name of the conversation that holds it.
    """
    spans = sorted(spans)
    values = [fold(s.kind, messages[s.message][s.start : s.end]) for s in spans]
    whole = _full_names(spans, values)
    entities: dict[tuple[str, str], int] = {}
    made: list[Span] = []
    for span, value in zip(spans, values, strict=True):
        key = whole.get(value, value) if span.kind == "person" else value
        entity = entities.setdefault((span.kind, key), len(entities))
        made.append(span._replace(entity=entity))
    return made, [value for _, value in entities]


def _full_names(spans: Sequence[Span], values: Sequence[str]) -> dict[str, str]:
    """Every way to say a name -> the longest name that it is part of and that came first."""
    whole: dict[str, str] = {}
    names = [v for s, v in zip(spans, values, strict=True) if s.kind == "person"]
    for name in sorted(dict.fromkeys(names), key=lambda name: -len(parts(name))):
        bare = " ".join(parts(name))
        target = whole.get(name) or whole.get(bare) or name
        for said in (name, bare, *parts(name)):
            whole.setdefault(said, target)
    return whole


def parts(name: str) -> list[str]:
    """The words of a folded name, titles aside."""
    words = [word.strip(".,") for word in name.split()]
    return [word for word in words if word and word not in TITLES]


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
    wanted: dict[str, str] = {}
    patterns: list[str] = []
    for kind, value in sorted({(s.kind, messages[s.message][s.start : s.end]) for s in spans}):
        if kind in propagates:
            for pattern, said in _spellings(kind, value):
                patterns.append(pattern)
                wanted.setdefault(said, kind)
    if not patterns:
        return
    search = _compiled(tuple(sorted(set(patterns), key=lambda p: (-len(p), p))))
    for number, text in enumerate(messages):
        for start, end in _bounded(search, text):
            found = text[start:end]
            kind = wanted.get(_said(found)) or wanted.get(_digits(found)) or wanted.get(found, "")
            if kind:
                yield Span(number, start, end, kind, rule)


def _spellings(kind: str, value: str) -> Iterator[tuple[str, str]]:
    """Patterns for a value, and what a match of each is known by."""
    plain = _digits(value)
    if kind == "person":
        yield from _named(value)
    elif KINDS[kind].folds == "digits" and len(plain) >= LEAST_DIGITS:
        yield "(?i:" + _BETWEEN.join(map(re2.escape, plain)) + ")", plain
    elif len(plain) >= LEAST_CHARS:
        if KINDS[kind].folds == "exact":
            yield re2.escape(value), value
        else:
            yield "(?i:" + r"\s+".join(map(re2.escape, value.split())) + ")", _said(value)


def _named(value: str) -> Iterator[tuple[str, str]]:
    words = value.split()
    if len(_digits(value)) >= LEAST_CHARS - 1 or not value.isascii():
        yield "(?i:" + r"\s+".join(map(re2.escape, words)) + ")", _said(value)
    for word in words if len(words) > 1 else ():
        bare = word.strip(".,'\u2019\u2018\"()")
        is_long = len(bare) >= (LEAST_CHARS - 1 if bare.isascii() else 2)
        if is_long and bare.casefold() not in TITLES | COMMON_NAMES:
            for written in {bare, bare.capitalize(), bare.upper()} - {bare.lower()}:
                yield re2.escape(written), _said(bare)
            if bare.lower() == bare.upper():
                yield re2.escape(bare), _said(bare)


def _said(value: str) -> str:
    return " ".join(value.casefold().split())


def _digits(value: str) -> str:
    return _OTHER.sub("", value).casefold()


@functools.lru_cache(256)
def _compiled(patterns: tuple[str, ...]) -> re2._Regexp:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    return re2.compile("|".join(patterns), options)


def _bounded(search: re2._Regexp, text: str) -> Iterator[tuple[int, int]]:
    """Matches that begin and end with a word, where the script spaces words: code points."""
    data = text.encode()
    at = bytes_seen = points_seen = 0
    while at < len(data):
        match = search.search(data, at)
        if match is None:
            return
        first, last = match.span()
        start = points_seen + len(data[bytes_seen:first].decode())
        end = start + len(data[first:last].decode())
        bytes_seen, points_seen = first, start
        if _cuts(text, start) or _cuts(text, end):
            at = first + len(text[start].encode())
        else:
            yield start, end
            at = last


def _cuts(text: str, at: int) -> bool:
    """Whether a place lies inside a word."""
    if not 0 < at < len(text):
        return False
    one, other = text[at - 1], text[at]
    return one.isalnum() and other.isalnum() and not (_unspaced(one) or _unspaced(other))


def _unspaced(sign: str) -> bool:
    return (
        "\u3040" <= sign <= "\u30ff" or "\u3400" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7a3"
    )
