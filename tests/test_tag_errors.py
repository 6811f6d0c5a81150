"""Each null of a tag has a reason, and reasons can be counted."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline import cli, recipe, tag_errors
from pipeline.messages import Messages
from schemas.column import TAG_ERRORS
from tests import runs
from tests.conftest import conversations


def test_reasons_are_counted_by_tag() -> None:
    """Every entry counts once, in a slice only those of its rows."""
    batch = conversations(["a", "b"], ["c"], [])
    reasons = pa.array(["x", None, "x"], pa.string())
    made = tag_errors.noted(batch, "one", Messages(batch["conversation"]), reasons)
    made = tag_errors.noted_rows(made, "two", pa.array([None, "x", "y"], pa.string()))
    column = made["tag_errors"]

    assert tag_errors.counted(column) == {("one", "x"): 2, ("two", "x"): 1, ("two", "y"): 1}
    assert tag_errors.counted(column.slice(1, 1)) == {("one", "x"): 1, ("two", "x"): 1}
    assert tag_errors.counted(pa.array([[], None], TAG_ERRORS)) == {}


def test_the_command_counts_those_of_a_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it prints are the reasons in the released rows; a release without tags is told."""
    pattern = runs.sample(tmp_path / "logs", 60)
    for name, stages in (("bare", []), ("out", ["tag_jailbreak"])):
        runs.curate(pattern, tmp_path / name, recipe.build({"stages": ["drop_empty", *stages]}))
    rows = runs.rows(tmp_path / "out")
    entries = [error for row in rows for error in row["tag_errors"]]

    assert cli.main(["tag-errors", str(tmp_path / "out"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["conversations"] == len(rows)
    assert sum(found["null"]["tag_jailbreak"].values()) == len(entries) > 0
    assert cli.main(["tag-errors", str(tmp_path / "out" / "release")]) == 0
    assert "tag_jailbreak: " in capsys.readouterr().out
    assert cli.main(["tag-errors", str(tmp_path / "bare")]) == 3
