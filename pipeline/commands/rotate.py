"""`curate rotate`: release the logs of an earlier run under a new identity key."""

import argparse

from pipeline import allocation, progress, recipe, rotating
from pipeline import run as runs
from pipeline.identity import KeySource
from pipeline.rotating import Wanted


def run(args: argparse.Namespace) -> int:
    """Make the new release; say which requests to forget go on under the new key."""
    made = recipe.load(args.config)
    name = args.config.rsplit("/", 1)[-1].removesuffix(".yaml")
    wanted = Wanted(
        args.before,
        args.input,
        args.output,
        KeySource(file=args.id_key_file),
        KeySource(file=args.new_key_file),
        is_linked=args.linked,
    )
    settings = runs.Settings(workers=args.workers, observe=progress.observer(as_json=args.json))
    allocation.keep_freed()
    manifest, done = rotating.rotate(made, name, wanted, settings)
    print(f"{args.output}: release {manifest.release.release}")
    print(f"key {done.before} -> {done.after}; {done.carried:,} tombstones go on under the new one")
    if done.left:
        print(f"{len(done.left):,} tombstones name nothing in these logs, so they are left behind:")
        print("    should such logs come, `curate forget` the ids again")
    if done.is_linked:
        print(f"old and new handles, private: {args.output}/run/{rotating.LINKS}")
    return 0
