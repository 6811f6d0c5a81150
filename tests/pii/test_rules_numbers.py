"""Cards, accounts, national numbers, documents, devices and wallets."""

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pii.checksums import luhn
from pipeline.pii.rules import (
    banks,
    cards,
    devices,
    documents,
    national_ids_americas,
    national_ids_asia,
    national_ids_europe,
    national_ids_south,
    wallets,
)
from pipeline.pii.scanner import Scanner
from tests.pii.numbers import cases, values

MODULES = (
    banks,
    cards,
    devices,
    documents,
    national_ids_americas,
    national_ids_asia,
    national_ids_europe,
    national_ids_south,
    wallets,
)
RULES = tuple(itertools.chain.from_iterable(module.RULES for module in MODULES))
KINDS = (
    "card",
    "iban",
    "bank_account",
    "national_id",
    "passport",
    "driving_licence",
    "plate",
    "device_id",
    "wallet",
)
PREFIXES = ("4", "51", "55", "2221", "2720", "34", "37", "6011", "65", "3528", "62", "36", "2200")
LENGTHS = {"34": 15, "37": 15, "36": 14}
GROUPS = {14: (4, 6, 4), 15: (4, 6, 5), 16: (4, 4, 4, 4)}
SCANNER = Scanner(RULES)


@pytest.mark.parametrize(("kind", "text", "want"), cases(*KINDS))
def test_cases(kind: str, text: str, want: list[str]) -> None:
    """Each hit of the case files is found with its exact borders, each near miss is left."""
    assert values(RULES, text, kind) == want


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    """A card of a known issuer, in one group or in its usual ones, with one separator."""
    prefix = draw(st.sampled_from(PREFIXES))
    length = LENGTHS.get(prefix, 16)
    free = length - 1 - len(prefix)
    body = prefix + draw(st.text("0123456789", min_size=free, max_size=free))
    number = next(body + last for last in "0123456789" if luhn(body + last))
    separator = draw(st.sampled_from(("", " ", "-", ".", "\N{NO-BREAK SPACE}")))
    ends = list(itertools.accumulate(GROUPS[length]))
    groups = [number[end - size : end] for end, size in zip(ends, GROUPS[length], strict=True)]
    return separator.join(groups)


BESIDE = st.text(st.sampled_from("0123456789 -abcXYZ,;:/()\n\té中🙂"), max_size=30)
BORDER = st.sampled_from((" ", "\n", ":", "x", "é", "中", "(", "#", "=", "🙂", "- ", ", "))


@given(card_numbers(), BESIDE, BESIDE, BORDER, BORDER)
def test_no_card_is_missed(card: str, before: str, after: str, left: str, right: str) -> None:
    """A valid card between characters that are no digits is found whatever stands around it."""
    text = f"{before}{left}{card}{right}{after}"
    start = len(f"{before}{left}".encode())
    end = start + len(card.encode())
    found = SCANNER.find(pa.array([text]))
    is_card = np.array([RULES[rule].kind == "card" for rule in found.rule], bool)
    covers = is_card & (found.start <= start) & (found.end >= end)
    assert found.score[covers].max(initial=0) >= 0.5


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_read(texts: list[str]) -> None:
    """No text raises, spans lie on borders of characters, and batches make no difference."""
    together = SCANNER.find(pa.array(texts, pa.string()))
    alone = [SCANNER.find(pa.array([text])) for text in texts]
    assert len(together) == sum(map(len, alone))
    for number, start, end in zip(together.text, together.start, together.end, strict=True):
        data = texts[number].encode()
        assert data[:start].decode() + data[start:end].decode() + data[end:].decode()


def test_ids_are_unique() -> None:
    """A redaction names its rule: no two rules have one id, and each begins with its kind."""
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.id.startswith(rule.kind) for rule in RULES)


def test_card_lengths() -> None:
    """Every issuer's shortest and longest number is found where its last digit is Luhn's."""
    for low, _, lengths in cards.ISSUERS:
        for length in lengths:
            body = low.ljust(length - 1, "7")
            number = next(body + last for last in "0123456789" if luhn(body + last))
            assert values(cards.RULES, f"card {number}", "card") == [number], (low, length)
