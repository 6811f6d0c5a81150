"""Tokens are counted by a rule that needs no file, or by a tokenizer that the user gives."""

import sys
import types
import unicodedata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RecipeError
from pipeline.shingles import UNSPACED
from pipeline.stages import tokens
from tests.conftest import built, conversations, texts


def counted(text: str | None) -> int:
    """Words and unspaced characters of one text, counted one by one."""
    found, in_word = 0, False
    for sign in text or "":
        is_alone = any(first <= ord(sign) <= last for first, last in UNSPACED)
        is_letter = unicodedata.category(sign)[0] in "LNM" and ord(sign) < tokens.TABLE
        found += is_letter and (is_alone or not in_word)
        in_word = is_letter and not is_alone
    return found


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("", 0),
        ("Hello, world!", 2),
        ("l'été 2023", 3),
        ("3.5 snake_case", 4),
        ("日本語です", 5),
        ("GPT-4は速い", 5),
        ("สวัสดี", 6),
        ("안녕하세요 여러분", 2),
        ("नमस्ते दुनिया", 2),
        ("\U0001f642 ... ()", 0),
    ],
)
def test_what_a_token_is(text: str, want: int) -> None:
    """A run of letters, marks and digits, or a character where words are not spaced."""
    assert tokens.unicode_words(pa.array([text])).tolist() == [want]


@given(st.lists(st.none() | st.text(max_size=30) | st.text("aé日 ส-1", max_size=9), max_size=6))
def test_the_count_is_that_of_a_plain_loop(drawn: list[str | None]) -> None:
    """Counting in columns is counting one by one; null has none."""
    found = tokens.unicode_words(texts(*(text or "" for text in drawn)))

    assert found.tolist() == [counted(text) for text in drawn]


def test_prompts_and_answers() -> None:
    """Each message is counted, and the prompts and answers of a conversation are summed."""
    batch = conversations(["one two", "one", "one", None], [])
    rows = built("score_tokens").apply(batch).to_pylist()

    assert [row["message_tokens"] for row in rows] == [[2, 1, 1, 0], []]
    assert [row["prompt_tokens"] for row in rows] == [3, 0]
    assert [row["answer_tokens"] for row in rows] == [1, 0]
    assert {row["tokenizer"] for row in rows} == {"unicode_words"}


def test_a_file_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tokenizer file counts instead, called by its content; without special tokens."""
    asked: dict[str, Any] = {}

    class Tokenizer:
        @staticmethod
        def from_file(path: str) -> "Tokenizer":
            asked["path"] = path
            return Tokenizer()

        def no_truncation(self) -> None: ...
        def no_padding(self) -> None: ...

        def encode_batch(self, found: list[str], *, add_special_tokens: bool) -> list[Any]:
            asked["special"] = add_special_tokens
            return [types.SimpleNamespace(ids=[*text]) for text in found]

    module = types.ModuleType("tokenizers")
    monkeypatch.setattr(module, "Tokenizer", Tokenizer, raising=False)
    monkeypatch.setitem(sys.modules, "tokenizers", module)
    monkeypatch.setattr(tokens, "find_spec", lambda _: object())
    file = tmp_path / "tokenizer.json"
    file.write_text("{}")
    (row,) = (
        built("score_tokens", {"tokenizer": str(file)})
        .apply(conversations(["abc", "de"]))
        .to_pylist()
    )

    assert row["message_tokens"] == [3, 2]
    assert row["tokenizer"] == "sha256:44136fa355b3678a"
    assert asked == {"path": str(file), "special": False}


@pytest.mark.parametrize("name", ["gpt-4", "pyproject.toml"])
def test_a_tokenizer_that_is_not_there(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is no file, and a file without the extra, are faults of the recipe."""
    monkeypatch.setattr(tokens, "find_spec", lambda _: None)

    with pytest.raises(RecipeError, match=r"expected 'unicode_words' or a file|needs the extra"):
        built("score_tokens", {"tokenizer": name})
