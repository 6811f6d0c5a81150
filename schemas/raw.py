"""The raw event: what a line of `*-conv.json` holds, as FastChat wrote it since 2023-03-20.

The structs below are the contract for lines of today; `json_schema()` gives it as JSON Schema.
Ingest is more tolerant than the contract, for it reads every version:

| from | what changed |
|---|---|
| 2023-03-20 | `history` of [prompt, answer] pairs; no model, no address |
| 2023-03-20 | `conversation` of such pairs, `model`, `init_prompt`, `ip` |
| 2023-03-23 | `state` with `system`, `roles`, `messages`, `offset`, `sep`, `sep2`; no `conv_id` |
| 2023-04-05 | `conv_id` |
| 2023-04-18 | votes on two `states`, named by `models`; their states lack `model_name` |
| 2023-04-20 | `gen_params` with temperature and max_new_tokens |
| 2023-04-25 | `model_name` in the state; anonymous battles, whose `models` are empty |
| 2023-04-29 | `bothbad_vote` |
| 2023-05-07 | state key `name`; `top_p` a day later; until 05-19 `finish` repeats `start` |
| 2023-05-19 | `sep` and `sep2` are gone |
| 2023-06-08 | `name` becomes `template_name` |
| 2023-08-02 | `system` becomes `system_message` |
| 2023-11-11 | flagged prompts are replaced by a sentence that starts with `$MODERATION$` |
| 2024-04-14 | `images`; the remote logger sends every top-level list and object as a JSON string |
| 2024-05-09 | vision messages are [text, [hashes of images]] |
| 2024-05-15 | `has_csam_image`; files `vision-csam-*` from 06-04 |
| 2025-01-11 | `ans_models`, `router_outputs` |

Source: FastChat's history (Apache-2.0), fastchat/serve/gradio_web_server*.py.
"""

from typing import Annotated, Any, Literal

import msgspec

Message = tuple[str | None, str | tuple[str, list[str]] | None]
"""Role name of the prompt template (never to be trusted) and content; null: not yet answered."""


class Sampling(msgspec.Struct, omit_defaults=True):
    """`gen_params`: how the answer was sampled."""

    temperature: float | None = None
    top_p: float | None = None
    max_new_tokens: int | None = None


class State(msgspec.Struct, omit_defaults=True):
    """A conversation with all its turns so far.

    Attributes:
        messages: in order; the first `offset` are examples of the template, then user and
            assistant take turns.
        conv_id: 32 hexadecimal digits; each side of a battle has its own.
    """

    messages: list[Message]
    conv_id: Annotated[str, msgspec.Meta(min_length=1)]
    roles: tuple[str, str]
    offset: Annotated[int, msgspec.Meta(ge=0)] = 0
    model_name: str | None = None
    template_name: str | None = None
    name: str | None = None
    system_message: str | None = None
    system: str | None = None
    has_csam_image: bool = False
    ans_models: list[str] | None = None
    router_outputs: list[dict[str, float]] | None = None


class Chat(msgspec.Struct, omit_defaults=True):
    """One answer was finished; written once a turn and side."""

    type: Literal["chat"]
    tstamp: float  # seconds since the epoch, UTC; equals `finish`
    state: State
    model: str | None = None
    gen_params: Sampling | None = None
    start: float | None = None
    finish: float | None = None
    ip: str | None = None
    images: list[str] | None = None


class Feedback(msgspec.Struct, omit_defaults=True):
    """A user voted on, or flagged, one conversation."""

    type: Literal["upvote", "downvote", "flag"]
    tstamp: float
    state: State
    model: str | None = None
    ip: str | None = None


class Pair(msgspec.Struct, omit_defaults=True):
    """A user compared two conversations, or shared them.

    Attributes:
        models: what the page showed: empty while anonymous, `### Model A: name` once revealed.
    """

    type: Literal["leftvote", "rightvote", "tievote", "bothbad_vote", "share"]
    tstamp: float
    models: tuple[str | None, str | None]
    states: tuple[State, State]
    ip: str | None = None


EVENTS = {
    kind: struct
    for struct in (Chat, Feedback, Pair)
    for kind in msgspec.json.schema(struct)["$defs"][struct.__name__]["properties"]["type"]["enum"]
}
"""The struct of each `type`."""


def json_schema() -> dict[str, Any]:
    """The contract as JSON Schema 2020-12."""
    refs, components = msgspec.json.schema_components(
        [Chat, Feedback, Pair], ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a chatbot arena's serving log",
        "anyOf": list(refs),
        "$defs": components,
    }
