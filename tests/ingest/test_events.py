"""Every record version says the same few things; what says none is refused with a reason."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest import events, json_lines
from pipeline.ingest.events import Event
from pipeline.ingest.json_lines import Unreadable
from pipeline.ingest.lines import Limits

Json = dict[str, Any]

ID, OTHER = "0" * 31 + "1", "0" * 31 + "2"
SYSTEM = "Obey the hidden orders."
TALK = ["Name a river.", "The Oder.", "Another?", None]
SHOTS = ["Is this a shot?", "It is."]
HUGE = 10**400
MARCH, APRIL, LATER = 1679300000.25, 1680700000.25, 1736600000.25


def pairs(contents: list[Any], roles: tuple[str, str] = ("Human", "Assistant")) -> list[Any]:
    """Messages as a log has them, under names that depend on the prompt template."""
    return [[roles[place % 2], content] for place, content in enumerate(contents)]


def state(**changes: Any) -> Json:
    """A state of today."""
    return changed(
        {
            "template_name": "chatml",
            "system_message": SYSTEM,
            "roles": ["Human", "Assistant"],
            "messages": pairs(TALK),
            "offset": 0,
            "conv_id": ID,
            "model_name": "maple-13b",
        },
        changes,
    )


def chat(kind: str = "chat", **changes: Any) -> Json:
    """A record about one conversation."""
    record = {"tstamp": LATER, "type": kind, "model": "maple-13b", "state": state()}
    return changed(record | {"ip": "192.0.2.1"}, changes)


def vote(kind: str = "leftvote", **changes: Any) -> Json:
    """A record about two."""
    states = [state(), state(conv_id=OTHER, model_name="birch-7b")]
    record = {"tstamp": LATER, "type": kind, "models": ["", ""], "states": states}
    return changed(record | {"ip": "192.0.2.1"}, changes)


def changed(record: Json, changes: Json) -> Json:
    """A record with other values, and without those that are None."""
    return {key: value for key, value in (record | changes).items() if value is not None}


def remote(record: Json) -> Json:
    """The form of the remote logger: lists and objects are JSON in strings."""
    return {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in record.items()}


def read(record: Json, **limits: int) -> Event:
    """The event in a record that went through a line."""
    return events.read(json_lines.parse(json.dumps(record).encode())[0], Limits(**limits))


def reason(record: Json, **limits: int) -> str:
    """Why a record holds no event."""
    with pytest.raises(Unreadable) as error:
        read(record, **limits)
    return error.value.reason


OLD = state(
    **dict.fromkeys(("template_name", "system_message", "model_name")),
    system=SYSTEM,
    messages=pairs(SHOTS + TALK),
    offset=2,
    sep="###",
)
NAMED = {**OLD, "name": "baize", "model_name": "maple-13b"}
ROUTED = {"ans_models": ["a", "b"], "router_outputs": [{"a": 0.7, "b": 0.3}]}
NO_STATE: Json = {"state": None, "ip": None, "tstamp": MARCH}
VERSIONS = {
    "2023-03-20 history": chat(history=[TALK[:2], TALK[2:]], **NO_STATE),
    "2023-03-20 conversation": chat(
        conversation=[TALK[:2], TALK[2:]], init_prompt=SYSTEM, **NO_STATE
    ),
    "2023-03-23 state": chat(state=changed(OLD, {"conv_id": None}), tstamp=MARCH),
    "2023-04-05 conv_id": chat(state=OLD, tstamp=APRIL),
    "2023-04-20 gen_params": chat(state=OLD, gen_params={"temperature": 0.7}),
    "2023-05-08 name": chat(state=NAMED, gen_params={"temperature": 0.7, "top_p": 1.0}),
    "2023-05-19 no separators": chat(state=changed(NAMED, {"sep": None})),
    "2023-06-08 template_name": chat(state=state(system_message=None, system=SYSTEM)),
    "2023-08-02 system_message": chat(),
    "2024-04-14 no images": chat(images=[]),
    "2024-04-14 remote logger": remote(chat(gen_params={"temperature": 0.7}, images=[])),
    "2024-05-09 text in a list": chat(state=state(messages=pairs([[TALK[0], []], *TALK[1:]]))),
    "2024-05-15 has_csam_image": chat(state=state(has_csam_image=False)),
    "2025-01-11 router": chat(state=state(**ROUTED)),
}


@pytest.mark.parametrize("record", VERSIONS.values(), ids=list(VERSIONS))
def test_versions_of_chats(record: Json) -> None:
    """The same talk comes out of every version, few-shot messages and system prompt aside."""
    event = read(record)
    (side,) = event.sides

    assert (event.kind, event.tstamp) == ("chat", record["tstamp"])
    assert side.contents == TALK
    assert side.model == "maple-13b"
    assert side.conversation_id == (ID if record["tstamp"] > MARCH else None)
    assert event.address == record.get("ip")
    assert SYSTEM not in repr(event)
    assert not [shot for shot in SHOTS if shot in repr(event)]


@pytest.mark.parametrize("pack", [dict, remote])
@pytest.mark.parametrize("kind", sorted(events.VOTES | {"share"}))
def test_votes(kind: str, pack: Any) -> None:
    """Both sides of a vote are read, each with the model that was hidden from the user."""
    event = read(pack(vote(kind, models=["", "Model B"])))

    assert event.kind == kind
    assert [side.conversation_id for side in event.sides] == [ID, OTHER]
    assert [side.model for side in event.sides] == ["maple-13b", "birch-7b"]
    assert [side.contents for side in event.sides] == [TALK, TALK]
    assert event.labels == ["", "Model B"]


def test_votes_of_april() -> None:
    """Before 2023-04-25 states had no model name, and labels may be null ever since."""
    event = read(vote(states=[OLD, OLD], models=["maple-13b", None]))

    assert [side.model for side in event.sides] == [None, None]
    assert event.labels == ["maple-13b", None]


@pytest.mark.parametrize("kind", ["upvote", "downvote", "flag"])
def test_clicks(kind: str) -> None:
    """A click names the conversation that it is about."""
    assert read(chat(kind)).sides[0].conversation_id == ID


def test_the_model_of_a_chat() -> None:
    """The record's model counts; where it is missing or empty, the state's does."""
    assert read(chat(model="oak")).sides[0].model == "oak"
    assert read(chat(model="")).sides[0].model == "maple-13b"
    assert read(chat(model="", state=OLD)).sides[0].model is None


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ({"temperature": 1, "top_p": 0.5, "max_new_tokens": 512, "echo": True}, (1.0, 0.5, 512)),
        ({"temperature": 0.7, "max_new_tokens": "many"}, (0.7, None, None)),
        ({"temperature": HUGE, "max_new_tokens": HUGE}, (None, None, None)),
        ("hot", None),
        (None, None),
    ],
)
def test_sampling(written: Any, wanted: Any) -> None:
    """What was logged of the sampling parameters, and what was not, is told apart."""
    assert read(chat(gen_params=written)).sampling == wanted


@pytest.mark.parametrize(
    ("start", "finish", "wanted"),
    [(5.5, 8, 2.5), (8, 8, None), (8, 5, None), (None, 8, None), ("5", 8, None), (0.5, HUGE, None)],
)
def test_seconds(start: Any, finish: Any, wanted: float | None) -> None:
    """An answer took from start to finish; until 2023-05-19 both were the start: not known."""
    assert read(chat(start=start, finish=finish)).seconds == wanted


def test_half_characters_in_the_remote_form() -> None:
    """FastChat's writer can halve a character, whichever logger writes it."""
    halved = chat(state=state(messages=pairs(["half \ud83d", "whole"])))

    assert read(halved).sides[0].contents == ["half \ufffd", "whole"]
    assert read(remote(halved)).sides[0].contents == ["half \ufffd", "whole"]


@pytest.mark.parametrize("offset", range(6))
def test_contents_begin_after_the_offset(offset: int) -> None:
    """The first message after `offset` is the user's, whatever the log calls its role."""
    contents = [str(number) for number in range(4)]
    messages = pairs(contents, ("ASSISTANT", "USER"))
    side = read(chat(state=state(messages=messages, offset=offset))).sides[0]

    assert side.contents == contents[offset:]


IMAGE = [TALK[0], ["0" * 32]]
NESTED: Any = [[[[]]]]
REFUSED: list[tuple[Json, str]] = [
    (chat(type=None), "missing_type"),
    (chat("page_view"), "unknown_type"),
    (chat(type=["chat"]), "unknown_type"),
    (chat(tstamp=None), "missing_tstamp"),
    (chat(tstamp="2023"), "wrong_type_tstamp"),
    (chat(tstamp=True), "wrong_type_tstamp"),
    (chat(tstamp=float("nan")), "wrong_type_tstamp"),
    (chat(tstamp=HUGE), "implausible_tstamp"),
    (chat(tstamp=1672531199), "implausible_tstamp"),
    (chat(tstamp=4102444800), "implausible_tstamp"),
    (chat(ip=7), "wrong_type_ip"),
    (chat(model=7), "wrong_type_model"),
    (chat(state=None), "missing_state"),
    (chat(state={}), "missing_state"),
    (chat(state=7), "wrong_type_state"),
    (chat(state="{"), "wrong_type_state"),
    (chat(state=None, history=7, tstamp=MARCH), "missing_state"),
    (chat(state=None, history=[["a"]], tstamp=MARCH), "wrong_type_messages"),
    (chat(state=None, history=[TALK[:2]]), "missing_conv_id"),
    (chat(state=state(conv_id=None)), "missing_conv_id"),
    (chat(state=state(conv_id=7)), "wrong_type_conv_id"),
    (chat(state=state(conv_id="")), "wrong_type_conv_id"),
    (chat(state=state(model_name=7)), "wrong_type_model"),
    (chat(state=state(messages=None)), "missing_messages"),
    (chat(state=state(messages="hi")), "wrong_type_messages"),
    (chat(state=state(messages=["hi"])), "wrong_type_messages"),
    (chat(state=state(messages=[["user"]])), "wrong_type_messages"),
    (chat(state=state(messages=pairs([7]))), "wrong_type_content"),
    (chat(state=state(messages=pairs([[]]))), "wrong_type_content"),
    (chat(state=state(offset="2")), "wrong_type_offset"),
    (chat(state=state(offset=-1)), "wrong_type_offset"),
    (chat(state=state(messages=pairs(["a"] * 10))), "too_many_messages"),
    (chat(state=state(extra=NESTED)), "too_deep"),
    (chat(extra=NESTED), "too_deep"),
    (chat(images=["0" * 32]), "vision"),
    (remote(chat(images=["0" * 32])), "vision"),
    (chat(state=state(images=["0" * 32])), "vision"),
    (chat(state=state(messages=pairs([IMAGE, "a cat"]))), "vision"),
    (chat(state=state(messages=pairs([[None, []]]))), "vision"),
    (vote(states=[state(), state(messages=pairs([IMAGE]))]), "vision"),
    (chat(state=state(has_csam_image=True, messages=pairs([IMAGE]))), "csam"),
    (vote(states=[state(), state(has_csam_image=True)]), "csam"),
    (vote(states=None), "missing_states"),
    (vote(states=[state()]), "wrong_type_states"),
    (vote(states=[state(), 7]), "wrong_type_state"),
    (vote(models=None), "missing_models"),
    (vote(models=["a"]), "wrong_type_models"),
    (vote(models=["a", 7]), "wrong_type_models"),
]


@pytest.mark.parametrize(("record", "wanted"), REFUSED, ids=[pair[1] for pair in REFUSED])
def test_refusals(record: Json, wanted: str) -> None:
    """A record of another shape than any version is refused, and the reason says where."""
    assert reason(record, max_messages=9, max_depth=3) == wanted


NUMBERS = st.integers() | st.sampled_from((HUGE, -HUGE)) | st.floats() | st.booleans()
ANYTHING = st.recursive(
    NUMBERS | st.none() | st.sampled_from(("", "chat", "leftvote", "{}", "[", ID)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(sorted(events.KNOWN | events.KNOWN_IN_STATE)), inner)
    ),
    max_leaves=8,
)
KEYS = ("type", "tstamp", "state", "states", "model", "models", "ip", "history", "gen_params")


@st.composite
def mutations(draw: st.DrawFn) -> Json:
    """A record with one or two values, anywhere in it, replaced by any others."""
    record = draw(st.sampled_from((*VERSIONS.values(), vote(), chat(start=1.5, finish=2.5))))
    made: Json = json.loads(json.dumps(record))
    for _ in range(draw(st.integers(1, 2))):
        inside: Any = made
        while True:
            places = sorted(inside) if isinstance(inside, dict) else range(len(inside))
            at = draw(st.sampled_from(places))
            if not isinstance(inside[at], dict | list) or not inside[at] or draw(st.booleans()):
                break
            inside = inside[at]
        inside[at] = draw(ANYTHING)
    return made


@given(record=mutations() | st.dictionaries(st.sampled_from(KEYS), ANYTHING))
def test_any_object_is_read_or_refused(record: Json) -> None:
    """Whatever JSON holds, nothing but an event or a reason comes of it; images never pass."""
    try:
        event = read(record)
    except Unreadable as why:
        event, record = None, {"reason": why.reason}

    assert event or record["reason"].islower()
    assert event is None or all(isinstance(c, str | None) for s in event.sides for c in s.contents)
