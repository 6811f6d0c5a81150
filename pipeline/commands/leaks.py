"""`curate leaks RELEASE`: is there personal data in a finished release?"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from pipeline import files, leaks
from pipeline.errors import RecipeError
from pipeline.folders import Folders
from pipeline.leaks import Hit

FOUND = 1
SHOWN_CHARS = 80


def run(args: argparse.Namespace) -> int:
    """Print where the hits are, and how many of each kind."""
    if args.show_raw and not sys.stdout.isatty():
        raise RecipeError("--show-raw shows unredacted values; it works only on a terminal")
    if files.exists(files.join(args.release, "release", "manifest.json")):
        folders = Folders(args.release)
        args.release, args.run = folders.release, args.run or folders.run
    told = leaks.known(args.release, args.recipe, args.run, args.id_key_file)
    hits = leaks.scan(args.release, told)
    if args.json:
        counts = _json(hits)
    else:
        counts = _printed(hits, args.show, is_raw=args.show_raw)
        if not told.is_sure:
            print("the recipe is not known for sure; --recipe names it. Its policy was taken to be")
            print("that of the recipe of this name, or the preset `release`")
        if told.is_believing:
            print("surrogates were taken for ours; with --id-key-file they are checked")
        print(f"{args.release}: {sum(counts.values()):,} hits")
        for (kind, check), count in counts.most_common():
            print(f"{count:>8,}  {kind}: {check}")
    return FOUND if counts else 0


def _json(hits: Iterator[Hit]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for hit in hits:
        counts[hit.kind, hit.check] += hit.count
        shown = {name: value for name, value in vars(hit).items() if name != "values"}
        print(json.dumps(shown))
    return counts


def _printed(hits: Iterator[Hit], most: int, *, is_raw: bool) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    first = list(islice(hits, most))
    for hit in first:
        print(f"{hit.file} row {hit.row} message {hit.message} ({hit.role}): ", end="")
        print(f"{hit.kind}, {hit.check}, {hit.count}")
        for value in hit.values if is_raw else ():
            print(f"    {value[:SHOWN_CHARS]!r}")
    for group in (first, hits):
        for hit in group:
            counts[hit.kind, hit.check] += hit.count
    return counts
