"""What a release has that another one has not: `curate diff`. JSON, keys sorted, UTF-8."""

import msgspec


class Share(msgspec.Struct, frozen=True):
    """One category, in the rows of the first release and in the rows that came."""

    category: str
    before: int
    came: int


class Drift(msgspec.Struct, frozen=True):
    """Whether rows that came are spread over the categories of a column as those before."""

    column: str
    test: str  # chi-squared of independence
    p: float  # after Holm's correction for all columns
    effect: float  # Cramer's V, 0 to 1
    is_beyond_chance: bool
    shares: list[Share]  # categories that differ most first; small ones together


class Difference(msgspec.Struct, frozen=True):
    """Two releases, compared row by row."""

    before: str  # release ids
    after: str
    same: int  # rows
    came: dict[str, int]  # why -> rows
    went: dict[str, int]
    changed: dict[str, int]  # column -> rows
    columns: dict[str, str]  # column -> what became of it
    made_by: dict[str, list[str | None]]  # what differs in how they were made: [before, after]
    unchanged_files: int
    drifts: list[Drift]
    requests: list[str] = []  # what went on request, and whether what had gone stays away
