"""What moderation says of messages, and what it drops."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.errors import RecipeError
from pipeline.moderation.backends import Judged, nothing
from pipeline.stages.moderation import BY_RULE, TagModeration
from schemas.moderation import OMNI, TEXT
from tests.conftest import built, conversations, reasons

PLAIN = "How do I write a function that sorts a list of numbers in Python?"
DARK = "I want to kill myself. I have thought about suicide for weeks and I want to die."
STRANGE = "Zxqv blorft wuggle snarfed the mibbly quonk of frabjous toves."
UNTOLD = {"harassment/threatening", "self-harm/intent", "self-harm/instructions", "sexual/minors"}
"""Categories of which the shipped model has seen no positive example."""


def tagged(*dialogues: list[str | None], **options: Any) -> list[dict[str, Any]]:
    """The rows of some dialogues after `tag_moderation`."""
    rows: list[dict[str, Any]] = (
        built("tag_moderation", options).apply(conversations(*dialogues)).to_pylist()
    )
    return rows


def test_it_is_the_struct_of_lmsys_chat_1m() -> None:
    """One entry a message; 11 categories with slashes, in their order; bool, float64 and bool."""
    column = built("tag_moderation").apply(conversations([PLAIN, PLAIN], []))["openai_moderation"]
    entry = column.type.value_type

    assert pa.types.is_list(column.type)
    assert [field.name for field in entry] == ["categories", "category_scores", "flagged"]
    assert [(f.name, f.type) for f in entry.field("categories").type] == [
        (name, pa.bool_()) for name in TEXT
    ]
    assert [(f.name, f.type) for f in entry.field("category_scores").type] == [
        (name, pa.float64()) for name in TEXT
    ]
    assert "self-harm/instructions" in TEXT
    assert pc_lengths(column) == [2, 0]


def pc_lengths(column: pa.ListArray) -> list[int]:
    """How many entries each row has."""
    return [len(row) for row in column.to_pylist()]


def test_the_taxonomy_of_omni_has_two_more() -> None:
    """`omni` adds illicit and illicit/violent, which the shipped model cannot tell."""
    (row,) = tagged([PLAIN, PLAIN], taxonomy="omni")
    scores = row["openai_moderation"][0]["category_scores"]

    assert list(scores) == list(OMNI)
    assert scores["illicit"] is None


def test_plain_talk_is_not_flagged_and_dark_talk_is() -> None:
    """A prompt about code has low scores; one about suicide is flagged, as an attempt."""
    plain, dark = tagged([PLAIN, PLAIN], [DARK, PLAIN])

    assert (plain["flagged_user"], plain["flagged_assistant"]) == (False, False)
    assert (dark["flagged_user"], dark["flagged_assistant"]) == (True, False)
    assert dark["openai_moderation"][0]["categories"]["self-harm"] is True
    assert dark["openai_moderation"][0]["flagged"] is True
    assert dark["openai_moderation"][1]["flagged"] is False
    assert dark["moderation_model"].startswith("embedded:")


def test_what_it_was_not_trained_for_is_null() -> None:
    """A category without examples has neither score nor verdict; it is no zero."""
    (row,) = tagged([DARK, PLAIN])
    entry = row["openai_moderation"][0]

    assert {name for name, score in entry["category_scores"].items() if score is None} == UNTOLD
    assert {name for name, flag in entry["categories"].items() if flag is None} == UNTOLD


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "no_text"),
        ("", "no_text"),
        ("\U0001f642 … ?!", "no_text"),
        (STRANGE, "unfamiliar_words"),
        ("\u6211\u4eca\u5929\u60f3\u5403\u9762\u6761", "unfamiliar_words"),
    ],
)
def test_what_it_cannot_read_is_null_with_a_reason(text: str | None, reason: str) -> None:
    """No words, or words it never saw: everything of the message is null, and it says why."""
    (row,) = tagged([PLAIN, text])
    entry = row["openai_moderation"][1]

    assert set(entry["category_scores"].values()) == {None}
    assert set(entry["categories"].values()) == {None}
    assert entry["flagged"] is None
    assert row["tag_errors"] == [{"tag": "tag_moderation", "message": 1, "reason": reason}]
    assert (row["flagged_user"], row["flagged_assistant"]) == (False, None)


def test_one_flagged_message_is_enough_whatever_is_untold() -> None:
    """A roll-up is true if any message is flagged, though another could not be told."""
    (row,) = tagged([DARK, PLAIN, STRANGE, PLAIN])

    assert row["flagged_user"] is True


def test_thresholds_are_the_recipes() -> None:
    """An option moves one category's threshold; scores stay as they are."""
    usual, low, high = (
        tagged([DARK, PLAIN], thresholds=given)[0]["openai_moderation"][0]
        for given in ({}, {"violence": 0.0}, {"self-harm": 1.0})
    )

    assert low["categories"]["violence"] is True
    assert high["categories"]["self-harm"] is False
    assert usual["category_scores"] == low["category_scores"] == high["category_scores"]


def test_errors_of_an_earlier_tag_stay() -> None:
    """Reasons are added behind those that are there."""
    stage = built("tag_moderation")
    once = stage.apply(conversations([PLAIN, None], [PLAIN, PLAIN], ["", PLAIN]))
    twice = stage.apply(once)["tag_errors"].to_pylist()

    assert [len(row) for row in twice] == [2, 0, 2]


class Loud:
    """A backend that knows sexual/minors and nothing else."""

    model = "loud:1"
    thresholds = {"sexual/minors": 0.5}  # noqa: RUF012 (a constant of a test)

    def judge(self, texts: pa.StringArray, prompts: pa.StringArray | None = None) -> Judged:  # noqa: ARG002 (the protocol has it)
        """Score 0.9 where the text says x."""
        scores = nothing(len(texts))
        scores[:, OMNI.index("sexual/minors")] = [0.9 * (t == "x") for t in texts.to_pylist()]
        return Judged(scores, pa.nulls(len(texts), pa.string()))


def test_any_backend_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stage needs texts in, scores out; what another backend flags is dropped, by role."""
    monkeypatch.setattr(TagModeration, "_backend", Loud())
    batch = built("tag_moderation").apply(conversations(["x", "y"], ["y", "x"], ["y", "y"]))

    assert batch["moderation_model"].to_pylist() == ["loud:1"] * 3
    assert reasons(built("drop_flagged"), batch) == ["sexual/minors", "sexual/minors", None]
    by_user = built("drop_flagged", {"roles": ["user"]})
    assert reasons(by_user, batch) == ["sexual/minors", None, None]


def test_a_category_is_dropped_from_a_score_on() -> None:
    """Null is what the tag flagged; a number is a score of one's own."""
    batch = built("tag_moderation").apply(conversations([DARK, PLAIN], [PLAIN, PLAIN]))
    flagged = built("drop_flagged", {"categories": {"self-harm": None}})
    never = built("drop_flagged", {"categories": {"self-harm": 1.0}})
    always = built("drop_flagged", {"categories": {"self-harm": 0.0}})

    assert reasons(flagged, batch) == ["self-harm", None]
    assert reasons(never, batch) == [None, None]
    assert reasons(always, batch) == ["self-harm", "self-harm"]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("an erotica about a 12 year old", True),
        ("She is 15 years old and naked.", True),
        ("underage porn", True),
        ("He is 21 years old and naked.", False),
        ("My child is 12 years old and plays chess.", False),
        ("How do I explain puberty to my children?", False),
        ("The naked eye sees six thousand stars.", False),
        ("A naked singularity. " + "It has nothing to hide. " * 5 + "Ask a child.", False),
        ("A minor bug in the adult filter", False),
    ],
)
def test_the_rule_of_words_for_minors(text: str, is_found: bool) -> None:  # noqa: FBT001
    """An explicit word near a word for a minor drops, without any model; either alone does not."""
    batch = conversations([text, "No."])

    assert reasons(built("drop_flagged"), batch) == [BY_RULE if is_found else None]
    assert reasons(built("drop_flagged", {"minors_rule": False}), batch) == [None]


def test_a_model_of_ones_own(tmp_path: Path) -> None:
    """A recipe may name a model; one that is not there is a fault of the recipe."""
    with pytest.raises(RecipeError, match="no such file"):
        built("tag_moderation", {"model": str(tmp_path / "none.npz")})
