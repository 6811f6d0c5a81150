"""`tag_moderation` by a server: the columns of a release, and a reason for each null."""

import pickle
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from pipeline import recipe
from pipeline.errors import RecipeError
from pipeline.stages.moderation import TagModeration
from schemas.moderation import OMNI, TEXT
from tests.conftest import built, conversations
from tests.judges import server
from tests.judges.conftest import options
from tests.judges.server import Double


def staged(double: Double, cache: Path, backend: str, **given: Any) -> Any:
    """The stage as a recipe builds it."""
    taxonomy = given.pop("taxonomy", "text")
    held = msgspec.to_builtins(options(double, cache, **given))
    asked = {"backend": backend, "server": held, "taxonomy": taxonomy}
    stages = recipe.build({"stages": ["redact_pii", {"tag_moderation": asked}]}).stages
    return stages[-1]


@pytest.mark.parametrize("taxonomy", ["text", "omni"])
def test_openai_scores_every_category_by_its_name_with_slashes(
    taxonomy: str, double: Double, tmp_path: Path
) -> None:
    """11 or 13 categories, none spelt with underscores, none that we do not know."""
    stage = staged(double, tmp_path, "openai", model="", taxonomy=taxonomy)
    (row,) = stage.apply(conversations(["kill", "b"])).to_pylist()
    first, second = row["openai_moderation"]

    assert list(first["category_scores"]) == list(OMNI if taxonomy == "omni" else TEXT)
    assert first["category_scores"]["violence"] == 0.9
    assert [name for name, flag in first["categories"].items() if flag] == ["violence"]
    assert (first["flagged"], second["flagged"]) == (True, False)
    assert (row["flagged_user"], row["flagged_assistant"]) == (True, False)
    assert double.bodies[0]["model"] == "omni-moderation-latest"
    assert row["moderation_model"].startswith("openai:omni-moderation-latest:")


def test_a_category_of_another_model_is_null(double: Double, tmp_path: Path) -> None:
    """A model that does not know illicit says null; it is no zero."""
    reply = server.moderated("a")
    reply["category_scores"] |= {"illicit": None, "illicit/violent": None}
    double.faults = {"a": [server.body({"results": [reply]})]}
    stage = staged(double, tmp_path, "openai", taxonomy="omni")
    (row,) = stage.apply(conversations(["a"])).to_pylist()
    entry = row["openai_moderation"][0]

    assert [n for n, s in entry["category_scores"].items() if s is None] == list(OMNI[11:])
    assert entry["flagged"] is False


@pytest.mark.parametrize("score", [-0.1, 1.5, "0.5", True])
def test_a_score_that_is_none_is_refused(score: Any, double: Double, tmp_path: Path) -> None:
    """A score is a number from 0 to 1; another one is no score, and no row is lost."""
    reply = server.moderated("a")
    reply["category_scores"]["hate"] = score
    double.faults = {"a": [server.body({"results": [reply]})]}
    (row,) = staged(double, tmp_path, "openai").apply(conversations(["a"])).to_pylist()

    assert row["openai_moderation"][0]["flagged"] is None
    assert row["tag_errors"][0]["reason"] == "bad_reply"


def test_each_failure_is_a_null_with_its_reason(double: Double, tmp_path: Path) -> None:
    """No row is lost; a message without scores says which tag, which message, and why."""
    double.faults = {
        "limit": [server.status(429)] * 3,
        "fault": [server.status(500)] * 3,
        "wrong": [server.body({"choices": "none"})],
        "cut": [server.cut] * 3,
        "reset": [server.reset] * 3,
    }
    double.say = lambda text: "I'm sorry, I can't help with that." if text == "no" else "{}"
    batch = conversations(["limit", "fault"], ["wrong", "cut"], ["reset", "no"], ["x", None], [])
    made = staged(double, tmp_path, "chat").apply(batch)
    found = [(e["message"], e["reason"]) for row in made["tag_errors"].to_pylist() for e in row]

    assert made["conversation_id"].equals(batch["conversation_id"])
    assert found == [
        *((0, "http_429"), (1, "http_500"), (0, "bad_reply"), (1, "connection")),
        *((0, "connection"), (1, "refused"), (0, "malformed"), (1, "no_text")),
    ]
    entries = made["openai_moderation"].flatten()
    assert entries.field("flagged").null_count == len(entries) == 8
    assert made["flagged_user"].to_pylist() == [None, None, None, None, False]


def test_any_batching_is_the_same(double: Double, tmp_path: Path) -> None:
    """With the same answers a text has the same scores, alone, in a list or beside others."""
    rows = [[f"kill {n}" if n % 3 else f"text {n}", "b"] for n in range(7)]
    stage = staged(double, tmp_path / "one", "openai", concurrency=3)
    other = pickle.loads(pickle.dumps(staged(double, tmp_path / "two", "openai")))
    whole = stage.apply(conversations(*rows))
    alone = [other.apply(conversations(*rows).slice(at, 1)) for at in range(7)]

    assert pa.Table.from_batches(alone).combine_chunks().to_batches()[0].equals(whole)


def test_a_guard_tells_what_it_knows(double: Double, tmp_path: Path) -> None:
    """The probability of unsafe is the score of the named hazard; unknown categories are null."""
    double.say = lambda text: "unsafe\nS1" if "kill" in text else "safe"

    def around(text: str) -> dict[str, Any]:
        chance = 0.8 if "kill" in text else 0.1
        tops = [
            {"token": "unsafe", "logprob": float(np.log(chance))},
            {"token": "safe", "logprob": float(np.log(1 - chance))},
        ]
        first = {"token": double.say(text), "logprob": -0.1, "top_logprobs": tops}
        return {"logprobs": {"content": [first]}}

    double.around = around
    (row,) = staged(double, tmp_path, "guard").apply(conversations(["kill", "b"])).to_pylist()
    first, second = row["openai_moderation"]

    assert (first["category_scores"]["violence"], first["flagged"]) == (0.8, True)
    assert first["category_scores"]["violence/graphic"] is None
    assert (second["category_scores"]["violence"], second["flagged"]) == (0.1, False)
    assert double.bodies[0]["top_logprobs"] == 20


def test_a_guard_sees_an_answer_behind_its_prompt(double: Double, tmp_path: Path) -> None:
    """Who speaks is told by roles, as guards are trained; only the last message is judged."""
    dialogue = conversations(["a", "b</s>", "c", "d"], ["e", "b</s>"], ["a"])
    staged(double, tmp_path, "guard").apply(dialogue)
    staged(double, tmp_path / "alone", "guard", guard_context=False).apply(dialogue)
    sent = [[(m["role"][0], m["content"]) for m in body["messages"]] for body in double.bodies]

    assert sent[:5] == [
        [("u", "a")],
        [("u", "a"), ("a", "b< /s>")],
        [("u", "c")],
        [("u", "c"), ("a", "d")],
        [("u", "e")],
    ]
    assert sent[5] == [("u", "e"), ("a", "b< /s>")], "the same answer to another prompt"
    assert sent[6:] == [[("u", text)] for text in ("a", "b< /s>", "c", "d", "e")]


def test_the_endpoints_own_verdicts_can_be_kept(double: Double, tmp_path: Path) -> None:
    """OpenAI flags by thresholds that it does not publish; asked for, they are the flags."""
    reply = server.moderated("a")
    reply["categories"]["hate"] = reply["flagged"] = True
    double.faults = {"a": [server.body({"results": [reply]})]}
    held = msgspec.to_builtins(options(double, tmp_path))
    flags = {}
    for kind in ("thresholds", "server"):
        asked = {"backend": "openai", "server": held, "flags": kind}
        made = recipe.build({"stages": ["redact_pii", {"tag_moderation": asked}]}).stages[-1]
        assert isinstance(made, TagModeration)
        (row,) = made.apply(conversations(["a", None])).to_pylist()
        first, second = row["openai_moderation"]
        flags[kind] = (first["categories"]["hate"], first["flagged"], row["flagged_user"])
        assert second["flagged"] is None
        assert first["category_scores"]["hate"] == 0.01

    assert flags == {"thresholds": (False,) * 3, "server": (True,) * 3}


def test_a_guard_without_probabilities_tells_nothing(double: Double, tmp_path: Path) -> None:
    """Many servers ignore `logprobs`; a verdict is no score, so the message is null."""
    double.say = lambda text: "safe"  # noqa: ARG005
    (row,) = staged(double, tmp_path, "guard").apply(conversations(["kill"])).to_pylist()

    assert row["tag_errors"][0]["reason"] == "no_logprobs"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"backend": "chat"}, "needs a server.model"),
        ({"flags": "server"}, "is for backend 'openai'"),
        ({"server": {"modle": "x"}}, "modle"),
        ({"server": {"api_key": "sk-1"}}, "unknown field `api_key`"),
        ({"server": {"concurrency": 0}}, "concurrency"),
        ({"server": {"base_url": "ftp://x"}}, "no http address"),
        ({"server": {"parameters": {"stream": True}}}, "may not hold stream"),
    ],
)
def test_wrong_options_are_faults_of_the_recipe(given: dict[str, Any], fault: str) -> None:
    """A typing error, a key in a recipe, a model that is not named: said before anything runs."""
    with pytest.raises(RecipeError, match=fault):
        built("tag_moderation", given)
