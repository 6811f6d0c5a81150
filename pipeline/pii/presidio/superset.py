"""Byte patterns of RE2 that match wherever a pattern of the `regex` module can match."""

import functools
import importlib
import re
import warnings
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import regex

_parser: Any = importlib.import_module("re._parser")  # the parse tree has no public door
op_codes: Any = importlib.import_module("re._constants")

_FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL | regex.VERBOSE  # as in `re`
_QUOTED = regex.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", regex.DOTALL)  # escapes and sets
_FUZZY = regex.compile(r"\{(?!\d+(?:,\d*)?\}|,\d+\})")  # {e<=1}: `re` reads letters
_ASCII = range(128)
_COPIES = 8  # more copies cost the automaton more than they reject, and so do
_CHOICES = 16  # more choices: of so many only the beginnings are
_SHORT = 2  # atoms long
_REPEATS = (op_codes.MAX_REPEAT, op_codes.MIN_REPEAT, op_codes.POSSESSIVE_REPEAT)
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


def superset(pattern: str, flags: int) -> Superset:
    """The superset of a pattern of the `regex` module.

    Raises:
        Untranslatable: syntax of which none is known, or a pattern that matches nothing at all.
    """
    tree, flags = parsed(pattern, flags)
    work = _Translation()
    work.survey(tree, flags)
    work.found.source = work.sequence(tree, flags, Ends(head=True, tail=True)).source
    if not work.found.source:
        raise Untranslatable
    return work.found


class Ends(NamedTuple):
    """Whether a part stands at an end of the pattern, where less of it says enough."""

    head: bool = False
    tail: bool = False


class Piece(NamedTuple):
    """A part in RE2.

    Attributes:
        source: what each match of the part begins with.
        is_cut: not all of it: nothing may follow.
    """

    source: bytes
    is_cut: bool = False

    def grouped(self) -> "Piece":
        """The same as one item."""
        return Piece(b"(?:" + self.source + b")", self.is_cut) if self.source else self


class _Translation:
    """One walk through a parse tree to survey it, a second one to write it."""

    def __init__(self) -> None:
        self.found = Superset()
        self.groups: dict[int, tuple[Any, int]] = {}

    def survey(self, tree: Any, flags: int) -> None:
        """Note groups, eaten characters and anchors, in lookarounds too."""
        for op, value in tree:
            if op is op_codes.AT:
                self._survey_anchor(value, flags)
            elif op is op_codes.SUBPATTERN:
                group, add, drop, body = value
                self.groups[group] = (body, scoped(flags, add, drop))
                self.survey(body, scoped(flags, add, drop))
            elif op is op_codes.BRANCH:
                for body in value[1]:
                    self.survey(body, flags)
            elif op in _REPEATS:
                self.survey(value[2], flags)
            elif op is op_codes.ATOMIC_GROUP:
                self.survey(value, flags)
            elif op in (op_codes.ASSERT, op_codes.ASSERT_NOT):
                self.survey(value[1], flags)
            elif op is op_codes.GROUPREF_EXISTS:
                for body in filter(None, value[1:]):
                    self.survey(body, flags)
            elif op is not op_codes.GROUPREF:
                self._surveyatom(op, value, flags)

    def _survey_anchor(self, where: Any, flags: int) -> None:
        if where in (op_codes.AT_BOUNDARY, op_codes.AT_NON_BOUNDARY):
            return
        is_of_line = where in (op_codes.AT_BEGINNING, op_codes.AT_END) and flags & re.MULTILINE
        if is_of_line:
            self.found.eats.add(ord("\n"))
        self.found.is_anchored |= not is_of_line

    def _surveyatom(self, op: Any, value: Any, flags: int) -> None:
        codes, is_wide = atom(op, value, flags)
        self.found.eats |= codes
        if is_wide:
            return
        if codes & _category(r"\d") and _has_digits(op, value):
            self.found.odd.update(odd_digits())
        if flags & re.IGNORECASE:
            self.found.odd.update(o for o in odd_letters() if _folds(o) & codes)

    def sequence(self, tree: Any, flags: int, ends: Ends, most: int = 999) -> Piece:
        """RE2 of a sequence; what may be missing at its open ends is left away."""
        dropped = (op_codes.AT, op_codes.ASSERT, op_codes.ASSERT_NOT)
        items = [item for item in tree if item[0] not in dropped]
        while ends.head and items and _may_miss(items[0]):
            items.pop(0)
        while ends.tail and items and _may_miss(items[-1]):
            items.pop()
        last = len(items) - 1
        source = b""
        for at, item in enumerate(items):
            here = Ends(head=ends.head and at == 0, tail=ends.tail and at == last)
            piece = self._item(*item, flags, here)
            source += piece.source
            if piece.is_cut or at + 1 == most < len(items):
                return Piece(source, is_cut=True)
        return Piece(source)

    def _item(self, op: Any, value: Any, flags: int, ends: Ends) -> Piece:
        if op in _REPEATS:
            return self._repeat(value, flags, ends)
        if op is op_codes.SUBPATTERN:
            return self.sequence(value[3], scoped(flags, value[1], value[2]), ends).grouped()
        if op is op_codes.ATOMIC_GROUP:
            return self.sequence(value, flags, ends).grouped()
        if op is op_codes.BRANCH:
            return self._either(value[1], flags, ends)
        if op is op_codes.GROUPREF_EXISTS:
            return self._either([body or [] for body in value[1:]], flags, Ends())
        if op is op_codes.GROUPREF:
            body, inner = self.groups[value]
            return self.sequence(body, inner, Ends()).grouped()
        codes, is_wide = atom(op, value, flags)
        if not is_wide:
            return Piece(set_of(codes))
        wide = rb"[\x80-\xff]{2,4}"
        return Piece(b"(?:" + set_of(codes) + b"|" + wide + b")" if codes else wide)

    def _either(self, bodies: Any, flags: int, ends: Ends) -> Piece:
        most = _SHORT if len(bodies) > _CHOICES else 999
        pieces = [self.sequence(body, flags, ends, most) for body in bodies]
        is_cut = any(piece.is_cut for piece in pieces)
        sources = list(dict.fromkeys(piece.source for piece in pieces))
        if b"" in sources and (ends.head or ends.tail):
            return Piece(b"", is_cut)  # one choice is nothing: the others need not be there
        return Piece(b"|".join(sources), is_cut).grouped()

    def _repeat(self, value: Any, flags: int, ends: Ends) -> Piece:
        low, high, body = value
        is_open = ends.head or ends.tail
        if is_open and low == 1:
            return self.sequence(body, flags, ends).grouped()
        inner = self.sequence(body, flags, Ends()).grouped()
        if inner.is_cut:
            return inner if low else Piece(b"", is_cut=True)
        if not inner.source:
            return inner
        if low > _COPIES:
            return Piece(b"%s{%d}" % (inner.source, _COPIES), is_cut=True)
        if is_open:
            return Piece(b"%s{%d}" % (inner.source, low))
        if high is op_codes.MAXREPEAT or high > max(_COPIES, low):
            return Piece(b"%s{%d,}" % (inner.source, low))
        return Piece(b"%s{%d,%d}" % (inner.source, low, high))


def _may_miss(item: tuple[Any, Any]) -> bool:
    return item[0] in _REPEATS and item[1][0] == 0


def scoped(flags: int, add: int, drop: int) -> int:
    if (add | drop) & ~_FLAGS:
        raise Untranslatable
    return (flags | add) & ~drop


def _folds(odd: str) -> frozenset[int]:
    return frozenset(code for code in _ASCII if ord(odd) in _variants(code))


def _has_digits(op: Any, value: Any) -> bool:
    return op is op_codes.IN and (op_codes.CATEGORY, op_codes.CATEGORY_DIGIT) in value


def atom(op: Any, value: Any, flags: int) -> tuple[frozenset[int], bool]:
    """ASCII codes that one atom eats, and whether it eats characters beyond ASCII as such."""
    return _atom_once(op, tuple(value) if isinstance(value, list) else value, flags)


@functools.lru_cache(maxsize=4096)
def _atom_once(op: Any, value: Any, flags: int) -> tuple[frozenset[int], bool]:
    if op is op_codes.ANY:
        return frozenset(_ASCII), True
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
        for code in _ASCII
        if any(
            any(_is_in(other, item) for item in items) != is_negated
            for other in (_variants(code) if ignores_case else (code,))
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
    return bool((value[1] if op is op_codes.RANGE else value) > max(_ASCII))


def set_of(codes: frozenset[int]) -> bytes:
    """A set of RE2 of these ASCII codes."""
    if not codes:
        raise Untranslatable
    return b"[" + b"".join(rb"\x%02x" % code for code in sorted(codes)) + b"]"
