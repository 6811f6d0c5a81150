"""`curate purge`: remove private files that are no longer needed."""

import argparse

from pipeline import retention


def run(args: argparse.Namespace) -> int:
    """Purge each folder; say what went."""
    for output in args.outputs:
        gone = retention.purge(
            output,
            "everything" if args.everything else "texts",
            days=args.older_than,
            published=args.published,
            dry=args.dry_run,
        )
        verb = "would remove" if args.dry_run else "removed"
        size, count = sum(one.bytes for one in gone), sum(one.files for one in gone)
        print(f"{output}: {verb} {count:,} private files, {size / 1e6:,.1f} MB")
        for one in gone:
            print(f"  {one.bytes / 1e6:>10,.1f} MB  {one.files:>6,} files  run/{one.path}")
        if gone and not args.everything:
            print("  a later release goes on from what is left; rows that change need their logs")
    return 0
