"""The criteria of hard prompts by heads that learned from a judge."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from pipeline.errors import RecipeError
from pipeline.stages.hardness import TagHardness, first_prompts
from schemas.judged import CRITERIA
from tests import hardness_heads
from tests.conftest import built, conversations


def test_heads_say_what_their_judge_said() -> None:
    """On prompts that they did not see; strange words are null, and the model is named."""
    unseen = hardness_heads.prompts(100, seed=1)
    stage = TagHardness(backend="heads", model=hardness_heads.heads())
    made = stage.apply(conversations(*([text] for text in unseen), ["qqq www zzz"], []))
    rows = made.to_pylist()
    right = [
        row["hardness_criteria"][name] == is_met
        for row, met in zip(rows, unseen.values(), strict=False)
        for name, is_met in zip(CRITERIA, met, strict=True)
    ]

    assert sum(right) / len(right) > 0.95
    assert rows[0]["hardness"] == sum(rows[0]["hardness_criteria"].values())
    assert [row["hardness"] for row in rows[100:]] == [None, None]
    assert [row["tag_errors"][0]["reason"] for row in rows[100:]] == ["unfamiliar_words", "no_text"]
    assert rows[0]["hardness_model"].startswith("heads:")
    assert not stage.sends_text
    assert len(stage.fingerprint) == 64


def test_heads_are_trained_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Labels of people are lines of JSON; a wrong line is named by its number, not quoted."""
    lines = [
        json.dumps({"text": text, "labels": dict(zip(CRITERIA, met, strict=True))})
        for text, met in hardness_heads.prompts(120).items()
    ]
    data = tmp_path / "labels.jsonl"
    command = ["train-hardness", "--data", str(data), "--output", str(tmp_path / "h.npz")]
    data.write_text("\n".join(lines), "utf-8")
    assert cli.main(command) == 0
    data.write_text("\n".join([lines[0], '{"text": "secret", "labels": {}}']), "utf-8")
    assert cli.main(command) == 3
    data.write_text("\n".join(lines[:30]), "utf-8")
    assert cli.main(command) == 3
    said = capsys.readouterr().err

    assert "labels.jsonl:2" in said
    assert "secret" not in said
    assert "each head needs 20" in said


def test_first_prompts_are_cut() -> None:
    """A prompt is judged by its beginning; a conversation without one has none."""
    batch = conversations(["abc", "d"], [], [None, "x"])["conversation"]

    assert first_prompts(batch, 2).to_pylist() == ["ab", None, None]
    assert first_prompts(batch.slice(1), 2).to_pylist() == [None, None]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({}, "needs a server.model"),
        ({"backend": "heads"}, "train-hardness"),
        ({"backend": "heads", "model": "/nowhere.npz"}, "no such file"),
        ({"backend": "other"}, "backend"),
    ],
)
def test_wrong_options_are_faults_of_the_recipe(given: dict[str, Any], fault: str) -> None:
    """A model that is not there is said before anything runs."""
    with pytest.raises(RecipeError, match=fault):
        built("tag_hardness", given)
