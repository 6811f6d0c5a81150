"""`curate train-names --data FOLDER`: rebuild the model that finds names of persons."""

import argparse
import json
import sys
import time
from pathlib import Path

from pipeline.errors import InputError
from pipeline.pii.names import tagger, training


def run(args: argparse.Namespace) -> int:
    """Fit the model, write it and model.json beside it, print its sizes."""
    data, output = Path(args.data), Path(args.output or tagger.place())
    missing = [file for file in training.FILES if not (data / file).is_file()]
    if missing:
        raise InputError(f"{data} lacks {', '.join(missing)}; see docs/names.md")
    begun = time.perf_counter()
    sizes = training.train(data, output, made=args.sentences or training.MADE)
    output.with_suffix(".json").write_text(json.dumps(sizes, indent=2) + "\n", "utf-8")
    print(json.dumps(sizes, indent=2))
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return 0
