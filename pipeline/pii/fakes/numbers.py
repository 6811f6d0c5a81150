"""Made-up numbers of persons and things: of ranges that are never given out.

Sources:
    Telephones: NANPA, 555-0100 to 555-0199; Ofcom, numbers for use in drama; ARCEP decision
    2018-0881; ACMA, numbers for use in creative works; ITU-T E.164: country code 999 is reserved.
    Cards: the published test numbers of the networks and of their processors; ISO/IEC 7812: cards
    that begin with 9999 are of no country. MAC: RFC 7042, 00-00-5E-00-53-xx.
    US social security: area 666 is never issued. IBAN: ISO 13616, bank codes of zeros or X.
"""

import re
from collections.abc import Sequence

from pipeline.pii import checksums
from pipeline.pii.fakes.draw import Draw
from pipeline.pii.fakes.lettering import laid_out, plain

DIGITS = "0123456789"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_EXTENSION = re.compile(r"(?i)[\s,;]*(?:extension|ext|x|#)\.?\s*\d{1,6}\s*$")
_SSN = re.compile(r"\d{3}[-\s.]\d{2}[-\s.]\d{4}")
_AREA = ("23456789", "012345678", "023456789", *"5550", "1", DIGITS, DIGITS)
"""NXX 555 01XX, but no N11."""
_NUMBERS = {
    "44": ((*"2079460", *(DIGITS,) * 3), (*"7700900", *(DIGITS,) * 3)),
    "33": ((*"19900", *(DIGITS,) * 4), (*"63998", *(DIGITS,) * 4)),
    "61": ((*"25550", *(DIGITS,) * 4), (*"25550", *(DIGITS,) * 4)),
}
"""Country code -> national numbers for use in drama, landline and mobile."""
_MOBILE = {"44": "7", "33": "67", "61": "4"}
_CARDS = _words("""
4111111111111111 4242424242424242 4012888888881881 4000056655665556 4000000000000002
4000000000009995 4000000000000077 4000002500003155 4000002760003184 4000000000003220
4917610000000000 4444333322221111 4462030000000000 4005519200000004 4009348888881881
4500600000000061
5555555555554444 5105105105105100 5200828282828210 2223003122003222 5454545454545454
5424000000000015 2223000048400011 2222420000001113 5555341244441115 5577000055770004
6011111111111117 6011000990139424 6011000000000012 6011981111111113
3530111333300000 3566002020360505 3566111111111113
6200000000000005 6205500000000000004
378282246310005 371449635398431 378734493671000 370000000000002
30569309025904 38520000023237 36227206271667
4222222222222
""")


def slots(kind: str, written: str) -> Sequence[str] | None:
    """What may stand at each letter and digit of a number of this kind and shape."""
    signs = plain(written)
    if kind == "phone":
        return _phone(written, signs)
    if kind == "card":
        return None if _tests(signs) else (*"9999", *(DIGITS,) * (len(signs) - 5))
    if kind == "mac":
        end = "0123456789ABCDEF"
        return (*"00005E0053", end, end) if len(signs) == 12 else (*"02005E10000000", end, end)  # noqa: PLR2004
    if kind == "iban":
        return tuple(_of_account(at, sign) for at, sign in enumerate(signs[4:]))
    if kind == "national_id" and _SSN.fullmatch(written):
        return (*"666", *(DIGITS,) * 6)
    return _code(signs)


def made(kind: str, written: str, seed: str, draw: Draw) -> str:
    """A number as this one is written."""
    if kind == "phone":
        written, extension = _extended(written)
        digits = draw.filled(kind, seed, _phone(written, plain(written)))
        return laid_out(written, "".join(digits)) + extension
    signs, found = plain(written), slots(kind, written)
    if found is None:
        known = _kept(draw, signs)
        return laid_out(written, known[draw.number(f"card|{seed}", len(known))])
    body = "".join(draw.filled(kind + signs[:2] * (kind == "iban"), seed, found))
    return laid_out(written, _finished(kind, signs, body))


def is_ours(kind: str, value: str, draw: Draw) -> bool:
    """Whether it is a number that `made` gives."""
    if kind == "phone":
        value, extension = _extended(value)
        if extension.strip(" ,;").rstrip("1") not in {"", "x", "#", "ext", "ext. ", "ext "}:
            return False
    signs, found = plain(value), slots(kind, value)
    if not signs:
        return False
    if found is None:
        return signs in _kept(draw, signs)
    body = {"card": signs[:-1], "iban": signs[4:]}.get(kind, signs)
    label = kind + signs[:2] * (kind == "iban")
    return draw.has_filled(label, body, found) and _finished(kind, signs, body) == signs


def _finished(kind: str, signs: str, body: str) -> str:
    """The body with its check digits."""
    if kind == "card":
        return next(body + d for d in DIGITS if checksums.luhn(body + d))
    if kind == "iban":
        country = signs[:2] if signs[:2].isascii() and signs[:2].isalpha() else "XX"
        rest = "".join(str(int(c, 36)) for c in body + country) + "00"
        return f"{country}{98 - int(rest) % 97:02d}{body}"
    return body


def _extended(written: str) -> tuple[str, str]:
    """A telephone number and its extension, all ones."""
    found = _EXTENSION.search(written)
    if found is None or len(plain(written[: found.start()])) < 7:  # noqa: PLR2004 (a local number)
        return written, ""
    return written[: found.start()], re.sub(r"\d", "1", found[0])


def _phone(written: str, signs: str) -> Sequence[str]:
    if written.lstrip(" (").startswith(("+", "\uff0b")):
        return _international(signs)
    if len(signs) == len(_AREA) and signs[0] != "0":
        return _AREA
    if len(signs) == len(_AREA) + 1 and signs[0] == "1":
        return ("1", *_AREA)
    if signs[:1] == "0" and signs[:2] != "00" and len(signs) in {10, 11}:
        code = "44" if len(signs) == 11 else "33"  # noqa: PLR2004
        return ("0", *_NUMBERS[code][signs[1] in _MOBILE[code]])
    if len(signs) >= 8:  # noqa: PLR2004
        return (*"00999", *(DIGITS,) * (len(signs) - 5))
    return (*"5550100"[: max(0, len(signs) - 2)], *(DIGITS,) * min(2, len(signs)))


def _international(signs: str) -> Sequence[str]:
    if signs[:1] == "1" and len(signs) == len(_AREA) + 1:
        return ("1", *_AREA)
    for code, (landline, mobile) in _NUMBERS.items():
        if signs.startswith(code) and len(signs) == len(code) + len(landline):
            is_mobile = signs[2] in _MOBILE[code]
            return (*code, *(mobile if is_mobile else landline))
    return (*"999"[: len(signs)], *(DIGITS,) * (len(signs) - 3))


def _tests(signs: str) -> list[str]:
    """Test numbers of the same network and length."""
    network = "25" if signs[:1] in {"2", "5"} else signs[:1]
    return [n for n in _CARDS if len(n) == len(signs) and n[0] in network]


def _kept(draw: Draw, signs: str) -> list[str]:
    """The half of the test numbers that this conversation uses."""
    known = _tests(signs)
    ranked = sorted(known, key=lambda number: draw.number(f"card|rank|{number}", 1 << 62))
    return ranked[: max(1, (len(ranked) + 1) // 2)]


def _of_account(at: int, sign: str) -> str:
    """A place of an IBAN behind the check digits: the bank is zeros or X."""
    is_bank = at < 6  # noqa: PLR2004 (no country's bank code is shorter than three)
    if sign.isdigit():
        return "0" if is_bank else DIGITS
    return "X" if is_bank else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _code(signs: str) -> Sequence[str]:
    """Any number: up to three leading zeros, letters that hardly any authority gives out."""
    zeros = min(3, sum(sign.isdigit() for sign in signs) // 2)
    found = []
    for sign in signs:
        if not sign.isdigit():
            found.append("QXZ")
        elif zeros:
            zeros -= 1
            found.append("0")
        else:
            found.append(DIGITS)
    return found
