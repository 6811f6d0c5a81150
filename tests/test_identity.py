"""Users are told apart without telling who they are."""

import base64
import hashlib
import hmac
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import identity
from pipeline.errors import IdentityError
from pipeline.identity import KeySource

KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """A key is read once a process; tests have many."""
    identity._load.cache_clear()
    yield
    identity._load.cache_clear()


@pytest.mark.parametrize("text", [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode()])
def test_keys_are_hexadecimal_or_base64(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both spellings of `openssl rand`, with the line end it writes, are the same key."""
    monkeypatch.setenv("CURATE_ID_KEY", f"{text}\n")

    assert KeySource().load() == KEY


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "no identity key: set CURATE_ID_KEY"),
        ("", "no identity key"),
        (" \n", "no identity key"),
        ("ab" * 31, "in CURATE_ID_KEY has 31 bytes, not 32"),
        ("correct horse battery staple", "neither hexadecimal nor base64"),
        ("schlüssel" * 8, "neither hexadecimal nor base64"),
    ],
)
def test_bad_keys(text: str | None, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is absent, short or misspelled is refused, and the refusal does not tell it."""
    monkeypatch.delenv("CURATE_ID_KEY", raising=False)
    if text is not None:
        monkeypatch.setenv("CURATE_ID_KEY", text)
    with pytest.raises(IdentityError, match=problem) as refusal:
        KeySource().load()

    assert not text or not text.strip() or text not in str(refusal.value)


def test_a_file_wins_over_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names a file means it."""
    monkeypatch.setenv("CURATE_ID_KEY", "00" * 32)
    path = tmp_path / "key"
    path.write_text(KEY.hex())

    assert KeySource(file=str(path)).load() == KEY


def test_the_variable_may_name_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable holds the key or, as its manual says, the path of the key's file."""
    path = tmp_path / "key"
    path.write_text(KEY.hex())
    monkeypatch.setenv("CURATE_ID_KEY", str(path))

    assert KeySource().load() == KEY


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b""])
def test_files_without_a_key(content: bytes | None, tmp_path: Path) -> None:
    """A file that is missing, not text or empty is one clear error."""
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IdentityError, match="identity key"):
        KeySource(file=str(path)).load()


def test_new_keys(tmp_path: Path) -> None:
    """A new key is random, for its owner only, and can be loaded."""
    paths = [tmp_path / "one", tmp_path / "two"]
    for path in paths:
        identity.new_key(path)
    keys = {KeySource(file=str(path)).load() for path in paths}

    assert {len(key) for key in keys} == {32}
    assert len(keys) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    """Losing a key means that users can never be recognised again."""
    path = tmp_path / "key"
    path.write_text("precious")
    with pytest.raises(IdentityError, match="cannot write a key"):
        identity.new_key(path)

    assert path.read_text() == "precious"


def test_handles_are_hmac() -> None:
    """A user id is HMAC-SHA-256 under the key, cut to 32 digits; purposes do not meet."""
    wanted = hmac.new(KEY, b"user\x00192.0.2.1", hashlib.sha256).hexdigest()[:32]

    assert identity.handle(KEY, "user", "192.0.2.1") == wanted
    assert identity.handle(KEY, "judge", "192.0.2.1") != wanted
    assert identity.handle(bytes(32), "user", "192.0.2.1") != wanted


def test_fingerprints() -> None:
    """A key is recognised by 16 digits that are no part of it."""
    found = identity.fingerprint(KEY)

    assert len(found) == 16
    assert found not in KEY.hex()
    assert found != identity.fingerprint(bytes(32))


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("192.0.2.1, 198.51.100.7", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::FFFF:C000:201", "192.0.2.1"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("2001:db8::c000:201", "2001:db8::c000:201"),
        ("192.0.2.1.example", "192.0.2.1.example"),
        ("Proxy.Example.ORG", "proxy.example.org"),
        ("", None),
        (" , 192.0.2.1", None),
    ],
)
def test_addresses_have_one_spelling(address: str, wanted: str | None) -> None:
    """One user is one handle, however a server spells the address."""
    assert identity.normal_address(address) == wanted


@given(address=st.text() | st.ip_addresses().map(str))
def test_any_address_has_a_stable_spelling(address: str) -> None:
    """Whatever the log holds, it is no error, and its spelling is its own spelling."""
    once = identity.normal_address(address)

    assert once is None or identity.normal_address(once) == once
