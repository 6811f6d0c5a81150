"""Logs for tests of the report: a sample, and what tries to break out of a page."""

import copy
import json
from pathlib import Path
from typing import Any

from tests import runs

HOSTILE = (
    '=HYPERLINK("https://example.org") </script><script>window.broken = 1</script>'
    "</style><img src=x onerror=\"window.broken = 1\"> <!-- & 'quotes' &amp; is this text?"
)
"""A prompt that is text and nothing else."""
WRITERS = 8
TWINS = 6
MAILBOX = "ann.lee@mail.example.org"
OTHER_WORDS = (
    "Rivers carry sand to the sea and build wide flats.",
    "A violin has four strings tuned in fifths.",
    "Bread rises because yeast makes gas in the dough.",
    "Snow reflects most of the light that falls on it.",
    "Chess has more games than anyone could ever play.",
    "Copper conducts heat and turns green in rain.",
    "Owls turn their heads because their eyes cannot move.",
    "A kilometre is a thousand metres by definition.",
)


def written(folder: Path, conversations: int = 500) -> str:
    """Write sample logs and the hostile lines; returns the pattern that names them."""
    pattern = runs.sample(folder, conversations)
    chat = _chat(pattern)
    made = [_hostile(chat, number) for number in range(WRITERS)]
    made += [_twin(chat, number, which) for number in range(TWINS) for which in (0, 1)]
    lines = [json.dumps(record) for record in made]
    extra = folder / "server0" / "hostile-conv.json"
    extra.write_text("".join(line + "\n" for line in lines), "utf-8")
    return pattern


def addresses(pattern: str) -> set[str]:
    """Every address that stands in the logs."""
    return {record["ip"] for record in _records(pattern) if isinstance(record.get("ip"), str)}


def _records(pattern: str) -> list[dict[str, Any]]:
    found = []
    for line in runs.lines(pattern):
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            found.append(record)
    return found


def _chat(pattern: str) -> dict[str, Any]:
    """A sound line of one prompt and its answer."""
    for record in _records(pattern):
        state = record.get("state")
        if record.get("type") != "chat" or not isinstance(state, dict) or "ip" not in record:
            continue
        if len(state.get("messages", ())) == 2 and not state.get("offset"):
            return record
    raise AssertionError("the sample has no chat of one turn")


def _hostile(chat: dict[str, Any], number: int) -> dict[str, Any]:
    """The same prompt by another user, with another answer."""
    return _said(chat, number, HOSTILE, f"{OTHER_WORDS[number]} " * 4 + HOSTILE)


def _twin(chat: dict[str, Any], number: int, which: int) -> dict[str, Any]:
    """One of two that are nearly the same: a word of many differs."""
    order = [*OTHER_WORDS[number:], *OTHER_WORDS[:number]]
    prompt = f"Shorten this, and send it to {MAILBOX}: " + " ".join(order)
    answer = " ".join([*order, *order[:4], ("Done.", "Ready.")[which]])
    return _said(chat, WRITERS + 2 * number + which, prompt, answer)


def _said(chat: dict[str, Any], number: int, prompt: str, answer: str) -> dict[str, Any]:
    """A line like that of `chat`, of another user, conversation and moment."""
    made = copy.deepcopy(chat)
    made["ip"] = f"192.0.2.{number + 1}"
    made["tstamp"] = chat["tstamp"] + number
    made["start"], made["finish"] = chat["start"] + number, chat["finish"] + number
    state = made["state"]
    state["conv_id"] = made["conv_id"] = f"{0xBAD0 + number:032x}"
    names = [name for name, _ in state["messages"]]
    state["messages"] = [[names[0], prompt], [names[1], answer]]
    return made
