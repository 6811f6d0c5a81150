"""`curate report OUTPUT`: make the report of a finished run, and open it."""

import argparse
import sys
import webbrowser
from pathlib import Path

import msgspec
import pyarrow as pa

from pipeline import files
from pipeline.errors import CurationError, OutputError
from pipeline.folders import Folders
from pipeline.report import making

FAULTS = (CurationError, OSError, ValueError, LookupError, TypeError, AttributeError,
          pa.ArrowException, msgspec.MsgspecError)  # fmt: skip
"""What may go wrong with a report after a release; it is told, and the release stands."""


def run(args: argparse.Namespace) -> int:
    """Make the report and print where it is."""
    args.output = args.output.rstrip("/").removesuffix("/release")
    path = making.make(args.output, args.against, args.least, args.seed)
    print(path)
    if args.open:
        if not files.is_local(path):
            raise OutputError(f"{path} is not on this machine; copy run/report.html to open it")
        webbrowser.open(Path(path).absolute().as_uri())
    return 0


def after(output: str, former: str | None) -> str | None:
    """Make the report of a run that has just finished; whatever goes wrong, the release stands.

    Args:
        output: its output folder.
        former: an earlier one; compared with if it has a report.

    Returns:
        Where the report is; None if there is none.
    """
    has_report = former and files.exists(Folders(former).at(making.NUMBERS))
    against = former if has_report else None
    try:
        return making.make(output, against)
    except FAULTS as error:
        said = str(error) if isinstance(error, CurationError) else type(error).__name__
        sys.stderr.write(f"curate: the release is done, its report is not: {said}\n")
        return None
