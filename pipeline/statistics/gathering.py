"""The statistics of a release: the pass over its shards, the users, the books."""

from pipeline.job import Job
from pipeline.statistics import counting, users
from pipeline.statistics.cells import ordered
from pipeline.statistics.counting import Counts
from schemas.manifest import Books, ReleaseManifest
from schemas.statistics import Cells, Funnel, Statistics


def counted(release: str, manifest: ReleaseManifest, job: Job) -> Counts:
    """One pass over the shards, with the users of their rows where they are known.

    Args:
        release: the folder that holds the shards, finished or being built.
        manifest: lists them.
        job: of the run, whose folder holds the index.
    """
    counts = counting.Counts(is_known=users.are_known(manifest, job))
    path, behind, first = "", None, 0
    for file, rows in counting.groups(release, manifest):
        if counts.everyone is not None and file.path != path:
            path, behind, first = file.path, users.of_rows(file, job), 0
        counts.add(file.interval, rows, None if behind is None else behind[first:][: rows.num_rows])
        first += rows.num_rows
    return counts


def gathered(release: str, manifest: ReleaseManifest, books: Books, job: Job) -> Statistics:
    """All cells, none folded: private. What may be published is `cells.folded` of it."""
    return told(counted(release, manifest, job), manifest, books)


def told(counts: Counts, manifest: ReleaseManifest, books: Books) -> Statistics:
    """What was counted, as a record."""
    has_frequency = "prompt_frequency" in manifest.columns["conversations"]
    return Statistics(
        minimum=1,
        conversations=counts.conversations,
        messages=counts.messages,
        users=None if counts.everyone is None else len(counts.everyone),
        turns=counts.turns.distribution(),
        distinct=_distinct(counts.partitions),
        partitions=counts.partitions,
        shares=counts.shares,
        flags=counts.flags,
        redactions=counts.redactions,
        copies=counts.copies,
        prompt_tokens=counts.tokens(counts.prompt_tokens),
        answer_tokens=counts.tokens(counts.answer_tokens),
        prompt_frequency=counts.prompt_frequency.distribution() if has_frequency else None,
        funnel=funnel(books),
    )


def _distinct(partitions: dict[str, Cells]) -> dict[str, int]:
    """How many models, languages and topics there are, beside the name for none of them."""
    named = {"model": {""}, "language": {"", "unknown"}, "topic": {"", "other"}}
    return {
        name: len(partitions[name].counts.keys() - none)
        for name, none in named.items()
        if name in partitions
    }


def funnel(books: Books) -> Funnel:
    """The books as a funnel."""
    return Funnel(
        books.lines,
        books.absorbed,
        ordered(books.quarantined),
        dict(sorted(books.staged.items())),  # in receipts they are in the order of units
        {table: ordered(reasons) for table, reasons in sorted(books.dropped.items())},
        dict(sorted(books.held.items())),
    )
