"""A line is an object, or there is a reason why it is none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest import json_lines
from pipeline.ingest.json_lines import Unreadable

RECORD = {"type": "chat", "tstamp": 1687737600.5, "state": {"messages": [["a", "caf\xe9 \\ "]]}}
LINE = json.dumps(RECORD).encode()

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=5)
values = st.recursive(
    scalars | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def outcome(line: bytes) -> tuple[Any, str | None]:
    """The object in a line and its repair, or nothing and the reason."""
    try:
        return json_lines.parse(line)
    except Unreadable as why:
        return None, why.reason


def reason(line: bytes) -> str:
    """Why there is no object in a line."""
    with pytest.raises(Unreadable) as error:
        json_lines.parse(line)
    return error.value.reason


@given(record=st.dictionaries(st.text(max_size=5), values), is_ascii=st.booleans())
def test_objects_are_read(record: dict[str, Any], is_ascii: bool) -> None:  # noqa: FBT001 (drawn)
    """Any object is what Python's own parser makes of it, with nothing repaired."""
    line = json.dumps(record, ensure_ascii=is_ascii).encode()

    assert json_lines.parse(line) == (json.loads(line), None)


@pytest.mark.parametrize("line", [b' {"a": 1} ', b'{"a": 1}\r', b'\t{"a": 1}'])
def test_space_around_an_object(line: bytes) -> None:
    r"""White space does no harm, such as the `\r` of a line that was written on Windows."""
    assert json_lines.parse(line) == ({"a": 1}, None)


def test_line_separators_end_no_line() -> None:
    """U+2028 may stand in a text as it is."""
    assert json_lines.parse('{"a": "\u2028"}'.encode()) == ({"a": "\u2028"}, None)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (r'{"a": "x\ud83d"}', {"a": "x\ufffd"}),
        (r'{"a": ["\udc00y", {"\ud800": "z"}]}', {"a": ["\ufffdy", {"\ufffd": "z"}]}),
        (r'{"a": "\ude42\ud83d"}', {"a": "\ufffd\ufffd"}),
    ],
)
def test_lone_surrogates_are_repaired(written: str, wanted: dict[str, Any]) -> None:
    """Half a character becomes U+FFFD wherever it stands, and the row will say so."""
    assert json_lines.parse(written.encode()) == (wanted, "lone_surrogate")


def test_pairs_of_surrogates_are_characters() -> None:
    """Two halves in the right order need no repair."""
    assert json_lines.parse(rb'{"a": "\ud83d\ude42"}') == ({"a": "\U0001f642"}, None)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b"", "blank"),
        (b" \t\r", "blank"),
        (b"[1]", "not_an_object"),
        (b'"chat"', "not_an_object"),
        (b'["\\ud83d"]', "not_an_object"),
        (LINE[:-1], "truncated"),
        (LINE[:60], "truncated"),
        (LINE[:1], "truncated"),
        (LINE + LINE, "glued"),
        (LINE + b"}", "glued"),
        (b"INFO | " + LINE, "garbage_prefix"),
        (b"}, " + LINE, "garbage_prefix"),
        (b"\0" * 8 + LINE, "garbage_prefix"),
        (b"\0" * 500 + LINE, "not_utf8_text"),
        (LINE.decode().encode("utf-16-be"), "not_utf8_text"),
        (LINE.decode().encode("utf-16"), "invalid_utf8"),
        (b'{"a": "\xe9"}', "invalid_utf8"),
        (b'{"a": "\xed\xa0\x80"}', "invalid_utf8"),
        (b"{'a': 1}", "invalid_json"),
        (b'{"a": 1,}', "invalid_json"),
        (b'{"a": 1 "b": 2}', "invalid_json"),
        (b'{"a": ' + b"9" * 5000 + b"}", "invalid_json"),
        (b'{"a": ' + b"[" * 2000 + b"]" * 2000 + b"}", "too_deep"),
        (b'{"a": ' + b"[" * 100_000, "too_deep"),
    ],
)
def test_reasons(line: bytes, wanted: str) -> None:
    """What is no object has a reason for the quarantine."""
    assert reason(line) == wanted


@pytest.mark.parametrize("line", [b'{"a": NaN}', b'{"a": [-Infinity]}', b'{"a": 1e999}'])
def test_no_repair_is_claimed_that_was_none(line: bytes) -> None:
    """Numbers that are none may be read or not, but they are no lone surrogates."""
    assert outcome(line)[1] != "lone_surrogate"


@given(end=st.integers(0, len(LINE) - 1))
def test_every_cut_line_is_refused(end: int) -> None:
    """A line that lost its end is never taken for a whole one."""
    assert reason(LINE[:end]) in {"blank", "truncated", "invalid_json"}


@given(line=st.binary(max_size=30) | st.text(max_size=30).map(str.encode))
def test_any_bytes_are_read_or_refused(line: bytes) -> None:
    """Whatever bytes a line holds, nothing else comes of it."""
    found, why = outcome(line)

    assert type(found) is dict or (why or "").islower()


@given(at=st.integers(0, len(LINE) - 1), byte=st.integers(0, 255))
def test_one_wrong_byte(at: int, byte: int) -> None:
    """Nor does a record with one wrong byte end a run."""
    line = bytearray(LINE)
    line[at] = byte
    found, why = outcome(bytes(line))

    assert type(found) is dict or (why or "").islower()


@pytest.mark.parametrize(
    ("value", "wanted"), [(1, 0), ("[[]]", 0), ([], 1), ({"a": 1}, 1), ([[], {"a": [{}]}], 4)]
)
def test_depth(value: Any, wanted: int) -> None:
    """Depth counts lists and objects inside each other."""
    assert json_lines.depth(value, 10) == wanted


def test_depth_looks_no_deeper_than_it_must() -> None:
    """A value far over the limit costs no more than one just over it."""
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]

    assert json_lines.depth(deep, 5) == 6
    while deep:
        deep = deep.pop()
