"""The words of `curate forget`, `purge`, `diff`, `anomalies`, `sign` and `rotate`."""

import argparse
import os


def forget(command: argparse.ArgumentParser) -> None:
    """The words of `curate forget`."""
    add = command.add_argument
    add("config", help="the recipe of the run: a file, or the name of a shipped one")
    add("outputs", nargs="+", metavar="DIR", help="output folders; each is made anew, in place")
    add("--conversation-id", nargs="+", default=[], metavar="ID")
    add("--user-handle", nargs="+", default=[], metavar="HANDLE", help="as in the column user_id")
    add("--text-hash", nargs="+", default=[], metavar="SHA256", help="of a message, in hexadecimal")
    add("--id-key-file", metavar="FILE", help="the identity key; else from $CURATE_ID_KEY")
    add("--workers", type=int, default=os.cpu_count(), metavar="N", help="processes at most")
    add("--json", action="store_true", help="progress (stderr) as JSON")


def purge(command: argparse.ArgumentParser) -> None:
    """The words of `curate purge`."""
    add = command.add_argument
    add("outputs", nargs="+", metavar="DIR", help="output folders of finished runs")
    add("--older-than", type=float, metavar="DAYS", help="only runs finished so long ago")
    add("--published", action="store_true", help="only runs whose release was published")
    add("--everything", action="store_true", help="also what a later release would go on from")
    add("--dry-run", action="store_true", help="say what would go; remove nothing")


def diff(command: argparse.ArgumentParser) -> None:
    """The words of `curate diff`."""
    add = command.add_argument
    add("before", help="a release, or the output folder of its run")
    add("after", help="a later one")
    add("--gate", action="store_true", help="fail (1) if a drift is beyond chance and not small")
    add("--effect", type=float, default=0.1, metavar="V", help="Cramer's V that is not small; 0.1")
    add("--json", action="store_true", help="the comparison as JSON")


def anomalies(command: argparse.ArgumentParser) -> None:
    """The words of `curate anomalies`."""
    add = command.add_argument
    add("output", metavar="DIR", help="the output folder of a finished run of several intervals")
    add("--spreads", type=float, default=4.0, metavar="N", help="standard deviations; 4")
    add("--least", type=float, default=0.02, metavar="SHARE", help="smaller differences pass; 0.02")
    add("--json", action="store_true", help="the rates as JSON")


def sign(command: argparse.ArgumentParser) -> None:
    """The words of `curate sign`."""
    add = command.add_argument
    add("release", help="the output folder of a run, or its release folder")
    add(
        "--key",
        required=True,
        metavar="FILE",
        help="an OpenSSH key; or the public one of an agent's",
    )


def rotate(command: argparse.ArgumentParser) -> None:
    """The words of `curate rotate`."""
    add = command.add_argument
    add("config", help="the recipe: a file, or the name of a shipped one")
    add("before", metavar="DIR", help="the output folder of a run under the old key")
    add("--input", nargs="+", required=True, metavar="GLOB", help="all logs that it was made of")
    add("--output", required=True, metavar="DIR", help="a new folder for the release")
    add("--id-key-file", required=True, metavar="FILE", help="the old key")
    add("--new-key-file", required=True, metavar="FILE", help="the new one; see `curate key`")
    add("--linked", action="store_true", help="keep a private map of old and new handles")
    add("--workers", type=int, default=os.cpu_count(), metavar="N", help="processes at most")
    add("--json", action="store_true", help="progress (stderr) as JSON")
