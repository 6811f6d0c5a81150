"""Check digits: what tells a real number from one that only looks like it.

All take what a person wrote without its separators; wrong characters are a wrong number, not an
error.
"""
# ruff: noqa: PLR2004 (the schemes' own numbers)

import hashlib
from collections.abc import Callable, Sequence

Check = Callable[[str], bool]
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VERHOEFF_D = tuple(
    tuple(
        (a + b) % 5 + 5 * ((a < 5) != (b < 5)) if a < 5 else (a - b) % 5 + 5 * ((a < 5) != (b < 5))
        for b in range(10)
    )
    for a in range(10)
)
"""The dihedral group of order 10: its table of products."""
VERHOEFF_P = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def digits(text: str) -> list[int] | None:
    """Its digits as numbers, None where anything else is in it."""
    return [ord(c) - 48 for c in text] if text.isascii() and text.isdigit() else None


def luhn(text: str) -> bool:
    """ISO/IEC 7812: every second digit from the right doubled. Cards, IMEI, SIN, personnummer."""
    numbers = digits(text)
    if numbers is None:
        return False
    total = sum(numbers[-1::-2]) + sum(2 * n - 9 * (n > 4) for n in numbers[-2::-2])
    return total % 10 == 0


def weighted(text: str, weights: Sequence[int]) -> int:
    """Sum of digits times weights, as many as there are weights; -1 for what is not digits."""
    numbers = digits(text)
    if numbers is None or len(numbers) < len(weights):
        return -1
    return sum(n * w for n, w in zip(numbers, weights, strict=False))


def mod_97(text: str) -> bool:
    """ISO 7064 MOD 97-10 with letters as 10 to 35: IBAN after its first four were moved behind."""
    if not text.isascii() or not text.isalnum():
        return False
    return int("".join(str(int(c, 36)) for c in text)) % 97 == 1


def iban(text: str) -> bool:
    """ISO 13616, without the length of the country."""
    return mod_97(text[4:] + text[:4])


def mod_11_2(text: str) -> bool:
    """ISO 7064 MOD 11-2, `X` is ten: Chinese resident numbers, ISNI, ORCID."""
    total = 0
    for at, c in enumerate(text):
        value = 10 if c in "xX" and at == len(text) - 1 else ord(c) - 48
        if not 0 <= value <= 10:
            return False
        total = (total * 2 + value) % 11
    return total == 1


def mod_11_10(text: str) -> bool:
    """ISO 7064 MOD 11,10: German tax numbers, Croatian OIB."""
    numbers = digits(text)
    if not numbers:
        return False
    carry = 10
    for n in numbers[:-1]:
        carry = ((carry + n) % 10 or 10) * 2 % 11
    return (carry + numbers[-1]) % 10 == 1


def verhoeff(text: str) -> bool:
    """Verhoeff 1969: Aadhaar."""
    numbers = digits(text)
    if numbers is None:
        return False
    check = 0
    for place, n in enumerate(reversed(numbers)):
        permuted = n
        for _ in range(place % 8):
            permuted = VERHOEFF_P[permuted]
        check = VERHOEFF_D[check][permuted]
    return check == 0


def vin(text: str) -> bool:
    """ISO 3779 and 49 CFR 565: the ninth of 17 characters checks the rest."""
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)),
                      strict=True))  # fmt: skip
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    if len(text) != len(weights) or not all(c in values or c in "0123456789" for c in text):
        return False
    total = sum(values.get(c, ord(c) - 48) * w for c, w in zip(text, weights, strict=True))
    return text[8] == "0123456789X"[total % 11]


def aba(text: str) -> bool:
    """American Bankers Association: routing numbers of nine digits."""
    return len(text) == 9 and weighted(text, (3, 7, 1) * 3) % 10 == 0


def base58(text: str) -> bytes:
    """Bytes of a base-58 number, leading ones as zero bytes; empty where it is none."""
    number = 0
    for c in text:
        value = BASE58.find(c)
        if value < 0:
            return b""
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58_check(text: str) -> bool:
    """Bitcoin's Base58Check: the last four bytes are of a doubled SHA-256 of the rest."""
    raw = base58(text)
    payload, check = raw[:-4], raw[-4:]
    return len(raw) > 4 and hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4] == check


def bech32(text: str) -> bool:
    """BIP 173 and BIP 350: segregated-witness addresses, either constant."""
    if text not in (text.lower(), text.upper()) or not text.isascii():
        return False
    prefix, _, data = text.lower().rpartition("1")
    values = [BECH32.find(c) for c in data]
    if not prefix or len(values) < 6 or -1 in values:
        return False
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    return _polymod(expanded + values) in (1, 0x2BC830A3)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for at, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= part if top >> at & 1 else 0
    return check
