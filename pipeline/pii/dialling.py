"""Telephone numbers as they are written: with and without the country's code."""

import re
from collections.abc import Iterator

LEAST_DIGITS = 7
_COUNTRY = re.compile(r"(?:\+|\b00)\s?\d{1,3}[\s.-]?\(?$")
_WINDOW = 9
_TWO_DIGITS = frozenset(
    str(code)
    for first, last in (
        *((20, 20), (27, 27), (30, 34), (36, 36), (39, 41), (43, 49), (51, 58), (60, 66)),
        *((81, 82), (84, 84), (86, 86), (90, 95), (98, 98)),
    )
    for code in range(first, last + 1)
)
"""Country codes of two digits (ITU-T E.164); 1 and 7 have one, all others three."""


def forms(value: str, digits: str) -> Iterator[str]:
    """The digits of a number, as they are, and those of its national forms.

    Args:
        value: as it is written.
        digits: its digits alone.
    """
    yield digits
    national = digits
    if value.lstrip(" (").startswith("+"):
        national = digits[1 if digits[0] in "17" else 2 if digits[:2] in _TWO_DIGITS else 3 :]
    national = national.removeprefix("0")
    if len(national) > LEAST_DIGITS:
        yield national
        yield "0" + national


def begun(text: str, start: int, end: int) -> int:
    """Where a number that was found begins, with its country's code, plus sign or bracket."""
    before = text[max(0, start - _WINDOW) : start]
    if country := _COUNTRY.search(before):
        return start - len(country[0])
    if before.endswith("(") and text.find(")", start, end) >= 0:
        return start - 1 - before[:-1].endswith("+")
    return start - before.endswith("+")
