"""Byte patterns of RE2 that match wherever a pattern of the `regex` module can match."""

import functools
import importlib
import re
import warnings
from dataclasses import dataclass, field
from typing import Any

import regex

_parser: Any = importlib.import_module("re._parser")  # the parse tree has no public door
_op: Any = importlib.import_module("re._constants")

_FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL | regex.VERBOSE  # as in `re`
_QUOTED = regex.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", regex.DOTALL)  # escapes and sets
_FUZZY = regex.compile(r"\{(?!\d+(?:,\d*)?\}|,\d+\})")  # {e<=1}: `re` reads letters
_ASCII = range(128)
_MANY = 8  # beyond this many copies a counter costs the automaton more than it rejects
_REPEATS = (_op.MAX_REPEAT, _op.MIN_REPEAT, _op.POSSESSIVE_REPEAT)
_CATEGORIES = {
    _op.CATEGORY_DIGIT: r"\d",
    _op.CATEGORY_NOT_DIGIT: r"\D",
    _op.CATEGORY_SPACE: r"\s",
    _op.CATEGORY_NOT_SPACE: r"\S",
    _op.CATEGORY_WORD: r"\w",
    _op.CATEGORY_NOT_WORD: r"\W",
}


class Untranslatable(ValueError):  # noqa: N818 - an answer, not a fault
    """The pattern has something of which no superset is known."""


@dataclass
class Superset:
    """What a pattern can match, at least.

    Attributes:
        source: pattern of RE2 over the bytes of UTF-8 (Latin-1 mode): each match of the original
            holds a match of it, unless the original ate one of the `odd` characters.
        eats: ASCII codes that an atom may eat or look at.
        odd: characters beyond ASCII that digits and letters of the original also match.
        is_anchored: looks at the end of a line or of the text.
    """

    source: bytes = b""
    eats: set[int] = field(default_factory=set)
    odd: set[str] = field(default_factory=set)
    is_anchored: bool = False


@functools.cache
def odd_digits() -> str:
    r"""Digits beyond ASCII that `\d` matches."""
    return "".join(regex.findall(r"\d", _beyond_ascii()))


@functools.cache
def odd_letters() -> str:
    """Letters beyond ASCII that an ASCII letter matches when case does not matter."""
    return "".join(regex.findall("[a-z]", _beyond_ascii(), regex.IGNORECASE))


def _beyond_ascii() -> str:
    return "".join(map(chr, (*range(128, 0xD800), *range(0xE000, 0x110000))))


@functools.cache
def _category(name: str) -> frozenset[int]:
    return frozenset(code for code in _ASCII if regex.match(name, chr(code)))


@functools.cache
def _variants(code: int) -> frozenset[int]:
    """The codes that match this one when case does not matter."""
    char = chr(code)
    odd = {ord(o) for o in odd_letters() if regex.fullmatch(regex.escape(char), o, regex.IGNORECASE)}
    return frozenset({code, ord(char.lower()), ord(char.upper()), *odd})


def superset(pattern: str, flags: int) -> Superset:
    """The superset of a pattern of the `regex` module.

    Raises:
        Untranslatable: syntax that `re` does not know, or a pattern that matches nothing at all.
    """
    if flags & ~_FLAGS or _FUZZY.search(_QUOTED.sub("", pattern)):
        raise Untranslatable  # `re` warns of nested sets and classes by name
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = _parser.parse(pattern, flags)
    except (re.error, Warning, RecursionError, OverflowError) as error:
        raise Untranslatable from error
    flags = _scoped(0, tree.state.flags & ~re.UNICODE, 0)
    work = _Translation()
    work.survey(tree, flags)
    work.found.source = work.sequence(tree, flags, is_head=True, is_tail=True)
    if not work.found.source:
        raise Untranslatable
    return work.found


class _Translation:
    """One walk through a parse tree to survey it, a second one to write it."""

    def __init__(self) -> None:
        self.found = Superset()
        self.groups: dict[int, tuple[Any, int]] = {}

    def survey(self, tree: Any, flags: int) -> None:
        """Note groups, eaten characters and anchors, in lookarounds too."""
        for op, value in tree:
            if op is _op.AT:
                self._survey_anchor(value, flags)
            elif op is _op.SUBPATTERN:
                group, add, drop, body = value
                self.groups[group] = (body, _scoped(flags, add, drop))
                self.survey(body, _scoped(flags, add, drop))
            elif op is _op.BRANCH:
                for body in value[1]:
                    self.survey(body, flags)
            elif op in _REPEATS:
                self.survey(value[2], flags)
            elif op is _op.ATOMIC_GROUP:
                self.survey(value, flags)
            elif op in (_op.ASSERT, _op.ASSERT_NOT):
                self.survey(value[1], flags)
            elif op is _op.GROUPREF_EXISTS:
                for body in filter(None, value[1:]):
                    self.survey(body, flags)
            elif op is not _op.GROUPREF:
                self._survey_atom(op, value, flags)

    def _survey_anchor(self, where: Any, flags: int) -> None:
        if where in (_op.AT_BOUNDARY, _op.AT_NON_BOUNDARY):
            return
        is_of_line = where in (_op.AT_BEGINNING, _op.AT_END) and flags & re.MULTILINE
        if is_of_line:
            self.found.eats.add(ord("\n"))
        self.found.is_anchored |= not is_of_line

    def _survey_atom(self, op: Any, value: Any, flags: int) -> None:
        codes, is_wide = _atom(op, value, flags)
        self.found.eats |= codes
        if is_wide:
            return
        if codes & _category(r"\d") and _has_digits(op, value):
            self.found.odd.update(odd_digits())
        if flags & re.IGNORECASE:
            self.found.odd.update(o for o in odd_letters() if _folds(o) & codes)

    def sequence(self, tree: Any, flags: int, *, is_head: bool, is_tail: bool) -> bytes:
        """RE2 of a sequence; what may be missing at its open ends is left away."""
        dropped = (_op.AT, _op.ASSERT, _op.ASSERT_NOT)
        items = [item for item in tree if item[0] not in dropped]
        while is_head and items and _may_miss(items[0]):
            items.pop(0)
        while is_tail and items and _may_miss(items[-1]):
            items.pop()
        last = len(items) - 1
        return b"".join(
            self._item(*item, flags, is_head=is_head and at == 0, is_tail=is_tail and at == last)
            for at, item in enumerate(items)
        )

    def _item(self, op: Any, value: Any, flags: int, *, is_head: bool, is_tail: bool) -> bytes:
        if op in _REPEATS:
            return self._repeat(value, flags, is_head=is_head, is_tail=is_tail)
        if op is _op.SUBPATTERN:
            inner = _scoped(flags, value[1], value[2])
            return _group(self.sequence(value[3], inner, is_head=is_head, is_tail=is_tail))
        if op is _op.ATOMIC_GROUP:
            return _group(self.sequence(value, flags, is_head=is_head, is_tail=is_tail))
        if op is _op.BRANCH:
            return self._either(value[1], flags, is_head=is_head, is_tail=is_tail)
        if op is _op.GROUPREF_EXISTS:
            return self._either([b or [] for b in value[1:]], flags, is_head=False, is_tail=False)
        if op is _op.GROUPREF:
            body, inner = self.groups[value]
            return _group(self.sequence(body, inner, is_head=False, is_tail=False))
        codes, is_wide = _atom(op, value, flags)
        if not is_wide:
            return _set(codes)
        return b"(?:" + _set(codes) + rb"|[\x80-\xff]{2,4})" if codes else rb"[\x80-\xff]{2,4}"

    def _either(self, bodies: Any, flags: int, *, is_head: bool, is_tail: bool) -> bytes:
        written = {self.sequence(b, flags, is_head=is_head, is_tail=is_tail): 0 for b in bodies}
        if b"" in written and (is_head or is_tail):
            return b""  # one choice is nothing: the others need not be there
        return _group(b"|".join(written))

    def _repeat(self, value: Any, flags: int, *, is_head: bool, is_tail: bool) -> bytes:
        low, high, body = value
        is_open = is_head or is_tail
        if is_open and low == 1:
            return _group(self.sequence(body, flags, is_head=is_head, is_tail=is_tail))
        inner = _group(self.sequence(body, flags, is_head=False, is_tail=False))
        low = min(low, 100)  # RE2 counts to 1,000 in all
        if is_open:
            return b"%s{%d}" % (inner, low)
        if high is _op.MAXREPEAT or high > max(_MANY, low):
            return b"%s{%d,}" % (inner, low)
        return b"%s{%d,%d}" % (inner, low, high)


def _may_miss(item: tuple[Any, Any]) -> bool:
    return item[0] in _REPEATS and item[1][0] == 0


def _group(inner: bytes) -> bytes:
    return b"(?:" + inner + b")" if inner else b""


def _scoped(flags: int, add: int, drop: int) -> int:
    if (add | drop) & ~_FLAGS:
        raise Untranslatable
    return (flags | add) & ~drop


def _folds(odd: str) -> frozenset[int]:
    return frozenset(code for code in _ASCII if ord(odd) in _variants(code))


def _has_digits(op: Any, value: Any) -> bool:
    return op is _op.IN and (_op.CATEGORY, _op.CATEGORY_DIGIT) in value


def _atom(op: Any, value: Any, flags: int) -> tuple[frozenset[int], bool]:
    """ASCII codes that one atom eats, and whether it eats characters beyond ASCII as such."""
    return _atom_once(op, tuple(value) if isinstance(value, list) else value, flags)


@functools.lru_cache(maxsize=4096)
def _atom_once(op: Any, value: Any, flags: int) -> tuple[frozenset[int], bool]:
    if op is _op.ANY:
        return frozenset(_ASCII), True
    if op is _op.LITERAL:
        items, is_negated = [(op, value)], False
    elif op is _op.NOT_LITERAL:
        items, is_negated = [(_op.LITERAL, value)], True
    elif op is _op.IN:
        is_negated = value[0][0] is _op.NEGATE
        items = value[1:] if is_negated else value
    else:
        raise Untranslatable
    ignores_case = flags & re.IGNORECASE
    codes = frozenset(
        code
        for code in _ASCII
        if any(
            any(_is_in(other, item) for item in items) != is_negated
            for other in (_variants(code) if ignores_case else (code,))
        )
    )
    return codes, is_negated or any(_is_wide(item) for item in items)


def _is_in(code: int, item: tuple[Any, Any]) -> bool:
    op, value = item
    if op is _op.LITERAL:
        return bool(code == value)
    if op is _op.RANGE:
        return bool(value[0] <= code <= value[1])
    if op is _op.CATEGORY:
        return bool(regex.match(_CATEGORIES[value], chr(code)))
    raise Untranslatable


def _is_wide(item: tuple[Any, Any]) -> bool:
    op, value = item
    if op is _op.CATEGORY:
        return value is not _op.CATEGORY_DIGIT
    return bool((value[1] if op is _op.RANGE else value) > max(_ASCII))


def _set(codes: frozenset[int]) -> bytes:
    """A set of RE2 of these ASCII codes."""
    if not codes:
        raise Untranslatable
    return b"[" + b"".join(rb"\x%02x" % code for code in sorted(codes)) + b"]"
