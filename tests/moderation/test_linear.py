"""Features and the shipped models: the same for a text wherever it stands."""

import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.moderation import embedded, features, ideas, linear
from tests.conftest import texts

MODELS = Path(embedded.__file__).parent
NAMES = ("moderation", "jailbreak")
PINNED = [0.0219, 0.9838, 0.0421, 0.0284]
"""Scores of violence, as the shipped model gives them."""
some_texts = st.lists(st.none() | st.text(max_size=40) | st.sampled_from(["a b", "I'm", "x" * 99]))


@given(found=some_texts)
def test_a_score_is_of_one_text(found: list[str | None]) -> None:
    """Scores are those of the text alone, whatever stands beside it; no text makes it fail."""
    model = embedded.loaded("", "moderation")
    together, why = linear.scores(texts(*found), model, 0.0)

    for at, text in enumerate(found):
        alone, reason = linear.scores(pa.array([text], pa.string()), model, 0.0)
        assert np.array_equal(together[at], alone[0], equal_nan=True)
        assert reason.to_pylist() == [why[at].as_py()]
    told = together[~np.isnan(together)]
    assert ((told >= 0) & (told <= 1)).all()
    assert np.array_equal(told, np.round(told, 4))


@given(found=some_texts, size=st.integers(1, 60))
def test_chunks_do_not_matter(found: list[str | None], size: int) -> None:
    """However many texts are worked on at once, and though one is longer than a chunk."""
    model = embedded.loaded("", "jailbreak")
    usual, _ = linear.scores(texts(*found), model, 0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "CHUNK_CHARS", size)
        cut, _ = linear.scores(texts(*found), model, 0.0)

    assert np.array_equal(usual, cut, equal_nan=True)


def test_case_width_and_repetition_do_not_count() -> None:
    """A feature is folded, and counts once a text."""
    model = embedded.loaded("", "moderation")
    same = ["Read the NEWS now", "read the news now", "\uff52ead the news now. Read the news now"]
    scores, _ = linear.scores(pa.array(same), model, 0.0)

    assert np.array_equal(scores[0], scores[1])
    assert features.of(pa.array(same[:1])).words.tolist() == (
        features.of(pa.array(same[2:])).words.tolist()
    )


def test_words_pairs_and_pieces() -> None:
    """Three words are two pairs; a word of three letters with its borders has six pieces."""
    terms = features.of(pa.array(["", "cat dog cat", None, "cat"]))

    assert terms.texts == 4
    assert terms.text.tolist() == [1, 1, 3]
    assert len(terms.words) == 2
    assert terms.pair_text.tolist() == [1, 1]
    assert np.bincount(terms.piece_word).tolist() == [6, 6]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_model_is_small_and_no_pickle(name: str) -> None:
    """It is an archive of plain arrays of numbers, less than 5 MB, with its card beside it."""
    path = MODELS / f"{name}.npz"

    assert path.stat().st_size + path.with_suffix(".json").stat().st_size < 5_000_000
    with zipfile.ZipFile(path) as archive:
        assert {Path(member).suffix for member in archive.namelist()} == {".npy"}
    with np.load(path, allow_pickle=False) as held:
        assert {held[member].dtype.kind for member in held.files} <= set("iuf")


@pytest.mark.parametrize("name", NAMES)
def test_sums_fit_their_numbers(name: str) -> None:
    """The weights of a whole table of pairs, and of the pieces of a word, fit 32 bits."""
    model = embedded.loaded("", name)

    assert np.abs(model.pairs.astype(np.int64)).sum(axis=0).max() < 2**31
    assert np.abs(model.pieces).max() * 3 * (features.LONGEST + 2) < 2**31
    assert set(model.card["thresholds"]) == set(model.heads)


def test_scores_are_the_same_on_every_machine() -> None:
    """Scores of four texts, written down."""
    model = embedded.loaded("", "moderation")
    scores, _ = linear.scores(
        pa.array(["How do I bake bread?", "I will kill you", "bread", "The weather is nice"]),
        model,
        0.0,
    )

    assert scores[:, model.heads.index("violence")].tolist() == PINNED


def test_every_idea_is_of_words_or_phrases() -> None:
    """An idea names words and short phrases, each with a place in its table."""
    words, pairs = ideas.tables()

    assert all(1 <= len(one.split()) <= 3 for held in ideas.named().values() for one in held)
    assert (words.sum(axis=0) + pairs.sum(axis=0) > 9).all()
