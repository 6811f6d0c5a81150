"""Words near a finding, and Presidio's rule that they may make it surer."""

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpEngine, NoOpNlpEngine

from pipeline.pii.presidio.blank import BlankNlpEngine
from pipeline.pii.presidio.duplicates import Hit
from pipeline.pii.presidio.tokens import ChunkTokens, Token

_PIECES = re.compile(r"\s+|\S+")
_CHUNK_START = re.compile(r"\s(?=\S)")
_CHUNK_END = re.compile(r"\s*\S+|\s+\Z")
_KEPT = 100_000  # words remembered for each recognizer
_REACH = 80  # characters looked at before a finding; four times as many if they do not do

_NEIGHBOUR = 40  # characters of the next chunk that matter to special cases

Words = Callable[[int], list[str]]
Span = tuple[int, int]


class TangledError(ValueError):
    """Chunks do not have their own tokens here: the whole text must be cut."""


class TextWords:
    """Lemmas around a place, from the tokens of the whole text.

    Args:
        lemmas: of all tokens, lower-cased.
        keywords: those that count.
        ends: behind the last character of each token.
        before: keywords before the place.
        after: keywords after it.
    """

    def __init__(
        self, lemmas: list[str], keywords: set[str], ends: list[int], before: int, after: int
    ) -> None:
        self._lemmas, self._keywords, self._ends = lemmas, keywords, ends
        self._before, self._after = before, after

    @classmethod
    def of(cls, artifacts: Any, before: int, after: int) -> "TextWords":
        """From what an NLP engine makes of the text."""
        starts = zip(artifacts.tokens_indices, artifacts.tokens, strict=True)
        ends = [start + len(token) for start, token in starts]
        lemmas = [lemma.lower() for lemma in artifacts.lemmas]
        return cls(lemmas, set(artifacts.keywords), ends, before, after)

    def __call__(self, start: int) -> list[str]:
        """Keywords around the token at a character: itself and some before, itself and after.

        Raises:
            ValueError: no token reaches there, as in Presidio.
        """
        if not self._ends:
            return [""]
        at = bisect_right(self._ends, start)
        if at == len(self._ends):
            raise ValueError("no token at the finding")
        back = (self._lemmas[i] for i in range(at, -1, -1))
        ahead = (self._lemmas[i] for i in range(at, len(self._lemmas)))
        return self._take(back, self._before + 1) + self._take(ahead, self._after + 1)

    def _take(self, lemmas: Iterator[str], count: int) -> list[str]:
        taken = []
        for lemma in lemmas:
            if lemma in self._keywords:
                taken.append(lemma)
                if len(taken) == count:
                    break
        return taken


class ChunkWords:
    """The same words for a blank engine, with tokens of the chunks near the place only."""

    def __init__(self, chunks: ChunkTokens, text: str, before: int, after: int) -> None:
        self._chunks = chunks
        self._text = text
        self._before, self._after = before, after
        self._lower = text.lower() if ":" in text else ""
        self._parts: dict[str, bool] = {}
        self._colons: list[tuple[str, str, str]] | None = None

    def __call__(self, start: int) -> list[str]:
        """As TextWords.

        Raises:
            ValueError: no token reaches there, as in Presidio.
        """
        match = _CHUNK_END.match(self._text, start)
        end = match.end() if match else len(self._text)
        reach = _REACH
        while True:
            low = self._chunk_start(start, reach)
            if self._chunks.is_tangled(self._with_neighbours(low, end)):
                raise TangledError
            pieces = [match.span() for match in _PIECES.finditer(self._text, low, end)]
            here, ahead = self._at(pieces, start)
            before = self._backward(pieces)
            back = self._take(itertools.chain(here, before), self._before + 1)
            if low == 0 or len(back) > self._before:
                break
            reach *= 4
        return back + self._take(itertools.chain(ahead, self._onward(end)), self._after + 1)

    def _with_neighbours(self, low: int, end: int) -> str:
        before = self._text[max(0, low - _NEIGHBOUR) : low]
        return before + self._text[low : end + _NEIGHBOUR]

    def _at(self, pieces: list[Span], start: int) -> tuple[Iterator[Token], Iterable[Token]]:
        """Tokens from that at a character backward, and forward, in its piece; pieces before stay.

        Raises:
            ValueError: no token reaches there, as in Presidio.
        """
        later: list[Token] = []
        while pieces and pieces[-1][1] > start:
            first = pieces.pop()
            tokens = self._tokens(*first)
            later = [*tokens, *later]
        skipped = sum(1 for token in tokens if first[0] + token.end <= start)
        if skipped == len(later):
            raise ValueError("no token at the finding")
        return reversed(later[: skipped + 1]), later[skipped:]

    def _backward(self, pieces: list[Span]) -> Iterator[Token]:
        for piece in reversed(pieces):
            yield from reversed(self._tokens(*piece))

    def _onward(self, end: int) -> Iterator[Token]:
        for match in _PIECES.finditer(self._text, end):
            yield from self._tokens(*match.span())

    def _tokens(self, start: int, end: int) -> Sequence[Token]:
        """Tokens of a chunk, or of a run of white space."""
        piece = self._text[start:end]
        if not piece[0].isspace():
            return self._chunks.of(piece)
        skipped = int(piece[0] == " " and start > 0)  # one blank belongs to the token before
        if len(piece) == skipped:
            return ()
        return (self._chunks.token(len(piece), piece[skipped:].lower()),)

    def _chunk_start(self, start: int, reach: int) -> int:
        """Where a chunk begins, at least so far before a place; 0 is the start of the text."""
        while True:
            low = start - reach
            if low <= 0:
                return 0
            match = _CHUNK_START.search(self._text, low - 1, start + 1)
            if match and match.end() <= start:
                return match.end()
            reach = max(_REACH, reach * 4)

    def _take(self, tokens: Iterator[Token], count: int) -> list[str]:
        taken = []
        for token in tokens:
            if token.is_keyword or self._is_part(token.lemma):
                taken.append(token.lemma)
                if len(taken) == count:
                    break
        return taken

    def _is_part(self, lemma: str) -> bool:
        """Whether a word with colons falls apart into it: Presidio takes it for a keyword, too."""
        known = self._parts.get(lemma)
        if known is None:
            known = self._parts[lemma] = ":" not in lemma and self._is_beside_colon(lemma)
        return known

    def _is_beside_colon(self, lemma: str) -> bool:
        before, after = lemma + ":", ":" + lemma
        if before not in self._lower and after not in self._lower:
            return False
        if self._colons is None:
            self._colons = list(_with_colons(self._text))
        for chunk, lower, near in self._colons:
            if before not in lower and after not in lower:
                continue
            if self._chunks.is_tangled(near):
                raise TangledError
            if any(lemma in token.parts for token in self._chunks.of(chunk)):
                return True
        return False


def _with_colons(text: str) -> Iterator[tuple[str, str, str]]:
    """Chunks with a colon, the same in lower case, and with the chunks beside them."""
    chunks = text.split()
    for at, chunk in enumerate(chunks):
        if ":" in chunk:
            yield chunk, chunk.lower(), " ".join(chunks[max(0, at - 1) : at + 2])


class Context:
    """Presidio's LemmaContextAwareEnhancer over hits.

    Args:
        enhancer: where the numbers come from.
        engine: an NLP engine.
        recognizers: in the order of `Hit.by`.
    """

    def __init__(
        self,
        enhancer: LemmaContextAwareEnhancer,
        engine: NlpEngine,
        recognizers: list[Any],
        language: str,
    ) -> None:
        self._enhancer = enhancer
        self._engine = engine
        self._language = language
        self._contexts = [
            tuple(word.lower() for word in recognizer.context or ()) for recognizer in recognizers
        ]
        self._known: list[dict[str, bool]] = [{} for _ in recognizers]
        self._chunks: ChunkTokens | None = None
        if isinstance(engine, BlankNlpEngine):
            try:
                self._chunks = ChunkTokens(engine, language)
            except NotImplementedError:
                self._chunks = None

    def enhanced(self, hits: list[Hit], text: str, artifacts: Any) -> list[Hit]:
        """The hits, surer where a context word stands near.

        Args:
            hits: in one text.
            text: that text.
            artifacts: of the engine for this text, None if not made yet.
        """
        words: Words | None = None
        near: dict[int, list[str]] = {}
        surer = []
        for hit in hits:
            if not self._contexts[hit.by] or hit.is_enhanced:
                surer.append(hit)
                continue
            if hit.start not in near:
                words = words or self._words(text, artifacts)
                try:
                    near[hit.start] = words(hit.start)
                except TangledError:
                    words = self._whole_words(text, artifacts)
                    near[hit.start] = words(hit.start)
            is_near = any(self._supports(word, hit.by) for word in near[hit.start])
            surer.append(hit._replace(score=self._raised(hit.score)) if is_near else hit)
        return surer

    def _words(self, text: str, artifacts: Any) -> Words:
        if isinstance(self._engine, NoOpNlpEngine):
            return lambda _: [""]
        if self._chunks:
            enhancer = self._enhancer
            before, after = enhancer.context_prefix_count, enhancer.context_suffix_count
            return ChunkWords(self._chunks, text, before, after)
        return self._whole_words(text, artifacts)

    def _whole_words(self, text: str, artifacts: Any) -> Words:
        before, after = self._enhancer.context_prefix_count, self._enhancer.context_suffix_count
        if self._chunks:
            return TextWords(*self._chunks.whole(text), before, after)
        artifacts = artifacts or self._engine.process_text(text, self._language)
        return TextWords.of(artifacts, before, after)

    def _supports(self, word: str, by: int) -> bool:
        known = self._known[by]
        says = known.get(word)
        if says is None:
            if len(known) >= _KEPT:
                known.clear()
            lower, context = word.lower(), self._contexts[by]
            is_part = self._enhancer.context_matching_mode == "substring"
            says = any(c in lower for c in context) if is_part else lower in context
            known[word] = says
        return says

    def _raised(self, score: float) -> float:
        score += self._enhancer.context_similarity_factor
        score = max(score, self._enhancer.min_score_with_context_similarity)
        return min(score, LemmaContextAwareEnhancer.MAX_SCORE)
