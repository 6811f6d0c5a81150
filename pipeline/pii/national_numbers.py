"""How a national number becomes rules: one where it is written as officials do, one after cues."""

import re
from collections.abc import Callable
from dataclasses import replace

from pipeline.pii.rule import Rule
from pipeline.pii.surroundings import Says, alone, announced, compact

Valid = Callable[[str], bool]
LAST_SPACED = "\u1000"
"""Scripts before it put spaces between words."""
SHORT = 5
"""Cues of so many letters at most are words of their own, not beginnings of words."""


def national_number(  # noqa: PLR0913 (each is a column of the tables)
    name: str,
    cues: tuple[str, ...],
    bare: str,
    valid: Valid | None = None,
    *,
    written: str = "",
    gate: str = "",
    score: float = 0.9,
    cued: float = 0.95,
    within: int = 48,
    source: str = "",
) -> tuple[Rule, ...]:
    """The rules for one country's number.

    Args:
        name: of the country and the number.
        cues: words before it, in lower case.
        bare: its pattern without separators or with any; it counts behind a cue alone.
        valid: its check digits, of the number in capitals without separators.
        written: its pattern where it may stand without a cue.
        gate: what every written form has, short.
        score: precision of the written form.
        cued: precision behind a cue.
        within: characters before the value in which the cue begins.
        source: of its shape and check digits.
    """
    anywhere = Rule(
        f"national_id_{name}",
        "national_id",
        gate,
        rf"(?i)\b(?:{written})",
        check=_valid(valid),
        resume="start",
        cues=cues,
        score=score,
        cued=cued,
        priority=36,
        source=source,
    )
    is_cued = _announced(cues, within, has_check=valid is not None)
    after_cue = _behind(anywhere, bare, is_cued)
    return (anywhere, after_cue) if written else (after_cue,)


def _behind(rule: Rule, bare: str, is_cued: Says) -> Rule:
    """The rule of the same number, in any form, behind a cue."""
    is_own = rule.check
    return replace(
        rule,
        id=f"{rule.id}_cued",
        gate=f"(?i)(?:{'|'.join(_gate(cue) for cue in rule.cues)})",
        pattern=rf"(?i)\b(?:{bare})",
        check=lambda match: is_cued(match) and (is_own is None or is_own(match)),
        cues=(),
        score=rule.cued,
        priority=35,
    )


def _announced(cues: tuple[str, ...], within: int, *, has_check: bool) -> Says:
    words = "|".join(_word(cue) for cue in cues)
    return announced(words if has_check else f"(?:{words})[^0-9]*$", within)


def _valid(valid: Valid | None) -> Says:
    return lambda match: alone(match) and (valid is None or valid(compact(match.value)))


def _word(cue: str) -> str:
    end = r"(?![^\W_])" if cue.isascii() and len(cue) < SHORT else ""
    return re.escape(cue) + end


def _gate(cue: str) -> str:
    if cue.isascii() and len(cue) < SHORT:
        return rf"(?:^|[^a-z]){re.escape(cue)}[^a-z]"
    if not cue.isascii() and len(cue) < SHORT and cue.isalpha() and cue < LAST_SPACED:
        return rf"(?:^| |\n|\(|:){re.escape(cue)}"
    return re.escape(cue)
