"""Values with a checksum, right by construction: cards, IBANs, wallets, devices, national ids."""

import base64
import hashlib
import itertools
import json
from collections.abc import Callable
from random import Random

from benchmarks.pii.keccak import keccak_256
from benchmarks.pii.national import NUMBERS, luhn
from benchmarks.pii.shapes import fill

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BLOCK = 5
"""Bytes of the last block of a Monero address."""
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
FULL_WIDTH = {48 + digit: 0xFF10 + digit for digit in range(10)}
CARDS = (
    ("411111", 16), ("424242", 16), ("555555", 16), ("222300", 16), ("601111", 16),
    ("353011", 16), ("378282", 15), ("305693", 14),
)  # fmt: skip
"""First digits, as in the numbers that networks publish for tests, and lengths."""
IBANS = {
    "DE": "18d", "GB": "4A14d", "FR": "23d", "ES": "20d", "IT": "1A22d", "NL": "4A10d",
    "PL": "24d", "TR": "22d", "CH": "17d", "AT": "16d", "BE": "12d", "SE": "20d", "NO": "11d",
    "PT": "21d", "SA": "20d", "IL": "19d", "AE": "19d", "IE": "4A14d",
}  # fmt: skip
"""Account part by country: how many letters, then digits."""
MNEMONIC = (
    "abandon", "ability", "absorb", "anchor", "banana", "cactus", "dolphin", "eagle", "fabric",
    "glory", "humble", "island", "jungle", "kitchen", "lunar", "mango", "net", "ocean", "pupil",
    "quantum", "river", "sugar", "tiger", "umbrella", "velvet", "winter", "wolf", "youth", "zebra",
)  # fmt: skip
"""Some words of BIP-39."""


def card(rng: Random) -> str:
    """A payment card's number without marks."""
    lead, size = rng.choice(CARDS)
    body = lead + fill(f"{{d{size - len(lead) - 1}}}", rng)
    return body + luhn(body)


def grouped_card(rng: Random) -> str:
    """The same with blanks or hyphens, as printed on the card."""
    number, mark = card(rng), rng.choice(" -")
    edges = (0, 4, 8, 12, 16) if number[0] in "24556" else (0, 4, 10, len(number))
    return mark.join(number[a:b] for a, b in itertools.pairwise(edges))


def unionpay(rng: Random) -> str:
    """A Chinese debit card's number: 19 digits."""
    body = fill("622848{d12}", rng)
    return body + luhn(body)


def full_width_card(rng: Random) -> str:
    """The same in full-width digits."""
    return card(rng).translate(FULL_WIDTH)


def iban_check(country: str, account: str) -> str:
    """The two check digits of an IBAN (ISO 7064, modulo 97)."""
    number = int("".join(str(int(one, 36)) for one in f"{account}{country}00"))
    return f"{98 - number % 97:02}"


def iban(rng: Random, country: str = "") -> str:
    """An IBAN without blanks."""
    country = country or rng.choice(sorted(IBANS))
    letters, _, figures = IBANS[country].rpartition("A")
    shape = f"{{A{letters or 0}}}{{n{figures.rstrip('d')}}}"
    account = fill(shape, rng)
    return country + iban_check(country, account) + account


def grouped_iban(rng: Random) -> str:
    """The same in groups of four."""
    text = iban(rng)
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def base58(data: bytes) -> str:
    """Bytes with four bytes of double SHA-256 behind them, in Bitcoin's base 58."""
    data += hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + _digits58(data)


def _digits58(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = BASE58[rest] + text
    return text


def _polymod(values: list[int]) -> int:
    check = 1
    for one in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ one
        for at, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if top >> at & 1 else 0
    return check


def segwit(rng: Random) -> str:
    """A Bitcoin address in Bech32 (BIP 173), version 0, 20 bytes."""
    data = [0] + [rng.randrange(32) for _ in range(32)]
    spread = [*(ord(c) >> 5 for c in "bc"), 0, *(ord(c) & 31 for c in "bc")]
    check = _polymod([*spread, *data, 0, 0, 0, 0, 0, 0]) ^ 1
    data += [check >> 5 * (5 - at) & 31 for at in range(6)]
    return "bc1" + "".join(BECH32[one] for one in data)


def _hashed(lead: int) -> Callable[[Random], str]:
    return lambda rng: base58(bytes([lead]) + rng.randbytes(20))


def _long58(lead: str, count: int) -> Callable[[Random], str]:
    return lambda rng: lead + "".join(rng.choices(BASE58, k=count))


def _monero(rng: Random) -> str:
    """Blocks of eight bytes in eleven signs, four bytes of Keccak-256 behind them."""
    data = bytes([18]) + rng.randbytes(64)
    data += keccak_256(data)[:4]
    blocks = [data[at : at + 8] for at in range(0, len(data), 8)]
    return "".join(_digits58(one).rjust(11 if len(one) > BLOCK else 7, "1") for one in blocks)


def _jwt(rng: Random) -> str:
    """A signed token of a made-up user (RFC 7519)."""
    parts = (
        {"alg": "HS256", "typ": "JWT"},
        {"sub": fill("{n10}", rng), "iat": rng.randrange(10**9, 2 * 10**9)},
    )
    coded = (
        base64.urlsafe_b64encode(json.dumps(one, separators=(",", ":")).encode()).decode()
        for one in parts
    )
    return f"{'.'.join(one.rstrip('=') for one in coded)}.{fill('{b43}', rng)}"


def _imei(rng: Random) -> str:
    body = fill("35{d12}", rng)
    return body + luhn(body)


def vin_check(body: str) -> str:
    """The ninth sign of a vehicle's number (49 CFR 565), from the other sixteen with 0 there."""
    values = dict(zip("ABCDEFGH", range(1, 9), strict=True)) | {"J": 1, "K": 2, "L": 3, "M": 4}
    values |= {"N": 5, "P": 7, "R": 9} | dict(zip("STUVWXYZ", range(2, 10), strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(
        w * values.get(c, int(c) if c.isdigit() else 0) for c, w in zip(body, weights, strict=True)
    )
    return "0123456789X"[total % 11]


def _vin(rng: Random) -> str:
    body = fill("1HG{A2}{d3}0{[ABCDEF]}A{d6}", rng)
    return body[:8] + vin_check(body) + body[9:]


def _mnemonic(rng: Random) -> str:
    return " ".join(rng.sample(MNEMONIC, rng.choice((12, 24))))


def _private_key(rng: Random) -> str:
    kind = rng.choice(["RSA ", "OPENSSH ", "EC ", ""])
    lines = [fill("{B64}", rng) for _ in range(rng.randint(4, 8))]
    edge = "-----{} {}PRIVATE KEY-----"
    return "\n".join([edge.format("BEGIN", kind), *lines, edge.format("END", kind)])


MAKERS: dict[str, dict[str, Callable[[Random], str]]] = {
    "card": {"plain": card, "grouped": grouped_card, "wide": full_width_card, "unionpay": unionpay},
    "iban": {"plain": iban, "grouped": grouped_iban},
    "wallet": {
        "btc": _hashed(0), "btc3": _hashed(5), "segwit": segwit, "tron": _hashed(0x41),
        "doge": _hashed(0x1E), "monero": _monero, "solana": _long58("7", 43),
        "mnemonic": _mnemonic,
    },
    "device_id": {"imei": _imei, "vin": _vin},
    "secret": {"pem": _private_key, "jwt": _jwt},
    "national_id": dict(NUMBERS),
}  # fmt: skip
