"""Tell trajectories from chat: turns in which an environment answers what a model did.

The log knows two roles, so observations of tools stand in the user's place or inside an answer.
They are told by the marks of common scaffolds and chat templates, at the beginning of a line; a
role that names a tool counts as well. An action is a call of a tool in an answer.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import messages
from pipeline.messages import Messages

ROLES = ("tool", "observation", "function", "environment", "ipython", "tool_result")
"""Roles of turns that no person wrote."""
OBSERVED = (
    r"(?m)^[ \t]*(?:"
    r"(?i:observations?|tool (?:output|result|response)|"
    r"(?:execution|function(?: call)?|command|api) (?:output|results?|response))"
    r"(?: \d+| of \[[^\]\n]{0,200}\])?[ \t]*:"
    r"|<(?:tool_(?:response|result|output)|function_results?|function_response|observation|"
    r"environment_details)>"
    r"|\[TOOL_RESULTS\]|<\|(?:observation|tool_response|python_tag_result)\|>"
    r"|\[Command finished with exit code \d+\]|EXECUTION RESULT of \["
    r")"
)
ACTED = (
    r"(?m)^[ \t]*(?:"
    r"(?i:action)(?: \d+)?[ \t]*:"
    r"|<(?:tool_call|function_calls?|invoke|execute_(?:bash|ipython|browse)|"
    r"str_replace_editor|bash|tool_use)>"
    r"|<function=[\w.-]{1,60}>|\[TOOL_CALLS\]|<\|(?:tool_call|python_tag)\|>"
    r")"
)
CALLED = (
    r'\{\s*"(?:name|tool|function)"\s*:\s*"[\w.-]{1,60}"\s*,'
    r'\s*"(?:arguments|parameters|args|input)"'
)
DONE = rf"(?:{ACTED})(?:\s*\[?\s*{CALLED})?|{CALLED}"
"""An action: a mark, with a call as JSON behind it or not, or such a call alone."""
RESUMED = (
    r"(?m)^[ \t]*(?:(?i:thought|final answer)(?: \d+)?[ \t]*:|<think(?:ing)?>)"
    r"|</(?:tool_call|function_calls?|function|invoke|execute_(?:bash|ipython|browse)|bash|tool_use|"
    r"tool_(?:response|result|output)|function_results?|function_response|observation)>"
)
"""Where an action or observation ends and words go on."""
MARK, BREAK = "\x01", "\x02"


class Parts(NamedTuple):
    """The parts of answers, flat: what was done, what came of it, and what stands between.

    Attributes:
        row: the conversation of each part, ascending: shape (parts,).
        message: and the message of it, counted over all.
        kind: one of the numbers below.
        texts: what it says.
    """

    row: np.ndarray
    message: np.ndarray
    kind: np.ndarray
    texts: pa.StringArray


REASONING, ACTION, OBSERVATION = range(3)


def found(flat: Messages, roles: pa.StringArray) -> np.ndarray:
    """Whether each conversation is a trajectory: it holds an action and an observation: (rows,)."""
    is_told = ~flat.by("user") | _is_role(roles)
    has_action = np.zeros(len(flat.rows), bool)
    has_action[is_told] = _matches(flat.texts.filter(pa.array(is_told)), (DONE,))
    has_observation = observed(flat, roles)
    has_observation |= has_action & _matches(flat.texts, (OBSERVED,))
    return flat.rows_with(has_action) & flat.rows_with(has_observation)


def observed(flat: Messages, roles: pa.StringArray) -> np.ndarray:
    """Whether each message as a whole is what an environment said: shape (messages,) bool."""
    begins = pc.match_substring_regex(flat.texts, rf"\A\s*(?:{OBSERVED})")
    by_mark = pc.fill_null(begins, fill_value=False).to_numpy(zero_copy_only=False)
    return (flat.by("user") & by_mark) | _is_role(roles)


def _is_role(roles: pa.StringArray) -> np.ndarray:
    held = pc.is_in(roles, pa.array(ROLES))
    return held.to_numpy(zero_copy_only=False).copy()


def _matches(texts: pa.StringArray, patterns: tuple[str, ...]) -> np.ndarray:
    held = pc.match_substring_regex(texts, "|".join(f"(?:{one})" for one in patterns))
    return pc.fill_null(held, fill_value=False).to_numpy(zero_copy_only=False).copy()


def parts(flat: Messages, roles: pa.StringArray, rows: np.ndarray) -> Parts:
    """The parts of the messages of some conversations; what a person says is no part.

    A part begins at a mark, and ends at the next one or where one resumes. A whole message that an
    environment said is one part.

    Args:
        flat: the messages.
        roles: of each message.
        rows: of the conversations, bool: shape (rows,).
    """
    whole = observed(flat, roles)
    chosen = np.flatnonzero(rows[flat.rows] & (whole | ~flat.by("user")))
    texts = pc.fill_null(flat.texts.take(pa.array(chosen)), "")
    for sign in (MARK, BREAK):
        if messages.containing(texts, [sign]).any():
            texts = pc.replace_substring(texts, sign, " ")
    cut = pc.replace_substring_regex(texts, f"({DONE})", rf"{BREAK}{MARK}a\1")
    cut = pc.replace_substring_regex(cut, f"({OBSERVED})", rf"{BREAK}{MARK}o\1")
    cut = pc.replace_substring_regex(cut, f"({RESUMED})", rf"{BREAK}\1")
    told = pc.if_else(
        pa.array(whole[chosen]), pc.binary_join_element_wise(f"{MARK}o", texts, ""), cut
    )
    lists = pc.split_pattern(told, BREAK)
    held = pc.list_value_length(lists).to_numpy()
    pieces = lists.flatten()
    kind = np.where(_begins(pieces, f"{MARK}a"), ACTION, REASONING)
    kind = np.where(_begins(pieces, f"{MARK}o"), OBSERVATION, kind)
    pieces = pc.utf8_trim_whitespace(
        pc.replace_substring_regex(pieces, rf"\A(?:{MARK}[ao]|{RESUMED})", "")
    )
    message = np.repeat(chosen, held)
    is_there = pc.not_equal(pieces, "").to_numpy(zero_copy_only=False)
    return Parts(
        flat.rows[message][is_there], message[is_there], kind[is_there], pieces.filter(is_there)
    )


def _begins(texts: pa.StringArray, mark: str) -> np.ndarray:
    return pc.starts_with(texts, mark).to_numpy(zero_copy_only=False)
