"""Cells that are too small to show: folded, so that no sum gives them away.

A name behind which fewer users than the minimum stand goes into `other`. If `other` were then a
single name, or had too few users itself, its count would follow from the total; so the next
smallest names go with it, until it holds two names and enough users (complementary suppression).
Where users are not known, rows stand for them.

Source:
    Hundepool et al. 2012, "Statistical Disclosure Control", sections 4.2 and 4.3.
"""

from collections.abc import Mapping, Sequence

from msgspec import UNSET, UnsetType

from pipeline.statistics.crowds import Crowds
from schemas.manifest import Redactions
from schemas.statistics import Bin, Cells, Distribution, Flag, Funnel, Replaced, Statistics, Users

NAMES = 2
OTHER = "other"
Known = Mapping[str, Users] | UnsetType


def folded(whole: Statistics, minimum: int) -> Statistics:
    """The statistics as they may be published: no cell of fewer than `minimum` users.

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
        shares={name: fold(f.counts, minimum, f.users) for name, f in whole.shares.items()},
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
    found = {name: fold(cells.counts, minimum, cells.users) for name, cells in whole.items()}
    if "day" in found and found["day"].folded:
        del found["day"]
    return found


def fold(counts: Mapping[str, int], minimum: int, users: Known = UNSET) -> Cells:
    """The cells of a partition with the small ones in `other`."""
    small = hidden(counts, minimum, users)
    return ordered(
        {name: count for name, count in counts.items() if name not in small},
        len(small - {""}),
        sum(counts[name] for name in small),
    )


def hidden(counts: Mapping[str, int], minimum: int, users: Known = UNSET) -> set[str]:
    """The names that must not be shown: those with few users, and those that shield them.

    Args:
        counts: name -> rows.
        minimum: users, or rows where users are not known; 1 hides nothing.
        users: of the same names, as `Crowds.together` counts them.
    """
    known = {} if users is UNSET or minimum <= 1 else users
    own = {name: known.get(name, (0, 0))[0] if known else count for name, count in counts.items()}
    gone: set[str] = set()
    rows = together = 0
    for name in sorted(filter(counts.get, counts), key=lambda one: (own[one], counts[one], one)):
        is_enough = not gone or (together >= minimum and len(gone) >= NAMES)
        if own[name] >= minimum and is_enough:
            break
        gone.add(name)
        rows += counts[name]
        together = known.get(name, (0, 0))[1] if known else rows
    return gone


def ordered(counts: Mapping[str, int], gone: int = 0, other: int = 0) -> Cells:
    """Cells with the largest first; equal ones by name."""
    descending = sorted(counts.items(), key=lambda cell: (-cell[1], cell[0]))
    return Cells(dict(descending), gone, other)


def languages(told: Sequence[Redactions], minimum: int, crowds: Crowds | None) -> list[Redactions]:
    """Counts of redactions with rare languages as one, `other`, within each kind, rule and role.

    Args:
        told: as the shards were written.
        minimum: users, or redactions where users are not known.
        crowds: the users behind `who` of each entry.
    """
    parts: dict[tuple[str, ...], list[Redactions]] = {}
    for one in told:
        parts.setdefault((one.kind, one.rule, one.role, one.action), []).append(one)
    found: list[Redactions] = []
    for (kind, rule, role, action), group in parts.items():
        counts = {who(kind, rule, role, one.language): one.count for one in group}
        small = hidden(counts, minimum, crowds.together(counts) if crowds else UNSET)
        rare = [one for one in group if who(kind, rule, role, one.language) in small]
        found += [one for one in group if one not in rare]
        if rare:
            found.append(Redactions(kind, rule, role, OTHER, action, sum(r.count for r in rare)))
    return sorted(found)


def who(kind: str, rule: str, role: str, language: str) -> str:
    """The name of a cell of redactions."""
    return f"{kind}\0{rule}\0{role}\0{language}"


def _shown(count: int, minimum: int) -> int | None:
    return None if 0 < count < minimum else count


def _flag(flag: Flag, minimum: int) -> Flag:
    has = flag.conversations or 0
    behind = has if flag.users is UNSET or minimum <= 1 else flag.users
    if has and behind < minimum:
        return Flag(flag.category, flag.role, flag.told, None, None)
    return Flag(flag.category, flag.role, flag.told, flag.messages, flag.conversations)


def behind(found: Sequence[Replaced]) -> Known:
    """The users behind kinds of redactions, if they are known."""
    users = {one.kind: one.users for one in found if one.users is not UNSET}
    return users if len(users) == len(found) else UNSET


def _replaced(found: list[Replaced], minimum: int) -> list[Replaced]:
    """Rare kinds as one; how many conversations have those is no sum, so it is not told."""
    small = hidden({one.kind: one.conversations or 0 for one in found}, minimum, behind(found))
    kept = [Replaced(o.kind, o.values, o.conversations) for o in found if o.kind not in small]
    rare = sum(one.values for one in found if one.kind in small)
    return [*kept, Replaced("", rare, None)] if small else kept


def _merged(whole: Distribution, minimum: int) -> Distribution:
    """Neighbouring bins become one until each has enough users; the first may stay alone.

    Of merged bins it is only known that they have as many users as the larger one.
    """
    merged: list[Bin] = []
    for one in reversed(whole.bins):
        if merged and _is_small(merged[-1], minimum):
            merged.append(_one(one, merged.pop()))
        else:
            merged.append(one)
    if len(merged) > 1 and _is_small(merged[-1], minimum):
        first, second = merged.pop(), merged.pop()
        merged.append(_one(first, second))
    bins = [Bin(one.low, one.high, one.count) for one in merged[::-1]]
    return Distribution(whole.count, whole.total, whole.quantiles, bins)


def _is_small(one: Bin, minimum: int) -> bool:
    return one.count < minimum or (one.users is not UNSET and 1 < minimum > one.users)


def _one(low: Bin, high: Bin) -> Bin:
    counted = [one.users for one in (low, high) if one.users is not UNSET]
    return Bin(low.low, high.high, low.count + high.count, max(counted, default=UNSET))
