"""Checks for personal data that share no rule with `pipeline/pii`: plain `re`, by shape and sum.

They are stricter where a shape can be proven and leave out what only a model can see. A text
comes here plain (NFKC, nothing invisible) and with a `GAP` in the place of each redaction. Every
pattern begins at a border and repeats within bounds, so that time is linear in the text.
"""

from collections.abc import Iterator

from pipeline.audit import cued, locations, shapes
from pipeline.audit.check import Found, value_of

CHECKS = (*shapes.CHECKS, *locations.CHECKS, *cued.CHECKS)


def found(text: str) -> Iterator[Found]:
    """All hits of all checks in a plain text; a value may be found by two."""
    lower = text.lower()
    for check in CHECKS:
        if check.signs and not any(sign in lower for sign in check.signs):
            continue
        for match in check.pattern.finditer(text):
            if check.holds(match):
                yield Found(check.name, check.kind, value_of(match))
