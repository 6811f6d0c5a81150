"""Cells that are too small cannot be seen, nor be reckoned from the others."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import cells
from schemas.statistics import Bin, Cells, Distribution, Flag, Funnel, Replaced, Statistics

COUNTS = st.dictionaries(st.text("abcdef", max_size=3), st.integers(0, 40), max_size=12)
MINIMUM = 10


@given(COUNTS)
def test_no_small_cell_can_be_seen_or_reckoned(counts: dict[str, int]) -> None:
    """A cell shows 0 or enough rows; what is folded is several names and enough rows, or all."""
    found = cells.fold(counts, MINIMUM)

    assert found.total == sum(counts.values())
    assert all(count == 0 or count >= MINIMUM for count in found.counts.values())
    gone = [name for name in counts if name not in found.counts]
    assert found.other == sum(counts[name] for name in gone)
    shown = [name for name, count in found.counts.items() if count]
    assert not gone or not shown or (len(gone) >= 2 and found.other >= MINIMUM)


@given(COUNTS)
def test_folding_takes_no_more_than_it_must(counts: dict[str, int]) -> None:
    """Where every cell has enough rows nothing is folded; a minimum of 1 folds nothing."""
    enough = {name: count for name, count in counts.items() if not 0 < count < MINIMUM}

    assert cells.fold(enough, MINIMUM).counts == enough
    assert cells.fold(counts, 1).counts == counts


def test_a_single_small_cell_takes_the_next_with_it() -> None:
    """3 would follow from the total of 153, so the next smallest cell shields it."""
    found = cells.fold({"en": 100, "de": 50, "is": 3}, MINIMUM)

    assert found == Cells({"en": 100}, folded=2, other=53)


def test_cells_stand_by_size_and_null_is_no_name() -> None:
    """The largest comes first, equal ones by name; null is a cell but not a name that is folded."""
    found = cells.ordered({"b": 20, "": 30, "a": 20})

    assert list(found.counts) == ["", "a", "b"]
    assert cells.fold({"a": 90, "b": 80, "c": 2, "": 1}, MINIMUM) == Cells({"a": 90}, 2, 83)


def _whole(days: dict[str, int], bins: list[Bin]) -> Statistics:
    spread = Distribution(sum(one.count for one in bins), 0, {}, bins)
    return Statistics(
        minimum=1,
        conversations=100,
        messages=200,
        users=4,
        turns=spread,
        distinct={},
        partitions={"interval": cells.ordered({"2023-W25": 60}), "day": cells.ordered(days)},
        shares={"jailbreak": cells.ordered({"true": 3, "false": 97})},
        flags=[Flag("hate", "user", 100, 12, 4), Flag("sexual", "user", 100, 0, 0)],
        redactions=[Replaced("email", 90, 20), Replaced("card", 30, 2), Replaced("iban", 5, 5)],
        copies={"duplicates": 9, "near_duplicates": 0},
        prompt_tokens=None,
        answer_tokens=None,
        prompt_frequency=None,
        funnel=Funnel(
            300,
            0,
            cells.ordered({"csam": 1, "vision": 20, "blank": 12}),
            {"conversations": 280},
            {"conversations": cells.ordered({"drop_flagged: sexual/minors": 2})},
            {},
        ),
    )


def test_all_that_is_published_is_folded() -> None:
    """Users, shares, flags, redactions, copies and the funnel hide what too few rows have."""
    found = cells.folded(_whole({"2023-06-24": 30, "2023-06-25": 30}, []), MINIMUM)

    assert found.users is None
    assert found.shares["jailbreak"] == Cells({}, 2, 100)
    assert found.flags == [Flag("hate", "user", 100, None, None), Flag("sexual", "user", 100, 0, 0)]
    assert found.redactions == [Replaced("", 125, None)]
    assert found.copies == {"duplicates": None, "near_duplicates": 0}
    assert found.funnel.quarantined == Cells({"vision": 20}, 2, 13)
    assert found.funnel.dropped["conversations"] == Cells({}, 1, 2)
    assert "day" in found.partitions


def test_a_small_day_hides_all_days() -> None:
    """Days add up to weeks: a folded day would follow from its week, so no day is told."""
    found = cells.folded(_whole({"2023-06-24": 55, "2023-06-25": 5}, []), MINIMUM)

    assert "day" not in found.partitions
    assert "interval" in found.partitions


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12))
def test_bins_merge_until_they_hold_enough(counts: list[int]) -> None:
    """Merged bins keep every value, touch each other, and none but a lone one is small."""
    bins = [Bin(1 << at, (2 << at) - 1, count) for at, count in enumerate(counts)]

    merged = cells.folded(_whole({}, bins), MINIMUM).turns.bins

    assert sum(one.count for one in merged) == sum(counts)
    assert [(one.low, one.high) for one in merged] == sorted((o.low, o.high) for o in merged)
    assert all(a.high + 1 == b.low for a, b in itertools.pairwise(merged))
    assert (merged[0].low, merged[-1].high) == (bins[0].low, bins[-1].high)
    assert len(merged) == 1 or all(one.count >= MINIMUM for one in merged)
