"""Presidio's rule for findings that say the same, without its objects."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple


class Hit(NamedTuple):
    """A finding.

    Attributes:
        start: first code point.
        end: behind the last.
        by: place of its recognizer.
        is_enhanced: the recognizer itself looked at context words.
    """

    entity: str
    start: int
    end: int
    score: float
    by: int
    is_enhanced: bool = False


def without_duplicates(hits: list[Hit]) -> list[Hit]:
    """Hits that no hit of their kind, as long and as sure, contains; the surest come first.

    Source:
        presidio_analyzer.EntityRecognizer.remove_duplicates.
    """
    if len(hits) == 1:
        return hits if hits[0].score else []
    kept: list[Hit] = []
    ordered = sorted(hits, key=lambda h: (h.entity, h.start, h.start - h.end, -h.score))
    for _, same in groupby(ordered, key=lambda h: h.entity):
        kept += _outermost(same)
    return sorted(kept, key=lambda h: (-h.score, h.start, h.start - h.end))


def _outermost(ordered: Iterable[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    active: list[Hit] = []
    for hit in ordered:
        if not hit.score:
            continue
        active = [other for other in active if other.end >= hit.start]
        if not any(hit.end <= other.end and hit.score <= other.score for other in active):
            kept.append(hit)
            active.append(hit)
    return kept
