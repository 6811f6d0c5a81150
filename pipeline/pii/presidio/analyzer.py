"""AnalyzerEngine's findings at many times its speed."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpEngine, NoOpNlpEngine
from presidio_analyzer.predefined_recognizers import PhoneRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistry

from pipeline.pii.findings import Findings
from pipeline.pii.presidio.context import Context
from pipeline.pii.presidio.duplicates import Hit, without_duplicates
from pipeline.pii.presidio.matching import Gate, Matcher, gate
from pipeline.pii.presidio.phone import PhoneScan
from pipeline.pii.presidio.regions import CHUNK, LINE, WHOLE

_IDENTIFIER = RecognizerResult.RECOGNIZER_IDENTIFIER_KEY
_ENHANCED = RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY


class FastAnalyzer:
    """Finds what `AnalyzerEngine.analyze(text, language)` finds: type, start, end and score.

    Pattern recognizers run only where a superset of their patterns matches, phone regions share
    one scan, tokens are made near findings only. Any other recognizer runs on every text; with
    recognizers or enhancers that treat context in their own way, the engine itself does.

    Presidio skips a pattern of a text after 60 seconds (REGEX_TIMEOUT_SECONDS) and says nothing.
    Here the same limit holds for a pattern in a region, so that it strikes later; `timeouts`
    counts how often it did, and any other count than 0 means that findings may be missing.

    Args:
        registry: recognizers; must not change afterwards.
        nlp_engine: no words by default (NoOpNlpEngine).
        default_score_threshold: as AnalyzerEngine takes it.
        context_aware_enhancer: as AnalyzerEngine takes it.
        languages: of which patterns are translated now and not at first use.
    """

    def __init__(
        self,
        registry: RecognizerRegistry,
        nlp_engine: NlpEngine | None = None,
        default_score_threshold: float = 0,
        context_aware_enhancer: Any = None,
        languages: Iterable[str] = (),
    ) -> None:
        if nlp_engine is None:
            languages = registry.supported_languages
            nlp_engine = NoOpNlpEngine([{"lang_code": x, "model_name": ""} for x in languages])
        engine = AnalyzerEngine(
            registry=registry,
            nlp_engine=nlp_engine,
            supported_languages=registry.supported_languages,
            default_score_threshold=default_score_threshold,
            context_aware_enhancer=context_aware_enhancer,
        )
        self._begin(engine, languages)

    @classmethod
    def of(cls, engine: AnalyzerEngine, languages: Iterable[str] = ()) -> "FastAnalyzer":
        """One that finds what an engine finds, say of AnalyzerEngineProvider."""
        fast = cls.__new__(cls)
        fast._begin(engine, languages)  # noqa: SLF001 - our own
        return fast

    def _begin(self, engine: AnalyzerEngine, languages: Iterable[str]) -> None:
        self.engine = engine
        self._plans = {language: _Plan(engine, language) for language in languages}

    @property
    def timeouts(self) -> int:
        """How often a pattern was given up in a region."""
        return sum(plan.timeouts for plan in self._plans.values())

    def analyze(
        self,
        texts: "Sequence[str | None] | pa.StringArray",
        language: str = "en",
        score_threshold: float | None = None,
    ) -> list[list[RecognizerResult]]:
        """Findings of each text, in AnalyzerEngine's order; none in a null."""
        plan = self._plan(language)
        return [
            [plan.result(hit) for hit in hits]
            for hits in self._hits(_strings(texts), plan, score_threshold)
        ]

    def rules(self, language: str = "en") -> tuple[str, ...]:
        """Rule ids to which `Findings.rule` points: `presidio:EMAIL_ADDRESS`."""
        return tuple(f"presidio:{entity}" for entity in self._plan(language).entities)

    def findings(
        self,
        texts: pa.StringArray,
        language: str = "en",
        score_threshold: float | None = None,
    ) -> Findings:
        """Findings of a column of texts, with offsets in bytes of UTF-8."""
        plan = self._plan(language)
        rule = {entity: at for at, entity in enumerate(plan.entities)}
        strings = _strings(texts)
        found = []
        for at, hits in enumerate(self._hits(strings, plan, score_threshold)):
            ends = _byte_offsets(strings[at] or "", {e for h in hits for e in (h.start, h.end)})
            found += [(at, ends[h.start], ends[h.end], rule[h.entity], h.score) for h in hits]
        return Findings.of(found)

    def _plan(self, language: str) -> "_Plan":
        if language not in self._plans:
            self._plans[language] = _Plan(self.engine, language)
        return self._plans[language]

    def _hits(
        self, texts: Sequence[str | None], plan: "_Plan", threshold: float | None
    ) -> list[list[Hit]]:
        known: dict[str | None, list[Hit]] = {None: []}
        for text in texts:
            if text not in known:
                assert text is not None  # noqa: S101 - None is known
                known[text] = plan.hits(text, threshold)
        return [known[text] for text in texts]


class _Plan:
    """What is done to a text of one language."""

    def __init__(self, engine: AnalyzerEngine, language: str) -> None:
        self._engine = engine
        self._language = language
        self._recognizers = list(
            engine.registry.get_recognizers(language=language, all_fields=True)
        )
        for recognizer in self._recognizers:
            if not recognizer.is_loaded:
                recognizer.load()
                recognizer.is_loaded = True
        self.entities = sorted({e for r in self._recognizers for e in r.supported_entities})
        self._places = {r.id: at for at, r in enumerate(self._recognizers)}
        self._signatures = [
            {RecognizerResult.RECOGNIZER_NAME_KEY: r.name, _IDENTIFIER: r.id}
            for r in self._recognizers
        ]
        self._is_plain = _is_plain(engine, self._recognizers)
        self._matchers: list[Matcher] = []
        self._phones: list[tuple[int, PhoneScan]] = []
        self._others: list[int] = []
        self._sort()
        enhancer = engine.context_aware_enhancer
        self._context = Context(enhancer, engine.nlp_engine, self._recognizers, language)

    def _sort(self) -> None:
        gates: list[Gate] = []
        for at, recognizer in enumerate(self._recognizers):
            if type(recognizer) is PhoneRecognizer:
                scan = PhoneScan(recognizer.supported_regions, recognizer.leniency)
                self._phones.append((at, scan))
            elif (found := gate(at, recognizer)) is not None:
                gates.append(found)
            else:
                self._others.append(at)
        for cut in (CHUNK, LINE, WHOLE):
            if some := [each for each in gates if each.cut is cut]:
                self._matchers.append(Matcher(some))

    @property
    def timeouts(self) -> int:
        return sum(matcher.timeouts for matcher in self._matchers)

    def result(self, hit: Hit) -> RecognizerResult:
        """The hit as Presidio returns it without its decision process."""
        about = self._signatures[hit.by].copy()
        return RecognizerResult(*hit[:4], None, about)

    def hits(self, text: str, threshold: float | None) -> list[Hit]:
        """What AnalyzerEngine.analyze returns for the text."""
        if not self._is_plain:
            results = self._engine.analyze(text, self._language, score_threshold=threshold)
            return self._of_results(results, 0)
        data = text.encode("utf-8", "surrogatepass")
        hits = self._matched(data) + self._phoned(text, data)
        artifacts = None
        if self._others:
            artifacts = self._engine.nlp_engine.process_text(text, self._language)
            for at in self._others:
                hits += self._asked(at, text, artifacts)
        if not hits:
            return hits
        hits = self._context.enhanced(hits, text, artifacts)
        return without_duplicates([hit for hit in hits if hit.score >= self._least(hit, threshold)])

    def _matched(self, data: bytes) -> list[Hit]:
        hits: list[Hit] = []
        for matcher in self._matchers:
            seen = chars = 0
            for start, end in matcher.regions.of(data):
                if some := matcher.hits(data[start:end]):
                    chars += _length(data, seen, start)
                    seen = start
                    hits += [
                        Hit(h.entity, h.start + chars, h.end + chars, h.score, h.by) for h in some
                    ]
        return hits

    def _phoned(self, text: str, data: bytes) -> list[Hit]:
        hits: list[Hit] = []
        for at, scan in self._phones:
            if scan.is_too_long(text):
                hits += self._asked(at, text, None)
                continue
            seen = chars = 0
            spans: set[tuple[int, int]] = set()
            for start, end in scan.runs(data):
                while start < end and data[start] & 0xC0 == 0x80:  # noqa: PLR2004 - mid-character
                    start += 1  # noqa: PLW2901
                chars += _length(data, seen, start)
                seen = start
                spans |= scan.spans(text, chars, chars + _length(data, start, end))
            recognizer = self._recognizers[at]
            entity = recognizer.supported_entities[0]
            some = [Hit(entity, *span, recognizer.SCORE, at) for span in spans]
            hits += without_duplicates(some) if some else some
        return hits

    def _asked(self, at: int, text: str, artifacts: Any) -> list[Hit]:
        recognizer = self._recognizers[at]
        results = recognizer.analyze(text=text, entities=self.entities, nlp_artifacts=artifacts)
        return self._of_results(results or [], at)

    def _of_results(self, results: list[RecognizerResult], at: int) -> list[Hit]:
        hits = []
        for r in results:
            about = r.recognition_metadata or {}
            by = self._places.get(about.get(_IDENTIFIER, self._recognizers[at].id))
            if by is not None:  # AnalyzerEngine drops what no recognizer of its signs
                is_enhanced = bool(about.get(_ENHANCED))
                hits.append(Hit(r.entity_type, r.start, r.end, r.score, by, is_enhanced))
        return hits

    def _least(self, hit: Hit, threshold: float | None) -> float:
        if threshold is not None:
            return threshold
        own = self._recognizers[hit.by].score_thresholds
        least = own.get(hit.entity, own.get("default"))
        return float(self._engine.default_score_threshold if least is None else least)


def _is_plain(engine: AnalyzerEngine, recognizers: list[EntityRecognizer]) -> bool:
    """Context is nobody's business but LemmaContextAwareEnhancer's."""
    own = EntityRecognizer.enhance_using_context
    return type(engine.context_aware_enhancer) is LemmaContextAwareEnhancer and all(
        type(recognizer).enhance_using_context is own for recognizer in recognizers
    )


def _strings(texts: "Sequence[str | None] | pa.StringArray") -> Sequence[str | None]:
    return texts.to_pylist() if isinstance(texts, pa.Array | pa.ChunkedArray) else texts


def _length(data: bytes, start: int, end: int) -> int:
    """Code points of a stretch of UTF-8."""
    stretch = data[start:end]
    return len(stretch) if stretch.isascii() else len(stretch.decode("utf-8", "surrogatepass"))


def _byte_offsets(text: str, places: set[int]) -> dict[int, int]:
    """Code points to bytes of UTF-8."""
    if text.isascii():
        return {place: place for place in places}
    offsets, seen, at = {}, 0, 0
    for place in sorted(places):
        at += len(text[seen:place].encode("utf-8", "surrogatepass"))
        seen = place
        offsets[place] = at
    return offsets
