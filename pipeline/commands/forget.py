"""`curate forget`: a finished run without some conversations, users or texts."""

import argparse

from pipeline import allocation, forgetting, progress, recipe
from pipeline import run as runs
from pipeline.commands.run import keyed
from pipeline.forgetting import Request


def run(args: argparse.Namespace) -> int:
    """Forget in each output folder; say how many lines are left out now."""
    made = keyed(recipe.load(args.config), args.id_key_file)
    name = args.config.rsplit("/", 1)[-1].removesuffix(".yaml")
    request = Request(args.conversation_id, args.user_handle, args.text_hash)
    allocation.keep_freed()
    for output in args.outputs:
        settings = runs.Settings(workers=args.workers, observe=progress.observer(as_json=args.json))
        manifest = forgetting.forget(made, name, output, request, settings)
        gone = manifest.books.quarantined.get("forgotten", 0)
        lost = manifest.books.dropped.get("conversations", {}).get("purged: no_text", 0)
        print(f"{output}: release {manifest.release.release}; {gone:,} lines are forgotten")
        if lost:
            print(f"{output}: {lost:,} copies cannot come back, for their texts were purged:")
            print(f"    {output}/run/dropped")
    return 0
