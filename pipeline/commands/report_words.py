"""The words of `curate report`."""

import argparse

LEAST = 5


def words(parser: argparse.ArgumentParser) -> None:
    """Options of `curate report`."""
    add = parser.add_argument
    add("output", help="the output folder of a finished run; gets run/report.html, .json, report/")
    add("--against", metavar="DIR", help="output folder of a former release: what has changed")
    add("--least", type=int, default=LEAST, metavar="N", help="behind each cell that is shown; 5")
    add("--seed", type=int, default=0, metavar="N", help="of the examples; another one, others")
    add("--open", action="store_true", help="show it in the browser")
