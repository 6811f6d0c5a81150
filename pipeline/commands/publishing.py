"""The words of `curate publish`."""

import argparse

MANUAL = """\
Look:     curate publish OUT --repo org/data --dry-run      every file that would change
Stage:    curate publish OUT --review-repo org/data-review  private; verified and tagged there
Approve:  curate publish OUT --approved-by 'Ann Lee'        signs off this very release
Promote:  curate publish OUT --review-repo org/data-review --repo org/data --promote
Without a review repository: curate publish OUT --repo org/data --approved-by 'Ann Lee'
Without a Hub:               curate publish OUT --target DIR --approved-by 'Ann Lee'
After `curate forget`:       curate publish OUT --repo org/data --take-down --approved-by 'Ann Lee'

One commit, refused if anyone else committed meanwhile; then read back, then tagged. Only files
that the release's manifest names are ever sent. The same command after a failure, or a kill,
goes on; after a success it changes nothing. The token comes from where the Hugging Face
libraries look for it (HF_TOKEN, `hf auth login`), the endpoint from HF_ENDPOINT.

Public is only what `curate verify` passes and a person approved by name, or, with --most, what a
review of this release (`curate review`) puts under that bound. Receipts: OUT/run/published/.
"""


def publish(parser: argparse.ArgumentParser) -> None:
    """Options of `curate publish`."""
    parser.formatter_class, parser.epilog = argparse.RawDescriptionHelpFormatter, MANUAL
    add = parser.add_argument
    add("release", help="the output folder of a run, or its release folder")
    add("--repo", metavar="ID", help="the dataset repository, namespace/name")
    add("--review-repo", metavar="ID", help="a private one, to look at first; made if missing")
    add("--promote", action="store_true", help="the same bytes, from --review-repo to --repo")
    add("--target", metavar="DIR", help="a folder instead of the Hub")
    add("--tag", help="default: year.week.0 of the last interval")
    add("--approved-by", metavar="NAME", help="who says that this release may be public")
    add("--most", type=float, metavar="SHARE", help="review's bound that is enough without that")
    add("--gated", choices=["auto", "manual"], help="readers ask for access first")
    add("--create", action="store_true", help="make --repo, public, if it is missing")
    add("--run", dest="run_folder", metavar="DIR", help="keeps receipts; default: beside release/")
    add(
        "--take-down", action="store_true", help="then erase what it forgot: shards, tags, for good"
    )
    add("--dry-run", action="store_true", help="list what would change; change nothing")
    add("--timeout", type=float, default=3600.0, metavar="S", help="seconds for all of it; 3600")
    add("--json", action="store_true", help="the receipt, or the difference, as JSON")
