"""The words of `curate topics`."""

import argparse

MANUAL = """\
    curate topics fit OUT --output topics.model --topics 20
    curate topics show topics.model
    in the recipe: - tag_topics: {model: topics.model}
    curate topics drift topics.model LATER --most 0.1
    curate topics crosswalk topics.model newer.model LATER

Reads released, redacted texts. A model never changes: its id is a digest of it. A topic with fewer
users or conversations than --min-users and --min-conversations is folded into `other`, and no word
of fewer users is in a model. Users are known from `user_id`, if that is released, or from the run
folder, if RELEASE is the output folder of a run; otherwise say --min-users 0. See docs/topics.md.

exit code of drift: 1 if the divergence is above --most.
"""
RELEASE = "a release folder, or the output folder of a run"


def topics(parser: argparse.ArgumentParser) -> None:
    """Options of `curate topics`."""
    parser.formatter_class, parser.epilog = argparse.RawDescriptionHelpFormatter, MANUAL
    actions = parser.add_subparsers(
        dest="action", metavar="fit|show|drift|crosswalk", required=True
    )
    _fit(actions.add_parser("fit", help="make a model from a sample of a release"))
    made = actions.add_parser("show", help="topics of a model: sizes, labels, terms")
    made.add_argument("model")
    made.add_argument("--json", action="store_true", help="as JSON")
    made = actions.add_parser("drift", help="how a release differs from what a model was made from")
    made.add_argument("model")
    made.add_argument("release", help=RELEASE)
    made.add_argument("--most", type=float, default=0.1, metavar="BITS", help="that passes; 0.1")
    made.add_argument("--json", action="store_true", help="as JSON")
    made = actions.add_parser("crosswalk", help="which new topics the old ones went to")
    made.add_argument("old")
    made.add_argument("new")
    made.add_argument("release", help=RELEASE)
    made.add_argument("--json", action="store_true", help="as JSON")


def _fit(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("release", help=RELEASE)
    add("--output", required=True, metavar="MODEL", help="a new folder")
    add("--topics", type=int, default=20, metavar="K", help="before small ones are folded; 20")
    add("--seed", type=int, default=0, metavar="N", help="of the sample and of all that is random")
    add("--sample", type=int, default=50_000, metavar="N", help="conversations; 50,000")
    add("--labels", metavar="FILE", help="JSONL of `label` and `text` or `conversation_id`")
    add("--judge", metavar="FILE", help="a server that gives titles; see docs/judges.md")
    add("--vectors", metavar="PATH", help="vectors of words from elsewhere; see docs/topics.md")
    add("--others", type=float, default=0.05, metavar="SHARE", help="far from all topics; 0.05")
    add("--min-users", type=int, default=5, metavar="N", help="of a topic and of a word; 5")
    add("--min-conversations", type=int, default=20, metavar="N", help="of a topic; 20")
    add("--keep-languages", action="store_true", help="leave in what tells languages")
    add("--json", action="store_true", help="the model's card as JSON")
