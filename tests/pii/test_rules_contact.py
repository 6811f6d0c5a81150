"""Contact data is found where it stands, and what only looks like it is not."""

# ruff: noqa: SIM905 (a list would take a line a word)

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pii.findings import Findings
from pipeline.pii.rule import Rule
from pipeline.pii.rules import (
    addresses,
    births,
    email,
    handles,
    network,
    phone,
    positions,
    streets,
    urls,
)
from pipeline.pii.scanner import Scanner

MODULES = (addresses, births, email, handles, network, phone, positions, streets, urls)
RULES: tuple[Rule, ...] = tuple(rule for module in MODULES for rule in module.RULES)
SCANNER = Scanner(RULES)
KINDS = sorted({rule.kind for rule in RULES})
FOLDER = Path(__file__).parents[1] / "cases" / "pii"
MEGABYTE = 1 << 20

LOCAL = st.from_regex(r"[a-z0-9]([a-z0-9._+-]{0,10}[a-z0-9])?", fullmatch=True).filter(
    lambda name: ".." not in name and name not in {"git", "hg", "svn", "ssh", "cvs"}
)
MAIL = st.builds(
    "{}@{}.{}".format,
    LOCAL,
    st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True),
    st.sampled_from(["com", "org", "de", "co.uk", "example"]),
)
PIECES = st.sampled_from(
    (
        "@ . : / // + - ( ) [at] (dot) at dot 1 12 555 0100 https:// user pass token= call tel "
        "born 12/03/1985 address: 住所は 1丁目 ул. д. Str. 10115 48.30224, ::1 2a00: 3c:80: @ann "
        "twitter \N{ZERO WIDTH JOINER} \N{GRINNING FACE} e\u0301 ٣ \uff19 \n \0"
    ).split(" ")
)
TEXT = st.one_of(
    st.text(max_size=80),
    st.lists(PIECES, max_size=30).map(" ".join),
    st.lists(PIECES, max_size=30).map("".join),
)


def cases() -> Iterator[Any]:
    """Each case of each kind, with its kind."""
    for kind in KINDS:
        for case in yaml.safe_load((FOLDER / f"{kind}.yaml").read_text("utf-8")):
            yield pytest.param(kind, case["text"], case["want"], id=f"{kind}: {case['why']}")


def find(*texts: str | None) -> Findings:
    """What all rules of contact data find in texts."""
    return SCANNER.find(pa.array(texts, pa.string()))


def values(kind: str, text: str) -> list[str]:
    """Values of a kind in the order of the text; of overlapping ones the longest."""
    found = find(text)
    spans = [
        (int(start), int(end))
        for start, end, rule in zip(found.start, found.end, found.rule, strict=True)
        if RULES[rule].kind == kind
    ]
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        if all(end <= other[0] or start >= other[1] for other in kept):
            kept.append((start, end))
    return [text.encode()[start:end].decode() for start, end in sorted(kept)]


@pytest.mark.parametrize(("kind", "text", "want"), [*cases()])
def test_cases(kind: str, text: str, want: list[str]) -> None:
    """Each case file says which values count, beside near misses that do not."""
    assert values(kind, text) == want


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rules_are_told_apart(rule: Rule) -> None:
    """An id begins with its kind and belongs to one rule, and a rule says where it comes from."""
    assert rule.id.startswith(rule.kind.partition("_")[0])
    assert [other.id for other in RULES].count(rule.id) == 1
    assert rule.source
    assert 0 < max(rule.score, rule.cued) <= 1


@given(TEXT)
def test_any_text(text: str) -> None:
    """No text is too strange; spans begin and end between characters and hold something."""
    found = find(text)
    data = text.encode("utf-8", "replace")
    for start, end in zip(found.start, found.end, strict=True):
        assert 0 <= start < end <= len(data)
        assert data[start:end].decode()


@given(st.lists(st.one_of(st.none(), TEXT), max_size=6))
def test_batches_do_not_matter(texts: list[str | None]) -> None:
    """What is found in a text does not depend on the texts beside it."""
    together = find(*texts)
    for number, text in enumerate(texts):
        alone = find(text)
        beside = together.take(together.text == number)
        for column in ("start", "end", "rule", "score"):
            assert getattr(beside, column).tolist() == getattr(alone, column).tolist()


@given(TEXT, MAIL, TEXT)
def test_an_address_between_spaces(before: str, mail: str, behind: str) -> None:
    """An e-mail address that spaces bound is found, whatever stands around it."""
    text = f"{before} {mail} {behind}"
    first = len(f"{before} ".encode("utf-8", "replace"))
    found = find(text)
    spans = {
        (int(start), int(end))
        for start, end, rule in zip(found.start, found.end, found.rule, strict=True)
        if RULES[rule].kind == "email"
    }
    assert any(start <= first and first + len(mail) <= end for start, end in spans)


@pytest.mark.parametrize(
    "piece",
    [
        "1234567890",
        "1 ",
        "a@",
        "a@a@a@",
        "a.",
        "+1 ",
        "((((",
        "::::",
        "\N{ZERO WIDTH SPACE}",
        "https://",
    ],
)
def test_long_monotonous_text(piece: str) -> None:
    """A megabyte of one thing holds nothing, and is gone through once."""
    assert len(find(piece * (MEGABYTE // len(piece.encode())))) == 0
