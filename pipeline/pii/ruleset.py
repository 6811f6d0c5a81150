"""The rules that are shipped, and the detector made of those a policy asks for."""

import functools
import importlib
import pkgutil

from pipeline.pii import rules
from pipeline.pii.detector import Detector

RULES = tuple(
    rule
    for found in sorted(pkgutil.iter_modules(rules.__path__), key=lambda m: m.name)
    for rule in getattr(importlib.import_module(f"pipeline.pii.rules.{found.name}"), "RULES", ())
)


@functools.cache
def detector(kinds: frozenset[str], *, has_names: bool) -> Detector:
    """A detector of these kinds; of names too, if it is to have them and persons are wanted."""
    del has_names
    return Detector([rule for rule in RULES if rule.kind in kinds])
