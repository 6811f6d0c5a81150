"""provenance.json: how the release came to be, in W3C PROV-O as JSON-LD.

No time, place or name of a machine: the same logs, recipe and key give the same record. Ids are
relative, so that the record says the same wherever the release lies.

Source:
    W3C Recommendation 2013-04-30, "PROV-O: The PROV Ontology".
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from pipeline.card import method
from pipeline.card.facts import Facts
from schemas.manifest import ReleaseManifest

PATH = "provenance.json"
CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#",
    "dct": "http://purl.org/dc/terms/",
    "spdx": "http://spdx.org/rdf/terms#",
    "schema": "https://schema.org/",
    "used": {"@id": "prov:used", "@type": "@id"},
    "wasGeneratedBy": {"@id": "prov:wasGeneratedBy", "@type": "@id"},
    "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "wasRevisionOf": {"@id": "prov:wasRevisionOf", "@type": "@id"},
    "wasAssociatedWith": {"@id": "prov:wasAssociatedWith", "@type": "@id"},
    "hadMember": {"@id": "prov:hadMember", "@type": "@id"},
    "agent": {"@id": "prov:agent", "@type": "@id"},
    "hadPlan": {"@id": "prov:hadPlan", "@type": "@id"},
    "qualifiedAssociation": "prov:qualifiedAssociation",
    "sha256": "spdx:checksumValue",
    "title": "dct:title",
    "description": "dct:description",
    "identifier": "dct:identifier",
    "version": "schema:version",
    "bytes": "schema:contentSize",
    "rows": "schema:numberOfItems",
    "steps": {"@id": "schema:step", "@container": "@list"},
    "name": "schema:name",
    "libraries": "schema:softwareRequirements",
}


def provenance(facts: Facts, documents: Mapping[str, bytes]) -> bytes:
    """The JSON-LD, UTF-8.

    Args:
        facts: the release.
        documents: the files beside its shards that are made already.
    """
    files = [_shard(file.path, file.sha256, file.bytes, file.rows) for file in facts.release.files]
    files += [_document(path, content) for path, content in sorted(documents.items())]
    graph = [_release(facts, files), _curation(), _recipe(facts), _logs(facts)]
    graph += [_software(facts.release), *files]
    record = {"@context": CONTEXT, "@graph": graph}
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def _release(facts: Facts, files: list[dict[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@id": "#release",
        "@type": ["prov:Entity", "prov:Collection", "schema:Dataset"],
        "title": facts.recipe.card.title,
        "identifier": facts.release.release,
        "wasGeneratedBy": "#curation",
        "wasDerivedFrom": ["#logs"],
        "hadMember": [file["@id"] for file in files],
    }
    if facts.recipe.card.former:
        former = msgspec.json.decode(facts.recipe.card.former, type=ReleaseManifest)
        told["wasRevisionOf"] = f"urn:arena-log-curation:release:{former.release}"
    return told


def _curation() -> dict[str, Any]:
    association = {"@type": "prov:Association", "agent": "#software", "hadPlan": "#recipe"}
    return {
        "@id": "#curation",
        "@type": "prov:Activity",
        "used": ["#logs", "#recipe"],
        "wasAssociatedWith": "#software",
        "qualifiedAssociation": association,
    }


def _recipe(facts: Facts) -> dict[str, Any]:
    steps = [
        {"name": stage.name, "description": method.purpose(stage)} for stage in facts.recipe.stages
    ]
    return {
        "@id": "#recipe",
        "@type": ["prov:Entity", "prov:Plan"],
        "title": facts.release.recipe_name,
        "sha256": facts.release.recipe,
        "steps": steps,
    }


def _logs(facts: Facts) -> dict[str, Any]:
    """What went in: how much, never which file or from where."""
    return {
        "@id": "#logs",
        "@type": ["prov:Entity"],
        "description": "raw logs of a chatbot arena, not released; items are lines",
        "rows": facts.statistics.funnel.lines,
    }


def _software(release: ReleaseManifest) -> dict[str, Any]:
    return {
        "@id": "#software",
        "@type": ["prov:Agent", "prov:SoftwareAgent"],
        "name": "arena-log-curation",
        "version": release.version,
        "libraries": [f"{name} {version}" for name, version in release.libraries.items()],
    }


def _shard(path: str, sha256: str, size: int, rows: int) -> dict[str, Any]:
    return _file(path, sha256, size) | {"rows": rows}


def _document(path: str, content: bytes) -> dict[str, Any]:
    return _file(path, hashlib.sha256(content).hexdigest(), len(content))


def _file(path: str, sha256: str, size: int) -> dict[str, Any]:
    return {
        "@id": path,
        "@type": "prov:Entity",
        "wasGeneratedBy": "#curation",
        "sha256": sha256,
        "bytes": size,
    }
