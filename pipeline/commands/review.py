"""`curate review OUTPUT`: draw messages for a reviewer, or say what the verdicts mean."""

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Iterator

import msgspec

from pipeline import files, review
from pipeline.audit.queue import Item, Result, Share
from pipeline.errors import RecipeError
from pipeline.folders import Folders
from pipeline.reviewing.desk import Desk
from pipeline.reviewing.server import Server

NOT_PASSED = 1


def run(args: argparse.Namespace) -> int:
    """Draw the queue, or reckon its verdicts."""
    args.output = args.output.rstrip("/").removesuffix("/release")
    if args.show and not sys.stdout.isatty():
        raise RecipeError("--show shows texts of users; it works only on a terminal")
    if args.serve:
        return _serve(args)
    if args.verdicts is None:
        return _draw(args)
    if len(args.verdicts) > len("ab"):
        raise RecipeError("--verdicts: give the files of one or two reviewers")
    result = review.judge(args.output, args.verdicts)
    if args.json:
        print(msgspec.json.encode(result).decode())
    else:
        sys.stdout.writelines(line + "\n" for line in told(result, args.most))
    return 0 if result.is_complete and result.bound <= args.most else NOT_PASSED


def _draw(args: argparse.Namespace) -> int:
    asked = review.Asked(
        args.size, args.redacted, args.seed, args.allocation, originals=args.originals
    )
    drawn, items = review.draw(args.output, asked)
    parts = Counter(item.part for item in items)
    where = f"{args.output}/run/review/{review.QUEUE}"
    print(
        f"{where}: {parts['sample']:,} of {drawn.messages:,} messages, {len(drawn.strata)} strata"
    )
    print(f"{parts['redacted']:,} more with redactions, for precision")
    for dimension in ("language", "role", "length", "cue"):
        found = Counter(i.stratum[dimension] for i in items if i.part == "sample")
        print(f"  {dimension:8} " + ", ".join(f"{name} {n}" for name, n in found.most_common()))
    if args.show:
        sys.stdout.writelines(_shown(item) + "\n" for item in items)
    return 0


def _serve(args: argparse.Namespace) -> int:
    """Serve the reviewer's desk until interrupted."""
    if args.show_raw and not sys.stdout.isatty():
        raise RecipeError("--show-raw shows texts of users; it works only from a terminal")
    if not files.exists(Folders(args.output).at("review", review.SAMPLE)):
        _draw(args)
    with Server(Desk(args.output, args.reviewer, raw=args.show_raw), args.port) as server:
        print(f"{server.url}\nfor you alone, on this machine; Ctrl-C ends it", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    print(f"verdicts: {server.desk.path}")
    return 0


def _shown(item: Item) -> str:
    """A text with its redactions in brackets; control characters do not reach the terminal."""
    pieces, at = [], 0
    for span in sorted(item.spans, key=lambda span: span.start):
        pieces += [item.text[at : span.start], "⟦", item.text[span.start : span.end], "⟧"]
        at = span.end
    text = "".join(pieces) + item.text[at:]
    plain = "".join(sign if sign.isprintable() or sign == "\n" else "·" for sign in text)
    return f"--- {item.conversation_id} {item.message} {item.role}\n{plain}"


def told(result: Result, most: float) -> Iterator[str]:
    """The result in words."""
    share, bound = result.weighted
    is_passed = result.is_complete and result.bound <= most
    yield f"{result.left.of:,} messages judged by {result.reviewers}, {result.unjudged:,} are not"
    yield f"residual rate       {_share(result.left)} at most at 95 %"
    yield f"  weighted          {share:.4f}, {bound:.4f} at most"
    for kind, count in sorted(result.kinds.items()):
        yield f"  left: {kind:14}{count:,}"
    yield f"precision           {_share(result.precision)} at least at 95 %"
    for kind, found in result.precision_by_kind.items():
        yield f"  {kind:18}{_share(found)}"
    for what, agreed in result.agreement.items():
        yield f"agreement on {what:7}{'undefined' if agreed is None else f'kappa {agreed:.3f}'}"
    for dimension, values in result.strata.items():
        yield f"by {dimension}"
        for value, found in values.items():
            if dimension != "stratum" or found.hits:
                yield f"  {value:30}{_share(found)}"
    passed = "passed" if is_passed else "NOT PASSED"
    yield f"gate                {result.bound:.4f}, {most} allowed: {passed}"


def _share(found: Share) -> str:
    rate = found.hits / found.of if found.of else 0.0
    return f"{found.hits:,} of {found.of:,} = {rate:.4f}, {found.bound:.4f}"
