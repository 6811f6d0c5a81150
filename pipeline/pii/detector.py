"""All detectors as one: the rules, the names, Presidio."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from pipeline.pii.findings import Findings
from pipeline.pii.rule import Rule

Find = Callable[[pa.StringArray, Findings], Findings]
"""Texts, and what earlier parts found in them -> what this part finds."""


@dataclass(frozen=True)
class Part:
    """One detector among several.

    Attributes:
        rules: what the `rule` of its findings counts in.
        find: finds.
        digest: of what it knows beside its rules, such as a model.
    """

    rules: tuple[Rule, ...]
    find: Find
    digest: str = ""


class Detector:
    """Parts in order, with one numbering of rules.

    Attributes:
        rules: what a finding's `rule` counts in.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.rules = tuple(rule for part in parts for rule in part.rules)
        self._parts = tuple(parts)

    def find(self, texts: pa.StringArray) -> Findings:
        """All that is found in each text, overlaps included."""
        found, first = Findings.of([]), 0
        for part in self._parts:
            more = part.find(texts, found)
            more = replace(more, rule=more.rule + np.int16(first))
            found = found.joined(more)
            first += len(part.rules)
        return found

    @property
    def digest(self) -> str:
        """SHA-256 of what the parts know."""
        said = [
            (r.id, r.kind, r.pattern, r.gate, r.cues, r.score, r.cued, r.languages, r.priority)
            for r in self.rules
        ]
        known = [part.digest for part in self._parts]
        return hashlib.sha256(repr((said, known)).encode()).hexdigest()
