"""One log object -> one event, whatever record version wrote it.

Thirteen versions since 2023-03-20 (schemas/raw.py lists them) differ in key names and in what is
missing; all say the same few things. Roles come from the place of a message after `offset`, for
the names in the log depend on the prompt template. The system prompt is never read.
"""

import math
from dataclasses import dataclass
from typing import Any

from pipeline.ingest import json_lines
from pipeline.ingest.json_lines import Unreadable
from pipeline.ingest.lines import Limits

CHAT = "chat"
FEEDBACK = frozenset({"upvote", "downvote", "flag", "share"})
VOTES = frozenset({"leftvote", "rightvote", "tievote", "bothbad_vote"})
PAIRS = VOTES | {"share"}
KINDS = VOTES | FEEDBACK | {CHAT}
KNOWN = frozenset(
    {"tstamp", "type", "model", "models", "state", "states", "ip", "gen_params", "start", "finish"}
)
KNOWN_IN_STATE = frozenset(
    {
        *("messages", "offset", "conv_id", "model_name", "roles", "template_name", "name"),
        *("system", "system_message", "sep", "sep2", "has_csam_image"),
    }
)
FIRST_IDS = 1680652800.0
"""2023-04-05: from that day on every state has a `conv_id`; one without it is damaged."""
HUGE = 1 << 62
"""JSON knows integers of any length; columns do not."""
EARLIEST, LATEST = 1672531200.0, 4102444800.0
"""2023-01-01 and 2100-01-01: a time stamp outside is a fault of the clock or of the line."""


@dataclass(slots=True)
class Side:
    """One conversation as an event reports it: id, model, contents of the messages."""

    conversation_id: str | None
    model: str | None
    contents: list[str | None]


@dataclass(slots=True)
class Event:
    """What one line says.

    Attributes:
        kind: its `type`.
        tstamp: seconds since the epoch, UTC.
        address: the client's raw address; keyed before it reaches a row.
        sides: one, or two for a vote or share.
        labels: the model names that the page showed, for votes.
        sampling: temperature, top_p, max_new_tokens; None where not logged.
        seconds: how long the answer took; None where not logged.
    """

    kind: str
    tstamp: float
    address: str | None
    sides: list[Side]
    labels: list[str | None]
    sampling: tuple[float | None, float | None, int | None] | None
    seconds: float | None


def read(record: dict[str, Any], limits: Limits, *, is_csam: bool = False) -> Event:
    """The event in a log object; of a file with matches of PhotoDNA (`is_csam`), none.

    Raises:
        Unreadable: with the reason why the line must be quarantined.
    """
    kind = record.get("type")
    if type(kind) is not str or kind not in KINDS:
        raise Unreadable("missing_type" if kind is None else "unknown_type")
    if is_csam:
        raise Unreadable("csam")
    if not record.keys() <= KNOWN:
        _check_unknown(record, KNOWN, limits)
    tstamp = _time(record)
    address = record.get("ip")
    if address is not None and type(address) is not str:
        raise Unreadable("wrong_type_ip")
    labels = _labels(record) if kind in PAIRS else []
    sides = [_side(state, tstamp, limits) for state in _states(record, kind)]
    if kind not in PAIRS:
        sides[0].model = _model(record, "model") or sides[0].model
    return Event(kind, tstamp, address, sides, labels, _sampling(record), _seconds(record))


def conversation_id_of(record: dict[str, Any]) -> str | None:
    """The conversation that a quarantined line speaks of, if it says so."""
    match record:
        case {"state": {"conv_id": str(found)}} | {"states": [{"conv_id": str(found)}, *_]}:
            return found
        case _:
            return None


def _time(record: dict[str, Any]) -> float:
    tstamp = record.get("tstamp")
    if type(tstamp) is not float and type(tstamp) is not int:
        raise Unreadable("missing_tstamp" if tstamp is None else "wrong_type_tstamp")
    if not EARLIEST <= tstamp < LATEST:
        raise Unreadable("wrong_type_tstamp" if _is_nan(tstamp) else "implausible_tstamp")
    return float(tstamp)


def _is_nan(number: float) -> bool:
    return type(number) is float and math.isnan(number)


def _states(record: dict[str, Any], kind: str) -> list[Any]:
    if kind in PAIRS:
        states = record.get("states")
        if type(states) is not list or len(states) != len("ab"):
            raise Unreadable("missing_states" if states is None else "wrong_type_states")
        return states
    return [record.get("state") or _first_layouts(record)]


def _first_layouts(record: dict[str, Any]) -> dict[str, Any]:
    """The layouts of 2023-03-20, without a state: pairs of prompt and answer."""
    pairs = record.get("history", record.get("conversation"))
    if type(pairs) is not list or "state" in record:
        raise Unreadable("missing_state")
    if any(type(pair) is not list or len(pair) != len("ab") for pair in pairs):
        raise Unreadable("wrong_type_messages")
    return {"messages": [[None, text] for pair in pairs for text in pair]}


def _side(state: Any, tstamp: float, limits: Limits) -> Side:
    if type(state) is not dict:
        raise Unreadable("missing_state" if state is None else "wrong_type_state")
    if not state.keys() <= KNOWN_IN_STATE:
        _check_unknown(state, KNOWN_IN_STATE, limits)
    if state.get("has_csam_image"):
        raise Unreadable("csam")
    conversation_id = state.get("conv_id")
    if type(conversation_id) is not str or not conversation_id:
        if conversation_id is not None:
            raise Unreadable("wrong_type_conv_id")
        if tstamp >= FIRST_IDS:
            raise Unreadable("missing_conv_id")
    return Side(conversation_id, _model(state, "model_name"), _contents(state, limits))


def _contents(state: dict[str, Any], limits: Limits) -> list[str | None]:
    messages, offset = state.get("messages"), state.get("offset", 0)
    if type(messages) is not list:
        raise Unreadable("missing_messages" if messages is None else "wrong_type_messages")
    if type(offset) is not int or offset < 0:
        raise Unreadable("wrong_type_offset")
    if len(messages) > limits.max_messages:
        raise Unreadable("too_many_messages")
    contents = []
    for message in messages[offset:] if offset else messages:
        if type(message) is not list or len(message) < len("ab"):
            raise Unreadable("wrong_type_messages")
        content = message[1]
        if type(content) is not str and content is not None:
            content = _text_of(content)
        contents.append(content)
    return contents


def _text_of(content: Any) -> str:
    """The text of a message of the vision page that carries no image."""
    match content:
        case [str(text), []] | [str(text)]:
            return text
        case [str() | None, *_]:
            raise Unreadable("vision")
        case _:
            raise Unreadable("wrong_type_content")


def _model(record: dict[str, Any], key: str) -> str | None:
    model = record.get(key)
    if model is not None and type(model) is not str:
        raise Unreadable("wrong_type_model")
    return model or None


def _labels(record: dict[str, Any]) -> list[str | None]:
    labels = record.get("models")
    if type(labels) is not list or len(labels) != len("ab"):
        raise Unreadable("missing_models" if labels is None else "wrong_type_models")
    if any(label is not None and type(label) is not str for label in labels):
        raise Unreadable("wrong_type_models")
    return labels


def _sampling(record: dict[str, Any]) -> tuple[float | None, float | None, int | None] | None:
    given = record.get("gen_params")
    if type(given) is not dict:
        return None
    tokens = given.get("max_new_tokens")
    return (
        _number(given.get("temperature")),
        _number(given.get("top_p")),
        tokens if type(tokens) is int and abs(tokens) < HUGE else None,
    )


def _seconds(record: dict[str, Any]) -> float | None:
    """Start to finish; until 2023-05-19 `finish` repeated `start`, which is no duration."""
    start, finish = _number(record.get("start")), _number(record.get("finish"))
    return finish - start if start is not None and finish is not None and finish > start else None


def _number(value: Any) -> float | None:
    if type(value) is float:
        return value
    return float(value) if type(value) is int and abs(value) < HUGE else None


def _check_unknown(found: dict[str, Any], known: frozenset[str], limits: Limits) -> None:
    """Fields we do not read may hold anything, within limits; images end the reading."""
    if found.get("images"):
        raise Unreadable("vision")
    for key in found.keys() - known:
        if json_lines.depth(found[key], limits.max_depth) > limits.max_depth:
            raise Unreadable("too_deep")
