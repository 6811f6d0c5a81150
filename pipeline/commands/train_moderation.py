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
    main, beside = [[Path(name) for name in names] for names in (args.data, args.beside)]
    missing = [str(path) for path in (*main, *beside) if not path.is_file()]
    if missing:
        raise InputError(f"no such file: {', '.join(missing)}")
    begun = time.perf_counter()
    read = examples.read(main, beside, args.most)
    try:
        made = training.fit(read)
    except ValueError as error:
        raise InputError(str(error)) from error
    training.write(made, Path(args.output))
    print(json.dumps(made.card, indent=2))
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return 0
