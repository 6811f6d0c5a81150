"""Languages are told by prose alone: of messages, and of conversations by their prompts."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RecipeError
from pipeline.language import detection, names, ngrams, openers, scripts
from pipeline.stages.languages import TagLanguage
from tests.conftest import built, cases, conversations

SENTENCES = Path(__file__).parent.parent / "cases" / "tag_language_sentences.yaml"
CODE = "```python\ndef add(a, b):\n    # the sum of both\n    return a + b\n```"


def tagged(*dialogues: list[str | None], **options: Any) -> list[dict[str, Any]]:
    """What the stage adds to each of some conversations."""
    stage = built("tag_language", options)
    rows: list[dict[str, Any]] = (
        stage.apply(conversations(*dialogues)).select([*stage.writes]).to_pylist()
    )
    return rows


def sentences() -> list[tuple[str, str]]:
    """Our own sentences and the language of each."""
    known = yaml.safe_load(SENTENCES.read_text("utf-8"))
    return [(text, code) for code, texts in known.items() for text in texts]


@cases("tag_language")
def test_cases(case: dict[str, Any]) -> None:
    """Each case file says what is prose, what tells its language, and whose prose counts."""
    (row,) = tagged(case["messages"])
    wanted = case["want"]

    assert row["language"] == wanted["language"]
    for found, expected in zip(row["message_languages"], wanted["messages"], strict=True):
        assert expected in {None, found}


@pytest.mark.parametrize("wrap", ["{}", "{}\n\n" + CODE, CODE + "\n{}"], ids=["", "above", "below"])
def test_common_languages_are_told(wrap: str) -> None:
    """Sentences in the 24 common languages are told, with code above or below them as well."""
    known = sentences()
    found = detection.detect(pa.array([wrap.format(text) for text, _ in known]))

    wrong = [
        (text, code)
        for (text, _), code, (_, w) in zip(known, found.codes, known, strict=True)
        if code != w
    ]
    assert {code for _, code in known} == names.COMMON.keys()
    assert wrong == []


def test_upper_case_is_no_other_language() -> None:
    """A sentence in capitals is in the language it is in."""
    known = sentences()
    found = detection.detect(pa.array([text.upper() for text, _ in known]))

    assert found.codes.tolist() == [code for _, code in known]


@given(
    st.lists(st.text(max_size=60) | st.sampled_from(sentences()).map(lambda s: s[0]), max_size=9)
)
def test_a_text_is_told_alone(texts: list[str]) -> None:
    """What is said of a text does not depend on the texts beside it; and never fails."""
    together = detection.detect(pa.array(texts, pa.string()))
    alone = [detection.detect(pa.array([text])) for text in texts]

    assert together.codes.tolist() == [one.codes[0] for one in alone]
    assert together.scores.tolist() == [one.scores[0] for one in alone]
    assert set(together.codes) <= names.NAMES.keys()
    assert all(0 <= score <= 1 for score in together.scores)


@given(
    st.lists(st.sampled_from(["", " ", "12", "?!", "NAME_1", "\n", CODE, "`x`", None]), max_size=4)
)
def test_no_prose_is_no_language(texts: list[str | None]) -> None:
    """Where nothing is said, `und` is: with the name of LMSYS-Chat-1M, and a score of 0."""
    (row,) = tagged(texts)

    assert row == {
        "language": "unknown",
        "language_code": "und",
        "language_score": 0.0,
        "message_languages": ["und"] * len(texts),
    }


def test_the_tables_agree() -> None:
    """Every language that anything may say has a name."""
    assert {*openers.CODES, *scripts.CODES, *ngrams.model().codes} <= names.NAMES.keys()
    assert names.COMMON.keys() <= {*ngrams.model().codes}
    assert len(names.COMMON) == 24


def test_labels_of_other_detectors() -> None:
    """Old codes, dialects and scripts are reported as the language they belong to."""
    labels = ["iw", "zh-Hant", "yue", "nn", "NB", "xx", "en"]

    assert [names.code(label) for label in labels] == ["he", "zh", "zh", "no", "no", "und", "en"]


def test_a_detector_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recipe that asks for an extra that is not installed is faulty before anything runs."""
    monkeypatch.setitem(detection.NEEDS, "lingua", "no-such-distribution")

    with pytest.raises(RecipeError, match="is not installed"):
        built("tag_language", {"detector": "lingua"})


def test_the_model_is_part_of_the_recipe() -> None:
    """Another version of a detector's package makes another recipe, as it may say otherwise."""
    assert TagLanguage().fingerprint.startswith("py3langid 0.4.")


def test_another_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another detector is asked only what openers and scripts leave open, and of prose alone."""
    asked: list[str] = []

    def detector(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
        asked.extend(texts.to_pylist())
        return np.array(["eo"] * len(texts), object), np.full(len(texts), 0.8)

    monkeypatch.setattr(detection, "_detector", lambda _: detector)
    (row,) = (
        TagLanguage()
        .apply(conversations(["Kio estas `x` tio?", "hi", "2", "안녕하세요 여러분"]))
        .to_pylist()
    )

    assert asked == ["kio estas tio"]
    assert row["message_languages"] == ["eo", "en", "und", "ko"]
    assert (row["language"], row["language_score"]) == ("Esperanto", 0.8)
