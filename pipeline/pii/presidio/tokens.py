"""spaCy's tokens of some chunks of a text, the same as in the whole text."""

import itertools
from typing import Any, NamedTuple

from spacy.attrs import IS_PUNCT, IS_STOP
from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

from pipeline.pii.presidio.blank import BlankNlpEngine
from pipeline.pii.presidio.specials import Tangles

_KEPT = 200_000  # chunks remembered
_SIZE = 2_000_000  # characters of them


class Token(NamedTuple):
    """A token of a chunk.

    Attributes:
        end: behind its last character in the chunk.
        lemma: lower-cased text.
        is_keyword: neither a stop word nor punctuation, and without a colon.
        parts: what a keyword with colons falls apart into.
    """

    end: int
    lemma: str
    is_keyword: bool
    parts: tuple[str, ...]


class ChunkTokens:
    """Tokens of chunks (runs without white space) and of white space.

    spaCy cuts a text at white space first: a chunk's tokens do not depend on its neighbours,
    but for the rare texts that Tangles knows.

    Raises:
        NotImplementedError: the language's tokenizer works otherwise.
    """

    def __init__(self, engine: BlankNlpEngine, language: str) -> None:
        tokenizer = engine.of(language).tokenizer
        if type(tokenizer) is not Tokenizer or any(map(_has_inner_blank, tokenizer.rules)):
            raise NotImplementedError(language)
        self._tokenizer = _slim(tokenizer)
        self._getters = engine.of(language).vocab.lex_attr_getters
        self._known: dict[str, tuple[Token, ...]] = {}
        self._size = 0
        self._kinds: dict[str, tuple[bool, tuple[str, ...]]] = {}
        self._tangles = Tangles(tokenizer, is_english=language == "en")

    def of(self, chunk: str) -> tuple[Token, ...]:
        """Tokens of a chunk."""
        tokens = self._known.get(chunk)
        if tokens is None:
            texts = [token.text for token in self._tokenizer(chunk)]
            ends = itertools.accumulate(map(len, texts))
            tokens = tuple(self.token(e, t.lower()) for e, t in zip(ends, texts, strict=True))
            if len(self._known) >= _KEPT or self._size > _SIZE:
                self._known.clear()
                self._size = 0
            self._known[chunk] = tokens
            self._size += len(chunk)
        return tokens

    def whole(self, text: str) -> tuple[list[str], set[str], list[int]]:
        """Lemmas, keywords and ends of all tokens of a text, tangled or not."""
        cut = [(token.text, token.idx) for token in self._tokenizer(text)]
        lemmas = [piece.lower() for piece, _ in cut]
        ends = [start + len(piece) for piece, start in cut]
        kinds = [self.token(0, lemma) for lemma in dict.fromkeys(lemmas)]
        keywords = {kind.lemma for kind in kinds if kind.is_keyword}
        return lemmas, keywords.union(*(kind.parts for kind in kinds)), ends

    def token(self, end: int, lemma: str) -> Token:
        """A token, of a chunk or of white space."""
        kind = self._kinds.get(lemma)
        if kind is None:
            if len(self._kinds) >= _KEPT:
                self._kinds.clear()
            kind = self._kinds[lemma] = self._kind(lemma)
        return Token(end, lemma, *kind)

    def is_tangled(self, text: str) -> bool:
        """Whether chunks of a stretch of text may have other tokens than they have alone."""
        return self._tangles.hold(text.encode("utf-8", "surrogatepass"))

    def _kind(self, lemma: str) -> tuple[bool, tuple[str, ...]]:
        """As NlpArtifacts chooses keywords; asking the vocabulary itself would make a lexeme."""
        is_stop, is_punct = self._getters[IS_STOP], self._getters[IS_PUNCT]
        if is_stop(lemma) or is_punct(lemma) or lemma in ("-PRON-", "be"):
            return False, ()
        return (False, tuple(lemma.split(":"))) if ":" in lemma else (True, ())


def _slim(tokenizer: Any) -> Tokenizer:
    """The same tokenizer with lexemes that know nothing of themselves: twice as fast."""
    return Tokenizer(
        Vocab(),
        rules=tokenizer.rules,
        prefix_search=tokenizer.prefix_search,
        suffix_search=tokenizer.suffix_search,
        infix_finditer=tokenizer.infix_finditer,
        token_match=tokenizer.token_match,
        url_match=tokenizer.url_match,
        faster_heuristics=tokenizer.faster_heuristics,
    )


def _has_inner_blank(rule: str) -> bool:
    return not rule.isspace() and any(map(str.isspace, rule))
