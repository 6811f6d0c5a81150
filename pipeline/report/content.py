"""Section: what is in the conversations: languages, lengths, turns, and what tags say of them."""

from pipeline.report import charts, tables
from pipeline.report.sources import Sources
from pipeline.statistics import cells
from schemas.report import Figure, Section
from schemas.statistics import Distribution

SAYS = "What the released conversations are like. Lengths are counted exactly, in doubling bins."
QUESTIONS = {
    "redacted": "something was redacted",
    "has_code": "there is code in it",
    "refusals": "an answer begins by refusing",
    "flagged_user": "a prompt is flagged",
    "flagged_assistant": "an answer is flagged",
    "jailbreak": "a prompt is a jailbreak",
    "injection": "a prompt forges turns or orders",
    "high_frequency": "its prompt is very frequent",
    "regenerated": "an answer was generated again",
    "branched": "states were left out",
    "upvote": "voted up",
    "downvote": "voted down",
    "flag": "flagged by its user",
    "battle": "a side of a battle",
}


def sections(sources: Sources) -> list[Section]:
    """Languages, lengths of prompts and answers, turns, yes-or-no tags."""
    seen = cells.folded(sources.statistics, sources.minimum)
    return tables.section(
        "content",
        "Languages and lengths",
        SAYS,
        _languages(sources),
        _histogram("turns", "Turns", "answers a conversation", seen.turns),
        _histogram("prompt-lengths", "Lengths of prompts", "tokens a prompt", seen.prompt_tokens),
        _histogram("answer-lengths", "Lengths of answers", "tokens an answer", seen.answer_tokens),
        _tags(sources),
    )


def _languages(sources: Sources) -> list[Figure]:
    found = sources.statistics.partitions.get("language")
    if found is None:
        return []
    known = len(found.counts.keys() - {""})
    shown = tables.folded(found.counts, sources.minimum, users=found.users)
    rows = [(name, count, tables.share(count, found.total)) for name, count in shown.items()]
    return tables.figure(
        "languages",
        ("Languages of the prompts", f"{known} languages; rare ones are other."),
        [("language", "Language", "text"), ("conversations", "Conversations", "count"),
         ("share", "Share", "share")],
        rows,
        charts.bars("language", "conversations", count=len(rows)),
    )  # fmt: skip


def _histogram(name: str, title: str, unit: str, found: Distribution | None) -> list[Figure]:
    """The bins of a distribution; its mean and quantiles in words."""
    if found is None or not found.count:
        return []
    rows = [
        (f"{one.low:,}" if one.low == one.high else f"{one.low:,}-{one.high:,}", one.count)
        for one in found.bins
    ]
    reached = found.quantiles
    return tables.figure(
        name,
        (title,
         (f"{unit[:1].upper()}{unit[1:]}: {found.mean:,} on average, {reached['p50']:,} in the "
         f"middle; 90 % have at most {reached['p90']:,}, 99 % at most {reached['p99']:,}.")),
        [("size", unit[:1].upper() + unit[1:], "text"), ("count", "Count", "count")],
        rows,
        charts.columns("size", "count", title=unit),
    )  # fmt: skip


def _tags(sources: Sources) -> list[Figure]:
    rows = []
    for name, says in QUESTIONS.items():
        found = sources.statistics.shares.get(name)
        yes = found.counts.get("true", 0) if found else 0
        if found and (
            not yes or "true" not in cells.hidden(found.counts, sources.minimum, found.users)
        ):
            rows.append((says, yes, tables.share(yes, found.total)))
    rows.sort(key=lambda row: -row[1])
    return tables.figure(
        "tags",
        ("What the tags say", "Conversations of which it is true."),
        [("what", "Conversations in which", "text"), ("conversations", "Conversations", "count"),
         ("share", "Share", "share")],
        rows,
        charts.bars("what", "share", count=len(rows), share=True),
    )  # fmt: skip
