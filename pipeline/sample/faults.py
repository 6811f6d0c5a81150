"""What goes wrong in real logs: answers that are none, and lines that are no records."""

import json
from collections.abc import Callable
from random import Random

from pipeline.sample.records import Json

NETWORK = "**NETWORK ERROR DUE TO HIGH TRAFFIC. PLEASE REGENERATE OR REFRESH THIS PAGE.**"
ERRORS = (
    NETWORK,
    "**API REQUEST ERROR** Reason: the upstream service did not answer.\n\n(error_code: 1)",
    "**RATE LIMIT OF THIS MODEL IS REACHED. PLEASE COME BACK LATER OR TRY OTHER MODELS.**",
    f"{NETWORK}\n\n(error_code: 50004, connection to 192.0.2.17:21002 refused)",
    "**NETWORK ERROR. PLEASE REGENERATE OR REFRESH THIS PAGE.**",
)
SENTINEL = "$MODERATION$ YOUR INPUT VIOLATES OUR CONTENT MODERATION GUIDELINES."
CURSOR = "▌"


def truncated(row: Json, rng: Random) -> bytes:
    """A line whose writer died."""
    line = _dump(row)
    return line[: rng.randrange(len(line) // 4, len(line) - 1)]


def glued(row: Json, _: Random) -> bytes:
    """Two records without a line feed between them: the chat and its upvote."""
    return _dump(row) + _dump({key: row[key] for key in row if key != "type"} | {"type": "upvote"})


def invalid_utf8(row: Json, _: Random) -> bytes:
    """Latin-1 bytes at the end of the last answer; the line is sound JSON otherwise."""
    line = _dump(row)
    place = line.rindex(b'"]], "offset"')
    return line[:place] + b"\xe9\xff" + line[place:]


def blank(_: Json, rng: Random) -> bytes:
    """Nothing but white space."""
    return b" " * rng.randrange(2)


def no_tstamp(row: Json, _: Random) -> bytes:
    """A record without its time."""
    return _dump({key: value for key, value in row.items() if key != "tstamp"})


def wrong_type(row: Json, rng: Random) -> bytes:
    """A field that no version ever wrote that way."""
    key, value = rng.choice((("tstamp", "yesterday"), ("state", 7), ("state", ["x"])))
    return _dump(row | {key: value})


def garbage_prefix(row: Json, rng: Random) -> bytes:
    """What a shell or a full disk leaves before a record."""
    return rng.choice((b"\x00" * 16, b"2023-06-24 10:15:00 | INFO | ", b"}, ")) + _dump(row)


def not_an_object(row: Json, _: Random) -> bytes:
    """The record wrapped in a list."""
    return json.dumps([row]).encode("ascii")


def unknown_type(row: Json, _: Random) -> bytes:
    """A type of event that FastChat does not have."""
    return _dump(row | {"type": "page_view"})


MALFORMED: tuple[Callable[[Json, Random], bytes], ...] = (
    *(truncated, glued, invalid_utf8, blank, no_tstamp),
    *(wrong_type, garbage_prefix, not_an_object, unknown_type),
)


def _dump(row: Json) -> bytes:
    return json.dumps(row).encode("ascii")
