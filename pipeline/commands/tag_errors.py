"""`curate tag-errors RELEASE`: how many tags are null, by tag and reason."""

import argparse
import collections
import json

from pipeline import api, files, tag_errors
from pipeline.errors import InputError
from pipeline.folders import Folders


def run(args: argparse.Namespace) -> int:
    """Count, and print the counts; no text is read."""
    own = Folders(args.release.rstrip("/")).release
    place = own if files.exists(files.join(own, "manifest.json")) else args.release
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    rows = 0
    try:
        for batch in api.iterate_release(place, columns=[tag_errors.NAME]):
            counts.update(tag_errors.counted(batch[tag_errors.NAME]))
            rows += batch.num_rows
    except KeyError as error:
        raise InputError(f"{args.release} has no tags that can be null") from error
    if args.json:
        found: dict[str, dict[str, int]] = {}
        for (tag, reason), count in sorted(counts.items()):
            found.setdefault(tag, {})[reason] = count
        print(json.dumps({"conversations": rows, "null": found}, indent=1))
        return 0
    print(f"{rows:,} conversations; null, because:")
    for (tag, reason), count in sorted(counts.items(), key=lambda one: (one[0][0], -one[1])):
        print(f"{count:>10,}  {tag}: {reason}")
    return 0
