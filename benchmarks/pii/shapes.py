"""Shapes of values: text with holes for random signs.

`{d4}`: digits; `{n4}`: digits, the first not 0; `{h8}`, `{H8}`: hexadecimal, lower and upper;
`{a3}`, `{A2}`: letters; `{w20}`: letters and digits; `{W9}`: capitals and digits; `{b40}`,
`{B40}`: base64 for addresses and plain; `{P8}`: as in passports; `{Z8}`: Bech32; `{p4}`: four
digits that look invented; `{r1-99}`: a number; `{[HM]}`: one of these signs; `{ymd}`, `{dmy}`,
`{ym}`: a day between 1950 and 1999, two digits each. Other words in braces are for whoever fills
further.
"""

import re
import string
from random import Random

HOLE = re.compile(r"\{(?:(\w)(\d+)|r(\d+)-(\d+)|\[(.+?)\]|(ymd|dmy|ym))\}")
LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
ALPHABETS = {
    "d": DIGITS,
    "n": DIGITS,
    "h": DIGITS + "abcdef",
    "H": DIGITS + "ABCDEF",
    "a": LOWER,
    "A": "ABCDEFGHJKLMNPRSTUVWXYZ",
    "l": LOWER + UPPER,
    "w": LOWER + UPPER + DIGITS,
    "W": UPPER + DIGITS,
    "U": UPPER + "234567",
    "b": LOWER + UPPER + DIGITS + "-_",
    "B": LOWER + UPPER + DIGITS + "+/",
    "P": "CFGHJKLMNPRTVWXYZ" + DIGITS,
    "Z": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
}
INVENTED = ("1234", "5678", "0000", "4321", "1111", "9876", "2345", "8000")
"""Endings of telephone numbers in countries that keep no range for fiction."""


def signs(rng: Random, alphabet: str, count: int) -> str:
    """Random signs of an alphabet."""
    if alphabet == "p":
        return rng.choice(INVENTED)
    text = "".join(rng.choices(ALPHABETS[alphabet], k=count))
    return rng.choice("123456789") + text[1:] if alphabet == "n" else text


def day(rng: Random, order: str) -> str:
    """A day between 1950 and 1999 in two digits each."""
    parts = {"y": rng.randint(50, 99), "m": rng.randint(1, 12), "d": rng.randint(1, 28)}
    return "".join(f"{parts[one]:02}" for one in order)


def fill(shape: str, rng: Random) -> str:
    """A shape with its holes filled."""

    def hole(found: re.Match[str]) -> str:
        alphabet, count, low, high, some, order = found.groups()
        if low:
            return str(rng.randint(int(low), int(high)))
        if some:
            return rng.choice(some)
        return day(rng, order) if order else signs(rng, alphabet, int(count))

    return HOLE.sub(hole, shape)
