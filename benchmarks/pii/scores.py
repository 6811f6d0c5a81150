"""How good findings are beside labels: precision, recall, F1, F2.

A label is found if findings of its kind cover at least half of its code points; a finding is right
if labels of its kind, with what a detector may take with them, cover at least half of its own. So
neither a torn nor a bloated finding is counted twice. Secrets, passwords and addresses that carry
them are one kind here. A finding that lies mostly on a label of the kind `IGNORED` counts as
nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple, Self

from benchmarks.pii.labelled import IGNORED, Conversation, Span

POLICY = "policy"
"""Tag of conversations in which finds are right, and only a policy can forgive what is found."""
HALF = 0.5
CREDENTIALS = frozenset({"secret", "password", "url_secret"})


class Found(NamedTuple):
    """A finding: `messages[message][start:end]` in code points, its kind, and the rule's id."""

    message: int
    start: int
    end: int
    kind: str
    rule: str


Detect = Callable[[Sequence[str], Sequence[str]], list[Found]]
"""Messages and their roles -> what is found in them."""

Place = tuple[int, int, int]
"""Message, first code point, the one behind the last."""


@dataclass
class Tally:
    """Counts, and what follows from them.

    Attributes:
        labels: labelled spans.
        found: those that findings of their kind cover.
        exact: those that one finding of their kind matches to the sign.
        touched: those that findings of any kind cover.
        hits: findings.
        right: those that labels of their kind cover.
    """

    labels: int = 0
    found: int = 0
    exact: int = 0
    touched: int = 0
    hits: int = 0
    right: int = 0

    def __iadd__(self, other: Self) -> Self:
        """Add another's counts."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self

    @property
    def precision(self) -> float:
        """Share of findings that are right; not a number where nothing was found."""
        return self.right / self.hits if self.hits else float("nan")

    @property
    def recall(self) -> float:
        """Share of labels that are found."""
        return self.found / self.labels if self.labels else float("nan")

    def f(self, beta: float) -> float:
        """F-measure: recall counts `beta` times as much as precision."""
        if not self.labels or not self.hits:
            return 0.0 if self.labels else float("nan")
        p, r = self.precision, self.recall
        return (1 + beta**2) * p * r / (beta**2 * p + r) if p + r else 0.0


def place(one: Span | Found) -> Place:
    """Where a label or a finding stands."""
    return one.message, one.start, one.end


def reach(label: Span) -> Place:
    """Where a finding of a label may stand."""
    return label.message, label.start - label.before, label.end + label.behind


def is_same(one: str, other: str) -> bool:
    """Whether two kinds count as one."""
    return one == other or {one, other} <= CREDENTIALS


def covered(one: Place, others: Iterable[Place]) -> float:
    """Share of a place that others cover together."""
    signs = {
        at
        for message, start, end in others
        if message == one[0]
        for at in range(max(one[1], start), min(one[2], end))
    }
    return len(signs) / (one[2] - one[1])


def hits(labels: Sequence[Span], found: Sequence[Found]) -> Iterator[tuple[Found, bool]]:
    """Findings that count, and whether each is right."""
    ignored = [reach(label) for label in labels if label.kind == IGNORED]
    for hit in found:
        near = (reach(label) for label in labels if is_same(label.kind, hit.kind))
        is_right = covered(place(hit), near) >= HALF
        if is_right or covered(place(hit), ignored) < HALF:
            yield hit, is_right


def compared(labels: Sequence[Span], found: Sequence[Found]) -> dict[str, Tally]:
    """Tallies by kind of one conversation."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for label in labels:
        if label.kind == IGNORED:
            continue
        same = [place(hit) for hit in found if is_same(hit.kind, label.kind)]
        tallies[label.kind] += Tally(
            labels=1,
            found=covered(place(label), same) >= HALF,
            exact=place(label) in same or reach(label) in same,
            touched=covered(place(label), map(place, found)) >= HALF,
        )
    for hit, is_right in hits(labels, found):
        tallies[hit.kind] += Tally(hits=1, right=is_right)
    return tallies


@dataclass(frozen=True)
class Scores:
    """Tallies of a detector on a set.

    Attributes:
        by_kind: of each kind.
        by_language: of each language, all kinds together.
        alarmed: by tag of conversations without label: in how many anything was found, of how many.
    """

    by_kind: dict[str, Tally]
    by_language: dict[str, Tally]
    alarmed: dict[str, tuple[int, int]]

    @property
    def whole(self) -> Tally:
        """All kinds together."""
        total = Tally()
        for one in self.by_kind.values():
            total += one
        return total


def scored(conversations: Iterable[Conversation], detect: Detect) -> Scores:
    """Run a detector over a set; conversations for the policy count among the alarms alone."""
    by_kind: dict[str, Tally] = defaultdict(Tally)
    by_language: dict[str, Tally] = defaultdict(Tally)
    alarmed: dict[str, tuple[int, int]] = {}
    for one in conversations:
        found = detect(one.messages, one.roles)
        tallies = {} if POLICY in one.tags else compared(one.spans, found)
        for kind, tally in tallies.items():
            by_kind[kind] += tally
            by_language[one.language] += tally
        for tag in one.tags if not one.spans else ():
            some, of = alarmed.get(tag, (0, 0))
            alarmed[tag] = some + bool(found), of + 1
    return Scores(dict(by_kind), dict(by_language), alarmed)
