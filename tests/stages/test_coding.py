"""Code is what stands in fences, and lines that look like it."""

from typing import Any

import pytest

from pipeline.stages.coding import ScoreCode
from tests.conftest import cases, conversations


@cases("score_code")
def test_cases(case: dict[str, Any]) -> None:
    """Each case file says what is code, and what only looks like it."""
    (row,) = ScoreCode().apply(conversations(case["messages"])).to_pylist()

    assert row["has_code"] is case["want"]


@pytest.mark.parametrize(
    ("messages", "share"),
    [
        (["ab", "```cd```"], 0.8),
        (["ab~~~c~~~", None], 0.7778),
        (["日本```x", "éé"], 0.5),
        (["x = 1;", "y = 2;"], 0.0),
        (["", ""], 0.0),
        ([], 0.0),
    ],
)
def test_the_share_is_of_characters(messages: list[str | None], share: float) -> None:
    """Characters, not bytes, from fence to fence, or to the end where a fence stays open."""
    (row,) = ScoreCode().apply(conversations(messages)).to_pylist()

    assert row["code_share"] == share
