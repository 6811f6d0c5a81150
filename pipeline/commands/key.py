"""`curate key FILE`: a new identity key."""

import argparse
from pathlib import Path

from pipeline import identity


def run(args: argparse.Namespace) -> int:
    """Write the key and say how it is used."""
    path = Path(args.file)
    identity.new_key(path)
    print(f"{path}: a new key of 256 bits, readable by you only; keep it out of version control")
    print(f"use it with --id-key-file {path}")
    return 0
