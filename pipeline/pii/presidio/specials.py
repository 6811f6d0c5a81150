"""Texts in which spaCy's special cases reach across a blank."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import re2
from spacy.tokenizer import Tokenizer

from pipeline.pii.presidio.regions import options

_KEPT = 20_000  # pairs of chunks remembered


class Tangles:
    """Knows the texts of which some chunk has other tokens than it has alone.

    spaCy cuts a text at white space first, then looks for special cases (":)") in the row of all
    tokens. One found across a blank (": )") changes nothing itself, but hides special cases that
    overlap it, of its two chunks. English cuts a word between two letters in special cases only.

    Source:
        spacy/tokenizer.pyx 3.8, _tokenize_affixes, _apply_special_cases, _filter_special_spans.
    """

    def __init__(self, tokenizer: Any, *, is_english: bool) -> None:
        plain = Tokenizer(
            tokenizer.vocab,
            prefix_search=tokenizer.prefix_search,
            suffix_search=tokenizer.suffix_search,
            infix_finditer=tokenizer.infix_finditer,
            token_match=tokenizer.token_match,
            url_match=tokenizer.url_match,
        )
        rows = {special: [t.text for t in plain(special)] for special in _specials(tokenizer)}
        self._boundary = _boundaries(tokenizer, rows, is_english=is_english)
        self._reach = _reaches(rows)
        hidden = [s for s, row in rows.items() if len(row) > 1 or _texts(tokenizer, s) != row]
        hidden.sort(key=len, reverse=True)
        self._special = re.compile(
            b"|".join(_guarded(s, is_english=is_english) for s in hidden) or b"(?!)"
        )
        self._known: dict[tuple[bytes, bytes], bool] = {}
        self._longest = max(map(len, map(str.encode, hidden)), default=0) + 2

    def hold(self, data: bytes) -> bool:
        """Whether a text, as UTF-8, is of that kind or may be."""
        at = 0
        while match := self._boundary.search(data, at):
            at = data.index(b" ", match.start() + 1)  # behind a guard or behind the first token
            reach = self._reach[data[at - 1], data[at + 1]]
            span = max(reach) + self._longest
            before = data[max(0, at - span) : at].split(b" ")[-1]
            after = data[at + 1 : at + 1 + span].split(b" ")[0]
            if self._clashes(before, after, *reach):
                return True
        return False

    def _clashes(self, before: bytes, after: bytes, left: int, right: int) -> bool:
        """Whether a special case of a chunk lies within reach of the blank."""
        key = before, after
        clashes = self._known.get(key)
        if clashes is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            clashes = any(end > len(before) - left for _, end in self._found(before))
            clashes = clashes or any(start < right for start, _ in self._found(after))
            self._known[key] = clashes
        return clashes

    def _found(self, chunk: bytes) -> Iterator[tuple[int, int]]:
        """Special cases in a chunk, overlapping ones too: at each place the longest."""
        at = 0
        while match := self._special.search(chunk, at):
            yield match.span()
            at = match.start() + 1


def _specials(tokenizer: Any) -> list[str]:
    """Special cases that spaCy also looks for among the tokens of a text."""
    return [
        rule
        for rule in tokenizer.rules
        if not rule.isspace()
        and (
            tokenizer.find_prefix(rule) or tokenizer.find_suffix(rule) or tokenizer.find_infix(rule)
        )
    ]


def _texts(tokenizer: Any, rule: str) -> list[str]:
    return [token.text for token in tokenizer(rule)]


def _reaches(rows: dict[str, list[str]]) -> dict[tuple[int, int], tuple[int, int]]:
    """How many bytes before and after a blank a special case takes that crosses it.

    Keyed by the bytes beside the blank.
    """
    reach: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in rows.values():
        for cut in range(1, len(row)):
            before, after = "".join(row[:cut]).encode(), "".join(row[cut:]).encode()
            old = reach[before[-1], after[0]]
            reach[before[-1], after[0]] = max(old[0], len(before)), max(old[1], len(after))
    return reach


def _boundaries(tokenizer: Any, rows: dict[str, list[str]], *, is_english: bool) -> Any:
    """RE2 of a blank between two tokens that stand side by side in some special case."""
    pairs = {pair for row in rows.values() for pair in itertools.pairwise(row)}
    # pieces of words that English does cut between letters need a look everywhere
    cut = [_texts(tokenizer, rule) for rule in tokenizer.rules if rule.isalpha()]
    lasts = {tokens[-1] for tokens in cut if len(tokens) > 1}
    firsts = {tokens[0] for tokens in cut if len(tokens) > 1}
    either = [
        (b"(?:^|[^A-Za-z])" if is_english and _is_letter(a[0]) and a not in lasts else b"")
        + re2.escape(a.encode())
        + b" "
        + re2.escape(b.encode())
        + (b"(?:$|[^A-Za-z])" if is_english and _is_letter(b[-1]) and b not in firsts else b"")
        for a, b in sorted(pairs)
    ]
    return re2.compile(b"|".join(either) or rb"[^\x00-\xff]", options())


def _guarded(special: str, *, is_english: bool) -> bytes:
    before = b"(?<![A-Za-z])" if is_english and _is_letter(special[0]) else b""
    after = b"(?![A-Za-z])" if is_english and _is_letter(special[-1]) else b""
    return before + re.escape(special.encode()) + after


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()
