"""The words of the reviewer's kit: `curate review`, `curate leaks`, `curate canaries`."""

import argparse

REVIEW = """\
Draw:     curate review OUT --size 300         writes OUT/run/review/queue.jsonl (private)
Judge:    in a copy of it, fill `left` of every line with the kinds of personal data that is still
          in `text`, [] for none; and `right` of every span: true if it was right to redact it.
          Of lines with `part: redacted` only the spans count. With --originals each span has
          what stood there as `was`: raw, so keep the copy as you keep OUT/run.
Or:       curate review OUT --serve --reviewer ann   the same in the browser, and duplicate pairs
          side by side; draws a queue if there is none; writes OUT/run/review/ann.jsonl.
Reckon:   curate review OUT --verdicts ann.jsonl [bob.jsonl] --most 0.01

Every message of the release has a known chance to be drawn. `proportional`: the same for all, so
the pooled Clopper-Pearson bound holds as it stands. `balanced`: strata share by the square root
of their size, and each verdict counts by its weight, the messages it stands for; the bound is
then that of as many messages as the weights are worth. The gate looks at the higher of both.
Of two reviewers, personal data is left if either says so; a redaction is right if both say so.
Precision counts each redacted value of a conversation once, however often it stands there.

exit code 1: the bound exceeds --most, or not all of the sample is judged.
"""
LEAKS = """\
Looks through all texts of a release with checks of its own, which share no rule with redact_pii.
What the policy keeps is no leak: kinds with `action: keep`, roles it does not look at, its allow
lists, values that many users wrote (with --run), our own surrogates (with a key), placeholders.
Prints places and kinds; values only with --show-raw on a terminal.

exit code 1: there are hits.
"""
CANARIES = """\
    curate canaries plant 'logs/**/*-conv.json*' --output planted --seed 1
    curate run release --input 'planted/**/*-conv.json*' --output out --id-key-file id.key
    curate canaries check out --truth planted/truth.jsonl --least 0.95

exit code of check: 1 if the recall of a kind is under --least.
"""


def review(parser: argparse.ArgumentParser) -> None:
    """Options of `curate review`."""
    _explained(parser, REVIEW)
    add = parser.add_argument
    add("output", help="the output folder of a finished run")
    add("--verdicts", nargs="+", metavar="FILE", help="the filled queues of one or two reviewers")
    add("--most", type=float, default=0.01, metavar="SHARE", help="bound that passes; 0.01")
    add("--size", type=int, default=300, metavar="N", help="messages to draw; 300")
    add("--redacted", type=int, default=100, metavar="N", help="further ones with redactions; 100")
    add("--seed", type=int, default=0, metavar="N", help="another seed, another sample")
    add("--allocation", choices=["proportional", "balanced"], default="proportional")
    add("--originals", action="store_true", help="write into each span what stood there, raw")
    add("--show", action="store_true", help="print the drawn texts; only on a terminal")
    add("--serve", action="store_true", help="judge in the browser: this machine only")
    add("--reviewer", default="reviewer", metavar="NAME", help="of the files of --serve's verdicts")
    add("--port", type=int, default=0, metavar="N", help="of --serve; default: any free one")
    add("--show-raw", action="store_true", help="--serve shows raw texts; only from a terminal")
    add("--json", action="store_true", help="the result as JSON")


def leaks(parser: argparse.ArgumentParser) -> None:
    """Options of `curate leaks`."""
    _explained(parser, LEAKS)
    add = parser.add_argument
    add("release", help="a release folder, or the output folder of a run, whose run/ helps then")
    add("--recipe", metavar="CONFIG", help="whose policy to know; default: the release's, by name")
    add("--run", metavar="DIR", help="its run folder, to know the values that are public")
    add("--id-key-file", metavar="FILE", help="the identity key, to know our surrogates")
    add("--show", type=int, default=50, metavar="N", help="hits to print; 50")
    add("--show-raw", action="store_true", help="print values; only on a terminal")
    add("--json", action="store_true", help="all hits as JSON lines, without values")


def canaries(parser: argparse.ArgumentParser) -> None:
    """Options of `curate canaries plant` and `check`."""
    _explained(parser, CANARIES)
    actions = parser.add_subparsers(dest="action", metavar="plant|check", required=True)
    add = actions.add_parser("plant", help="copy logs, with values of nobody in them").add_argument
    add("inputs", nargs="+", metavar="GLOB", help="raw logs; ** crosses folders")
    add("--output", required=True, metavar="DIR", help="gets the copies, and truth.jsonl")
    add("--seed", type=int, default=0, metavar="N")
    add("--share", type=float, default=0.1, metavar="SHARE", help="of the messages; 0.1")
    add = actions.add_parser("check", help="how many of them a run has found").add_argument
    add("output", help="the output folder of the run on the copies")
    add("--truth", required=True, metavar="FILE", help="what `plant` wrote")
    add("--least", type=float, default=0.9, metavar="SHARE", help="recall of each kind; 0.9")
    add("--kinds", nargs="+", metavar="KIND", help="look at these only")
    add("--json", action="store_true", help="as JSON; else Markdown")


def _explained(parser: argparse.ArgumentParser, manual: str) -> None:
    parser.formatter_class, parser.epilog = argparse.RawDescriptionHelpFormatter, manual
