"""What stands around a match: whether it is a number of its own, whether a word announces it."""

import re
from collections.abc import Callable

from pipeline.pii.rule import Match

Says = Callable[[Match], bool]
JOINTS = "-./,:_"
"""Between two digits they make one number, date or path of them."""


def alone(match: Match) -> bool:
    """Whether the value is no part of a longer number, decimal, word or path."""
    before, after = match.before[-2:], match.after[:2]
    if _is_word(before[-1:]) or _is_word(after[:1]) or before[-1:] in tuple("$#@=/\\%&"):
        return False
    left = before[-1:] in tuple(JOINTS) and _is_word(before[:-1])
    return not left and not (after[:1] in tuple(JOINTS) and _is_word(after[1:]))


def _is_word(text: str) -> bool:
    return text.isascii() and (text.isalnum() or text == "_")


def announced(words: str, within: int = 40) -> Says:
    """Whether one of the words stands shortly before the value.

    Args:
        words: alternatives of a regular expression, in lower case; each begins a word.
        within: characters before the value in which it begins.
    """
    found = re.compile(rf"(?<![^\W_])(?:{words})", re.IGNORECASE).search
    return lambda match: found(match.before[-within:]) is not None


def compact(value: str) -> str:
    """A number without its separators, in capitals."""
    return re.sub(r"[\s\-./,·]+", "", value).upper()
