"""Trajectories are told from chat, and counted."""

from typing import Any

import pyarrow as pa
import pytest

from pipeline.errors import RecipeError
from pipeline.stages.overthinking import ScoreOverthinking
from tests.conftest import built, conversations

SHELL = (
    "Fix the test.",
    "I look first.\n<execute_bash>\nls\n</execute_bash>",
    "EXECUTION RESULT of [execute_bash]:\na.py b.py",
    "<execute_bash>\ncat a.py\n</execute_bash>",
    "OBSERVATION:\nx = 1",
    "<execute_bash>\nls\n</execute_bash>\n<execute_bash>\nrm b.py\n</execute_bash>\nIt is fixed.",
)
REACT = (
    "Who was it?",
    (
        "Thought: I search.\nAction: search[it]\nObservation: nobody\nThought: So nobody.\n"
        "Final Answer: nobody"
    ),
)
CHAT = (
    ("hi", "hello"),
    ("Say Action: and Observation:", "No."),
    ("Observation: it rains", "Yes."),
    ("What does `<tool_call>` mean?", "Action items:\n- none"),
    ("write a play", "Action: he enters.\nHe sits down."),
    (),
)


def counted(*dialogue: str) -> dict[str, Any] | None:
    """The counts of one conversation."""
    made = ScoreOverthinking().apply(conversations(dialogue))
    found: list[dict[str, Any] | None] = made["overthinking"].to_pylist()
    return found[0]


@pytest.mark.parametrize("dialogue", CHAT)
def test_chat_is_no_trajectory(dialogue: tuple[str, ...]) -> None:
    """An action and an observation of it make a trajectory; words for them alone do not."""
    assert counted(*dialogue) is None


def test_a_shell_in_turns_is_counted() -> None:
    """Turns of an environment stand in the user's place; two actions were not waited for."""
    assert counted(*SHELL) == {
        "steps": 3,
        "actions": 4,
        "observations": 2,
        "repeated_actions": 1,
        "unobserved_actions": 2,
        "reasoning_chars": len("I look first.It is fixed."),
        "longest_reasoning_chars": len("I look first."),
        "reasoning_share": 0.2404,
    }


def test_a_trajectory_within_one_answer_is_counted() -> None:
    """Where a model writes actions and observations into one answer, both are told apart."""
    found = counted(*REACT)

    assert found is not None
    assert (found["steps"], found["actions"], found["observations"]) == (1, 1, 1)
    assert (found["repeated_actions"], found["unobserved_actions"]) == (0, 0)
    assert found["longest_reasoning_chars"] == len("So nobody.")


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ('<tool_call>\n{"name": "f"}\n</tool_call>', "<tool_response>\n1\n</tool_response>"),
        ('{"name": "f", "arguments": {}}', "Tool output: 1"),
        ('<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>', "<tool_response>1"),
        ('[TOOL_CALLS] [{"name": "f", "arguments": {}}]', "[TOOL_RESULTS] 1"),
        ("[TOOL_CALLS] [...]", "[TOOL_RESULTS] 1"),
        ("<function=f>x</function>", "Function call result: 1"),
        ("Action 1: f", "Observation 1: x"),
    ],
)
def test_scaffolds_are_known_by_their_marks(call: str, answer: str) -> None:
    """Each common way to write a call and its answer makes one action; the answer is observed."""
    found = counted("Do it.", f"Well.\n{call}", answer, "Done.")

    assert found is not None
    assert (found["steps"], found["actions"], found["unobserved_actions"]) == (2, 1, 0)
    assert found["observations"] == 1


def test_a_role_of_a_tool_is_an_observation() -> None:
    """A turn that a tool spoke needs no mark."""
    batch = conversations(["Do it.", "<tool_call>f", "1", "Done."])
    turns = batch["conversation"].to_pylist()[0]
    turns[2]["role"] = "tool"
    kind = batch["conversation"].type
    batch = batch.set_column(
        batch.schema.get_field_index("conversation"), "conversation", pa.array([turns], kind)
    )
    (found,) = ScoreOverthinking().apply(batch)["overthinking"].to_pylist()

    assert (found["steps"], found["actions"], found["observations"]) == (2, 1, 1)


def test_a_judge_needs_a_model() -> None:
    """Without the name of a model there is nobody to ask."""
    with pytest.raises(RecipeError, match=r"needs a server\.model"):
        built("score_overthinking", {"backend": "chat"})
