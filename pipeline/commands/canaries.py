"""`curate canaries plant` and `check`: known values in, known values out."""

import argparse
from collections.abc import Iterator

import msgspec

from pipeline import canaries
from pipeline.audit.planting import Planter
from pipeline.canaries import Recall
from pipeline.errors import RecipeError
from pipeline.pii.kinds import KINDS

TOO_LOW = 1


def run(args: argparse.Namespace) -> int:
    """Plant them, or count what is left of them."""
    return _plant(args) if args.action == "plant" else _check(args)


def _plant(args: argparse.Namespace) -> int:
    made = canaries.plant(args.inputs, args.output, Planter(args.seed, args.share))
    print(f"{args.output}: {made.files:,} files, {made.lines:,} lines, {made.left_out:,} left out")
    print(
        f"{len(made.canaries):,} canaries; what they are: {args.output}/{canaries.TRUTH} (private)"
    )
    return 0


def _check(args: argparse.Namespace) -> int:
    wrong = [kind for kind in args.kinds or () if kind not in KINDS]
    if wrong:
        raise RecipeError(f"--kinds: no {', '.join(wrong)}; there are: {', '.join(KINDS)}")
    planted = canaries.truth(args.truth)
    wanted = [canary for canary in planted if not args.kinds or canary.kind in args.kinds]
    found = canaries.check(args.output.rstrip("/").removesuffix("/release"), wanted)
    low = [
        kind
        for kind, share in found.by.get("kind", {}).items()
        if share.hits < args.least * share.of
    ]
    if args.json:
        print(msgspec.json.encode(found).decode())
    else:
        print("\n".join(told(found)))
        if low:
            print(f"\nunder {args.least}: {', '.join(low)}")
    return TOO_LOW if low or not found.released else 0


def told(found: Recall) -> Iterator[str]:
    """Recall as Markdown tables."""
    yield f"{found.planted:,} canaries, {found.released:,} in the release, {len(found.left):,} left"
    for dimension, names in found.by.items():
        yield f"\n| {dimension} | found | of | recall | at least (95 %) |\n|---|---|---|---|---|"
        for name, share in names.items():
            recall = share.hits / share.of
            yield f"| {name} | {share.hits:,} | {share.of:,} | {recall:.3f} | {share.bound:.3f} |"
