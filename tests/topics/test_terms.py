"""Topics are called by the words that tell them apart."""

import math

import numpy as np
import pytest
import scipy.sparse

from pipeline.topics import terms, words
from tests.conftest import conversations, texts


def test_weights_are_those_reckoned_by_hand() -> None:
    """c-TF-IDF of two classes and three words: share in the class, times log(1 + A / f)."""
    made = terms.weights(np.array([[3, 1, 0], [0, 2, 2]]))
    average = (4 + 4) / 2
    rarity = [math.log(1 + average / f) for f in (3, 3, 2)]

    assert made.tolist() == [
        pytest.approx([3 / 4 * rarity[0], 1 / 4 * rarity[1], 0]),
        pytest.approx([0, 2 / 4 * rarity[1], 2 / 4 * rarity[2]]),
    ]


def test_a_word_of_all_topics_or_of_few_people_names_none() -> None:
    """Only what a topic has more often than its languages do, and enough people wrote, is shown."""
    held = scipy.sparse.csr_matrix(np.array([[1, 1, 0, 1]] * 4 + [[1, 0, 1, 0]] * 4, float))
    topics, languages = np.array([0] * 4 + [1] * 4), np.zeros(8, int)
    public = np.array([True, True, True, False])

    assert terms.chosen(held, topics, 2, public, languages) == [[1], [2]]
    assert terms.chosen(held, topics, 2, public, topics) == [[], []]


def test_prompts_are_their_prose() -> None:
    """The first prompts of a conversation, joined; answers, code and addresses are left out."""
    batch = conversations(
        ["Hello **World**", "an answer", "see https://a.example.org now", None],
        ["```\ncode()\n```", "x"],
        [],
        [f"w{'abcdefgh'[place]}" for place in range(8)] + ["late"],
    )

    assert words.of_prompts(batch["conversation"]).to_pylist() == [
        *("hello world see now", "", "", "wa wc we wg"),
    ]


def test_unspaced_scripts_are_pairs_of_signs() -> None:
    """All neighbours in a run of Chinese, Japanese or Thai; other words stay whole."""
    found = words.split(texts("数据库 sql", "über alles", "私", "", "python的循环"))
    by_row = [found.words.filter(found.rows == row).to_pylist() for row in range(5)]

    assert [sorted(set(one)) for one in by_row] == [
        sorted(["数据", "库", "据库", "sql"]),
        ["alles", "über"],
        ["私"],
        [],
        sorted(["python", "的循", "环", "循环"]),
    ]
