"""What the order of stages must keep: rows that win stay, and text that leaves is redacted."""

from typing import Any

import pytest

from pipeline import recipe
from pipeline.errors import RecipeError
from schemas import moderation, released
from tests import topic_models

ASKED: dict[str, Any] = {
    "tag_moderation": {"backend": "openai", "server": {"base_url": "http://127.0.0.1:9/v1"}}
}


@pytest.mark.parametrize(
    "stages",
    [
        [ASKED],
        ["redact_pii", ASKED, "drop_duplicates"],
        [ASKED, "redact_pii"],
        ["drop_duplicates", ASKED],
    ],
)
def test_no_server_sees_text_before_it_is_redacted(stages: list[Any]) -> None:
    """A stage that asks a server stands behind redaction and all that runs on staged rows."""
    with pytest.raises(RecipeError, match="tag_moderation: would send text"):
        recipe.build({"stages": stages})


def test_a_server_may_see_redacted_text() -> None:
    """Behind redaction and the last stage that drops, it is a late stage."""
    made = recipe.build({"stages": ["redact_pii", "drop_duplicates", ASKED]})

    assert [stage.name for stage in made.late] == ["tag_moderation"]


@pytest.mark.parametrize("fit", [{}, {"topics": 3}])
@pytest.mark.parametrize("before", [["redact_pii"], ["drop_duplicates"], []])
def test_no_model_is_fitted_to_text_that_is_not_redacted(fit: Any, before: list[Any]) -> None:
    """Without redaction before it, or with drops behind it, a fit is a fault; a model is none."""
    behind = ["drop_duplicates"] if "redact_pii" in before else []
    with pytest.raises(RecipeError, match="tag_topics: would be fitted to text before"):
        recipe.build({"stages": [*before, {"tag_topics": {"fit": fit}}, *behind]})

    recipe.build({"stages": [*before, {"tag_topics": {"model": topic_models.folder()}}, *behind]})
    recipe.build({"stages": ["redact_pii", *behind, {"tag_topics": {"fit": fit}}]})


def test_drop_flagged_without_flags_is_doubted(caplog: pytest.LogCaptureFixture) -> None:
    """It may stand alone, for its rule of words, but is told that no category drops anything."""
    recipe.build({"stages": ["tag_moderation", "drop_flagged"]})
    assert not caplog.messages

    recipe.build({"stages": ["drop_flagged", "tag_moderation"]})
    assert ["no tag_moderation stands before it" in said for said in caplog.messages] == [True]


def test_thirteen_categories_are_released_where_they_are_asked_for() -> None:
    """The released type follows the taxonomy of the recipe."""
    made = recipe.build({"stages": [{"tag_moderation": {"taxonomy": "omni"}}]})
    schema = released.schema({"tag_moderation"}, made.asked)

    assert schema.field("openai_moderation").type == moderation.column("omni")
    eleven = released.schema({"tag_moderation"}, set())
    assert eleven.field("openai_moderation").type == moderation.column("text")
