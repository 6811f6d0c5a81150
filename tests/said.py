"""What log lines say, read a second time and apart from `pipeline.ingest`."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests import runs


@dataclass(frozen=True)
class Said:
    """What a sound line says; conversation ids and contents of one side, or of two."""

    kind: str
    ids: tuple[str, ...]
    model: str | None
    contents: tuple[tuple[Any, ...], ...]
    tstamp: float
    address: str | None
    is_vision: bool


@cache
def log(path: str) -> bytes:
    """The bytes of a log."""
    return runs.unpacked(Path(path))


def line(place: runs.Place) -> bytes:
    """The bytes of a line."""
    path, offset = place
    whole = log(path)
    end = whole.find(b"\n", offset)
    return whole[offset:] if end < 0 else whole[offset:end]


def read(found: bytes) -> Said | None:
    """What a line says; None if it is not a sound record of a known type."""
    try:
        row = json.loads(found.decode("utf-8"))
        row = {key: _opened(value) for key, value in row.items()}
        states = row.get("states") or [row["state"]]
        contents = tuple(tuple(m[1] for m in s["messages"][s["offset"] :]) for s in states)
        ids = tuple(state["conv_id"] for state in states)
        kind, tstamp = row["type"], float(row["tstamp"] + 0)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
    if any(type(name) is not str for name in ids):
        return None
    is_vision = bool(row.get("images")) or any(
        type(text) is list and text[1:] != [[]] for side in contents for text in side
    )
    model = row.get("model") or states[0].get("model_name")
    return Said(kind, ids, model, contents, tstamp, row.get("ip"), is_vision)


def _opened(value: Any) -> Any:
    """The remote logger packs objects and lists into strings."""
    return json.loads(value) if isinstance(value, str) and value[:1] in {"{", "["} else value


def all_of(ledger: runs.Ledger) -> Iterator[tuple[runs.Place, Said]]:
    """All sound lines of a run."""
    for place in ledger.lines:
        found = read(line(place))
        if found:
            yield place, found


def plain(contents: tuple[Any, ...]) -> str:
    """A conversation's text, composed, with white space folded; lone surrogates replaced."""
    texts = (" ".join(unicodedata.normalize("NFC", whole(text)).split()) for text in contents)
    return "\0".join(texts)


def whole(text: Any) -> str:
    """A text as a release may hold it: a lone surrogate is replaced."""
    return (
        ""
        if text is None
        else str(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
