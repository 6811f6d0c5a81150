"""`curate try STAGE FILE`: one stage on one log, and what it changes."""

import argparse
import sys

import yaml

from pipeline import recipe, trial
from pipeline.errors import RecipeError

SHOWN_CHARS = 300


def run(args: argparse.Namespace) -> int:
    """Print counts and some changed rows; texts only with --show-raw on a terminal."""
    if args.show_raw and not sys.stdout.isatty():
        raise RecipeError("--show-raw shows unredacted text; it works only on a terminal")
    options = dict(_option(text) for text in args.option)
    (stage,) = recipe.build({"stages": [{args.stage: options}]}, where="command line").stages
    found = trial.attempt(stage, args.file, args.limit, args.show)
    print(f"{stage.name} on {args.file}")
    for table, rows in found.rows.items():
        print(f"{rows:>10,}  {table}")
    for reason, rows in found.dropped.items():
        print(f"{rows:>10,}  dropped: {reason}")
    for column, rows in found.changed.items():
        print(f"{rows:>10,}  rows with another {column}")
    for change in found.changes:
        print(f"{change.table} {change.conversation_id}")
        for column, (before, after) in change.what.items():
            print(f"  {column}: {_shown(column, before, after, is_raw=args.show_raw)}")
    return 0


def _option(text: str) -> tuple[str, object]:
    name, equals, value = text.partition("=")
    if not equals:
        raise RecipeError(f"--option {text}: expected NAME=VALUE")
    return name, yaml.safe_load(value)


def _shown(column: str, before: object, after: object, *, is_raw: bool) -> str:
    if column.startswith("conversation") and not is_raw:
        return "text changed; --show-raw shows it on a terminal"
    return f"{str(before)[:SHOWN_CHARS]} -> {str(after)[:SHOWN_CHARS]}"
