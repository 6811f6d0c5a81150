"""croissant.json: the release in the vocabulary of ML Commons, with its responsible-AI fields.

The JSON is built here and not by `mlcroissant`, which brings pandas, and which puts a date of its
own into what it writes; it validates and reads the result in the tests.

Source:
    Croissant format specification 1.0 and Croissant RAI specification 1.0, mlcommons.org.
"""

from typing import Any

import msgspec
import pyarrow as pa

from pipeline.card import method, words
from pipeline.card.facts import Facts
from pipeline.card.header import LICENCE_FILE, TAGS, languages
from pipeline.card.markdown import line

PATH = "croissant.json"
CONFORMS = (
    "http://mlcommons.org/croissant/1.0",
    "http://mlcommons.org/croissant/RAI/1.0",
)
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {
    pa.string(): "sc:Text",
    pa.bool_(): "sc:Boolean",
    pa.int32(): "cr:Int32",
    pa.int64(): "cr:Int64",
    pa.float64(): "cr:Float64",
    pa.timestamp("us", "UTC"): "sc:DateTime",
}
HUB_LICENCES = "https://huggingface.co/datasets?license=license:"


def croissant(facts: Facts) -> bytes:
    """The JSON-LD, UTF-8."""
    card = facts.recipe.card
    record = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS),
        "name": line(card.title),
        "description": _description(facts),
        "version": facts.release.version,
        "identifier": facts.release.release,
        "license": _licence(facts),
        "keywords": [*TAGS, *card.tags],
        "inLanguage": languages(facts),
        "creator": [{"@type": "sc:Person", "name": line(name)} for name in card.authors],
        "url": line(card.homepage),
        "citeAs": " ".join(words.citation(facts).split()),
        "isLiveDataset": False,
        **responsible(facts),
        "distribution": [_file_set(name, what) for name, what in facts.configs.items()],
        "recordSet": [_record_set(name, what, facts) for name, what in facts.configs.items()],
    }
    kept = {key: value for key, value in record.items() if value not in ("", [], None)}
    return msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n"


def _description(facts: Facts) -> str:
    about = line(facts.recipe.card.about, LONG)
    rows = (
        f"{facts.statistics.conversations} conversations, each with its messages, model and tags."
    )
    return f"{about or 'Conversations of people with language models on a chatbot arena.'} {rows}"


LONG = 2000
"""Characters of what the recipe says about the dataset at most."""


def _licence(facts: Facts) -> str:
    card = facts.recipe.card
    if card.licence_text:
        return LICENCE_FILE
    return "none given" if card.licence == "other" else f"{HUB_LICENCES}{card.licence}"


def responsible(facts: Facts) -> dict[str, Any]:
    """The fields of Croissant RAI that the recipe and the release can answer."""
    tools = [
        f"{stage.name}: {method.purpose(stage)}"
        for stage in facts.recipe.stages
        if stage.name.startswith(("tag_", "score_"))
    ]
    steps = [f"{stage.name}: {method.purpose(stage)}" for stage in facts.recipe.stages]
    has_redaction = "redact_pii" in facts.stages
    told: dict[str, Any] = {
        "rai:dataCollection": "Logs of a service that lets people chat with language models and "
        "vote on their answers; each released row is the last logged state of a conversation.",
        "rai:dataCollectionType": ["Software Collection"],
        "rai:dataCollectionRawData": "JSON lines as the service wrote them; they are not released.",
        "rai:dataPreprocessingProtocol": steps,
        "rai:machineAnnotationTools": tools,
        "rai:personalSensitiveInformation": [
            "Personal data was replaced by rules and a model of names; some is left."
            if has_redaction
            else "Nothing looked for personal data; take it that there is some.",
            "Users may have written of their health, belief, politics or sexual life.",
        ],
        "rai:dataBiases": "Users of an arena are not everyone: prompts lean towards testing models "
        "and towards code.",
        "rai:dataLimitations": "Tags are labels by programs. Answers are what models said, errors "
        "included.",
        "rai:dataUseCases": "Studying how people use language models, moderation, evaluation and "
        "training of models. Not for finding out who wrote something.",
        "rai:dataSocialImpact": "Texts can offend or harm; rare people can be recognised by what "
        "they write about.",
        "rai:dataReleaseMaintenancePlan": "Ask for removal at "
        f"{line(facts.recipe.card.contact) or 'the repository that holds it'}; the next release "
        "leaves it out.",
    }
    if facts.period:
        told["rai:dataCollectionTimeFrame"] = list(facts.period)
    if "tag_moderation" in facts.stages:
        told["rai:dataAnnotationProtocol"] = (
            "Each message was judged alone by the model that the column moderation_model names; a "
            "verdict that it could not reach is null."
        )
    return told


def _file_set(config: str, what: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"files-{config}",
        "name": f"files-{config}",
        "description": f"Parquet files: {what}.",
        "encodingFormat": "application/x-parquet",
        "includes": f"data/{config}/*/train-*.parquet",
    }


def _record_set(config: str, what: str, facts: Facts) -> dict[str, Any]:
    fields = [_field(config, column) for column in facts.schemas[config]]
    return {
        "@type": "cr:RecordSet",
        "@id": config,
        "name": config,
        "description": f"{what}.",
        "key": {"@id": f"{config}/conversation_id"},
        "field": fields,
    }


def _field(config: str, column: pa.Field) -> dict[str, Any]:
    """A column; a structure has a field for each of its own."""
    meaning = (column.metadata or {}).get(b"description", b"").decode()
    return _described(config, (column.name,), column.type) | {"description": meaning}


def _described(config: str, path: tuple[str, ...], kind: pa.DataType) -> dict[str, Any]:
    """A field of a type; what lies inside a column is reached by a JSON path.

    Args:
        config: the record set.
        path: the column, and the names below it.
        kind: its Arrow type.
    """
    is_list = pa.types.is_list(kind)
    inner = kind.value_type if is_list else kind
    told: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": "/".join((config, *(name.replace("/", "_") for name in path))),
        "name": path[-1],
    }
    if is_list:
        told["repeated"] = True
    if pa.types.is_struct(inner):
        below = [_described(config, (*path, child.name), child.type) for child in inner]
        return told | {"subField": below}
    source = {"fileSet": {"@id": f"files-{config}"}, "extract": {"column": path[0]}}
    if len(path) > 1:
        source["transform"] = {"jsonPath": ".".join(f"'{name}'" for name in path[1:])}
    return told | {"dataType": TYPES[inner], "source": source}
