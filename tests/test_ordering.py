"""What the order of stages must keep: rows that win stay, and text that leaves is redacted."""

from typing import Any

import pytest

from pipeline import recipe
from pipeline.errors import RecipeError
from schemas import moderation, released

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


def test_thirteen_categories_are_released_where_they_are_asked_for() -> None:
    """The released type follows the taxonomy of the recipe."""
    made = recipe.build({"stages": [{"tag_moderation": {"taxonomy": "omni"}}]})
    schema = released.schema({"tag_moderation"}, made.asked)

    assert schema.field("openai_moderation").type == moderation.column("omni")
    eleven = released.schema({"tag_moderation"}, set())
    assert eleven.field("openai_moderation").type == moderation.column("text")
