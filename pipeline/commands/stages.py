"""`curate stages`: what each stage does, reads, writes, and its options."""

import argparse
import inspect
import sys

import msgspec

from pipeline import recipe_schema
from pipeline.errors import RecipeError
from pipeline.stages import STAGES


def run(args: argparse.Namespace) -> int:
    """A table of all stages, the manual of one, or the JSON Schema of recipes."""
    if args.json_schema:
        text = msgspec.json.format(msgspec.json.encode(recipe_schema.schema()), indent=2)
        sys.stdout.write(text.decode() + "\n")
    elif args.stage:
        _manual(args.stage)
    else:
        for name, stage in STAGES.items():
            print(f"{name:26} {recipe_schema.summary(stage)}")
        print("\ncurate stages NAME shows the manual of one")
    return 0


def _manual(name: str) -> None:
    if name not in STAGES:
        raise RecipeError(f"no stage {name!r}; there are: {', '.join(STAGES)}")
    stage = STAGES[name]
    print(f"{name}\n\n{inspect.getdoc(stage)}\n")
    print(f"tables   {', '.join(stage.tables)}")
    print(f"reads    {', '.join(stage.reads)}")
    print(f"writes   {', '.join(stage.writes) or '-'}")
    print(f"reasons  {', '.join(stage.reasons) or '-'}")
    for option, default, values in recipe_schema.options(stage):
        print(f"option   {option} = {default}    {values}")
