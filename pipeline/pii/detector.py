"""All detectors as one: the rules, and the names."""

import functools
import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from pipeline.pii.findings import Findings
from pipeline.pii.rule import Rule
from pipeline.pii.scanner import Scanner

Names = Callable[[pa.StringArray, Findings], Findings]
"""A detector of names: what the rules found helps, as beside an address."""


class Detector:
    """Rules and, if there is one, a detector of names, with one numbering of rules.

    Attributes:
        rules: what a finding's `rule` counts in.
    """

    def __init__(
        self, rules: Sequence[Rule], name_rules: Sequence[Rule] = (), names: Names | None = None
    ) -> None:
        self.rules = (*rules, *name_rules)
        self._scanner = Scanner(rules)
        self._names = names

    def find(self, texts: pa.StringArray) -> Findings:
        """All that is found in each text, overlaps included."""
        found = self._scanner.find(texts)
        if self._names is None:
            return found
        names = self._names(texts, found)
        return Findings(
            np.concatenate([found.text, names.text]),
            np.concatenate([found.start, names.start]),
            np.concatenate([found.end, names.end]),
            np.concatenate([found.rule, names.rule + np.int16(len(self._scanner.rules))]),
            np.concatenate([found.score, names.score]),
        )

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of what the rules say."""
        said = [
            (r.id, r.kind, r.pattern, r.gate, r.cues, r.score, r.cued, r.languages, r.priority)
            for r in self.rules
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()
