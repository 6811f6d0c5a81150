"""An NLP engine without a model: spaCy's tokenizer, lower-cased words as lemmas."""

from collections.abc import Iterable, Iterator
from typing import Any

import spacy
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine


class BlankNlpEngine(NlpEngine):  # type: ignore[misc] # has no types
    """Tokens, stop words and punctuation of `spacy.blank`, so that context words work.

    Args:
        languages: language codes that spaCy knows.
    """

    engine_name = "blank"
    is_available = True

    def __init__(self, languages: Iterable[str] = ("en",)) -> None:
        self.languages = tuple(languages)
        self.nlp: dict[str, Any] | None = None

    def load(self) -> None:
        self.nlp = {language: spacy.blank(language) for language in self.languages}

    def is_loaded(self) -> bool:
        return self.nlp is not None

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        doc = self.of(language).tokenizer(text)  # without spaCy's limit of length
        return NlpArtifacts(
            entities=[],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.lower_ for token in doc],
            nlp_engine=self,
            language=language,
            scores=[],
        )

    def process_batch(
        self,
        texts: Iterable[Any],
        language: str,
        batch_size: int = 1,  # noqa: ARG002 - Presidio's signature
        n_process: int = 1,  # noqa: ARG002
        as_tuples: bool = False,  # noqa: FBT001, FBT002
        **_: Any,
    ) -> Iterator[Any]:
        for text in texts:
            if as_tuples:
                yield text[0], self.process_text(str(text[0]), language), text[1]
            else:
                yield text, self.process_text(str(text), language)

    def is_stopword(self, word: str, language: str) -> bool:
        return bool(self.of(language).vocab[word].is_stop)

    def is_punct(self, word: str, language: str) -> bool:
        return bool(self.of(language).vocab[word].is_punct)

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return list(self.languages)

    def of(self, language: str) -> Any:
        """The pipeline of a language."""
        if self.nlp is None:
            self.load()
        assert self.nlp is not None  # noqa: S101 - just loaded
        return self.nlp[language]
