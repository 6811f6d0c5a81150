"""FastAnalyzer finds what AnalyzerEngine finds."""

# ruff: noqa: RUF001 - texts hold foreign digits and letters on purpose

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer

from pipeline.pii.presidio import loading, registries
from pipeline.pii.presidio.analyzer import FastAnalyzer
from pipeline.pii.presidio.blank import BlankNlpEngine

TEXTS = (
    "Call +1 202-555-0143 or (202) 555 0143, my phone number is 0300 123 0199 x55.",
    "Rechnung an Größe@example.org: IBAN DE89 3704 0044 0532 0130 00, card 4111-1111-1111-1111",
    "ssn 078-05-1120, passport A12345678, licence D1234567, driver license x0 and H100",
    "for i in range(10):\n    os.path.join(a, b)\n    std::vector<int> v; np.array([1.5, 2.25])",
    "| id | ip | date |\n|---|---|---|\n| 1 | 192.0.2.1 | 2023-04-24 |\n| 2 | ::1 | 3/4/2023 |",
    "1. 3.14159 2. 2.71828 3. 1.41421 1700000000 37.7749,-122.4194 2012-01-02 08:00 5:30",
    (
        "uuid 123e4567-e89b-42d3-a456-426614174000 mac 00:00:5e:00:53:01 "
        "btc 1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
    ),
    "号码 13800138000，邮箱 user@example.com。電話：０３−１２３４−５６７８ ٠١٢٣٤٥٦٧٨٩",
    "my driver licence: A1234567 don't (= 3 :) : ) 'foo' s. website: www.example.com/a?b=c",
    "note::the the: 12:30 the ip is 192.0.2.7:80 http://example.org/x 2001:db8::1",
    "ſocial 123-45-6789 \u2028 tab\tand\u00a0nbsp 9876543210 İstanbul K12345 ",
    "  \n\n bank   account \t 12345678901 \x1c 12345678 \n",
    "13800138000 123 456 7890 1234 5678 9012 3456 78 90 ext. 123 int 55 ~ 7 #9",
    "a" * 300 + ".com " + "a." * 30 + " " + "1 " * 300,
    "",
    " ",
)
PHRASES = st.sampled_from(
    [
        *"aZ09.:-/@ \n\t()[]'\"+#x_é中٣K",
        "phone ",
        " call 202 555 0143",
        "driver's license ",
        "e.g.",
        ":)",
        "don't ",
        "the ",
        "ip",
        "@example.org",
        ".com",
        "192.0.2.1",
        "::",
        "12/31/2020",
        "4111111111111111",
        "2023",
        "A1234567",
    ]
)


def words(results: list[RecognizerResult]) -> list[tuple[str, int, int, float]]:
    """What counts in a finding."""
    return [(r.entity_type, r.start, r.end, r.score) for r in results]


def pair(registry: Any, nlp: Any, **options: Any) -> tuple[FastAnalyzer, AnalyzerEngine]:
    """Ours, and an engine of its own."""
    fast = FastAnalyzer(registry, nlp, **options)
    return fast, AnalyzerEngine(registry=registry, nlp_engine=fast.engine.nlp_engine, **options)


@pytest.fixture(
    scope="module",
    params=[(r, n) for r in ("default_registry", "sane_registry") for n in (None, BlankNlpEngine)],
)
def both(request: pytest.FixtureRequest) -> tuple[FastAnalyzer, AnalyzerEngine]:
    """Each of the four configurations of the exactness switch."""
    registry, nlp = request.param
    return pair(getattr(registries, registry)(), nlp and nlp())


def test_texts(both: tuple[FastAnalyzer, AnalyzerEngine]) -> None:
    """Code, tables, numbers, phones and foreign scripts give Presidio's findings in its order."""
    fast, engine = both
    assert [words(found) for found in fast.analyze(TEXTS)] == [
        words(engine.analyze(text, "en")) for text in TEXTS
    ]


@settings(max_examples=60)
@given(texts=st.lists(st.lists(PHRASES, max_size=30).map("".join), min_size=1, max_size=5))
def test_any_text(both: tuple[FastAnalyzer, AnalyzerEngine], texts: list[str]) -> None:
    """So does any text made of pieces that patterns, phones and the tokenizer care about."""
    fast, engine = both
    assert [words(found) for found in fast.analyze(texts)] == [
        words(engine.analyze(text, "en")) for text in texts
    ]


def test_thresholds() -> None:
    """Thresholds of call, recognizer and engine hold as in Presidio."""
    registry = registries.sane_registry()
    registry.recognizers[0].score_thresholds = {"CREDIT_CARD": 0.5, "default": 0.2}
    fast, engine = pair(registry, BlankNlpEngine(), default_score_threshold=0.3)
    for threshold in (None, 0.0, 0.4, 0.9):
        for text, found in zip(TEXTS, fast.analyze(TEXTS, score_threshold=threshold), strict=True):
            assert words(found) == words(engine.analyze(text, "en", score_threshold=threshold))


def test_own_recognizers() -> None:
    """Own patterns, deny lists, untranslatable ones and own walks are found as by Presidio."""

    class Odd(PatternRecognizer):  # type: ignore[misc] # has no types
        def analyze(self, text: str, *_: Any, **__: Any) -> list[RecognizerResult]:
            return [RecognizerResult("ODD", 0, 1, 0.7)] if len(text) > 50 else []

    registry = registries.sane_registry()
    for entity, regex in (
        ("LINE", r"^\w+(?=:)"),
        ("FUZZY", r"(?:phone){e<=1}"),
        ("PROPERTY", r"\p{Lu}{3,}"),
        ("BACK", r"(\w)\1\d"),
        ("COND", r"(a)?b(?(1)c|d)"),
        ("LATE", r"(?:x{2,}|[^\W\d]+!)\s*\d"),
    ):
        recognizer = PatternRecognizer(entity, patterns=[Pattern(entity, regex, 0.3)])
        recognizer.context = ["the", "phone"]
        registry.add_recognizer(recognizer)
    registry.add_recognizer(PatternRecognizer("WORD", deny_list=["note", "(202)"], context=["a"]))
    registry.add_recognizer(Odd("ODD", patterns=[Pattern("odd", "odd", 0.1)]))
    texts = [*TEXTS, "Phone: nooote 11a2 fone abc bd ABC xxx 5 wow!\n7", "note\nnote:note"]
    fast, engine = pair(registry, BlankNlpEngine())
    assert [words(found) for found in fast.analyze(texts)] == [
        words(engine.analyze(text, "en")) for text in texts
    ]


def test_own_context() -> None:
    """Another enhancer, and a recognizer that looks at context itself, are the engine's matter."""

    class Shy(PatternRecognizer):  # type: ignore[misc] # has no types
        def enhance_using_context(self, *_: Any, **kwargs: Any) -> list[RecognizerResult]:
            return [r for r in kwargs["raw_recognizer_results"] if "shy" not in kwargs["text"]]

    registry = registries.sane_registry()
    registry.add_recognizer(Shy("SHY", patterns=[Pattern("n", r"\d+", 0.5)]))
    for text in ("12 and 13", "shy 12 and 13", *TEXTS[:3]):
        fast, engine = pair(registry, BlankNlpEngine())
        assert words(fast.analyze([text])[0]) == words(engine.analyze(text, "en"))


def test_enhancer_options() -> None:
    """Windows, factors and whole words of the enhancer are respected."""
    enhancer = LemmaContextAwareEnhancer(0.2, 0.3, 2, 3, context_matching_mode="whole_word")
    fast, engine = pair(
        registries.default_registry(), BlankNlpEngine(), context_aware_enhancer=enhancer
    )
    assert [words(found) for found in fast.analyze(TEXTS)] == [
        words(engine.analyze(text, "en")) for text in TEXTS
    ]


def test_yaml(tmp_path: Path) -> None:
    """A no-code configuration file works as it is."""
    conf = tmp_path / "analyzer.yaml"
    conf.write_text("""
supported_languages: [en]
default_score_threshold: 0.1
nlp_configuration: {nlp_engine_name: no_op, models: [{lang_code: en, model_name: none}]}
recognizer_registry:
  supported_languages: [en]
  recognizers:
    - {name: EmailRecognizer, type: predefined}
    - name: Zip
      type: custom
      supported_entity: ZIP
      supported_languages: [{language: en, context: [zip]}]
      patterns: [{name: zip, regex: '\\b\\d{5}\\b', score: 0.2}]
""")
    fast = FastAnalyzer.of(registries.configured_engine(conf))
    assert fast.rules() == ("presidio:EMAIL_ADDRESS", "presidio:ZIP")
    found = fast.analyze(["zip 12345, jo@example.org"])[0]
    assert words(found) == [("EMAIL_ADDRESS", 11, 25, 1.0), ("ZIP", 4, 9, 0.2)]


def test_findings() -> None:
    """A column of texts gives byte offsets and rules; nulls and repeated texts are welcome."""
    fast = FastAnalyzer(registries.sane_registry())
    texts = pa.array(["é jo@example.org", None, "中 192.0.2.1", "é jo@example.org"])
    found = fast.findings(texts)
    rules = fast.rules()
    assert [
        (text, texts[text].as_py().encode()[start:end], rules[rule])
        for text, start, end, rule in zip(
            found.text.tolist(), found.start, found.end, found.rule, strict=True
        )
    ] == [
        (0, b"jo@example.org", "presidio:EMAIL_ADDRESS"),
        (2, b"192.0.2.1", "presidio:IP_ADDRESS"),
        (3, b"jo@example.org", "presidio:EMAIL_ADDRESS"),
    ]
    assert found.score.tolist() == [1.0, pytest.approx(0.6), 1.0]
    assert fast.timeouts == 0


def test_loading() -> None:
    """The same words give the same analyzer; nothing else needs to be pickled."""
    assert loading.analyzer("sane", "none") is loading.analyzer("sane", "none")
    found = loading.analyzer("default").analyze(["my driver license: D1234567"])[0]
    assert words(found) == [("US_DRIVER_LICENSE", 19, 27, 0.3 + 0.35)]
