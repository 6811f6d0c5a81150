"""Section: what moderation says, by category, role and model, and at other thresholds."""

import numpy as np

from pipeline.report import charts, tables
from pipeline.report.sources import Sources
from pipeline.report.survey import ANY, BINS, ROLES
from schemas.report import Figure, Section

SAYS = (
    "Verdicts and scores of the recipe's moderation on released messages. Rates on rare "
    "categories rest on few messages: see the table."
)
MOST_MODELS = 20


def sections(sources: Sources) -> list[Section]:
    """Rates by category and role, by category and model, and the swept thresholds."""
    return tables.section(
        "moderation",
        "Moderation",
        SAYS,
        _by_role(sources),
        _by_model(sources),
        *[_swept(sources, role) for role in ROLES],
    )


def shown(count: int, minimum: int) -> int | None:
    """The count, or null if it is small and not zero."""
    return None if 0 < count < minimum else count


def _by_role(sources: Sources) -> list[Figure]:
    has = {(f.category or ANY, f.role): f.conversations or 0 for f in sources.statistics.flags}
    told_of = {(f.category or ANY, f.role): f.told for f in sources.statistics.flags}
    found = sources.survey.flagged
    order = sorted(
        {category for category, _ in found},
        key=lambda one: (one != ANY, -sum(found[one, role] for role in ROLES), one),
    )
    rows = []
    for category in order:
        for role in ROLES:
            count, total = found[category, role], told_of.get((category, role), 0)
            is_small = shown(has.get((category, role), count), sources.minimum) is None
            told = None if is_small else count
            rows.append(
                (category, role, told, None if told is None else tables.share(count, total))
            )
    return tables.figure(
        "moderation-by-role",
        ("Flagged messages by category and role",
         (f"Share of {sources.survey.messages.total():,} messages. Left out: categories that fewer "
         f"than {sources.minimum} conversations have.")),
        [("category", "Category", "text"), ("role", "Role", "text"),
         ("messages", "Flagged messages", "count"), ("share", "Share", "share")],
        rows,
        charts.bars("category", "share", color="role", count=len(order), share=True, order=ROLES)
        if any(row[3] for row in rows)
        else None,
    )  # fmt: skip


def _by_model(sources: Sources) -> list[Figure]:
    models = tables.groups(sources.survey.models, sources.minimum, MOST_MODELS)
    totals: dict[str, int] = {}
    for model, count in sources.survey.models.items():
        totals[models[model]] = totals.get(models[model], 0) + count
    found: dict[tuple[str, str], int] = {}
    for (category, model), count in sources.survey.flags.items():
        key = category, models[model]
        found[key] = found.get(key, 0) + count
    categories = sorted({category for category, _ in found}, key=lambda one: (one != ANY, one))
    order = sorted(totals, key=lambda one: (one == tables.OTHER, -totals[one], one))
    rows = []
    for model in order:
        for category in categories:
            told = shown(found.get((category, model), 0), sources.minimum)
            rate = None if told is None else tables.share(told, totals[model])
            rows.append((model, category, told, totals[model], rate))
    return tables.figure(
        "moderation-by-model",
        ("Answers flagged, by model and category",
         ("Share of a model's conversations in which an answer is flagged. Cells that fewer than "
         f"{sources.minimum} conversations make are blank.")),
        [("model", "Model", "text"), ("category", "Category", "text"),
         ("conversations", "With a flagged answer", "count"), ("of", "Of", "count"),
         ("share", "Share", "share")],
        rows,
        charts.heat(("category", categories), ("model", order), "share", share=True)
        if any(row[4] for row in rows)
        else None,
    ) if found else []  # fmt: skip


def _swept(sources: Sources, role: str) -> list[Figure]:
    """How many messages would be flagged at each threshold; from the score's bins."""
    rows = []
    for (category, of), bins in sorted(sources.survey.scores.items()):
        if of != role or not bins.any():
            continue
        above = np.cumsum(bins[::-1])[::-1]
        total = int(above[0])
        for at, count in enumerate(above.tolist()):
            if at and count >= sources.minimum:
                rows.append((category, at / BINS, count, round(count / total, 6)))
    return tables.figure(
        f"thresholds-{role}",
        (f"Thresholds swept: {role} messages",
         ("Share of messages whose score is at least the threshold, by category; a line ends "
         f"where fewer than {sources.minimum} are left.")),
        [("category", "Category", "text"), ("threshold", "Threshold", "number"),
         ("messages", "Messages", "count"), ("share", "Share", "share")],
        rows,
        charts.lines("threshold", "share", "category", titles=("threshold", None), log=True,
                     share=True),
    )  # fmt: skip


def flagged_share(sources: Sources) -> float | None:
    """The share of conversations with a flagged message; null without moderation."""
    asked = [
        sources.statistics.shares[name].counts.get("true", 0)
        for name in ("flagged_user", "flagged_assistant")
        if name in sources.statistics.shares
    ]
    if not asked or shown(max(asked), sources.minimum) is None:
        return None
    return tables.share(max(asked), sources.survey.rows)
