"""The rules that are shipped, and the detector made of those a policy asks for."""

import functools
from dataclasses import replace

import numpy as np
import pyarrow as pa

from pipeline.pii import names
from pipeline.pii.detector import Detector
from pipeline.pii.findings import Findings
from pipeline.pii.rule import Rule
from pipeline.pii.rules import (
    addresses,
    banks,
    births,
    cards,
    devices,
    documents,
    email,
    handles,
    national_ids_americas,
    national_ids_asia,
    national_ids_europe,
    national_ids_south,
    network,
    passwords,
    phone,
    positions,
    secrets,
    secrets_models,
    secrets_vendors,
    streets,
    urls,
    wallets,
)

MODULES = (
    *(email, phone, addresses, streets, positions, births, handles, urls, network),
    *(cards, banks, wallets, documents, devices, passwords),
    *(national_ids_americas, national_ids_asia, national_ids_europe, national_ids_south),
    *(secrets, secrets_models, secrets_vendors),
)
RULES: tuple[Rule, ...] = tuple(
    {rule.id: rule for module in MODULES for rule in module.RULES}.values()
)
NAME_RULES: tuple[Rule, ...] = tuple(
    Rule(rule, "person", gate="", source=evidence) for rule, evidence in names.NAME_RULES
)
PRIVATE = {"name_titled": 0.6, "name_full": 0.6, "name_bare": 0.3, "name_public": 0.1}
"""How often a name that no cue stands by is a private person's; the model knows only names."""
BESIDE = ("email", "phone", "username", "address")
"""What a name stands beside when it is a private person's."""


@functools.cache
def detector(kinds: frozenset[str], *, has_names: bool) -> Detector:
    """A detector of these kinds; of names too, if it is to have them and persons are wanted."""
    rules = tuple(rule for rule in RULES if rule.kind in kinds)
    if not has_names or "person" not in kinds:
        return Detector(rules)
    is_beside = np.array([rule.kind in BESIDE for rule in rules], bool)

    private = np.array([PRIVATE.get(rule.id, 1.0) for rule in NAME_RULES], np.float32)

    def find(texts: pa.StringArray, found: Findings) -> Findings:
        near = found.take(is_beside[found.rule])
        named = names.find(texts, names.Beside(near.text, near.start, near.end))
        return replace(named, score=named.score * private[named.rule])

    return Detector(rules, NAME_RULES, find)
