"""Presidio's recognizers as a part of our detector."""

import functools
import hashlib
from pathlib import Path

import pyarrow as pa

from pipeline.pii.detector import Part
from pipeline.pii.findings import Findings
from pipeline.pii.presidio.analyzer import FastAnalyzer
from pipeline.pii.presidio.registries import configured_engine, default_registry, sane_registry
from pipeline.pii.rule import Rule

KINDS = {
    "CREDIT_CARD": "card",
    "CRYPTO": "wallet",
    "DATE_TIME": "date_of_birth",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "LOCATION": "address",
    "MAC_ADDRESS": "mac",
    "MEDICAL_LICENSE": "national_id",
    "PERSON": "person",
    "PHONE_NUMBER": "phone",
    "UK_NHS": "national_id",
    "URL": "url",
    "US_BANK_NUMBER": "bank_account",
    "US_DRIVER_LICENSE": "driving_licence",
    "US_ITIN": "national_id",
    "US_PASSPORT": "passport",
    "US_SSN": "national_id",
    "UUID": "device_id",
}
"""Our kinds for Presidio's entities; what is not here is of kind `other`."""


def of(which: str) -> Part:
    """The `default` or `sane` recognizers, or those of an AnalyzerEngineProvider file."""
    fast = _analyzer(which)
    (language, *_) = fast.engine.registry.supported_languages
    rules = tuple(
        Rule(name, KINDS.get(name.partition(":")[2], "other"), gate="", source="Presidio's")
        for name in fast.rules(language)
    )

    def find(texts: pa.StringArray, _: Findings) -> Findings:
        return fast.findings(texts, language)

    return Part(rules, find, digest(which))


def digest(which: str) -> str:
    """SHA-256 of a file of recognizers; the name of ours."""
    path = Path(which)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else which


@functools.cache
def _analyzer(which: str) -> FastAnalyzer:
    match which:
        case "default":
            return FastAnalyzer(default_registry())
        case "sane":
            return FastAnalyzer(sane_registry())
        case _:
            return FastAnalyzer.of(configured_engine(which))
