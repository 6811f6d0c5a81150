"""Replacing spans: texts stay whole, and places are found back."""
# ruff: noqa: RUF001 (other scripts, full-width digits)

import ast
import csv
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pii import editing, replacing
from pipeline.pii.editing import Edited
from pipeline.pii.entities import Span
from pipeline.pii.kinds import KINDS
from pipeline.pii.policy import Ruling
from pipeline.pii.replacing import Editor

KEY = b"k" * 32
NAME = "NAME_1"


def span(text: str, value: str, kind: str = "person", start: int = 0) -> Span:
    """Where a value stands in a text."""
    at = text.index(value, start)
    return Span(0, at, at + len(value), kind, 0, 0)


def edited(text: str, *values: str, by: str = NAME) -> Edited:
    """A text with the first place of each value replaced by a token."""
    spans = sorted(span(text, value) for value in values)
    return editing.replaced(text, spans, [by] * len(spans))


def edit_all(action: str, texts: list[str], spans: list[Span]) -> list[str]:
    """Texts with all spans replaced under one action for all kinds."""
    rulings = {kind: Ruling(action) for kind in KINDS}  # type: ignore[arg-type]
    edits = Editor(rulings, KEY, "c").edited(texts, spans)
    return [edits[at].text if at in edits else text for at, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("text", "value", "want"),
    [
        ("I am Maria.", "Maria", "I am NAME_1."),
        ("I am Maria\u0301.", "Maria", "I am NAME_1."),
        ("👩‍💻 Zoe\u0308!", "Zoe", "👩‍💻 NAME_1!"),
        ("hi Bo👍🏽", "Bo👍", "hi NAME_1"),
        ("hi Bo👩‍💻.", "Bo👩", "hi NAME_1."),
        ("مریم\u200cها", "مریم", "NAME_1ها"),
        ("नाम मारिया है", "मारिय", "नाम NAME_1 है"),
        ("e\u0301milie", "\u0301milie", "NAME_1"),
        ("tel ５５５-０１２３ ok", "５５５-０１２３", "tel NAME_1 ok"),
        ("שמי דוד כהן.", "דוד כהן", "שמי NAME_1."),
        ("a Maria🎉 b", "Maria", "a NAME_1🎉 b"),
    ],
)
def test_characters_stay_whole(text: str, value: str, want: str) -> None:
    """A replacement takes all of a character that it takes a part of, and nothing else."""
    assert edited(text, value).text == want


@pytest.mark.parametrize(
    ("text", "value", "want"),
    [
        ("12 Main St\nSpringfield\nok", "12 Main St\nSpringfield", "NAME_1\n\nok"),
        ("12 Main St\r\nSpringfield ok", "12 Main St\r\nSpringfield", "NAME_1\r\n ok"),
        ("key\n```\nMaria\n```\nSilva", "Maria\n```\nSilva", "key\n```\nNAME_1\n```\n"),
        ("a\u2028b c", "a\u2028b", "NAME_1\u2028 c"),
        ("[Maria](https://example.org/m)", "Maria", "[NAME_1](https://example.org/m)"),
        ("[me](https://example.org/m)", "https://example.org/m", "[me](NAME_1)"),
        ("| a | b |\n|---|---|\n| Maria | 2 |", "Maria", "| a | b |\n|---|---|\n| NAME_1 | 2 |"),
        ("a,b,c\n1,12 Main St, Oz\n", "12 Main St, Oz", "a,b,c\n1,NAME_1,\n"),
        ('a,b,c\n1,"12 Main St, Oz",2\n', "12 Main St, Oz", 'a,b,c\n1,"NAME_1",2\n'),
        ("at 12 Main St, Oz, please", "12 Main St, Oz", "at NAME_1, please"),
    ],
)
def test_lines_fences_and_columns_stay(text: str, value: str, want: str) -> None:
    """A replacement gives back the line ends, fences and separators that it took."""
    assert edited(text, value).text == want


@pytest.mark.parametrize(
    ("text", "value", "want"),
    [
        ('{"a": 2125550123}', "2125550123", '{"a": "NAME_1"}'),
        ('{"a": -2125550123.5}', "2125550123", '{"a": "NAME_1"}'),
        ("[2125550123, 7]", "2125550123", '["NAME_1", 7]'),
        ("[40.7128, -74.0060]", "40.7128, -74.0060", '["NAME_1", "NAME_1"]'),
        ('{"lat": 40.7, "lon": -74.0}', '40.7, "lon": -74.0', '{"lat": "NAME_1", "lon": "NAME_1"}'),
        ('{"a": "tel: 2125550123, ok"}', "2125550123", '{"a": "tel: NAME_1, ok"}'),
        ('{"a": "x\\nMaria"}', "nMaria", '{"a": "x\\nNAME_1"}'),
        ('{"a": "\\u00c9milie"}', "u00c9milie", '{"a": "NAME_1"}'),
        ('{"a": "Ren\\u00e9"}', "Ren\\u00", '{"a": "NAME_1"}'),
        ('{"a": "Maria\\n"}', "Maria\\", '{"a": "NAME_1\\n"}'),
        ('["Maria", "Silva"]', 'Maria", "Silva', '["NAME_1", "NAME_1"]'),
        ('so: {"a": 2125550123} ok?', "2125550123", 'so: {"a": "NAME_1"} ok?'),
        ('{"a": 1}\n{"a": 2125550123}', "2125550123", '{"a": 1}\n{"a": "NAME_1"}'),
        ("x\n```json\n[2125550123]\n```\n", "2125550123", 'x\n```json\n["NAME_1"]\n```\n'),
        ("see [2125550123, or] ok", "2125550123", "see [NAME_1, or] ok"),
        ('{"a": 4111111111111111}', "4111111111111111", '{"a": "NAME_1"}'),
        ("{not json: 2125550123}", "2125550123", "{not json: NAME_1}"),
    ],
)
def test_json_stays_json(text: str, value: str, want: str) -> None:
    """A bare number of JSON becomes a string; strings, escapes and prose stay what they are."""
    assert edited(text, value).text == want


@pytest.mark.parametrize("by", ["NAME_1", "****", "0012345", "4242424242424242"])
@pytest.mark.parametrize(
    "code",
    ["x = 2125550123", "f(2125550123, b=1)", "d = {'a': [2125550123]}", "s = 'x 2125550123'"],
)
def test_python_stays_python(code: str, by: str) -> None:
    """Whatever stands for a number in code, the code parses."""
    text = edited(f"so\n```python\n{code}\n```\n", "2125550123", by=by).text
    ast.parse(text.split("```")[1].removeprefix("python"))


def test_rows_of_csv_keep_their_columns() -> None:
    """As many columns as before, in every row."""
    text = 'id,where,who\n1,12 Main St,Maria\n2,"1 Elm St, Oz",Ann\n'
    found = edited(text, "12 Main St", "1 Elm St, Oz", "Ann").text
    assert [len(row) for row in csv.reader(found.splitlines())] == [3, 3, 3]


PLANTED = st.sampled_from(
    ["maria@example.org", "Zoe\u0308 Silva", "+1 212 555 0123", "محمد علي", "王小明"]
)
STRINGS = st.one_of(st.text(max_size=8), st.tuples(st.text(max_size=5), PLANTED).map("".join))
NUMBERS = st.sampled_from([2125550123, 4111111111111111, 7, -3, 1.5])
DOCUMENTS = st.recursive(
    st.one_of(STRINGS, NUMBERS, st.none(), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(STRINGS, inner, max_size=4)
    ),
    max_leaves=12,
)
WRAPPERS = ("{}", "see\n```json\n{}\n```\nok", "this is {} as asked")
FOUND = re.compile(
    r"2125550123|4111111111111111|maria@example\.org|Zoe(?:\u0308|\\u0308) Silva|\+1 212 555 0123"
    r"|محمد علي|王小明"
)


def shape(text: str) -> Any:
    """The structure of a document: values nested as they are, keys aside; all scalars alike."""
    return leveled(json.loads(text, object_pairs_hook=lambda pairs: [each for _, each in pairs]))


def leveled(value: Any) -> Any:
    """Lists as they are nested, with 0 for all else."""
    return [leveled(each) for each in value] if isinstance(value, list) else 0


@given(
    st.one_of(st.lists(DOCUMENTS), st.dictionaries(STRINGS, DOCUMENTS)),
    st.sampled_from(WRAPPERS),
    st.fixed_dictionaries({"ensure_ascii": st.booleans(), "indent": st.sampled_from([None, 2])}),
    st.sampled_from(["NAME_1", "****", "4242424242424242", "0.5, -0.25"]),
)
def test_documents_keep_their_structure(
    document: Any, wrapper: str, style: dict[str, Any], by: str
) -> None:
    """JSON parses afterwards and has the same structure, alone, in a fence, in prose."""
    written = json.dumps(document, **style)
    text = wrapper.replace("{}", written)
    spans = [Span(0, *found.span(), "person", 0, 0) for found in FOUND.finditer(text)]
    found = editing.replaced(text, spans, [by] * len(spans)).text
    head, tail = wrapper.split("{}")
    assert shape(found[len(head) : len(found) - len(tail)]) == shape(written)
    assert not FOUND.search(found)


@given(st.text(), st.lists(st.integers(0, 40), max_size=8), st.text("N_1é\n", max_size=5))
def test_places_are_found_back(text: str, cuts: list[int], value: str) -> None:
    """What is not replaced is found back; places hold the values, and nothing else is touched."""
    cuts = sorted({min(cut, len(text)) for cut in cuts})
    spans = [
        Span(0, one, other, "person", 0, 0)
        for one, other in zip(cuts[::2], cuts[1::2], strict=False)
        if one < other
    ]
    found = editing.replaced(text, spans, [value] * len(spans))
    assert len(found.places) == len(found.spans) == len(spans)
    for (start, end), (first, last), wanted in zip(found.places, found.spans, spans, strict=True):
        assert value in found.text[start:end] or text[first:last] == ""
        assert first <= wanted.start or text[first - 1] == "\\"
        assert last >= wanted.end or text[last] == "\\"
    for at, sign in enumerate(found.text):
        if not found.touches(at, at + 1):
            assert text[found.origin(at)] == sign


@given(st.text("ab\n\r`~,{}[]\"'\\ 12\u0301\u200d🎉", max_size=60), st.data())
def test_lines_are_counted(text: str, data: st.DataObject) -> None:
    """As many line ends and fences as before, whatever is replaced."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start == end:
        return
    found = editing.replaced(text, [Span(0, start, end, "person", 0, 0)], [NAME]).text
    assert found.count("\n") == text.count("\n")
    assert found.count(NAME) >= 1


@pytest.mark.parametrize(
    ("texts", "numbers", "count"),
    [
        (["NAME_1 and NAME_7"], {"NAME": 7}, 2),
        (["XNAME_1, NAME_1x, NAME_"], {}, 0),
        (["私はNAME_3です"], {"NAME": 3}, 1),
        (["\\nNAME_4"], {"NAME": 4}, 1),
        (["URL_2", "[EMAIL_12]"], {"URL": 2, "EMAIL": 12}, 2),
        (["EMAIL_0123456789abcdef"], {"EMAIL": 0}, 1),
        (["NAME_99999999999"], {"NAME": 0}, 1),
    ],
)
def test_literals_are_counted(texts: list[str], numbers: dict[str, int], count: int) -> None:
    """Placeholders that stand there already are seen; absurd numbers do not count."""
    assert editing.highest(texts) == (numbers, count)


def test_numbers_start_behind_literals() -> None:
    """A new placeholder is no one that stands there; kinds that share a token share the count."""
    text = "NAME_4 knows Maria at example.org/a or example.org/b"
    spans = [
        span(text, "Maria"),
        span(text, "example.org/a", "url")._replace(entity=1),
        span(text, "example.org/b", "url_secret")._replace(entity=2),
    ]
    assert edit_all("placeholder", [text], spans) == ["NAME_4 knows NAME_5 at URL_1 or URL_2"]


@pytest.mark.parametrize(
    ("value", "want"),
    [("Maria Silva", "***** *****"), ("a\u0301b", "**"), ("x\\u00e9", "******"), ("a\r\nb", "**")],
)
def test_masks(value: str, want: str) -> None:
    """An asterisk for each letter and digit, and nothing that breaks a string."""
    assert replacing.masked(value) == want


VALUES = [
    ("person", "Maria Silva"),
    ("email", "maria@example.org"),
    ("phone", "+1 212 555 0123"),
    ("card", "4111 1111 1111 1111"),
    ("ip", "192.0.2.7"),
    ("iban", "GB82 WEST 1234 5698 7654 32"),
    ("secret", "sk-proj-abcDEF1234567890abcdefGHIJKL"),
    ("person", "Maria"),
]


def spread(values: list[tuple[str, str]]) -> tuple[str, list[Span]]:
    """A text that holds values, and their spans, each of its own entity."""
    text, spans = "", []
    for number, (kind, value) in enumerate(values):
        entity = next(n for n, (k, v) in enumerate(values) if k == kind and value in v)
        text += f"{number}: "
        spans.append(Span(0, len(text), len(text) + len(value), kind, 0, entity))
        text += value + "\n"
    return text, spans


def test_surrogates_stay() -> None:
    """What is ours already stays when the conversation is redacted again, and is reported again."""
    text, spans = spread(VALUES)
    rulings = {kind: Ruling("surrogate") for kind in KINDS}
    editor = Editor(rulings, KEY, "c")
    once = editor.edited([text], spans)[0]
    assert not any(value in once.text for _, value in VALUES[:7])
    again = [
        s._replace(start=start, end=end) for s, (start, end) in zip(spans, once.places, strict=True)
    ]
    twice = editor.edited([once.text], again)[0]
    assert twice.text == once.text
    assert twice.places == once.places
    other = Editor(rulings, KEY, "d").edited([once.text], again)[0]
    assert other.text != once.text


def test_surrogates_of_one_conversation_differ() -> None:
    """Two values of a conversation get two surrogates, also where there are few."""
    values = [("ip", f"192.0.2.{number}") for number in range(1, 9)]
    values += [("person", f"{name} Silva") for name in ("Maria", "Ann", "Zoe", "Eva", "Ida")]
    text, spans = spread(values)
    found = edit_all("surrogate", [text], spans)[0].splitlines()
    assert len({line.partition(": ")[2] for line in found}) == len(values)
