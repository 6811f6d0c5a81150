"""Style is counted as FastChat's leaderboard counts it."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.style import ScoreStyle
from tests.conftest import conversations

MARKDOWN = st.text("#*_-+1.` \n\ta\x01\xa0\u2028é", max_size=40)


def counted(text: str) -> dict[str, dict[str, int]]:
    """The counts by Python's `re`, one pattern each, as the leaderboard defines them."""
    text = re.sub(r"```([^`]*)```", "", text)

    def count(pattern: str) -> int:
        return len(re.findall(pattern, text, re.MULTILINE))

    return {
        "header_count": {f"h{n}": count(rf"^#{{{n}}}\s") for n in range(1, 7)},
        "list_count": {"ordered": count(r"^\s*\d+\.\s"), "unordered": count(r"^\s*[-*+]\s")},
        "bold_count": {"**": count(r"\*\*[^*\n]+\*\*"), "__": count(r"__[^_\n]+__")},
    }


def scored(*dialogues: list[str | None]) -> list[dict[str, Any]]:
    """The counts of each conversation."""
    rows: list[dict[str, Any]] = (
        ScoreStyle().apply(conversations(*dialogues)).select([*ScoreStyle.writes]).to_pylist()
    )
    return rows


@given(st.lists(MARKDOWN, max_size=5))
def test_counts_are_those_of_fastchat(answers: list[str]) -> None:
    """Whatever the answer, the counts are those of the definition, each answer on its own."""
    dialogues: list[list[str | None]] = [["hi", answer] for answer in answers]

    assert scored(*dialogues) == [counted(answer) for answer in answers]


def test_only_answers_count_and_are_summed() -> None:
    """A user's Markdown is not the model's style; what is in a code block is not either."""
    first = "# One\n\n1. **a**\n2. __b__\n"
    second = "## Two\n- c\n```\n# no\n- no\n```\n"
    (row,) = scored(["# mine\n- mine", first, "**mine**", second])

    assert row["header_count"] == {"h1": 1, "h2": 1, "h3": 0, "h4": 0, "h5": 0, "h6": 0}
    assert row["list_count"] == {"ordered": 2, "unordered": 1}
    assert row["bold_count"] == {"**": 1, "__": 1}


def test_no_answer_has_no_style() -> None:
    """Conversations without answers, or with one never finished, count nothing."""
    for row in scored([], ["hi"], ["hi", None]):
        assert {sum(counts.values()) for counts in row.values()} == {0}
