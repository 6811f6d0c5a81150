"""The analyzer that some words of configuration stand for, made once in a process."""

import functools
from typing import Literal

from presidio_analyzer.nlp_engine import NlpEngine

from pipeline.pii.presidio import registries
from pipeline.pii.presidio.analyzer import FastAnalyzer
from pipeline.pii.presidio.blank import BlankNlpEngine


@functools.cache
def analyzer(
    recognizers: Literal["default", "sane"] = "sane",
    context: Literal["none", "blank"] = "blank",
    conf_file: str | None = None,
) -> FastAnalyzer:
    """An analyzer for English, or what a no-code file of Presidio says.

    Args:
        recognizers: all 17 of Presidio's defaults, or the nine that seldom err.
        context: whether words before a finding make it surer (Presidio's context words).
        conf_file: an AnalyzerEngineProvider file; the other options are not looked at.

    Raises:
        ValueError: the file says nothing that Presidio understands.
    """
    if conf_file is not None:
        engine = registries.configured_engine(conf_file)
        return FastAnalyzer.of(engine, engine.supported_languages)
    registry = (
        registries.default_registry() if recognizers == "default" else registries.sane_registry()
    )
    nlp_engine: NlpEngine | None = BlankNlpEngine() if context == "blank" else None
    return FastAnalyzer(registry, nlp_engine, languages=("en",))
