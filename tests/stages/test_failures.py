"""Errors of the server are told from texts about errors."""

from typing import Any

import pytest

from pipeline.stages.failures import LITERALS, DropErrors
from tests.conftest import built, cases, conversations, reasons


@cases("drop_errors")
def test_errors(case: dict[str, Any]) -> None:
    """Each case file says what a marker must and must not fit."""
    stage = built("drop_errors", case.get("options"))

    assert reasons(stage, conversations(case["messages"])) == [case["want"]]


@cases("drop_moderation_sentinels")
def test_sentinels(case: dict[str, Any]) -> None:
    """Only a prompt that begins with the server's sentence was replaced by it."""
    stage = built("drop_moderation_sentinels")

    assert reasons(stage, conversations(case["messages"])) == [case["want"]]


@pytest.mark.parametrize("marker", LITERALS)
def test_a_marker_is_its_reason(marker: str) -> None:
    """Whatever FastChat writes for a failure is found in an answer, under the marker's name."""
    for literal in LITERALS[marker]:  # type: ignore[index]
        batch = conversations(["hi", f"Well{literal}"], ["hi", "Well"])
        assert reasons(built("drop_errors", {"markers": [marker]}), batch) == [marker, None]


def test_the_first_marker_is_the_reason() -> None:
    """Where several fit, the recipe's order decides."""
    batch = conversations(["hi", "**API REQUEST ERROR** Reason: none\n\n(error_code: 1)"])

    assert reasons(DropErrors(markers=("api_error", "worker_error")), batch) == ["api_error"]
    assert reasons(DropErrors(markers=("worker_error", "api_error")), batch) == ["worker_error"]


def test_nothing_to_look_for() -> None:
    """Without markers or roles nothing is dropped."""
    batch = conversations(["hi", "**API REQUEST ERROR**"])

    assert reasons(DropErrors(markers=()), batch) == [None]
    assert reasons(DropErrors(roles=()), batch) == [None]
