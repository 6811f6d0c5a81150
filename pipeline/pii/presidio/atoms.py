"""Parse trees of `regex` patterns, and which characters their atoms eat."""

import functools
import importlib
import re
import warnings
from typing import Any

import regex

_parser: Any = importlib.import_module("re._parser")  # the parse tree has no public door
op_codes: Any = importlib.import_module("re._constants")

_FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL | regex.VERBOSE  # as in `re`
_QUOTED = regex.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", regex.DOTALL)  # escapes and sets
_FUZZY = regex.compile(r"\{(?!\d+(?:,\d*)?\}|,\d+\})")  # {e<=1}: `re` reads letters
ASCII = range(128)
_CATEGORIES = {
    op_codes.CATEGORY_DIGIT: r"\d",
    op_codes.CATEGORY_NOT_DIGIT: r"\D",
    op_codes.CATEGORY_SPACE: r"\s",
    op_codes.CATEGORY_NOT_SPACE: r"\S",
    op_codes.CATEGORY_WORD: r"\w",
    op_codes.CATEGORY_NOT_WORD: r"\W",
}


class Untranslatable(ValueError):  # noqa: N818 - an answer, not a fault
    """The pattern has something of which no superset is known."""


@functools.cache
def odd_digits() -> str:
    r"""Digits beyond ASCII that `\d` matches."""
    return "".join(regex.findall(r"\d", beyond_ascii()))


@functools.cache
def odd_letters() -> str:
    """Letters beyond ASCII that an ASCII letter matches when case does not matter."""
    return "".join(regex.findall("[a-z]", beyond_ascii(), regex.IGNORECASE))


@functools.cache
def beyond_ascii() -> str:
    """All characters but ASCII and surrogates."""
    return "".join(map(chr, (*range(128, 0xD800), *range(0xE000, 0x110000))))


@functools.cache
def variants(code: int) -> frozenset[int]:
    """The characters that match this one when case does not matter."""
    char = chr(code)
    odd = {
        ord(o) for o in odd_letters() if regex.fullmatch(regex.escape(char), o, regex.IGNORECASE)
    }
    return frozenset({code, ord(char.lower()), ord(char.upper()), *odd})


def parsed(pattern: str, flags: int) -> tuple[Any, int]:
    """Parse tree of a pattern of the `regex` module, and the flags that hold in it.

    Raises:
        Untranslatable: syntax that `re` does not know or reads otherwise.
    """
    if flags & ~_FLAGS or _FUZZY.search(_QUOTED.sub("", pattern)):
        raise Untranslatable  # `re` warns of nested sets and classes by name
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = _parser.parse(pattern, flags)
    except (re.error, Warning, RecursionError, OverflowError) as error:
        raise Untranslatable from error
    return tree, scoped(0, tree.state.flags & ~re.UNICODE, 0)


def scoped(flags: int, add: int, drop: int) -> int:
    """Flags inside a group that sets or clears some.

    Raises:
        Untranslatable: flags that are not known here.
    """
    if (add | drop) & ~_FLAGS:
        raise Untranslatable
    return (flags | add) & ~drop


def atom(op: Any, value: Any, flags: int) -> tuple[frozenset[int], bool]:
    """ASCII codes that one atom eats, and whether it eats characters beyond ASCII as such."""
    return _atom_once(op, tuple(value) if isinstance(value, list) else value, flags)


@functools.lru_cache(maxsize=4096)
def _atom_once(op: Any, value: Any, flags: int) -> tuple[frozenset[int], bool]:
    if op is op_codes.ANY:
        return frozenset(ASCII), True
    if op is op_codes.LITERAL:
        items, is_negated = [(op, value)], False
    elif op is op_codes.NOT_LITERAL:
        items, is_negated = [(op_codes.LITERAL, value)], True
    elif op is op_codes.IN:
        is_negated = value[0][0] is op_codes.NEGATE
        items = value[1:] if is_negated else value
    else:
        raise Untranslatable
    ignores_case = flags & re.IGNORECASE
    codes = frozenset(
        code
        for code in ASCII
        if any(
            any(_is_in(other, item) for item in items) != is_negated
            for other in (variants(code) if ignores_case else (code,))
        )
    )
    return codes, is_negated or any(_is_wide(item) for item in items)


def _is_in(code: int, item: tuple[Any, Any]) -> bool:
    op, value = item
    if op is op_codes.LITERAL:
        return bool(code == value)
    if op is op_codes.RANGE:
        return bool(value[0] <= code <= value[1])
    if op is op_codes.CATEGORY:
        return bool(regex.match(_CATEGORIES[value], chr(code)))
    raise Untranslatable


def _is_wide(item: tuple[Any, Any]) -> bool:
    op, value = item
    if op is op_codes.CATEGORY:
        return value is not op_codes.CATEGORY_DIGIT
    return bool((value[1] if op is op_codes.RANGE else value) > max(ASCII))


def set_of(codes: frozenset[int]) -> bytes:
    """A set of RE2 of these ASCII codes."""
    if not codes:
        raise Untranslatable
    return b"[" + b"".join(rb"\x%02x" % code for code in sorted(codes)) + b"]"
