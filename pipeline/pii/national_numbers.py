"""How a national number becomes a rule: one for the written form and the bare one together."""

import re
from collections.abc import Callable

from pipeline.pii.rule import Match, Rule
from pipeline.pii.surroundings import alone, announced, compact

SHORT = 5
"""Cues of so many letters at most are words of their own, not beginnings of words."""
JOINED = re.compile(r"[0-9A-Za-z][ \-./][0-9A-Za-z]")


def national_number(  # noqa: PLR0913 (each is a column of the tables)
    name: str,
    cues: tuple[str, ...],
    bare: str,
    valid: Callable[[str], bool] | None = None,
    *,
    written: str = "",
    gate: str = "",
    score: float = 0.9,
    cued: float = 0.95,
    within: int = 48,
    source: str = "",
) -> Rule:
    """A rule for one country's number.

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
    words = "|".join(_word(cue) for cue in cues)
    is_cued = announced(words if valid else f"(?:{words})[^0-9]*$", within)
    alone_too = re.compile(written, re.IGNORECASE) if written else None

    def check(match: Match) -> bool:
        if not alone(match) or (valid is not None and not valid(compact(match.value))):
            return False
        is_written = alone_too is not None and alone_too.fullmatch(match.value) is not None
        return is_written or is_cued(match)

    words = "|".join(_gate(cue) for cue in cues)
    return Rule(
        f"national_id_{name}",
        "national_id",
        f"{gate}|(?i:{words})" if gate else f"(?i)(?:{words})",
        rf"(?i)\b(?:{written}|{bare})" if written else rf"(?i)\b(?:{bare})",
        check=check,
        resume="start",
        cues=cues,
        score=score if written else 0,
        cued=cued,
        priority=35,
        source=source,
    )


def _word(cue: str) -> str:
    end = r"(?![^\W_])" if cue.isascii() and len(cue) < SHORT else ""
    return re.escape(cue) + end


def _gate(cue: str) -> str:
    if cue.isascii() and len(cue) < SHORT:
        return rf"(?:^|[^a-z]){re.escape(cue)}[^a-z]"
    return re.escape(cue)
