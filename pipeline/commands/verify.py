"""`curate verify RELEASE`: whether a release keeps its contract."""

import argparse
import sys

import msgspec

from pipeline import contract
from pipeline.contract.verifying import Verdict

FAILED = 1


def run(args: argparse.Namespace) -> int:
    """Print every fault in one line, or what was found to be in order."""
    verdict = contract.verify(args.release, args.signers)
    if args.json:
        sys.stdout.write(msgspec.json.encode(verdict, order="sorted").decode() + "\n")
    else:
        _tell(verdict)
    return 0 if verdict.is_kept else FAILED


def _tell(verdict: Verdict) -> None:
    for fault in verdict.faults:
        print(fault)
    if more := verdict.count - len(verdict.faults):
        print(f"and {more:,} more")
    if not verdict.is_kept:
        print(f"{verdict.count:,} faults: the release does not keep its contract")
        return
    for config, rows in verdict.configs.items():
        print(f"{rows:10,}  rows in {config}")
    print(f"{verdict.files:10,}  files read, {verdict.bytes / 1e6:,.1f} MB")
    print(f"{verdict.rules:10,}  rules kept")
