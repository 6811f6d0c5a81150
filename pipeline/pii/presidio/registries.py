"""Registries of Presidio's recognizers that work without a network."""

from pathlib import Path
from typing import Any

import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.analyzer_engine_provider import AnalyzerEngineProvider
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.predefined_recognizers import EmailRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistry

SANE = frozenset(
    {
        "CreditCardRecognizer",
        "CryptoRecognizer",
        "EmailRecognizer",
        "IbanRecognizer",
        "IpRecognizer",
        "MacAddressRecognizer",
        "PhoneRecognizer",
        "UsSsnRecognizer",
        "UuidRecognizer",
    }
)

_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_suffixes("example.org")  # read the list now, not within the first message


class OfflineEmailRecognizer(EmailRecognizer):  # type: ignore[misc] # has no types
    """EmailRecognizer with the public-suffix list that tldextract ships, not one of today."""

    def validate_result(self, pattern_text: str) -> bool:
        return bool(_suffixes(pattern_text).fqdn)


def default_registry() -> RecognizerRegistry:
    """Presidio's 17 default pattern recognizers for English."""
    registry = RecognizerRegistry()
    engine = NoOpNlpEngine([{"lang_code": "en", "model_name": ""}])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    return without_network(registry)


def sane_registry() -> RecognizerRegistry:
    """The nine that seldom take version numbers and code for personal data."""
    registry = default_registry()
    registry.recognizers = [each for each in registry.recognizers if each.name in SANE]
    return registry


def configured_engine(conf_file: str | Path) -> AnalyzerEngine:
    """The engine of a no-code AnalyzerEngineProvider file, for `FastAnalyzer.of`.

    Raises:
        ValueError: the file says nothing that Presidio understands.
    """
    engine = AnalyzerEngineProvider(analyzer_engine_conf_file=str(conf_file)).create_engine()
    without_network(engine.registry)
    return engine


def without_network(registry: RecognizerRegistry) -> RecognizerRegistry:
    """The registry itself; its e-mail recognizers no longer fetch a list of suffixes."""
    registry.recognizers = [
        _offline(each) if type(each) is EmailRecognizer else each for each in registry.recognizers
    ]
    return registry


def _offline(recognizer: Any) -> OfflineEmailRecognizer:
    offline = OfflineEmailRecognizer(
        patterns=recognizer.patterns,
        context=recognizer.context,
        supported_language=recognizer.supported_language,
        supported_entity=recognizer.supported_entities[0],
        name=recognizer.name,
    )
    offline.global_regex_flags = recognizer.global_regex_flags
    offline.score_thresholds = recognizer.score_thresholds
    return offline
