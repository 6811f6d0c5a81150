"""Moderation in whole runs: early, on staged rows, and late, on survivors."""

from pathlib import Path
from typing import Any

import pytest

from pipeline import recipe
from pipeline.errors import RecipeError
from pipeline.recipe import Recipe
from schemas.moderation import column
from tests import runs

BEFORE = ["drop_malformed_turns", "drop_errors", "drop_superseded"]
TAG = "tag_moderation"
MADE = ("openai_moderation", "flagged_user", "flagged_assistant", "moderation_model", "tag_errors")


def made(*stages: Any) -> Recipe:
    """A recipe of these stages behind those that make conversations whole."""
    return recipe.build({"stages": [*BEFORE, *stages]})


def test_early_and_late_tags_are_the_same(tmp_path: Path) -> None:
    """A tag is the same whether it is made before copies are judged or when rows are written."""
    pattern = runs.sample(tmp_path / "logs", 120)
    early, late = made(TAG, "drop_duplicates"), made("drop_duplicates", TAG)
    assert TAG in [stage.name for stage in early.early]
    assert TAG in [stage.name for stage in late.late]
    for name, one in (("early", early), ("late", late)):
        runs.curate(pattern, tmp_path / name, one)
    tables = [runs.table(tmp_path / name) for name in ("early", "late")]

    assert tables[0].equals(tables[1])
    assert set(MADE) <= set(tables[0].column_names)
    assert tables[0]["openai_moderation"].type == column("text")
    for row in tables[0].select(["conversation", "openai_moderation"]).to_pylist():
        assert len(row["openai_moderation"]) == len(row["conversation"])


def test_what_is_flagged_is_not_released_and_is_accounted_for(tmp_path: Path) -> None:
    """A dropped conversation has its category in the ledger; no score of the rest reaches it."""
    pattern = runs.sample(tmp_path / "logs", 120)
    strict = made(
        TAG,
        {"drop_flagged": {"categories": {"violence": 0.03}}},
        "tag_jailbreak",
        "drop_duplicates",
    )
    manifest = runs.curate(pattern, tmp_path / "out", strict)
    kept = runs.rows(tmp_path / "out")
    ledger = runs.ledger(tmp_path / "out", manifest)
    gone = list(ledger.dropped["conversations"].values())

    assert {row["reason"] for row in gone if row["dropped_by"] == "drop_flagged"} == {"violence"}
    assert kept
    for row in kept:
        told = [one["category_scores"]["violence"] for one in row["openai_moderation"]]
        assert all(score is None or score < 0.03 for score in told)
        assert row["injection"] is False


def test_nothing_may_drop_behind_the_judging_of_copies() -> None:
    """`drop_flagged` stands before copies are judged; a recipe that has it later is refused."""
    with pytest.raises(RecipeError, match="drop_flagged: drops rows after drop_duplicates"):
        made(TAG, "drop_duplicates", "drop_flagged")
