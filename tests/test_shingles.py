"""Texts become sets of keyed shingle hashes, whatever their script."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import shingles

SALT = 7


def sets(*texts: str | None, size: int = 5, salt: int = SALT) -> list[set[int]]:
    """The shingle set of each text, as a document of its own."""
    found = shingles.of(pa.array(texts, pa.string()), np.arange(len(texts)), len(texts), size, salt)
    return [
        set(found.hashes[begin:end].tolist())
        for begin, end in zip(found.begins, found.ends, strict=True)
    ]


def plain(text: str, size: int) -> int:
    """How many distinct shingles a text of spaced words has, in plain Python."""
    words = text.split()
    if len(words) < size:
        return 1
    return len({tuple(words[i : i + size]) for i in range(len(words) - size + 1)})


@given(st.lists(st.lists(st.sampled_from(["a", "be", "sea", "Dee"]), max_size=40), max_size=8))
def test_as_many_shingles_as_plain_python_finds(documents: list[list[str]]) -> None:
    """Distinct runs of five words, or one hash for a shorter text."""
    texts = [" ".join(words) for words in documents]

    assert [len(found) for found in sets(*texts)] == [plain(text, 5) for text in texts]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello, World! How are you?", "hello world how are you"),
        ("one\n\n\ntwo three four five", "one two three four five"),
        ("\uff46\uff55\uff4c\uff4c width letters are folded", "full width letters are folded"),
        ("cafe\N{COMBINING ACUTE ACCENT} is the same café today", "café is the same café today"),
        ("东京是日本的首都", "东京、是日本的首都。"),
    ],
)
def test_case_punctuation_and_form_do_not_count(one: str, other: str) -> None:
    """Texts that differ only in these have the same set."""
    left, right = sets(one, other)

    assert left == right


@pytest.mark.parametrize("text", ["我们今天去北京看看", "今日はいい天気ですね", "วันนี้อากาศดีมาก"])
def test_scripts_without_spaces_are_cut_into_characters(text: str) -> None:
    """A sentence without a space has a shingle for each run of five characters."""
    (found,) = sets(text)

    assert len(found) == len(text) - 4


def test_short_texts_are_equal_or_different() -> None:
    """Texts of fewer tokens than a shingle share a hash only if their tokens are equal."""
    found = sets("hi", "Hi!", "hi there", "there hi", "", "🙂", "🙂 🙂", None)

    assert found[0] == found[1]
    assert found[4] == found[7]
    assert len({frozenset(one) for one in found}) == 6


def test_shingles_do_not_cross_documents() -> None:
    """A shingle is made of one document's tokens, also where the next one follows at once."""
    alone = sets("a b c d e f")[0]

    assert sets("x y z", "a b c d e f", "g h i")[1] == alone


def test_messages_of_a_document_follow_each_other() -> None:
    """A document of several texts has the shingles of them joined by a space."""
    texts = pa.array(["a b c", "d e f"])
    found = shingles.of(texts, np.zeros(2, np.int64), 1, 5, SALT)

    assert set(found.hashes.tolist()) == sets("a b c d e f")[0]


def test_a_salt_changes_every_hash() -> None:
    """Without the key nobody can tell which text a hash is of."""
    words = " ".join(f"word{n}" for n in range(200))

    assert not sets(words, salt=1)[0] & sets(words, salt=2)[0]


@given(st.lists(st.text(max_size=30), max_size=6), st.integers(1, 64))
def test_chunks_do_not_matter(texts: list[str], chunk: int) -> None:
    """However few letters are worked on at once, the sets are the same."""
    whole = sets(*texts)
    before, shingles.CHUNK_CHARS = shingles.CHUNK_CHARS, chunk
    try:
        assert sets(*texts) == whole
    finally:
        shingles.CHUNK_CHARS = before


def test_a_huge_message_needs_no_matrix() -> None:
    """A message of 4 MB is hashed without a table of shingles times permutations."""
    (found,) = sets("word " * 800_000)

    assert len(found) == 1
