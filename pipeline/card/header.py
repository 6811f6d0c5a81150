"""The YAML of the card: what the Hub and `load_dataset` read."""

from typing import Any

import pyarrow as pa
from huggingface_hub import DatasetCardData

from pipeline.card.facts import Facts
from schemas.manifest import ReleasedFile

SIZES = {3: "n<1K", 4: "1K<n<10K", 5: "10K<n<100K", 6: "100K<n<1M", 7: "1M<n<10M",
         8: "10M<n<100M", 9: "100M<n<1B", 10: "1B<n<10B"}  # fmt: skip
"""Digits of the number of rows -> the Hub's name of the size."""
LICENCE_FILE = "LICENSE.md"
TAGS = ("chatbot-arena", "conversations", "llm")


def header(facts: Facts) -> DatasetCardData:
    """The card's data, in the words of the Hub."""
    card = facts.recipe.card
    configs = list(facts.configs)
    return DatasetCardData(
        pretty_name=card.title,
        language=languages(facts) or None,
        license=card.licence,
        size_categories=[size(facts.statistics.conversations)],
        task_categories=["text-generation"],
        annotations_creators=["machine-generated"],
        language_creators=["found"],
        multilinguality=["multilingual"] if len(languages(facts)) > 1 else None,
        source_datasets=["original"],
        tags=[*TAGS, *card.tags],
        configs=[_files(name, is_default=name == configs[0]) for name in configs] or None,
        dataset_info=[_info(name, facts) for name in configs] or None,
        **_licence(facts),
        **_gating(facts),
    )


def size(rows: int) -> str:
    """The Hub's size category."""
    digits = max(len(str(rows)), min(SIZES))
    return SIZES.get(digits, "other")


def languages(facts: Facts) -> list[str]:
    """ISO 639 codes of the languages that enough conversations have, in order."""
    cells = facts.statistics.partitions.get("language_code")
    return sorted(cells.counts.keys() - {"", "und"}) if cells else []


def _files(config: str, *, is_default: bool) -> dict[str, Any]:
    files = {"split": "train", "path": f"data/{config}/*/train-*.parquet"}
    named: dict[str, Any] = {"config_name": config, "data_files": [files]}
    return named | {"default": True} if is_default else named


def _info(config: str, facts: Facts) -> dict[str, Any]:
    """Features and the exact number of rows: one off, and no one can load it."""
    found: list[ReleasedFile] = facts.files(config)
    rows = sum(file.rows for file in found)
    return {
        "config_name": config,
        "features": [_named(field) for field in facts.schemas[config]],
        "splits": [{"name": "train", "num_examples": rows}],
        "download_size": sum(file.bytes for file in found),
    }


def _named(field: pa.Field) -> dict[str, Any]:
    return {"name": field.name, **_feature(field.type)}


def _feature(kind: pa.DataType) -> dict[str, Any]:
    """An Arrow type as `datasets` writes it into YAML."""
    if pa.types.is_struct(kind):
        return {"struct": [_named(field) for field in kind]}
    if pa.types.is_list(kind):
        inner = _feature(kind.value_type)
        return {"list": inner.get("struct") or inner.get("dtype") or inner}
    return {"dtype": "float64" if kind == pa.float64() else str(kind)}


def _licence(facts: Facts) -> dict[str, Any]:
    card = facts.recipe.card
    if card.licence != "other":
        return {}
    named = {"license_name": card.licence_name or ("custom" if card.licence_text else "none-given")}
    return named | ({"license_link": LICENCE_FILE} if card.licence_text else {})


def _gating(facts: Facts) -> dict[str, Any]:
    """What the Hub asks before it lets anyone in; that it asks is a setting of the repository."""
    card = facts.recipe.card
    if not card.gating_prompt:
        return {}
    return {
        "extra_gated_prompt": card.gating_prompt.strip(),
        "extra_gated_fields": dict(card.gating_fields),
        "extra_gated_button_content": "Agree and ask for access",
    }
