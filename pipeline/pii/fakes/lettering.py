"""How a value is written: its case, its separators, the form of its digits."""

import unicodedata
from collections.abc import Iterator


def plain(written: str) -> str:
    """Its letters and digits alone, digits of any script as ASCII, in capitals."""
    return "".join(_signs(written))


def _signs(written: str) -> Iterator[str]:
    for sign in written:
        value = unicodedata.decimal(sign, None)
        if value is not None:
            yield str(int(value))
        elif sign.isalnum():
            yield from filter(str.isalnum, unicodedata.normalize("NFKC", sign).upper())


def laid_out(written: str, signs: str) -> str:
    """The signs in the places of the letters and digits of `written`, in their case and form.

    Signs that find no place stand at the end; places without a sign are left out.
    """
    left = iter(signs)
    made = [_formed(sign, next(left, "")) if sign.isalnum() else sign for sign in written]
    return "".join(made) + "".join(left)


def _formed(sign: str, by: str) -> str:
    """A sign in the case, and a digit in the script, of another."""
    value = unicodedata.decimal(sign, None)
    if value is not None and by.isdigit() and not sign.isascii():
        return chr(ord(sign) - int(value) + int(by))
    return by.lower() if sign.islower() else by


def cased(written: str, made: str) -> str:
    """A word in capitals or small letters if the written one is."""
    if written.isupper() and len(written) > 1:
        return made.upper()
    return made.lower() if written.islower() else made
