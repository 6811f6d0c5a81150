"""`curate sign OUT --key FILE`: sign the manifest of a release by OpenSSH."""

import argparse

from pipeline import contract, files
from pipeline.contract import signature
from pipeline.errors import UnfitError
from pipeline.folders import Folders


def run(args: argparse.Namespace) -> int:
    """Sign a release that keeps its contract; says where the signature is."""
    inner = Folders(args.release.rstrip("/")).release
    release = inner if files.exists(inner) else args.release.rstrip("/")
    verdict = contract.verify(release)
    if not verdict.is_kept:
        raise UnfitError(f"{release} fails `curate verify`, {verdict.count:,} faults: not signed")
    print(signature.sign(release, args.key))
    return 0
