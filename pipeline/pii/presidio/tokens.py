"""spaCy's tokens of some chunks of a text, the same as in the whole text."""

from typing import NamedTuple

from spacy.tokenizer import Tokenizer

from pipeline.pii.presidio.blank import BlankNlpEngine
from pipeline.pii.presidio.specials import Tangles

_KEPT = 200_000  # chunks remembered
_LONGEST = 200  # characters of a chunk worth remembering


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
        tokenizer = engine.tokenizer(language)
        if type(tokenizer) is not Tokenizer or any(map(_has_inner_blank, tokenizer.rules)):
            raise NotImplementedError(language)
        self._engine = engine
        self._language = language
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[Token, ...]] = {}
        self._kinds: dict[str, tuple[bool, tuple[str, ...]]] = {}
        self._tangles = Tangles(tokenizer, is_english=language == "en")

    def of(self, chunk: str) -> tuple[Token, ...]:
        """Tokens of a chunk."""
        tokens = self._known.get(chunk)
        if tokens is None:
            tokens = tuple(
                self.token(token.idx + len(token), token.lower_) for token in self._tokenizer(chunk)
            )
            if len(chunk) <= _LONGEST:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                self._known[chunk] = tokens
        return tokens

    def token(self, end: int, lemma: str) -> Token:
        """A token, of a chunk or of white space."""
        kind = self._kinds.get(lemma)
        if kind is None:
            if len(self._kinds) >= _KEPT:
                self._kinds.clear()
            kind = self._kinds[lemma] = self._kind(lemma)
        return Token(end, lemma, *kind)

    def is_tangled(self, data: bytes) -> bool:
        """Whether chunks of a text, as UTF-8, may have other tokens than they have alone."""
        return self._tangles.hold(data)

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
