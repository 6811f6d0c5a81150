"""Detectors behind one shape: ours, naive Presidio, a toy."""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.pii.scores import Detect, Found
from pipeline import messages
from pipeline.pii import policy, ruleset, seen
from pipeline.pii.kinds import KINDS
from pipeline.pii.marking import Marker
from pipeline.pii.presidio.part import KINDS as PRESIDIO

ROLES = ("user", "assistant")


TOY = {
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "phone": re.compile(r"\+\d[\d ()-]{7,}\d"),
}


def paired(texts: Sequence[str], roles: Sequence[str]) -> tuple[list[str], list[int]]:
    """Texts with empty ones between, so that the user's are at even places; where each went."""
    placed: list[str] = []
    places = []
    for text, role in zip(texts, roles, strict=True):
        if ROLES[len(placed) % 2] != role:
            placed.append("")
        places.append(len(placed))
        placed.append(text)
    return placed, places


def _preset(name: policy.Preset) -> Detect:
    """All rules and names under a preset of the policy, overlaps resolved, values propagated."""
    rulings = policy.rulings(name, {})
    marker = Marker(ruleset.detector(frozenset(KINDS), has_names=True), rulings)
    ids = [*(rule.id for rule in marker.detector.rules), "propagated"]

    def detect(texts: Sequence[str], roles: Sequence[str]) -> list[Found]:
        placed, places = paired(texts, roles)
        built = messages.build(pa.array(placed, pa.string()), np.array([len(placed)]))
        marked = marker.marked(messages.Messages(built), np.array([True]))
        back = {place: at for at, place in enumerate(places)}
        spans = marked[0].spans if marked else []
        return [Found(back[s.message], s.start, s.end, s.kind, ids[s.rule]) for s in spans]

    return detect


@functools.cache
def ours() -> Detect:
    """Our detector under the default policy, as a release has it."""
    return _preset("release")


@functools.cache
def strict() -> Detect:
    """Our detector under the policy that rather redacts too much."""
    return _preset("strict")


@functools.cache
def rules() -> Detect:
    """Every finding of every rule, whatever its score, overlaps included: to measure the rules."""
    detector = ruleset.detector(frozenset(KINDS), has_names=True)

    def detect(texts: Sequence[str], roles: Sequence[str]) -> list[Found]:
        del roles
        sight = seen.of(pa.array(texts, pa.string()))
        found = detector.find(sight.texts)
        start, end = sight.written(found.text, found.start, found.end)
        return [
            Found(int(text), int(a), int(b), detector.rules[rule].kind, detector.rules[rule].id)
            for text, a, b, rule in zip(found.text, start, end, found.rule, strict=True)
        ]

    return detect


@functools.cache
def presidio() -> Detect:
    """Presidio as its README has it: the default pattern recognizers, no threshold, no model."""
    engine = _engine()

    def each(texts: Sequence[str]) -> Iterator[Found]:
        for at, text in enumerate(texts):
            for one in engine.analyze(text, "en"):
                kind = PRESIDIO[one.entity_type]
                yield Found(at, one.start, one.end, kind, one.entity_type)

    return lambda texts, _: list(each(texts))


def _engine() -> Any:
    """Presidio's engine, its list of public suffixes the packaged one: no network."""
    import tldextract  # noqa: PLC0415 (only who compares needs them)
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415
    from presidio_analyzer.nlp_engine import NoOpNlpEngine  # noqa: PLC0415

    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
    tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR
    nlp = NoOpNlpEngine([{"lang_code": "en", "model_name": ""}])
    nlp.load()
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    return AnalyzerEngine(registry=registry, nlp_engine=nlp)


def toy(texts: Sequence[str], roles: Sequence[str]) -> list[Found]:
    """Two expressions, as many a pipeline has them."""
    del roles
    return [
        Found(at, *hit.span(), kind, f"toy_{kind}")
        for at, text in enumerate(texts)
        for kind, pattern in TOY.items()
        for hit in pattern.finditer(text)
    ]


DETECTORS: dict[str, Callable[[], Detect]] = {
    "ours": ours,
    "strict": strict,
    "rules": rules,
    "presidio": presidio,
    "toy": lambda: toy,
}
"""What `--detectors` chooses from."""
