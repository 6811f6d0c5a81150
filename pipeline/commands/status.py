"""`curate status DIR`: how far a run is."""

import argparse
import json
from typing import Any

import msgspec

from pipeline import files, lock
from pipeline.errors import LockedError, OutputError
from pipeline.folders import Folders
from schemas.manifest import JudgeReceipt, Plan, RunManifest


def run(args: argparse.Namespace) -> int:
    """Print what is done and what is left."""
    found = status(args.output)
    if args.json:
        print(json.dumps(found, indent=1))
        return 0
    print(f"{args.output}: recipe {found['recipe']}, {found['inputs']:,} inputs; {found['state']}")
    for phase, (done, units) in found["phases"].items():
        print(f"  {phase:6} {done:,} of {units if units is None else f'{units:,}'} units")
    if found["books"]:
        released = ", ".join(f"{n:,} {name}" for name, n in found["books"]["released"].items())
        print(f"  {found['books']['lines']:,} lines read, released {released}")
    return 0


def status(output: str) -> dict[str, Any]:
    """The state of an output folder, from its plan and receipts.

    Raises:
        OutputError: there is no run in it.
    """
    folders = Folders(output)
    if not files.exists(folders.at("plan.json")):
        raise OutputError(f"{output} holds no run")
    plan = files.read_record(folders.at("plan.json"), Plan)
    judged = None
    if files.exists(folders.receipt("judge", "all")):
        judged = files.read_record(folders.receipt("judge", "all"), JudgeReceipt)
    books = None
    if files.exists(folders.at("manifest.json")):
        manifest = files.read_record(folders.at("manifest.json"), RunManifest)
        books = msgspec.to_builtins(manifest.books)
    state = "finished" if books else "at work" if _is_locked(folders) else "interrupted"
    return {
        "recipe": plan.recipe_name,
        "inputs": len(plan.inputs),
        "state": state,
        "phases": {
            "stage": (len(files.names(folders.at("receipts", "stage"))), len(plan.units)),
            "judge": (int(judged is not None), 1),
            "write": (
                len(files.names(folders.at("receipts", "write"))),
                len(judged.shards) if judged else None,
            ),
        },
        "books": books,
    }


def _is_locked(folders: Folders) -> bool:
    try:
        with lock.held(folders):
            return False
    except LockedError:
        return True
