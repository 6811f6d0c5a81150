"""Topics have titles by a model, where they are sound; else the words that tell them apart."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline import cli, recipe, titles
from pipeline.errors import RecipeError
from pipeline.judges import limits
from pipeline.judges.options import Server
from pipeline.topics import fitting, model
from pipeline.topics.model import Model
from pipeline.topics.sampling import Sample
from pipeline.topics.spaces import Options
from tests import runs, topic_models
from tests.judges import server
from tests.judges.conftest import options
from tests.judges.server import Double

NAMES = {"bread": "Baking Bread", "python": "Programming", "visa": "Travel & Visas"}


@pytest.fixture(name="double")
def _double(monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    monkeypatch.setattr(limits, "FIRST_S", 0.0005)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with server.running() as found:
        yield found


def sample(*more: str) -> Sample:
    """Prompts of three themes, by thirty users."""
    return topic_models.sample([*topic_models.prompts(240), *more])


def fitted(drawn: Sample) -> Model:
    """A model without titles."""
    return fitting.fit(drawn, Options(topics=3, dimensions=8, others=0.0))


def named(text: str) -> str:
    """What a good model calls a topic."""
    found = next(title for word, title in NAMES.items() if word in text)
    return json.dumps({"title": found})


def titled(double: Double, cache: Path, drawn: Sample, **given: Any) -> Model:
    """A model with titles."""
    return titles.titled(fitted(drawn), drawn, options(double, cache, **given))


def test_a_title_is_a_label_and_terms_stay(double: Double, tmp_path: Path) -> None:
    """Each topic is asked about once; what it says of texts is as without titles."""
    double.say = named
    drawn = sample()
    bare, made = fitted(drawn), titled(double, tmp_path, drawn)
    again = titled(double, tmp_path, drawn)

    assert sorted(made.labels) == sorted(NAMES.values())
    assert [t["terms"] for t in made.card["topics"]] == [t["terms"] for t in bare.card["topics"]]
    assert (made.assign(drawn.texts).topics == bare.assign(drawn.texts).topics).all()
    assert made.card["titles"]["model"].startswith("chat:fake:")
    assert model.packed(again) == model.packed(made)
    assert len(double.bodies) == len(bare.labels) == 3
    assert all(text.startswith("words: ") and text.count("\n") > 5 for text in double.texts)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ('{"title": "Visit www.example.org"}', "unsound"),
        ('{"title": "write to ann@example.org"}', "unsound"),
        ('{"title": "call 555 0100 now"}', "unsound"),
        ('{"title": "one two three four five six seven eight nine"}', "unsound"),
        ('{"title": "Ignore <b>all</b>"}', "unsound"),
        ('{"title": " "}', "unsound"),
        ('{"title": "Same"}', "same_title"),
        ('{"title": "Good", "more": 1}', "malformed"),
        ("Baking", "malformed"),
        ("I'm sorry, I can't help with that.", "refused"),
    ],
)
def test_what_is_no_title_leaves_the_words(
    said: str, reason: str, double: Double, tmp_path: Path
) -> None:
    """An order in a prompt may make a model say anything; nothing but plain words is published."""
    double.say = lambda text: said  # noqa: ARG005
    drawn = sample()
    bare, made = fitted(drawn), titled(double, tmp_path, drawn)
    count = 2 if reason == "same_title" else 3

    assert made.card["titles"]["without"] == {reason: count}
    assert [*made.labels][3 - count :] == [*bare.labels][3 - count :]


def test_a_word_of_one_user_is_in_no_title(
    double: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model may quote a prompt that it saw; a word that few users wrote is not published."""
    monkeypatch.setattr(titles, "EXEMPLARS", 300)
    rare = "bake bread flour oven dough yeast butter sugar recipe cake wilhelmina"
    drawn = sample(rare)
    double.say = lambda text: (
        '{"title": "Bread of Wilhelmina"}' if "wilhelmina" in text else named(text)
    )
    made = titled(double, tmp_path, drawn)

    assert any("wilhelmina" in text for text in double.texts)
    assert made.card["titles"]["without"] == {"rare_word": 1}
    assert "wilhelmina" not in json.dumps(made.card).lower()


def test_a_server_that_fails_leaves_the_words(double: Double, tmp_path: Path) -> None:
    """A fit never fails for want of titles; the card counts why they are not there."""
    drawn = sample()
    bare = fitted(drawn)
    gone = Server(model="fake", base_url="http://127.0.0.1:9/v1", cache=str(tmp_path), retries=0)

    assert titles.titled(bare, drawn, gone).labels == bare.labels
    made = titled(double, tmp_path / "other", drawn, budget_requests=0)
    assert made.labels == bare.labels
    assert made.card["titles"]["without"] == {"budget": 3}


def test_a_run_asks_for_titles_of_its_own_topics(double: Double, tmp_path: Path) -> None:
    """A recipe that fits topics may name a server; it sees text behind redaction only."""
    held = msgspec.to_builtins(options(double, tmp_path / "cache"))
    tags = {"tag_topics": {"fit": {"topics": 2, "min_users": 0, "titles": held}}}
    stages: list[Any] = ["drop_malformed_turns", "drop_superseded", "redact_pii", tags]
    made = recipe.build({"stages": stages})
    numbers = iter("abcdefgh")
    double.say = lambda text: json.dumps({"title": f"Topic {next(numbers)}"})  # noqa: ARG005
    runs.curate(runs.sample(tmp_path / "logs", 200), tmp_path / "out", made)
    found = {row["topic"] for row in runs.rows(tmp_path / "out")} - {"other", None}

    assert found
    assert all(topic.startswith("Topic ") for topic in found)
    with pytest.raises(RecipeError, match="before it is redacted"):
        recipe.build({"stages": [tags]})


def test_exemplars_are_of_many_users() -> None:
    """No user has two of them while others have none; the order of a sample does not show."""
    drawn = sample()
    made = fitted(drawn)
    shown = titles.exemplars(made, drawn)
    user_of = dict(zip(drawn.texts.to_pylist(), drawn.users.tolist(), strict=True))

    for texts in shown.values():
        assert len(texts) == titles.EXEMPLARS
        assert len({user_of[text] for text in texts}) == titles.EXEMPLARS


def test_the_command_asks_for_titles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of server options that is wrong is said so; its key is none of them."""
    wrong = tmp_path / "server.yaml"
    wrong.write_text("model: fake\napi_key: sk-1\n", "utf-8")
    command = ["topics", "fit", str(tmp_path), "--output", str(tmp_path / "m"), "--judge"]

    assert cli.main([*command, str(wrong)]) == 3
    assert cli.main([*command, str(tmp_path / "none.yaml")]) == 3
    said = capsys.readouterr().err
    assert "api_key" in said
    assert "sk-1" not in said
