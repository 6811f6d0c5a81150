"""What detectors are measured on: our labelled set, and the developers' sets in its shape."""

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.pii.labelled import IGNORED, Conversation, Span, labelled

DATA = Path(__file__).parents[3] / "shared" / "data"
GENERATED = {
    "ADDRESS": "address",
    "CREDIT_CARD": "card",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "PERSON": "person",
    "PHONE_NUMBER": "phone",
    "US_DRIVER_LICENSE": "driving_licence",
    "US_SSN": "national_id",
}
"""Types of presidio_generated_large.json. Those that no policy of ours covers are ignored:
LOCATION, ORGANIZATION, TITLE, PREFIX, DOMAIN_NAME (sites of shops), DATE_TIME (any day)."""
PLANTED = {
    "ADDRESS": "address",
    "API_KEY": "secret",
    "COORDINATES": "coordinates",
    "CREDIT_CARD": "card",
    "DOB": "date_of_birth",
    "EMAIL": "email",
    "IBAN": "iban",
    "IP_ADDRESS": "ip",
    "LICENSE_PLATE": "plate",
    "MAC_ADDRESS": "mac",
    "PASSPORT": "passport",
    "PASSWORD": "password",
    "PERSON": "person",
    "PHONE": "phone",
    "SSN": "national_id",
    "URL": "url",
    "USERNAME": "username",
}
"""Types of the planted truth of raw logs."""


def generated_large() -> tuple[Conversation, ...]:
    """presidio-research's 2,109 generated sentences, each a user's message."""
    path = DATA / "pii" / "presidio_generated_large.json"
    return tuple(_sentence(one) for one in json.loads(path.read_text("utf-8")))


def _sentence(one: dict[str, Any]) -> Conversation:
    spans = tuple(
        Span(
            0,
            span["start_position"],
            span["end_position"],
            GENERATED.get(span["entity_type"], IGNORED),
            span["entity_type"],
        )
        for span in one["spans"]
    )
    return Conversation((one["full_text"],), ("user",), spans, "en", ())


def opened(path: Path) -> Iterator[str]:
    """Lines of a file, packed or not."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        for line in file:
            yield line.decode("utf-8", "replace")


def _states(line: str) -> Iterator[dict[str, Any]]:
    """The conversations of a log line; none if it is malformed."""
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        return
    if isinstance(event, dict):
        for state in (event.get("state"), *(event.get("states") or ())):
            if isinstance(state, dict) and isinstance(state.get("conv_id"), str):
                yield state


def _text(message: Any) -> str:
    """The text of a message: `[role, text]` or, with images, `[role, [text, images]]`.

    A surrogate that stands alone becomes one question mark, so places stay.
    """
    content = message[1] if isinstance(message, list) and len(message) > 1 else None
    content = content[0] if isinstance(content, list) and content else content
    return content.encode("utf-8", "replace").decode() if isinstance(content, str) else ""


def logged(folder: Path) -> dict[str, tuple[str, ...]]:
    """Conversations of raw logs by id, each in its longest version, without the preset turns."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("server*/*")):
        for line in opened(path):
            for state in _states(line):
                said = state.get("messages")
                said = said if isinstance(said, list) else []
                texts = tuple(map(_text, said[state.get("offset") or 0 :]))
                if len(texts) >= len(found.get(state["conv_id"], ())):
                    found[state["conv_id"]] = texts
    return found


def truth(folder: Path, name: str) -> list[dict[str, Any]]:
    """A table of the planted truth."""
    path = next(folder.glob(f"truth/{name}.jsonl*"))
    return [json.loads(line) for line in opened(path)]


def planted(folder: Path = DATA / "raw_3k") -> tuple[Conversation, ...]:
    """Conversations with planted values; each locale's labels apart, the language is the locale.

    Raises:
        ValueError: a value does not stand where the truth says.
    """
    texts = logged(folder)
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for one in truth(folder, "pii"):
        whole = texts[one["conv_id"]][one["message"]]
        if whole[one["start"] : one["end"]] != one["value"]:
            raise ValueError(f"the truth of {one['conv_id']} is not in its text")
        kind = PLANTED[one["type"]]
        span = Span(one["message"], one["start"], one["end"], kind, one["type"])
        spans[one["conv_id"], one["locale"]].append(span)
    return tuple(
        Conversation(texts[name], roles(texts[name]), tuple(mine), locale, ())
        for (name, locale), mine in spans.items()
    )


def roles(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Users' messages stand at even places."""
    return tuple(("user", "assistant")[at % 2] for at in range(len(texts)))


SETS: dict[str, Callable[[], tuple[Conversation, ...]]] = {
    "labelled": labelled,
    "generated_large": generated_large,
    "planted": planted,
}
