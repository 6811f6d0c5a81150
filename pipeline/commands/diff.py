"""`curate diff`: what a release has that another one has not, and whether that is chance."""

import argparse
import sys
from collections.abc import Iterator

import msgspec

from pipeline import differences
from schemas.difference import Difference, Drift


def run(args: argparse.Namespace) -> int:
    """Compare two releases; with --gate, 1 if a drift is beyond chance and not small."""
    before, after = differences.side(args.before), differences.side(args.after)
    found = differences.between(before, after)
    if args.json:
        sys.stdout.write(msgspec.json.encode(found, order="sorted").decode() + "\n")
    else:
        sys.stdout.writelines(line + "\n" for line in told(found, args.effect))
    return int(args.gate and bool(large(found, args.effect)))


def large(found: Difference, effect: float) -> list[Drift]:
    """The drifts that are beyond chance and not small."""
    return [one for one in found.drifts if one.is_beyond_chance and one.effect >= effect]


def told(found: Difference, effect: float) -> Iterator[str]:
    """The comparison in words."""
    yield f"{found.before} -> {found.after}"
    yield f"{found.same:>10,}  rows are the same ({found.unchanged_files} files byte for byte)"
    for verb, parts in (("came", found.came), ("went", found.went)):
        yield f"{sum(parts.values()):>10,}  rows {verb}"
        yield from (f"{rows:>20,}  {why}" for why, rows in parts.items())
    if found.changed:
        yield f"{max(found.changed.values()):>10,}  rows or more changed, in"
        yield from (f"{rows:>20,}  {column}" for column, rows in found.changed.items())
    for column, what in found.columns.items():
        yield f"    column {column}: {what}"
    yield from (f"    {said}" for said in found.requests)
    for name, (old, new) in found.made_by.items():
        yield f"    {name}: {old} -> {new}"
    for one in found.drifts:
        chance = "within chance"
        if one.is_beyond_chance:
            chance = "beyond chance" if one.effect >= effect else "beyond chance, but small"
        yield f"{one.column}: {chance} (p {one.p:.3g}, Cramer's V {one.effect:.3f})"
        for share in one.shares if one.is_beyond_chance and one.effect >= effect else ():
            yield f"{share.came:>10,}  that came, {share.before:,} before: {share.category}"
