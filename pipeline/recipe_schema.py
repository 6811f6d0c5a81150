"""The JSON Schema of recipes, for editors, and what the stages say of themselves."""

import dataclasses
import inspect
import typing
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from pipeline.card_options import Card
from pipeline.identity import KeySource
from pipeline.ingest.lines import Limits
from pipeline.recipe import Release
from pipeline.stage import Stage
from pipeline.stages import STAGES

SECTIONS = {"limits": Limits, "release": Release, "identity": KeySource, "card": Card}


def schema() -> dict[str, Any]:
    """The schema of a recipe file, JSON Schema 2020-12."""
    kinds = [*STAGES.values(), *SECTIONS.values()]
    refs, components = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    for kind in kinds:
        components[kind.__name__]["additionalProperties"] = False
        components[kind.__name__]["description"] = summary(kind)
    by_name = dict(zip([*STAGES, *SECTIONS], refs, strict=True))
    step = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {name: _optional(by_name[name], components) for name in STAGES},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A recipe of curate",
        "type": "object",
        "required": ["stages"],
        "additionalProperties": False,
        "properties": {
            "stages": {"type": "array", "items": {"anyOf": [{"enum": list(STAGES)}, step]}},
            "limits": by_name["limits"],
            "release": by_name["release"],
            "identity": {"anyOf": [{"const": "none"}, by_name["identity"]]},
            "card": by_name["card"],
            "damaged_files": {"enum": ["stop", "quarantine"]},
        },
        "$defs": components,
    }


def _optional(ref: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """A stage's options may be left out; a table may be the name of a YAML file."""
    properties = components[ref["$ref"].rsplit("/", 1)[1]].get("properties", {})
    for option in properties.values():
        if option.get("type") == "array" and "anyOf" not in option:
            array = {key: option.pop(key) for key in ("type", "items") if key in option}
            option["anyOf"] = [array, {"type": "string", "description": "a YAML file"}]
    return {"anyOf": [ref, {"type": "null"}]}


def summary(kind: type) -> str:
    """The first sentence of a docstring."""
    return (inspect.getdoc(kind) or "").split("\n\n")[0].replace("\n", " ")


def options(stage: type[Stage]) -> Iterator[tuple[str, str, str]]:
    """Each option's name, its default and the values it takes."""
    hints = typing.get_type_hints(stage)
    for field in dataclasses.fields(stage):
        hint = hints[field.name]
        values = str(hint).replace("typing.", "")
        if typing.get_origin(hint) is Literal:
            values = " | ".join(map(str, typing.get_args(hint)))
        elif isinstance(hint, type):
            values = hint.__name__
        elif typing.get_origin(hint) is dict:
            values = "a mapping"
        has_factory = field.default_factory is not dataclasses.MISSING
        default = "{}" if has_factory else str(field.default)
        yield field.name, default if len(default) <= 40 else default[:39] + "…", values  # noqa: PLR2004
