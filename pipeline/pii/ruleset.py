"""The rules that are shipped, and the detector made of those a policy asks for."""

import functools
import hashlib
from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow as pa

from pipeline.pii import names
from pipeline.pii.detector import Detector, Part
from pipeline.pii.findings import Findings
from pipeline.pii.names import english, tagger
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
from pipeline.pii.scanner import Scanner

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
PRIVATE = {"name_hello": 0.95, "name_titled": 0.45, "name_full": 0.45, "name_bare": 0.3} | {
    "name_public": 0.1
}
PRIVATE_IN_ENGLISH = PRIVATE | {"name_titled": 0.65, "name_full": 0.65, "name_bare": 0.63}
"""How often a name without a cue is a private person's; the model knows only that it is a name."""
HELLO = [rule.id for rule in NAME_RULES].index("name_hello")
FIRST_WORDS, GREETED = 16, np.float32(0.95)
"""Whom a text greets in its first bytes is its reader; further down it may be anybody in a tale."""
BESIDE = ("email", "phone", "username", "address")
"""What a name stands beside when it is a private person's."""


Source = Literal["own", "presidio", "both"]


@functools.cache
def detector(
    kinds: frozenset[str], *, has_names: bool, source: Source = "own", presidio: str = "sane"
) -> Detector:
    """A detector of these kinds.

    Args:
        kinds: what to look for.
        has_names: whether our detector of names takes part.
        source: whose rules.
        presidio: which of Presidio's recognizers: `default`, `sane`, or a file.
    """
    parts = []
    if source != "presidio":
        parts.append(_rules(kinds))
        if has_names and "person" in kinds:
            parts.append(_names(parts[0].rules))
    if source != "own":
        from pipeline.pii.presidio import part  # noqa: PLC0415 (seconds, for who asks for it)

        parts.append(part.of(presidio))
    return Detector(parts)


def _rules(kinds: frozenset[str]) -> Part:
    scanner = Scanner([rule for rule in RULES if rule.kind in kinds])
    return Part(scanner.rules, lambda texts, _: scanner.find(texts))


def _names(rules: tuple[Rule, ...]) -> Part:
    """The detector of names, that is told what stands beside."""
    is_beside = np.array([rule.kind in BESIDE for rule in rules], bool)
    private, in_english = (
        np.array([factor.get(rule.id, 1.0) for rule in NAME_RULES], np.float32)
        for factor in (PRIVATE, PRIVATE_IN_ENGLISH)
    )

    def find(texts: pa.StringArray, found: Findings) -> Findings:
        near = found.take(is_beside[found.rule])
        named = names.find(texts, names.Beside(near.text, near.start, near.end))
        alone = np.unique(named.text[private[named.rule] < 1])
        short = [
            at for at in alone.tolist() if english.is_short(texts[at].as_buffer().to_pybytes())
        ]
        factor = np.where(np.isin(named.text, short), in_english[named.rule], private[named.rule])
        score = named.score * factor
        greets = (named.rule == HELLO) & (named.start <= FIRST_WORDS)
        return replace(named, score=np.where(greets, np.maximum(score, GREETED), score))

    return Part(NAME_RULES, find, hashlib.sha256(tagger.place().read_bytes()).hexdigest())
