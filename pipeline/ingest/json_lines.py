"""One line -> one JSON object, or the reason why there is none.

The fast path is one call of orjson. What it refuses is looked at again: lone surrogates, which
FastChat's own writer can produce, are replaced by U+FFFD; everything else gets a reason.
"""

import json
import re
from typing import Any

import orjson

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
PACKED = ("state", "states", "models", "gen_params", "images")
"""Top-level values that the remote logger sends as JSON strings."""
CONTAINERS = frozenset({dict, list})
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class Unreadable(Exception):  # noqa: N818 (a reason, not an error: it never leaves `ingest`)
    """A line that holds no event; `args[0]` is the reason code."""

    @property
    def reason(self) -> str:
        """The reason code for the quarantine."""
        return str(self.args[0])


def parse(line: bytes) -> tuple[dict[str, Any], str | None]:
    """The object in a line, and what had to be repaired in it.

    The remote logger's form, whose lists and objects are JSON strings, is opened.

    Raises:
        Unreadable: there is none.
    """
    found, repaired = _loaded(line)
    if type(found) is not dict:
        raise Unreadable("not_an_object")
    if type(found.get("state", found.get("states"))) is not str:
        return found, repaired
    for name in PACKED:
        if type(found.get(name)) is str:
            try:
                found[name], again = _loaded(found[name].encode())
            except Unreadable as error:
                raise Unreadable(f"wrong_type_{name}") from error
            repaired = repaired or again
    return found, repaired


def _loaded(data: bytes) -> tuple[Any, str | None]:
    try:
        return orjson.loads(data), None
    except orjson.JSONDecodeError:
        return _mend(data)


def _mend(line: bytes) -> tuple[Any, str | None]:
    if not line.strip():
        raise Unreadable("blank")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("invalid_utf8") from error
    if text.count("\0") * 4 > len(text):
        raise Unreadable("not_utf8_text")
    try:
        found = json.loads(text)
        mended = _without_surrogates(found)
    except json.JSONDecodeError as error:
        raise Unreadable(_why(text, error)) from error
    except RecursionError as error:
        raise Unreadable("too_deep") from error
    except ValueError as error:  # a number of more than 4,300 digits
        raise Unreadable("invalid_json") from error
    return mended, "lone_surrogate" if repr(found) != repr(mended) else None


def _why(text: str, error: json.JSONDecodeError) -> str:
    if not text.lstrip().startswith(("{", "[", '"')):
        return "garbage_prefix"
    if error.msg.startswith("Extra data"):
        return "glued"
    if error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip()):
        return "truncated"
    return "invalid_json"


def _without_surrogates(value: Any) -> Any:
    match value:
        case str():
            return LONE_SURROGATE.sub(REPLACEMENT, value)
        case list():
            return [_without_surrogates(item) for item in value]
        case dict():
            return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
        case _:
            return value


def depth(value: Any, limit: int) -> int:
    """How deep lists and objects nest in a value; looks no deeper than the limit + 1."""
    level, deep = [value] if type(value) in CONTAINERS else [], 0
    while level and deep <= limit:
        inside = (item.values() if type(item) is dict else item for item in level)
        level = [child for items in inside for child in items if type(child) in CONTAINERS]
        deep += 1
    return deep
