"""`curate train-moderation --data FILE...`: fit a moderation model to labelled texts."""

import argparse
import json
import sys
import time
from pathlib import Path

from pipeline.errors import InputError
from pipeline.moderation import examples, training


def run(args: argparse.Namespace) -> int:
    """Fit the model, write it and its card, print the card."""
    main, beside, harmless = [
        [Path(name) for name in names] for names in (args.data, args.beside, args.harmless)
    ]
    missing = [str(path) for path in (*main, *beside, *harmless) if not path.is_file()]
    if missing:
        raise InputError(f"no such file: {', '.join(missing)}")
    begun = time.perf_counter()
    read = examples.read(main, beside, harmless, args.most)
    try:
        made = training.fit(read, benign=args.benign)
    except ValueError as error:
        raise InputError(str(error)) from error
    training.write(made, Path(args.output))
    print(json.dumps(made.card, indent=2))
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return 0
