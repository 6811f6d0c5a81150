"""One check of a text for personal data: a shape, and the proof that a match is one."""

import math
import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

GAP = "\ue000"
"""Stands where something was redacted: no letter, no digit, no space."""
Judge = Callable[[re.Match[str]], bool]


class Found(NamedTuple):
    """A hit: which check, which kind of personal data, and the value itself."""

    check: str
    kind: str
    value: str


class Check(NamedTuple):
    """One shape.

    Attributes:
        name: as reports call it.
        kind: of pipeline/pii/kinds.py, as policies speak of it.
        pattern: its group `value`, or all of it, is the value.
        holds: proof that the match is one.
        signs: a text without any of these, in lower case, holds no match; empty: no shortcut.
    """

    name: str
    kind: str
    pattern: re.Pattern[str]
    holds: Judge
    signs: tuple[str, ...] = ()


def value_of(match: re.Match[str]) -> str:
    """What a match found."""
    return match["value"] if "value" in match.re.groupindex else match[0]


def always(_: re.Match[str]) -> bool:
    """The shape is proof enough."""
    return True


def digits_of(text: str) -> str:
    """The digits alone."""
    return "".join(sign for sign in text if sign.isdecimal())


STAND_IN = re.compile(
    r"(?i)your|example|sample|dummy|placeholder|x{4}|abcdef|1234|test|secret|insert|here|\.{3}|0{6}"
    r"|pass|admin|user|token|change|foo|\*\*"
)
"""What stands in a manual where a secret would."""


def entropy(value: str) -> float:
    """Bits a character, from how often each occurs in the value."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values())


def is_random(match: re.Match[str]) -> bool:
    """No word, no stand-in: three bits a character, and a digit."""
    value = value_of(match)
    has_digit = any(sign.isdigit() for sign in value)
    return has_digit and entropy(value) > 3 and not STAND_IN.search(value)  # noqa: PLR2004
