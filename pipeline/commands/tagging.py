"""The words of `curate train-hardness` and `curate tag-errors`."""

import argparse

MANUAL = """\
    curate train-hardness OUT --output hard.npz                        what a judge said in a run
    curate train-hardness OUT --judge server.yaml --output hard.npz    ask one about a sample
    in the recipe: - tag_hardness: {backend: heads, model: hard.npz}

server.yaml holds what a recipe has below `server`: model, base_url, budget_tokens... Answers are
kept in its `cache` folder, so the same command asks nothing twice. See docs/judges.md.
"""


def hardness(parser: argparse.ArgumentParser) -> None:
    """Options of `curate train-hardness`."""
    parser.formatter_class, parser.epilog = argparse.RawDescriptionHelpFormatter, MANUAL
    add = parser.add_argument
    add("release", nargs="*", help="release folders, or output folders of runs")
    add("--data", nargs="+", default=[], metavar="FILE", help="JSONL of `text` and `labels`")
    add("--judge", metavar="FILE", help="a server that labels a sample of each release")
    add("--sample", type=int, default=5000, metavar="N", help="prompts that it is asked; 5000")
    add("--output", required=True, metavar="FILE", help="an .npz; its card is put beside it")


def tag_errors(parser: argparse.ArgumentParser) -> None:
    """Options of `curate tag-errors`."""
    parser.add_argument("release", help="a release folder, or the output folder of a run")
    parser.add_argument("--json", action="store_true", help="as JSON")
