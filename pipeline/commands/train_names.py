"""`curate train-names --data FOLDER`: rebuild the model that finds names of persons."""

import argparse
import json
import sys
import time
from pathlib import Path

from pipeline.errors import InputError
from pipeline.pii.names import tagger, training


def add(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--data", required=True, type=Path, metavar="DIR", help="holds pii/*.jsonl")
    parser.add_argument(
        "--output", type=Path, default=tagger.place(), metavar="FILE", help="default: in place"
    )
    parser.add_argument(
        "--sentences", type=int, default=training.MADE, metavar="N", help="made from templates"
    )


def run(args: argparse.Namespace) -> int:
    """Fit the model, write it and model.json beside it, print its sizes."""
    missing = [file for file in training.FILES if not (args.data / file).is_file()]
    if missing:
        raise InputError(f"{args.data} lacks {', '.join(missing)}; see docs/names.md")
    begun = time.perf_counter()
    sizes = training.train(args.data, args.output, made=args.sentences)
    args.output.with_suffix(".json").write_text(json.dumps(sizes, indent=2) + "\n", "utf-8")
    print(json.dumps(sizes, indent=2))
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return 0
