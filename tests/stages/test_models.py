"""Models have their public names, and some must not leave yet."""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from pipeline.stages.models import DropModels
from tests.conftest import MONDAY, battles, built, cases, conversations, reasons

PAIR = (["hi", "hello"], ["hi", "hey"])


@cases("fix_model_names")
def test_renames(case: dict[str, Any]) -> None:
    """A name is replaced at the times at which it was the other's; all sides know it."""
    at = dt.datetime.fromisoformat(case["at"]).timestamp() if "at" in case else MONDAY
    stage = built("fix_model_names", case["options"])
    chat = conversations(PAIR[0], model=case["model"], tstamp=at)
    vote = battles(PAIR, model_a="oak", model_b=case["model"], tstamp=at)

    assert stage.apply(chat)["model"].to_pylist() == [case["want"]]
    assert stage.apply(vote)["model_a"].to_pylist() == ["oak"]
    assert stage.apply(vote)["model_b"].to_pylist() == [case["want"]]


@pytest.fixture
def _far_west(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock is seven or eight hours behind UTC."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_far_west")
def test_moments_without_zone_are_in_utc() -> None:
    """A table means the same on every machine."""
    rename = {"old": "gpt", "new": "gpt-0613", "since": "2023-06-26T12:00:00"}
    noon = conversations(PAIR[0], model="gpt", tstamp=MONDAY + 12 * 3600)
    after = built("fix_model_names", {"renames": [rename]}).apply(noon)

    assert after["model"].to_pylist() == ["gpt-0613"]


def test_no_models_to_rename() -> None:
    """Columns keep their type, whether any name is there or not."""
    stage = built("fix_model_names", {"renames": [{"old": "a", "new": "b"}]})
    empty = conversations()

    assert stage.apply(empty).schema == empty.schema
    assert stage.apply(conversations(["hi"], model=None))["model"].type == pa.string()


@cases("drop_models")
def test_embargo(case: dict[str, Any]) -> None:
    """A name under embargo is that name, or any that begins so; a row must have a model."""
    stage = built("drop_models", case.get("options"))
    chat = conversations(PAIR[0], model=case["model"])
    votes = battles(PAIR, PAIR, model_a=["oak", case["model"]], model_b=[case["model"], "oak"])

    assert reasons(stage, chat) == [case["want"]]
    assert reasons(stage, votes) == [case["want"]] * 2


def test_both_rules_at_once() -> None:
    """Side A is judged before side B."""
    votes = battles(PAIR, PAIR, model_a=["x", None], model_b=[None, "x"])

    assert reasons(DropModels(names=("x",)), votes) == ["embargo", "no_model"]
