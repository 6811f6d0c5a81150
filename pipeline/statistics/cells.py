"""Cells that are too small to show: folded, so that no sum gives them away.

A name that fewer rows than the minimum have goes into `other`. If `other` were then a single name,
or had too few rows itself, its count would follow from the total; so the next smallest names go
with it, until it holds two names and enough rows (complementary suppression).

Source:
    Hundepool et al. 2012, "Statistical Disclosure Control", sections 4.2 and 4.3.
"""

from collections.abc import Mapping

from schemas.statistics import Bin, Cells, Distribution, Flag, Funnel, Replaced, Statistics

NAMES = 2


def folded(whole: Statistics, minimum: int) -> Statistics:
    """The statistics as they may be published: no cell of fewer than `minimum` conversations.

    Totals stay, and so do zeros: they are about nobody.
    """
    return Statistics(
        minimum=minimum,
        conversations=whole.conversations,
        messages=whole.messages,
        users=None if whole.users is None else _shown(whole.users, minimum),
        turns=_merged(whole.turns, minimum),
        distinct=whole.distinct,
        partitions=_partitions(whole.partitions, minimum),
        shares={name: fold(found.counts, minimum) for name, found in whole.shares.items()},
        flags=[_flag(flag, minimum) for flag in whole.flags],
        redactions=_replaced(whole.redactions, minimum),
        copies={name: _shown(count or 0, minimum) for name, count in whole.copies.items()},
        prompt_tokens=whole.prompt_tokens and _merged(whole.prompt_tokens, minimum),
        answer_tokens=whole.answer_tokens and _merged(whole.answer_tokens, minimum),
        prompt_frequency=whole.prompt_frequency and _merged(whole.prompt_frequency, minimum),
        funnel=Funnel(
            whole.funnel.lines,
            whole.funnel.absorbed,
            fold(whole.funnel.quarantined.counts, minimum),
            whole.funnel.staged,
            {table: fold(found.counts, minimum) for table, found in whole.funnel.dropped.items()},
            whole.funnel.held,
        ),
    )


def _partitions(whole: dict[str, Cells], minimum: int) -> dict[str, Cells]:
    """Days lie in intervals, whose totals would tell a folded day: all days are shown, or none."""
    found = {name: fold(cells.counts, minimum) for name, cells in whole.items()}
    if "day" in found and found["day"].folded:
        del found["day"]
    return found


def fold(counts: Mapping[str, int], minimum: int) -> Cells:
    """The cells of a partition with the small ones in `other`."""
    small = hidden(counts, minimum)
    return ordered(
        {name: count for name, count in counts.items() if name not in small},
        len(small - {""}),
        sum(counts[name] for name in small),
    )


def hidden(counts: Mapping[str, int], minimum: int) -> set[str]:
    """The names that must not be shown: those with few rows, and those that shield them."""
    ascending = sorted((count, name) for name, count in counts.items() if count)
    gone: set[str] = set()
    rows = 0
    for count, name in ascending:
        if count >= minimum and (not gone or (rows >= minimum and len(gone) >= NAMES)):
            break
        gone.add(name)
        rows += count
    return gone


def ordered(counts: Mapping[str, int], gone: int = 0, other: int = 0) -> Cells:
    """Cells with the largest first; equal ones by name."""
    descending = sorted(counts.items(), key=lambda cell: (-cell[1], cell[0]))
    return Cells(dict(descending), gone, other)


def _shown(count: int, minimum: int) -> int | None:
    return None if 0 < count < minimum else count


def _flag(flag: Flag, minimum: int) -> Flag:
    if _shown(flag.conversations or 0, minimum) is not None:
        return flag
    return Flag(flag.category, flag.role, flag.told, None, None)


def _replaced(found: list[Replaced], minimum: int) -> list[Replaced]:
    """Rare kinds as one; how many conversations have those is no sum, so it is not told."""
    small = hidden({one.kind: one.conversations or 0 for one in found}, minimum)
    kept = [one for one in found if one.kind not in small]
    rare = sum(one.values for one in found if one.kind in small)
    return [*kept, Replaced("", rare, None)] if small else kept


def _merged(whole: Distribution, minimum: int) -> Distribution:
    """Neighbouring bins become one until each has enough values; the first may stay alone."""
    merged: list[Bin] = []
    for one in reversed(whole.bins):
        if merged and merged[-1].count < minimum:
            last = merged.pop()
            merged.append(Bin(one.low, last.high, one.count + last.count))
        else:
            merged.append(one)
    if len(merged) > 1 and merged[-1].count < minimum:
        first, second = merged.pop(), merged.pop()
        merged.append(Bin(first.low, second.high, first.count + second.count))
    return Distribution(whole.count, whole.total, whole.quantiles, merged[::-1])
