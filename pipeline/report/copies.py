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
KINDS = {"duplicates": "exact copies", "near_duplicates": "near copies"}


def sections(sources: Sources) -> list[Section]:
    """Sizes of clusters, how often prompts repeat, and which do most."""
    return tables.section(
        "copies", "Copies and repetition", SAYS, _clusters(sources), _frequency(sources), _prompts(sources)
    )  # fmt: skip


def _clusters(sources: Sources) -> list[Figure]:
    """Clusters by doubling sizes; sizes that few conversations have go with the next smaller."""
    rows = []
    for kind, says in KINDS.items():
        sizes = {s: n for (k, s), n in sources.survey.clusters.items() if k == kind and s > 1}
        bins: Counter[int] = Counter()
        held: Counter[int] = Counter()
        for size, count in sizes.items():
            bins[size.bit_length()] += count
            held[size.bit_length()] += size * count
        for place in sorted(bins, reverse=True):
            low, high = 1 << (place - 1), (1 << place) - 1
            if bins[place] < sources.minimum and place - 1 in bins:
                bins[place - 1] += bins.pop(place)
                held[place - 1] += held.pop(place)
            elif bins[place] >= sources.minimum:
                open_ended = place == max(bins)
                label = f"{low} or more" if open_ended else f"{max(low, 2)}-{high}"
                rows.append((says, label, bins[place], held[place], low))
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
         f"After redaction; at least {sources.minimum} conversations and {sources.minimum} "
         "distinct users each, and nothing personal in them by independent checks."),
        [("prompt", "Prompt", "text"), ("conversations", "Conversations", "count"),
         ("users", "Users", "count")],
        rows,
        charts.bars("prompt", "conversations", count=len(rows)),
    )  # fmt: skip
