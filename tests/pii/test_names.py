"""Names of persons are found with their evidence, in any batch, in any script."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pii import names
from pipeline.pii.names import public, tagger
from tests.conftest import cases

SENTENCES = (
    "My name is Hayley Jackson and you can reach me at h@example.com.",
    "Contact: Dr. Margaret Norris\nEmail: m@example.com",
    "제 이름은 이현우이고 이메일은 a@example.net입니다.",
    "Меня зовут Иван Петров. 🙂 Я программист.",
    "the the the\n\n\n",
    "",
)


def found(*texts: str | None, beside: names.Beside | None = None) -> list[list[str]]:
    """Rule and value of each name in each text."""
    spans = names.find(pa.array(texts, pa.string()), beside)
    made: list[list[str]] = [[] for _ in texts]
    for at in range(len(spans)):
        text = (texts[spans.text[at]] or "").encode()
        value = text[spans.start[at] : spans.end[at]].decode()
        made[spans.text[at]].append(f"{names.NAME_RULES[spans.rule[at]][0]} {value}")
    return made


def spot(text: str, value: str) -> names.Beside:
    """Other personal data in the first text."""
    start = len(text[: text.index(value)].encode())
    return names.Beside(np.array([0]), np.array([start]), np.array([start + len(value.encode())]))


@cases("names")
def test_names_and_their_evidence(case: dict[str, Any]) -> None:
    """Each case's names, no more and no less."""
    beside = spot(case["text"], case["beside"]) if "beside" in case else None

    assert found(case["text"], beside=beside) == [case["want"]]


@given(st.lists(st.sampled_from(SENTENCES), max_size=6), st.text(max_size=60))
def test_a_text_is_read_for_itself(before: list[str], text: str) -> None:
    """The same text gives the same names in any batch."""
    assert found(*before, text)[-1] == found(text)[0]


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Spans lie on borders of letters, inside the text, in order and apart."""
    spans = names.find(pa.array([text]))
    raw = text.encode()

    for start, end in zip(spans.start, spans.end, strict=True):
        assert raw[start:end].decode().strip()
    assert (spans.start[1:] >= spans.end[:-1]).all()
    assert ((spans.score > 0) & (spans.score <= 1)).all()


@given(
    st.lists(st.sampled_from([*SENTENCES, " ", "\n", "我叫", "さん、", "Dr. ", "Hi "]), max_size=9)
)
def test_any_mixture_is_read(parts: list[str]) -> None:
    """Spans lie on borders of letters in mixtures of scripts as well."""
    text = "".join(parts)
    spans = names.find(pa.array([text]))
    raw = text.encode()

    assert all(raw[a:b].decode() for a, b in zip(spans.start, spans.end, strict=True))


def test_null_and_slices() -> None:
    """A null holds no name, and a slice of a column is a column."""
    texts = pa.array(["x", None, SENTENCES[0], None], pa.string())

    assert len(names.find(texts.slice(0, 2))) == 0
    assert names.find(texts.slice(2)).text.tolist() == [0]
    assert len(names.find(pa.array([], pa.string()))) == 0


@pytest.mark.parametrize("part", ["1", "a.", "A", "Ab ", " ", "Anna ", "\u200d", "我", "Hi A, "])
def test_long_texts_of_one_thing(part: str) -> None:
    """A text of 200,000 letters without an end is read like any other."""
    text = part * (200_000 // len(part))

    assert len(names.find(pa.array([text]))) >= 0


def test_the_model_is_small_and_no_pickle() -> None:
    """The shipped model is below 5 MB and loads without pickle."""
    path = tagger.place()

    assert path.stat().st_size < 5_000_000
    with np.load(path, allow_pickle=False) as held:
        assert all(held[name].dtype.kind in "iu" for name in held.files)


def test_public_names_are_thousands() -> None:
    """The list of names that everyone knows covers whole names and names that stand alone."""
    held = public.known()

    assert len(held.whole) > 1500
    assert len(held.last) > 500
