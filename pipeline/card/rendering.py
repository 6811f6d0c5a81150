"""README.md of a release: the YAML of the Hub, and a text for people."""

import functools
import re
from importlib import resources
from typing import Any

import jinja2
from huggingface_hub import DatasetCard

from pipeline.card import method, numbers, words
from pipeline.card.facts import Facts
from pipeline.card.header import LICENCE_FILE, header
from pipeline.card.markdown import block, code, count, line, table, text

TEMPLATE = "card.md.jinja"
LMSYS = (
    "conversation_id",
    "model",
    "conversation",
    "turn",
    "language",
    "openai_moderation",
    "redacted",
)
THINNING = {"drop_duplicates", "drop_near_duplicates", "drop_frequent_prompts"}


def card(facts: Facts) -> bytes:
    """The dataset card, UTF-8."""
    parts = _tables(facts) | _words(facts)
    content = _template().render(yaml=header(facts).to_yaml(), **parts)
    whole = str(DatasetCard(re.sub(r"\n{3,}", "\n\n", content)))
    return whole.rstrip().encode() + b"\n"


@functools.cache
def _template() -> jinja2.Template:
    """Undefined names are errors; nothing is escaped here, for all that comes in is Markdown."""
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 (Markdown; pipeline/card/markdown.py escapes)
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    source = resources.files("pipeline.card").joinpath(TEMPLATE).read_text("utf-8")
    return environment.from_string(source)


def _tables(facts: Facts) -> dict[str, Any]:
    found = facts.statistics
    return {
        "summary": numbers.summary(facts),
        "configs": configs(facts),
        "spreads": numbers.spreads(facts),
        "turns": numbers.bins(found.turns),
        "minimum": count(found.minimum),
        "intervals": numbers.partition(facts, "interval", by_name=True),
        "models": numbers.partition(facts, "model"),
        "languages": _asked(facts, "language"),
        "topics": _asked(facts, "topic"),
        "questions": numbers.questions(facts) if found.shares else "",
        "moderation": numbers.moderation(facts) if found.flags else "",
        "redactions": numbers.redactions(facts) if found.redactions else "",
        "columns": method.columns(facts, "conversations"),
        "method": method.stages(facts),
        "funnel": method.funnel(facts),
    }


def _asked(facts: Facts, name: str) -> str:
    return numbers.partition(facts, name) if name in facts.statistics.partitions else ""


def configs(facts: Facts) -> str:
    """Each config: what it is, its rows, files and bytes."""
    rows = []
    for name, what in facts.configs.items():
        found = facts.files(name)
        size = f"{sum(file.bytes for file in found) / 1e6:,.1f}"
        rows.append((code(name), what, count(sum(f.rows for f in found)), count(len(found)), size))
    return table(["config", "what", "#rows", "#files", "#MB"], rows)


def _shared(facts: Facts) -> list[str]:
    """The columns that LMSYS-Chat-1M has too; it has 11 categories of moderation."""
    found = [name for name in LMSYS if name in facts.schemas["conversations"].names]
    return [
        name for name in found if name != "openai_moderation" or "omni" not in facts.recipe.asked
    ]


def _words(facts: Facts) -> dict[str, Any]:
    release, card = facts.release, facts.recipe.card
    kinds = [kind for kind, action in release.redaction_actions.items() if action != "keep"]
    return {
        "card": card,
        "stages": facts.stages,
        "asked": facts.recipe.asked,
        "timestamp": facts.recipe.release.timestamp,
        "release": release,
        "title": text(card.title),
        "first": words.first(facts),
        "small": "sample" if "sample" in facts.configs else "conversations",
        "tokenizer": words.names(facts, "tokenizer"),
        "thins": bool(facts.stages & THINNING),
        "copies": words.copies(facts),
        "moderators": words.names(facts, "moderation_model"),
        "untold": words.untold(facts),
        "rules": code(release.redaction_rules or ""),
        "kinds": ", ".join(map(code, kinds)),
        "redacted": count(sum(one.values for one in facts.statistics.redactions)),
        "lmsys": ", ".join(map(code, _shared(facts))),
        "contact": line(card.contact),
        "homepage": line(card.homepage),
        "is_licensed": bool(card.licence_text) or card.licence != "other",
        "licence": code(card.licence_name or card.licence),
        "licence_file": LICENCE_FILE,
        "changes": method.changes(facts),
        "forgotten": method.requests(release),
        "citation": block(words.citation(facts), "bibtex"),
        "version": code(release.version),
        "recipe": code(release.recipe_name),
        "libraries": ", ".join(f"{name} {code(of)}" for name, of in release.libraries.items()),
    }
