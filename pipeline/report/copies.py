"""Section: copies and repetition: clusters of near-duplicates, and the most repeated prompts."""

from collections import Counter

from pipeline.report import charts, prompts, tables
from pipeline.report.sources import Sources
from pipeline.statistics import cells
from schemas.report import Figure, Section

SAYS = (
    "A released conversation stands for its copies, which are dropped or counted. Prompts are "
    "shown as released, and only those that enough users wrote."
)
EXACT = 4
"""Smaller sizes have a bar of their own."""
KINDS = {"duplicates": "exact copies", "near_duplicates": "near copies"}


def sections(sources: Sources) -> list[Section]:
    """Sizes of clusters, how often prompts repeat, and which do most."""
    return tables.section(
        "copies",
        "Copies and repetition",
        SAYS,
        _clusters(sources),
        _frequency(sources),
        _prompts(sources),
    )  # fmt: skip


def _clusters(sources: Sources) -> list[Figure]:
    """Clusters by doubling sizes; sizes that few clusters have go with the next smaller."""
    rows = []
    for kind, says in KINDS.items():
        clusters: Counter[int] = Counter()
        held: Counter[int] = Counter()
        for (of, size), count in sources.survey.clusters.items():
            if of == kind and size > 1:
                low = size if size < EXACT else 1 << (size.bit_length() - 1)
                clusters[low] += count
                held[low] += size * count
        lows, last = sorted(clusters, reverse=True), True
        for at, low in enumerate(lows):
            if clusters[low] < sources.minimum:
                for smaller in lows[at + 1 : at + 2]:
                    clusters[smaller] += clusters[low]
                    held[smaller] += held[low]
                continue
            label = (
                f"{low} or more" if last else f"{low}" if low < EXACT else f"{low}-{2 * low - 1}"
            )
            rows.append((says, label, clusters[low], held[low], low))
            last = False
    rows.sort(key=lambda row: (row[4], row[0]))
    return tables.figure(
        "clusters",
        ("Clusters of copies by size",
         "Conversations that one released conversation stands for, itself included."),
        [("kind", "Kind", "text"), ("size", "Size", "text"), ("clusters", "Clusters", "count"),
         ("conversations", "Conversations in them", "count"), ("low", "From", "count")],
        rows,
        charts.columns("size", "clusters", "kind", title="conversations in the cluster"),
    )  # fmt: skip


def _frequency(sources: Sources) -> list[Figure]:
    found = cells.folded(sources.statistics, sources.minimum).prompt_frequency
    if found is None:
        return []
    rows = [
        (f"{one.low:,}" if one.low == one.high else f"{one.low:,}-{one.high:,}", one.count)
        for one in found.bins
        if one.count
    ]
    return tables.figure(
        "prompt-frequency",
        ("How often prompts repeat",
         "Released conversations by how many conversations share their prompts."),
        [("frequency", "Conversations with the same prompts", "text"),
         ("conversations", "Released conversations", "count")],
        rows,
        charts.columns("frequency", "conversations", title="conversations with the same prompts"),
    )  # fmt: skip


def _prompts(sources: Sources) -> list[Figure]:
    if sources.run.plan.key is None:
        return []
    found = prompts.repeated(sources.index, sources.folders.release, sources.minimum)
    rows = [(one.text, one.conversations, one.users) for one in found]
    return tables.figure(
        "repeated-prompts",
        ("The most repeated prompts",
         (f"After redaction; at least {sources.minimum} conversations and {sources.minimum} "
         "distinct users each, and nothing personal in them by independent checks.")),
        [("prompt", "Prompt", "text"), ("conversations", "Conversations", "count"),
         ("users", "Users", "count")],
        rows,
    )  # fmt: skip
