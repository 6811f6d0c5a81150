"""What was redacted stays as it is when it is redacted again: placeholders, masks, surrogates."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.pii.labelled import labelled
from benchmarks.pii.sets import logged
from pipeline.messages import build
from pipeline.pii.kinds import KINDS, Action
from pipeline.pii.policy import KindOptions
from pipeline.stages.redaction import RedactPii
from tests import runs

KEY = bytes(range(32))
ACTIONS: tuple[Action, ...] = ("placeholder", "mask", "surrogate", "hmac")
Chats = Sequence[Sequence[str]]


def stage(action: Action) -> RedactPii:
    """The default policy, with one action for all kinds."""
    return RedactPii(kinds={kind: KindOptions(action=action) for kind in KINDS})  # type: ignore[misc]


def redacted(chats: Chats, action: Action, key: bytes = KEY) -> list[list[str]]:
    """The texts of conversations after redaction; their ids are their places."""
    texts = pa.array([text for chat in chats for text in chat], pa.string())
    ids = pa.array([f"{number:032x}" for number in range(len(chats))])
    columns = {
        "conversation": build(texts, np.array([len(chat) for chat in chats])),
        "conversation_id": ids,
    }
    redact = stage(action)
    edited = redact.edit(redact.mark(pa.RecordBatch.from_pydict(columns)), key)
    return [[said["content"] for said in chat] for chat in edited["conversation"].to_pylist()]


def changed(chats: Chats, action: Action, key: bytes = KEY) -> tuple[int, list[int]]:
    """How many conversations redaction changes, and which of them a second one changes again."""
    once = redacted(chats, action, key)
    again = redacted(once, action, key)
    touched = sum(list(chat) != said for chat, said in zip(chats, once, strict=True))
    return touched, [at for at, said in enumerate(once) if said != again[at]]


@pytest.mark.parametrize("action", ACTIONS)
def test_labelled_conversations_are_redacted_once(action: Action) -> None:
    """Of our labelled set, full of values of all kinds, no conversation changes again."""
    touched, again = changed([one.messages for one in labelled()[::4]], action)

    assert touched > 200
    assert again == []


@pytest.mark.parametrize("action", ACTIONS)
def test_logged_conversations_are_redacted_once(action: Action) -> None:
    """Of the developers' logs, no conversation changes again, whatever stands beside a value."""
    found = logged(runs.data("raw_3k"))
    chats = [found[name] for name in sorted(filter(None, found)) if found[name]]
    touched, again = changed(chats, action)

    assert touched > 100
    assert again == []


@settings(max_examples=4)
@given(
    key=st.binary(min_size=32, max_size=32),
    picked=st.lists(st.integers(0, 10**6), min_size=5, max_size=20),
    action=st.sampled_from(["placeholder", "mask", "surrogate"]),
)
def test_any_conversations_are_redacted_once(key: bytes, picked: list[int], action: Action) -> None:
    """Whatever the key, and whatever conversations follow each other as turns of one."""
    known = labelled()
    chats = [
        [*known[number % len(known)].messages, *known[(number * 7 + 1) % len(known)].messages]
        for number in picked
    ]

    assert changed(chats, action, key)[1] == []


@pytest.mark.parametrize(
    ("written", "more"),
    [
        ("I live at 12 Baker Street.", "I live at {}, United States, in the north."),
        ("ok `C:\\Users\\Bannlee42\\x` and so on", ""),
    ],
)
def test_a_surrogate_with_more_beside_it_stays(written: str, more: str) -> None:
    """What a detector takes in beside a surrogate does not make it another one."""
    ((once, _),) = redacted([[written, "ok"]], "surrogate")
    value = once.removeprefix("I live at ").removesuffix(".")
    said = more.format(value) if more else once

    assert redacted([[said, "ok"]], "surrogate") == [[said, "ok"]]
