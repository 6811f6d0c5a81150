"""Section: what was redacted, and what the reviewer's sample says of what was not."""

from collections import Counter

from pipeline.audit.queue import Result
from pipeline.report import charts, tables
from pipeline.report.sources import Sources
from pipeline.statistics import cells
from schemas.report import Figure, Section

SAYS = (
    "Values that were found and replaced, by kind; never a value. What is left is estimated from "
    "a sample that reviewers judge: see curate review."
)
MOST_LANGUAGES = 14


def sections(sources: Sources) -> list[Section]:
    """Kinds by role, kinds by language, rules, and the bounds of the review."""
    return tables.section(
        "redactions",
        "Redactions",
        SAYS,
        _by_role(sources),
        _by_language(sources),
        _by_rule(sources),
        _review(sources.review),
    )


def shown_kinds(sources: Sources) -> dict[str, str]:
    """Kind -> what it is shown as: rare kinds, by conversations, are one."""
    has = {one.kind: one.conversations or 0 for one in sources.statistics.redactions}
    users = cells.behind(sources.statistics.redactions)
    small = cells.hidden(has, sources.minimum, users)
    return {kind: tables.OTHER if kind in small else kind for kind in has}


def _by_role(sources: Sources) -> list[Figure]:
    kinds = shown_kinds(sources)
    found: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    for (kind, role, _), values in sources.survey.redactions.items():
        found[kinds.get(kind, tables.OTHER), role] += values
        total[kinds.get(kind, tables.OTHER)] += values
    rows = [
        (kind, role, found[kind, role])
        for kind, _ in sorted(total.items(), key=lambda one: (-one[1], one[0]))
        for role in ("user", "assistant")
    ]
    return tables.figure(
        "redactions-by-kind",
        ("Redacted values by kind and role", "Rare kinds are shown as other."),
        [("kind", "Kind", "text"), ("role", "Role", "text"), ("values", "Values", "count")],
        rows,
        charts.bars("kind", "values", color="role", count=len(total), order=("user", "assistant")),
    )


def _by_language(sources: Sources) -> list[Figure]:
    """Kinds by language: a pair that few conversations have is a value of another language."""
    kinds = shown_kinds(sources)
    spoken: Counter[str] = Counter()
    for (_, language), conversations in sources.survey.redacted.items():
        spoken[language] += conversations
    languages = tables.groups(spoken, sources.minimum, MOST_LANGUAGES)
    pairs: dict[str, Counter[str]] = {}
    values: Counter[tuple[str, str]] = Counter()
    for (kind, language), conversations in sources.survey.redacted.items():
        shown = kinds.get(kind, tables.OTHER)
        pairs.setdefault(shown, Counter())[languages[language]] += conversations
    small = {kind: cells.hidden(found, sources.minimum) for kind, found in pairs.items()}
    for (kind, _, language), count in sources.survey.redactions.items():
        shown, spoken_as = kinds.get(kind, tables.OTHER), languages.get(language, tables.OTHER)
        place = tables.OTHER if spoken_as in small[shown] else spoken_as
        values[shown, place] += count
    totals: Counter[str] = Counter()
    across: Counter[str] = Counter()
    for (kind, language), count in values.items():
        totals[kind] += count
        across[language] += count
    order = sorted(across, key=lambda one: (one == tables.OTHER, -across[one], one))
    shown_as = [language or tables.UNKNOWN for language in order]
    kept = sorted(totals.items(), key=lambda one: (-one[1], one[0]))
    rows = [
        (kind, language or tables.UNKNOWN, values[kind, language])
        for kind, _ in kept
        for language in order
    ]
    return tables.figure(
        "redactions-by-language",
        ("Redacted values by kind and language",
         f"Pairs that fewer than {sources.minimum} conversations have are counted as other."),
        [("kind", "Kind", "text"), ("language", "Language", "text"), ("values", "Values", "count")],
        rows,
        charts.heat(("language", shown_as), ("kind", [row[0] for row in kept]), "values"),
    )  # fmt: skip


def _by_rule(sources: Sources) -> list[Figure]:
    found: Counter[tuple[str, str, str]] = Counter()
    kinds = shown_kinds(sources)
    for one in sources.release.redactions:
        if kinds.get(one.kind, tables.OTHER) != tables.OTHER:
            found[one.kind, one.rule, one.action] += one.count
    small = {key for key, count in found.items() if count < sources.minimum}
    for kind, rule, action in small:
        found[kind, tables.OTHER, action] += found.pop((kind, rule, action))
    rows = [(*key, n) for key, n in sorted(found.items(), key=lambda one: (-one[1], one[0]))]
    return tables.figure(
        "redactions-by-rule",
        ("Rules that found them", "What each rule replaced, and with what."),
        [("kind", "Kind", "text"), ("rule", "Rule", "text"), ("action", "Action", "text"),
         ("values", "Values", "count")],
        rows,
    )  # fmt: skip


def _review(result: Result | None) -> list[Figure]:
    if result is None:
        return []
    share, bound = result.weighted
    left, right = result.left, result.precision
    rows: list[tuple[str, int, int, float, float]] = [
        ("messages with something left (at most)", left.hits, left.of,
         tables.share(left.hits, left.of), round(left.bound, 5)),
        ("the same, by weight (at most)", left.hits, left.of, round(share, 5), round(bound, 5)),
        ("values rightly redacted (at least)", right.hits, right.of,
         tables.share(right.hits, right.of), round(right.bound, 5)),
    ]  # fmt: skip
    rows += [
        (f"rightly redacted: {kind} (at least)", one.hits, one.of, tables.share(one.hits, one.of),
         round(one.bound, 5))
        for kind, one in result.precision_by_kind.items()
    ]  # fmt: skip
    return tables.figure(
        "review",
        ("The reviewers' bounds",
         (f"{result.reviewers} reviewer(s), {result.unjudged:,} messages not judged. One-sided "
         "bounds at 95 % (Clopper and Pearson 1934).")),
        [("what", "What", "text"), ("hits", "Hits", "count"), ("of", "Of", "count"),
         ("share", "Share", "share"), ("bound", "Bound", "share")],
        rows,
    )  # fmt: skip
