"""Topics of conversations, by a frozen model."""

from pathlib import Path

import pytest

from pipeline import recipe
from pipeline.errors import RecipeError
from pipeline.topics import model
from tests import topic_models
from tests.conftest import built, conversations
from tests.topic_models import fitted, prompts

BREAD = "please tell me how dough and yeast make bread in the oven"
LOOP = "what error has the loop of my python function"
VISA = "do I need a visa and a passport at the airport"


def tagged(*dialogues: list[str | None], **options: object) -> list[tuple[object, object]]:
    """Id and label of each dialogue."""
    made = built("tag_topics", {"model": topic_models.folder(), **options}).apply(
        conversations(*dialogues)
    )
    return list(zip(made["topic_id"].to_pylist(), made["topic"].to_pylist(), strict=True))


def test_prompts_of_a_theme_have_its_topic() -> None:
    """Three themes are three topics, each named by words of its own."""
    found = tagged([BREAD, "a"], [LOOP, "b"], [VISA, "c"])

    assert len({number for number, _ in found}) == 3
    for (_, label), theme in zip(found, ("kitchen", "code", "travel"), strict=True):
        assert set(str(label).split(", ")) <= set(topic_models.THEMES[theme].split())


def test_answers_have_no_say() -> None:
    """Only what the user wrote is looked at."""
    assert tagged([BREAD, LOOP]) == tagged([BREAD, VISA])


def test_code_and_addresses_have_no_say() -> None:
    """What is no prose is taken out first."""
    beside = f"{BREAD}\n```\npython function loop variable debug class\n``` https://airport.example"

    assert tagged([beside, "a"]) == tagged([BREAD, "a"])


def test_without_text_there_is_no_topic_but_a_reason() -> None:
    """No message, an empty prompt and pure code are null; `tag_errors` says so of the row."""
    made = built("tag_topics", {"model": topic_models.folder()}).apply(
        conversations([], ["", "a"], ["```\nx = 1\n```", "a"], [BREAD, "a"])
    )

    for name in ("topic_id", "topic", "topic_score"):
        assert [value is None for value in made[name].to_pylist()] == [True, True, True, False]
    why = {"tag": "tag_topics", "message": None, "reason": "no_text"}
    assert made["tag_errors"].to_pylist() == [[why], [why], [why], []]


def test_what_is_of_no_topic_is_other() -> None:
    """A prompt without a known word, and one below the least score, are `other`, not null."""
    assert tagged(["zebra quagga", "a"]) == [(-1, "other")]
    assert tagged([BREAD, "a"], least_score=1.0) == [(-1, "other")]


def test_another_model_is_another_recipe(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The digest of a recipe is that of the model's content, wherever it lies."""
    places = [str(tmp_path_factory.mktemp("model") / "m") for _ in range(2)]
    digests = []
    for place, seed in zip(places, (0, 1), strict=True):
        model.write(fitted(prompts(240, seed)), Path(place))
        digests.append(model.fingerprint(place))
        stage = built("tag_topics", {"model": place})
        assert stage.fingerprint == digests[-1]

    assert digests[0] != digests[1]
    assert digests[0] == model.fingerprint(topic_models.folder())


def test_a_recipe_without_a_model_is_refused() -> None:
    """No model, or a folder that holds none, is told before anything runs."""
    for given in ({}, {"model": "/nowhere"}):
        with pytest.raises(RecipeError, match="model"):
            recipe.build({"stages": [{"tag_topics": given}]})
