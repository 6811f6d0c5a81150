"""The words of `curate forget`."""

import argparse
import os


def words(command: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    add = command.add_argument
    add("config", help="the recipe of the run: a file, or the name of a shipped one")
    add("outputs", nargs="+", metavar="DIR", help="output folders; each is made anew, in place")
    add("--conversation-id", nargs="+", default=[], metavar="ID")
    add("--user-handle", nargs="+", default=[], metavar="HANDLE", help="as in the column user_id")
    add("--text-hash", nargs="+", default=[], metavar="SHA256", help="of a message, in hexadecimal")
    add("--id-key-file", metavar="FILE", help="the identity key; else from $CURATE_ID_KEY")
    add("--workers", type=int, default=os.cpu_count(), metavar="N", help="processes at most")
    add("--json", action="store_true", help="progress (stderr) as JSON")
