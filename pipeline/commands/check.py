"""`curate check CONFIG`: is the recipe sound?"""

import argparse

from pipeline import recipe


def run(args: argparse.Namespace) -> int:
    """Build the recipe, so that its faults show; print it in the order it works."""
    made = recipe.load(args.config)
    print(f"{args.config}: {len(made.stages)} stages, no faults, digest {made.digest()[:12]}")
    for phase, stages in (("stage", made.early), ("judge", made.keyed), ("write", made.late)):
        for stage in stages:
            print(f"  {phase:6} {stage.name}")
    return 0
