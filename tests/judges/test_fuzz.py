"""Whatever a server or a model sends, what is read of it is scores or a reason, never an error."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.judges import answers, prompts, replies
from pipeline.judges.answers import LLAMA_GUARD, Alternatives, Answer
from schemas.moderation import OMNI

LEAVES = st.none() | st.booleans() | st.integers(-2, 2) | st.floats(0, 2) | st.text(max_size=8)
NAMES = st.sampled_from([*OMNI, "choices", "message", "content", "results", "category_scores"])
JSON = st.recursive(
    LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(NAMES, one, max_size=6)
)
NEARLY = st.dictionaries(st.sampled_from(OMNI), st.booleans() | LEAVES, min_size=11)
SAID = st.one_of(
    st.text(max_size=60),
    JSON.map(json.dumps),
    NEARLY.map(json.dumps),
    st.sampled_from(["safe", "unsafe\nS1", "unsafe\n,", "\n\n safe \n", "none", "</think>{}"]),
    st.tuples(NEARLY.map(json.dumps), st.text('{}[]",: `\n', max_size=9)).map("".join),
)
TOKENS = st.lists(
    st.builds(
        Alternatives,
        st.sampled_from(["safe", "unsafe", " true", "\n", ""]),
        st.lists(
            st.tuples(st.sampled_from(["safe", "un", "t", ""]), st.floats(-1e4, 9)), max_size=3
        ),
    ),
    max_size=3,
)
ANSWERS = st.builds(
    Answer, st.none() | SAID, st.none() | st.text(max_size=3), st.none() | st.just("length"), TOKENS
)


@given(ANSWERS)
def test_an_answer_is_scores_or_a_reason(answer: Answer) -> None:
    """Scores are 0 to 1, of categories that we have; and an answer survives its storing."""
    stored = msgspec.json.decode(msgspec.json.encode(answer), type=Answer)
    for read in (
        answers.from_json,
        answers.from_choice,
        lambda one: answers.from_guard(one, LLAMA_GUARD),
    ):
        found = read(answer)
        assert found == read(stored)
        if isinstance(found, dict):
            assert found.keys() <= set(OMNI)
            assert all(0 <= score <= 1 for score in found.values())
        else:
            assert found


@given(st.binary(max_size=40) | JSON.map(json.dumps).map(str.encode), st.integers(0, 3))
def test_a_reply_is_sound_or_refused(body: bytes, texts: int) -> None:
    """A body is a reply of the protocol, no JSON, or JSON of another shape: nothing else."""
    readers: list[Any] = [replies.completion, lambda found: replies.verdicts(found, texts)]
    for read in readers:
        try:
            found = read(body)
        except (replies.BrokenReplyError, replies.MalformedReplyError):
            continue
        assert len(found) == texts if isinstance(found, list) else found.choices


@given(st.text() | st.text("<|>/s[]INST \uff5c", max_size=30))
def test_a_text_stays_within_its_fence(text: str) -> None:
    """What is sent holds the text between two equal lines, and no line inside is one of them."""
    said = prompts.messages(text, "json")[1]["content"]
    first, _, rest = said.partition("\n")
    inside, end, _ = rest.rpartition(f"\n{first.replace('BEGIN', 'END')}\n")

    assert end
    assert inside == prompts.defused(text)
    assert first.split()[1] not in inside
    assert prompts.defused(inside) == inside


@pytest.mark.parametrize("usage", [None, {}, {"total_tokens": "many"}, [], {"total_tokens": -1}])
def test_a_server_need_not_say_what_it_cost(usage: Any) -> None:
    """A usage that is missing or wrong does not spoil the answer."""
    body = {"choices": [{"message": {"content": "x"}}], "usage": usage}

    assert replies.completion(json.dumps(body).encode()).tokens is None
