"""`curate sample DIR`: synthetic raw logs to try things on."""

import argparse
from collections import Counter
from pathlib import Path

from pipeline.sample import logs


def run(args: argparse.Namespace) -> int:
    """Write the logs and say what was planted in them."""
    planted = logs.write(
        Path(args.directory),
        conversations=args.conversations,
        days=args.days,
        servers=args.servers,
        seed=args.seed,
        gzipped=args.gzip,
    )
    fates = Counter(one.fate for one in planted)
    said = ", ".join(f"{fate} {count:,}" for fate, count in fates.most_common())
    print(f"{args.directory}: {len(planted):,} synthetic conversations ({said})")
    return 0
