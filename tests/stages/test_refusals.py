"""A refusal is told by how an answer begins."""

from typing import Any

from pipeline.stages.refusals import ScoreRefusals
from tests.conftest import cases, conversations


def refusals(*dialogues: list[str | None]) -> list[int]:
    """How many answers of each conversation refuse."""
    found: list[int] = ScoreRefusals().apply(conversations(*dialogues))["refusals"].to_pylist()
    return found


@cases("score_refusals")
def test_cases(case: dict[str, Any]) -> None:
    """Each case file says what a refusal is, and what only sounds like one."""
    assert refusals(["hi", case["answer"]]) == [int(case["want"])]


def test_only_answers_refuse() -> None:
    """Each refusing answer counts once; a user's refusal does not."""
    no = "I'm sorry, but I can't help with that."

    assert refusals([no, "Fine."], ["a", no, no, no], []) == [0, 2, 0]
