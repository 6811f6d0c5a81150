"""A judge of trajectories, and what it leaves null."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline import recipe
from tests.conftest import conversations
from tests.judges import server
from tests.judges.conftest import options
from tests.judges.server import Double
from tests.stages.test_overthinking import CHAT, SHELL

GOOD = {
    "analysis_paralysis": False,
    "rogue_actions": True,
    "premature_disengagement": False,
    "score": 7,
}


def judging(double: Double, cache: Path, **given: Any) -> Any:
    """The stage with a judge, as a recipe builds it."""
    held = msgspec.to_builtins(options(double, cache))
    asked = {"backend": "chat", "server": held} | given
    return recipe.build({"stages": ["redact_pii", {"score_overthinking": asked}]}).stages[-1]


def test_a_judge_is_asked_about_trajectories_only(double: Double, tmp_path: Path) -> None:
    """It reads a trajectory by its parts; chat is not sent; what it says stands in one column."""
    double.say = lambda text: json.dumps(GOOD)  # noqa: ARG005
    stage = judging(double, tmp_path)
    made = stage.apply(conversations(SHELL, CHAT[0]))
    first, second = made["overthinking_judged"].to_pylist()

    assert first.pop("model").startswith("chat:fake:")
    assert (first, second) == (GOOD, None)
    assert made["tag_errors"].to_pylist() == [[], []]
    (text,) = double.texts
    assert text.startswith("[task]\nFix the test.\n\n[reasoning]\nI look first.\n\n[action]")
    assert stage.sends_text


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (GOOD | {"score": 11}, "malformed"),
        (GOOD | {"score": "7"}, "malformed"),
        (GOOD | {"score": None}, "malformed"),
        (GOOD | {"other": 1}, "malformed"),
        ({"score": 0}, "malformed"),
        ("I'm sorry, I can't help with that.", "refused"),
        ("", "no_answer"),
    ],
)
def test_a_failed_judge_is_null_and_never_0(
    said: Any, reason: str, double: Double, tmp_path: Path
) -> None:
    """0 is the best score; what cannot be read is none, and says why. The counts stay."""
    double.say = lambda text: said if isinstance(said, str) else json.dumps(said)  # noqa: ARG005
    (row,) = judging(double, tmp_path).apply(conversations(SHELL)).to_pylist()

    assert row["overthinking_judged"] is None
    assert row["overthinking"]["actions"] == 4
    assert row["tag_errors"] == [{"tag": "score_overthinking", "message": None, "reason": reason}]


def test_a_server_that_fails_leaves_the_counts(double: Double, tmp_path: Path) -> None:
    """Neither a fault of the server nor a long trajectory loses a row."""
    double.say = lambda text: json.dumps(GOOD)  # noqa: ARG005
    stage = judging(double, tmp_path, max_chars=400)
    long = (*SHELL[:-1], "x" * 500)
    text = stage.apply(conversations(SHELL)) and double.texts[0]
    double.faults = {text: [server.status(500)] * 3}
    other = judging(double, tmp_path / "other", max_chars=400)
    made = other.apply(conversations(SHELL, long)).to_pylist()

    assert [row["tag_errors"][0]["reason"] for row in made] == ["http_500", "too_long"]
    assert [row["overthinking_judged"] for row in made] == [None, None]
