"""What a release holds, in numbers. No text, no id, no user: counts only.

`run/statistics.json` has every cell (private, for the report); `release/statistics.json` the same
with small cells folded (`minimum` > 1), as docs and card show it.
"""

import msgspec

Users = tuple[int, int]
"""Distinct users of a cell, and of all cells up to it from that with the fewest on; of very many,
as many as are counted. In private records alone; missing where users are not known."""


class Cells(msgspec.Struct, frozen=True):
    """A partition of something by a name: each row counts once, so all cells sum to the whole.

    The name "" stands for null: not known, not told.
    """

    counts: dict[str, int]  # name -> rows, the largest first
    folded: int = 0  # names that are not shown, for too few rows have them
    other: int = 0  # rows that have one of those names
    users: dict[str, Users] | msgspec.UnsetType = msgspec.UNSET

    @property
    def total(self) -> int:
        """Rows in all cells."""
        return sum(self.counts.values()) + self.other


class Bin(msgspec.Struct, frozen=True):
    """How many values lie in a range, both ends included."""

    low: int
    high: int
    count: int
    users: int | msgspec.UnsetType = msgspec.UNSET


class Distribution(msgspec.Struct, frozen=True):
    """Whole numbers, such as tokens of a prompt: exact, no estimate."""

    count: int
    total: int  # their sum
    quantiles: dict[str, int]  # p50, p90, p99: the least value that so many of 100 are not above
    bins: list[Bin]  # of 0, 1, 2-3, 4-7, 8-15 …; together they hold all values

    @property
    def mean(self) -> float:
        """The mean, to two decimals; 0 of nothing."""
        return round(self.total / self.count, 2) if self.count else 0.0


class Flag(msgspec.Struct, frozen=True, order=True):
    """How often moderation flags a category in a role; null: in too few conversations to say."""

    category: str  # "" is any of them
    role: str
    told: int  # messages that could be told; of the others nothing is known
    messages: int | None  # of those, flagged
    conversations: int | None  # with such a message
    users: int | msgspec.UnsetType = msgspec.UNSET


class Replaced(msgspec.Struct, frozen=True, order=True):
    """What redaction replaced, by kind; the kind "" holds the kinds that are too rare to show."""

    kind: str
    values: int
    conversations: int | None  # null: not shown
    users: Users | msgspec.UnsetType = msgspec.UNSET


class Funnel(msgspec.Struct, frozen=True):
    """Where every line went, as the books of the run have it."""

    lines: int
    absorbed: int  # votes and flags that became part of a conversation
    quarantined: Cells  # reason -> lines
    staged: dict[str, int]  # table -> rows
    dropped: dict[str, Cells]  # table -> "stage: reason" -> rows
    held: dict[str, int]  # table -> rows kept, but of a table that is not released


class Statistics(msgspec.Struct, frozen=True):
    """The numbers of one release, all but `funnel` and `users` recomputable from its shards.

    What no stage of the recipe made is null, or missing from `partitions`, `shares` and `copies`.
    """

    minimum: int  # users, or else rows, that a cell must have to be shown; 1: all cells are
    conversations: int
    messages: int
    users: int | None  # distinct keyed users of the released rows; null: no key, or too few
    turns: Distribution
    distinct: dict[str, int]  # models, languages, topics: how many there are; "unknown" is none
    partitions: dict[str, Cells]  # interval, day, model, language, topic, tokenizer… -> rows
    shares: dict[str, Cells]  # a yes-or-no question -> "true", "false", "" -> rows
    flags: list[Flag]
    redactions: list[Replaced]
    copies: dict[str, int | None]  # duplicates, near_duplicates that the rows stand for
    prompt_tokens: Distribution | None  # of each prompt, one message
    answer_tokens: Distribution | None
    prompt_frequency: Distribution | None  # conversations with the same prompts, over rows
    funnel: Funnel
