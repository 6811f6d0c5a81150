"""Byte patterns of RE2 that match wherever a pattern of the `regex` module can match."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipeline.pii.presidio.atoms import (
    ASCII,
    Untranslatable,
    atom,
    odd_digits,
    odd_letters,
    op_codes,
    parsed,
    scoped,
    set_of,
    variants,
)

_COPIES = 8  # more copies cost the automaton more than they reject, and so do
_CHOICES = 16  # more choices: of so many only the beginnings are
_SHORT = 2  # atoms long
_REPEATS = (op_codes.MAX_REPEAT, op_codes.MIN_REPEAT, op_codes.POSSESSIVE_REPEAT)


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

    def survey(self, tree: Any, flags: int) -> None:  # noqa: C901 - a branch for each kind of node
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
        if _has_digits(op, value):
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
            piece = self._item(item[0], item[1], flags, here)
            source += piece.source
            if piece.is_cut or at + 1 == most < len(items):
                return Piece(source, is_cut=True)
        return Piece(source)

    def _item(self, op: Any, value: Any, flags: int, ends: Ends) -> Piece:  # noqa: PLR0911 - as above
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

    def _repeat(self, value: Any, flags: int, ends: Ends) -> Piece:  # noqa: PLR0911 - likewise
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


def _folds(odd: str) -> frozenset[int]:
    return frozenset(code for code in ASCII if ord(odd) in variants(code))


def _has_digits(op: Any, value: Any) -> bool:
    return op is op_codes.IN and (op_codes.CATEGORY, op_codes.CATEGORY_DIGIT) in value
