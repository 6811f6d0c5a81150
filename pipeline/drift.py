"""Whether the rows that came are spread as those before, or differ by more than chance."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from schemas.difference import Drift, Share

COLUMNS = (
    *("model", "language", "topic", "turn", "redacted", "flagged_user", "flagged_assistant"),
    *("jailbreak", "injection", "has_code", "high_frequency"),
)
"""Columns of few values that are compared, where a release has them."""
LEAST_EXPECTED = 5
"""Expected rows of a cell below which chi-squared says too much; such categories go together."""
LEVEL = 0.01
EFFECT = 0.1
"""Cramer's V below which a difference is small, however sure (Cohen 1988, chapter 7)."""
SHOWN = 5
OTHER, NOTHING = "(others)", "(none)"


class Spread:
    """Counts of categories in the rows before, and in those that came."""

    def __init__(self) -> None:
        self._before: dict[str, Counter[str]] = {}
        self._came: dict[str, Counter[str]] = {}

    def before(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Count rows of the first release."""
        for batch in batches:
            _count(batch, self._before)

    def came(self, batch: pa.RecordBatch) -> None:
        """Count rows that only the second release has."""
        _count(batch, self._came)

    def drifts(self) -> list[Drift]:
        """One test a column, the surest difference first; none where no rows came."""
        found = [
            tested(name, self._before[name], self._came[name])
            for name in COLUMNS
            if name in self._before and name in self._came
        ]
        return corrected([one for one in found if one is not None])


def _count(batch: pa.RecordBatch, counts: dict[str, Counter[str]]) -> None:
    if not batch.num_rows:
        return
    for name in COLUMNS:
        if name in batch.schema.names:
            named = pc.fill_null(pc.cast(batch[name], pa.string()), NOTHING)
            for one in pc.value_counts(named).to_pylist():
                counts.setdefault(name, Counter())[one["values"]] += one["counts"]


def tested(column: str, before: Counter[str], came: Counter[str]) -> Drift | None:
    """Chi-squared of independence of a category and being new; None: too few rows to tell.

    Conversations of one user are alike, so that the p of a release of few users is too small.

    Source:
        Pearson 1900; Cramer 1946, "Mathematical Methods of Statistics", section 21.9.
    """
    total, new = before.total() + came.total(), came.total()
    share = new / total
    small = {
        name
        for name in {*before, *came}
        if (before[name] + came[name]) * min(share, 1 - share) < LEAST_EXPECTED
    }
    names = sorted({*before, *came} - small)
    cells = [(name, before[name], came[name]) for name in names]
    old_rest, new_rest = (sum(counts[name] for name in small) for counts in (before, came))
    cells += [(OTHER, old_rest, new_rest)] if small else []
    table = np.array([[one[1] for one in cells], [one[2] for one in cells]])
    if len(cells) < 2 or not table.sum(axis=1).all():  # noqa: PLR2004 (of one category all is told)
        return None
    found = stats.chi2_contingency(table, correction=False)
    effect = float(np.sqrt(found.statistic / table.sum()))
    apart = np.abs(table[1] - found.expected_freq[1]) / np.sqrt(found.expected_freq[1])
    most = np.argsort(-apart, kind="stable")[:SHOWN]
    shares = [Share(*cells[at]) for at in most.tolist()]
    p = float(found.pvalue)
    return Drift(column, "chi-squared of independence", p, round(effect, 4), False, shares)  # noqa: FBT003


def corrected(found: list[Drift]) -> list[Drift]:
    """The same with p corrected for how many tests there are, and what is beyond chance.

    Source:
        Holm 1979, "A simple sequentially rejective multiple test procedure".
    """
    ordered = sorted(found, key=lambda one: (one.p, one.column))
    told: list[Drift] = []
    worst = 0.0
    for rank, one in enumerate(ordered):
        worst = max(worst, min(1.0, one.p * (len(ordered) - rank)))
        is_beyond = worst < LEVEL
        told.append(
            Drift(one.column, one.test, float(f"{worst:.3g}"), one.effect, is_beyond, one.shares)
        )
    return told
