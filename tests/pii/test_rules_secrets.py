"""Secrets and passwords."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pii.placeholders import entropy, is_placeholder
from pipeline.pii.rules import passwords, secrets, secrets_models, secrets_vendors
from pipeline.pii.scanner import Scanner
from tests.pii.numbers import cases, drawn, values

RULES = (*secrets.RULES, *secrets_vendors.RULES, *secrets_models.RULES, *passwords.RULES)
SCANNER = Scanner(RULES)


@pytest.mark.parametrize(("kind", "text", "want"), cases("secret"))
def test_secrets(kind: str, text: str, want: list[str]) -> None:
    """Each key is found with its exact borders, each near miss is left."""
    assert values(RULES, drawn(text), kind) == [drawn(value) for value in want]


@pytest.mark.parametrize(("kind", "text", "want"), cases("password"))
def test_passwords(kind: str, text: str, want: list[str]) -> None:
    """Each password is found without the sentence's marks, prose and code are left."""
    assert values(RULES, text, kind) == want


def test_ids_are_unique() -> None:
    """A redaction names its rule: no two rules have one id, and each begins with its kind."""
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.id.startswith(rule.kind) for rule in RULES)


WORDS = st.sampled_from(
    ("password is ", "pwd=", "key = '", "sk-", "ghp_", "eyJ", "-----BEGIN PRIVATE KEY-----\n", "://a:b@",
     "Bearer ", "token: ", "密码是", "пароль ", "é", "\u200d", "aB3dE5fG7hJ9kL1m", "(", ")", "**")
)  # fmt: skip


@given(st.lists(WORDS | st.text(max_size=8), max_size=12).map("".join))
def test_any_text_is_read(text: str) -> None:
    """No text raises, and spans lie on borders of characters."""
    found = SCANNER.find(pa.array([text]))
    data = text.encode()
    for start, end in zip(found.start, found.end, strict=True):
        assert start < end
        assert data[:start].decode() + data[start:end].decode() + data[end:].decode() == text


def test_stand_ins() -> None:
    """What tutorials write for a key is told from what a generator draws."""
    assert all(
        map(is_placeholder, ("YOUR_API_KEY", "xxxxxxxxxxxx", "<token>", "${KEY}", "abcabcabcabc"))
    )
    assert not any(map(is_placeholder, (drawn("{A32}"), drawn("{X32}"), drawn("{U20}"))))


def test_entropy() -> None:
    """Entropy is bits a character: none for one letter, two for four equally often."""
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2
