"""Who a user is: a keyed HMAC of the address, so that nobody without the key can find it.

An unsalted hash of an IPv4 address is undone in minutes; with a key of 256 bits it is not. The
key comes from the environment or a file, never from a recipe, and is never stored: a run keeps
only a fingerprint, to notice another key.
"""

import base64
import binascii
import functools
import hmac
import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import IdentityError

KEY_BYTES = 32


@dataclass(frozen=True)
class KeySource:
    """Where the key is found. Travels to workers in place of the key.

    Attributes:
        variable: an environment variable that holds the key, or the path of its file.
        file: a file that holds the key; wins over the variable.
    """

    variable: str = "CURATE_ID_KEY"
    file: str | None = None

    def load(self) -> bytes:
        """The key itself.

        Raises:
            IdentityError: it is absent, or shorter than 32 bytes.
        """
        return _load(self)


@functools.cache
def _load(source: KeySource) -> bytes:
    where = source.file or source.variable
    text = os.environ.get(source.variable, "") if source.file is None else _read(source.file)
    if source.file is None and text and Path(text).is_file():
        text = _read(text)
    if not text.strip():
        raise IdentityError(
            f"no identity key: set {source.variable} or give --id-key-file FILE "
            "(`curate key FILE` writes a new one), or set `identity: none` in the recipe "
            "to release no user ids"
        )
    key = _decode(text.strip())
    if len(key) < KEY_BYTES:
        raise IdentityError(f"the identity key in {where} has {len(key)} bytes, not {KEY_BYTES}")
    return key


def _read(path: str) -> str:
    try:
        return Path(path).read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise IdentityError(f"cannot read the identity key in {path}: {error}") from error


def _decode(text: str) -> bytes:
    """Hexadecimal or base64, as `openssl rand -hex 32` and `-base64 32` write them."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        pass
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise IdentityError("the identity key is neither hexadecimal nor base64") from error


def new_key(path: Path) -> None:
    """Write a new random key of 256 bits to a file that only its owner can read.

    Raises:
        IdentityError: the file exists; a key is never overwritten.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise IdentityError(f"cannot write a key to {path}: {error.strerror}") from error
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")


def fingerprint(key: bytes) -> str:
    """16 hexadecimal digits by which a key is recognised; tells nothing of it."""
    return hmac.digest(key, b"curate: fingerprint of the identity key", "sha256").hex()[:16]


def handle(key: bytes, purpose: str, value: str) -> str:
    """32 hexadecimal digits: HMAC-SHA-256 of the value under the key, for one purpose."""
    return hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256").hex()[:32]


@functools.lru_cache(1 << 16)
def user(key: bytes, address: str) -> str | None:
    """The handle of the user at an address as logged; None for an empty one."""
    normal = normal_address(address)
    return normal and handle(key, "user", normal)


def normal_address(address: str) -> str | None:
    """One spelling an address: first hop of a proxy list, IPv4 in IPv6 unwrapped; None if empty."""
    first = address.split(",", 1)[0].strip()
    if not first:
        return None
    try:
        found = ipaddress.ip_address(first.strip("[]"))
    except ValueError:
        return first.casefold()
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
