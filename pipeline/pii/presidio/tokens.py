"""spaCy's tokens of some chunks of a text, the same as in the whole text."""

import itertools
import re
from typing import Any, NamedTuple

import re2  # type: ignore[import-untyped]
from spacy.tokenizer import Tokenizer

from pipeline.pii.presidio.blank import BlankNlpEngine
from pipeline.pii.presidio.regions import options

_KEPT = 200_000  # chunks remembered
_LONGEST = 200  # characters of a chunk worth remembering
_REACH = 400  # bytes of a chunk looked at beside a blank


class Token(NamedTuple):
    """A token of a chunk.

    Attributes:
        start: first character in the chunk.
        end: behind the last.
        lemma: lower-cased text.
        is_keyword: neither a stop word nor punctuation, and without a colon.
        parts: what a keyword with colons falls apart into.
    """

    start: int
    end: int
    lemma: str
    is_keyword: bool
    parts: tuple[str, ...]


class ChunkTokens:
    """Tokens of chunks (runs without white space) and of white space.

    spaCy cuts a text at white space first, so a chunk's tokens do not depend on its neighbours,
    with one exception: a special case (":)") found across a blank (": )") changes nothing itself,
    but hides special cases of its chunks that it overlaps. `is_tangled` knows such texts.

    Raises:
        NotImplementedError: the language's tokenizer works otherwise.

    Source:
        spacy/tokenizer.pyx 3.8, _tokenize_affixes, _apply_special_cases, _filter_special_spans.
    """

    def __init__(self, engine: BlankNlpEngine, language: str) -> None:
        tokenizer = engine.tokenizer(language)
        if type(tokenizer) is not Tokenizer or any(map(_has_inner_blank, tokenizer.rules)):
            raise NotImplementedError(language)
        self._engine = engine
        self._language = language
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[Token, ...]] = {}
        self._kinds: dict[str, tuple[bool, tuple[str, ...]]] = {}
        specials = _specials(tokenizer)
        self._special = re.compile(b"|".join(re.escape(s.encode()) for s in specials) or b"(?!)")
        self._boundary = _boundaries(tokenizer, specials, is_english=language == "en")

    def of(self, chunk: str) -> tuple[Token, ...]:
        """Tokens of a chunk."""
        tokens = self._known.get(chunk)
        if tokens is None:
            tokens = tuple(
                self.token(token.idx, token.lower_, len(token)) for token in self._tokenizer(chunk)
            )
            if len(chunk) <= _LONGEST:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                self._known[chunk] = tokens
        return tokens

    def token(self, start: int, lemma: str, length: int) -> Token:
        """A token, of a chunk or of white space."""
        kind = self._kinds.get(lemma)
        if kind is None:
            if len(self._kinds) >= _KEPT:
                self._kinds.clear()
            kind = self._kinds[lemma] = self._kind(lemma)
        return Token(start, start + length, lemma, *kind)

    def is_tangled(self, data: bytes) -> bool:
        """Whether a special case across a blank may hide one of a chunk, in a text of UTF-8."""
        at = 0
        while match := self._boundary.search(data, at):
            at = data.index(b" ", match.start() + 1)  # behind a guard or behind the first token
            before, after = data[max(0, at - _REACH) : at], data[at + 1 : at + _REACH]
            words = before.split(b" ")[-1], after.split(b" ")[0]
            if any(len(word) > _LONGEST or self._special.search(word) for word in words):
                return True
        return False

    def _kind(self, lemma: str) -> tuple[bool, tuple[str, ...]]:
        engine, language = self._engine, self._language
        if (
            engine.is_stopword(lemma, language)
            or engine.is_punct(lemma, language)
            or lemma in ("-PRON-", "be")
        ):
            return False, ()
        return (False, tuple(lemma.split(":"))) if ":" in lemma else (True, ())


def _has_inner_blank(rule: str) -> bool:
    return not rule.isspace() and any(map(str.isspace, rule))


def _specials(tokenizer: Any) -> list[str]:
    """Special cases that spaCy also looks for among the tokens of a text."""
    return [
        rule
        for rule in tokenizer.rules
        if not rule.isspace()
        and (
            tokenizer.find_prefix(rule)
            or tokenizer.find_suffix(rule)
            or tokenizer.find_infix(rule)
        )
    ]


def _boundaries(tokenizer: Any, specials: list[str], *, is_english: bool) -> Any:
    """RE2 of a blank between two tokens that stand side by side in some special case."""
    plain = Tokenizer(
        tokenizer.vocab,
        prefix_search=tokenizer.prefix_search,
        suffix_search=tokenizer.suffix_search,
        infix_finditer=tokenizer.infix_finditer,
        token_match=tokenizer.token_match,
        url_match=tokenizer.url_match,
    )
    pairs = {
        pair
        for special in specials
        for pair in itertools.pairwise(token.text for token in plain(special))
    }
    # English cuts between two letters in special cases only: their pieces need a look everywhere
    cut = [[token.text for token in tokenizer(rule)] for rule in tokenizer.rules if rule.isalpha()]
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


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()
