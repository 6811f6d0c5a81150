"""Training is repeatable, and says what it was given."""

import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipeline import cli
from pipeline.errors import InputError
from pipeline.moderation import examples, linear, training
from pipeline.moderation.examples import ANY, CHAT, COLUMNS, MAIN, UNKNOWN

CALM = ["table", "chair", "window", "garden", "river", "cloud", "paper", "pencil", "bread", "apple"]
LOUD = ["zork", "blam", "gronk", "splat"]
"""Made-up words that stand for what is flagged."""


def rows(count: int, seed: int) -> list[dict[str, Any]]:
    """Half of the texts hold a loud word; the label of violence is missing in every fifth."""
    rng = Random(seed)  # noqa: S311 (repeatable)
    made = []
    for number in range(count):
        words = rng.choices(CALM, k=8)
        is_loud = number % 2
        if is_loud:
            words[rng.randrange(8)] = rng.choice(LOUD)
        labels = {"hate": is_loud} | ({"violence": 0} if number % 5 else {})
        made.append({"text": f"{number} {' '.join(words)}", "labels": labels})
    return made


def written(path: Path, made: list[dict[str, Any]]) -> Path:
    """A file of labelled texts."""
    path.write_text("".join(json.dumps(row) + "\n" for row in made), "utf-8")
    return path


def command(folder: Path, output: str, *more: str) -> list[str]:
    """`curate train-moderation` on a small set of our own."""
    data = written(folder / "data.jsonl", rows(80, 1))
    calm = [{"text": f"{row['text']} calm", "labels": {}} for row in rows(80, 2)[::2]]
    harmless = written(folder / "harmless.jsonl", calm)
    return [
        *("train-moderation", "--data", str(data), "--harmless", str(harmless)),
        *("--output", str(folder / output), *more),
    ]


def test_the_same_files_give_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twice trained is the same model; it scores as it was taught; the card says of what."""
    assert cli.main(command(tmp_path, "one.npz")) == 0
    assert cli.main(command(tmp_path, "two.npz")) == 0
    card = json.loads((tmp_path / "one.json").read_text())
    model = linear.load(tmp_path / "one.npz")
    scores, _ = linear.scores(pa.array(["river zork bread", "river garden bread"]), model, 0.0)

    for end in ("npz", "json"):
        one, two = ((tmp_path / f"{name}.{end}").read_bytes() for name in ("one", "two"))
        assert one == two
    assert card == model.card
    assert card["heads"] == ["hate"]
    assert (card["positives"], card["main_texts"]) == ({"hate": 40}, 80)
    assert scores[0, 0] >= card["thresholds"]["hate"] > scores[1, 0]
    assert json.loads(capsys.readouterr().out.split("\n}\n")[0] + "\n}") == card


def test_a_category_without_positives_has_no_head(tmp_path: Path) -> None:
    """It is not told at all; without any positives there is no model."""
    calm = written(tmp_path / "calm.jsonl", rows(80, 1)[::2])

    with pytest.raises(ValueError, match="no category"):
        training.fit(examples.read([calm]))
    assert cli.main([*command(tmp_path, "x.npz"), "--data", str(calm)]) == InputError.exit_code


def test_labels_that_are_not_there_are_unknown() -> None:
    """Missing is not 0; a row without any 1 is harmless, unless it says that it is not known."""
    some = dict(zip(COLUMNS, examples.known({"hate": 1, "sexual": 0}), strict=True))
    none = dict(zip(COLUMNS, examples.known({"sexual": 0, ANY: None}), strict=True))

    assert (some["hate"], some["sexual"], some["violence"], some[ANY]) == (1, 0, UNKNOWN, 1)
    assert (none["sexual"], none[ANY]) == (0, UNKNOWN)


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        ({"S": 1, "SH": 0}, {"sexual": 1, "self-harm": 0, ANY: 1}),
        ({"class": "offensive", "count": 3}, {"hate": 0, ANY: UNKNOWN}),
        ({"kind": "neutral", "group": "x"}, {"hate": 0, "violence": 0, ANY: 0}),
        ({"toxic": "False"}, {"hate": 0, ANY: 0}),
        ({"jailbreak": True}, {"hate": UNKNOWN, ANY: 1}),
    ],
)
def test_labels_of_public_sets(labels: dict[str, Any], wanted: dict[str, int]) -> None:
    """The sets that are trained on are read as they were published."""
    found = dict(zip(COLUMNS, examples.known(labels), strict=True))

    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    "line",
    [
        "not JSON",
        '{"labels": {"hate": 1}}',
        '{"text": "a"}',
        '{"text": "a", "labels": {"hate": 2}}',
        '{"text": "a", "labels": {"mood": 1}}',
        '{"text": "a", "labels": {"class": "odd"}}',
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    """File and number, never the text."""
    (tmp_path / "bad.jsonl").write_text('{"text": "a", "labels": {"hate": 1}}\n' + line + "\n")

    with pytest.raises(InputError, match=r"^bad\.jsonl:2: expected"):
        examples.read([tmp_path / "bad.jsonl"])


def test_of_files_beside_no_more_than_asked(tmp_path: Path) -> None:
    """Whatever the order of the file; harmless ones count as 0; of equal texts the first counts."""
    main = written(tmp_path / "main.jsonl", rows(4, 1))
    there, back = (
        written(tmp_path / f"{name}.jsonl", made)
        for name, made in (("there", rows(60, 1)), ("back", rows(60, 1)[::-1]))
    )
    one, two = (examples.read([main], [], [path], most=9) for path in (there, back))

    assert sorted(one.texts) == sorted(two.texts)
    assert len(one) <= 4 + 9
    assert set(one.labels[one.kind == CHAT].ravel().tolist()) == {0}
    assert (one.kind == MAIN).sum() == 4
    assert np.array_equal(one.labels[:4], examples.read([main]).labels)
