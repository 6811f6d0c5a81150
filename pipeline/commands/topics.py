"""`curate topics fit|show|drift|crosswalk`: models of what people ask about."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline import titles, topic_releases
from pipeline.errors import InputError, OutputError, SampleError
from pipeline.judges import options as servers
from pipeline.topics import comparing, distilling, embeddings, fitting, model, sampling, spaces
from pipeline.topics.spaces import Options

MOVED = 1


def run(args: argparse.Namespace) -> int:
    """Do one of the actions."""
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "fit": _fit,
        "show": _show,
        "drift": _drift,
        "crosswalk": _crosswalk,
    }
    return actions[args.action](args)


def _fit(args: argparse.Namespace) -> int:
    output = Path(args.output)
    if output.exists():
        raise OutputError(f"{output} exists; a model never changes, so give a new folder")
    if args.labels and not Path(args.labels).is_file():
        raise InputError(f"no such file: {args.labels}")
    judge = servers.read(args.judge) if args.judge else None
    begun = time.perf_counter()
    options = Options(
        topics=args.topics,
        seed=args.seed,
        others=args.others,
        min_users=args.min_users,
        min_conversations=args.min_conversations,
        languages=not args.keep_languages,
    )
    sample = sampling.draw(topic_releases.rows(args.release), args.sample, args.seed)
    try:
        given = None
        if args.vectors:
            known = spaces.space(sample, options).words
            given = embeddings.of_words(known, args.vectors, options.dimensions)
        if args.labels:
            labelled = distilling.read(Path(args.labels), sample)
            made = distilling.fit(sample, labelled, options, given)
        else:
            made = fitting.fit(sample, options, given)
        made = titles.titled(made, sample, judge) if judge else made
    except SampleError as error:
        raise InputError(f"{args.release}: {error}") from error
    model.write(made, output)
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    args.model = args.output
    return _show(args)


def _show(args: argparse.Namespace) -> int:
    card = model.load(args.model).card
    if args.json:
        print(json.dumps(card, indent=1, ensure_ascii=False))
        return 0
    print(f"{args.model}: {card['kind']}, id {card['id'][:12]}")
    sample = card["sample"]
    users = "unknown" if sample["users"] is None else f"{sample['users']:,}"
    print(f"fitted to {sample['conversations']:,} conversations of {users} users")
    print("    id  conversations   users  label")
    for topic in card["topics"]:
        sizes = f"{topic['conversations']:>13,} {topic['users']:>7,}"
        print(f"{topic['id']:>6}  {sizes}  {topic['label']}")
    other = card["other"]
    print(f"{-1:>6}  {other['conversations']:>13,}          other")
    return 0


def _drift(args: argparse.Namespace) -> int:
    frozen = model.load(args.model)
    parts = (one for (one,) in topic_releases.assigned(args.release, frozen))
    found = comparing.drift(frozen, parts)
    is_moved = found["divergence"] > args.most
    if args.json:
        print(json.dumps(found | {"most": args.most}, indent=1, ensure_ascii=False))
    else:
        _told(found)
        print(f"divergence {found['divergence']:.4f}, at most {args.most} passes")
    return MOVED if is_moved else 0


def _told(found: dict[str, Any]) -> None:
    print("    id     then      now  label")
    other = {"id": -1, "label": model.OTHER} | found["other"]
    for topic in (*found["topics"], other):
        print(f"{topic['id']:>6}  {topic['then']:>7.2%}  {topic['now']:>7.2%}  {topic['label']}")
    score = found["mean_score"]
    print(f"mean score {score['then']:.4f} then, {score['now']:.4f} now")
    print(f"{found['conversations']:,} conversations")


def _crosswalk(args: argparse.Namespace) -> int:
    old, new = model.load(args.old), model.load(args.new)
    pairs = topic_releases.assigned(args.release, old, new)
    found = comparing.crosswalk(old, new, pairs)
    if args.json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
        return 0
    for topic in found["topics"]:
        print(f"{topic['id']:>4}  {topic['label']}: {topic['conversations']:,}")
        for one in topic["to"]:
            print(f"      {one['share']:>7.2%}  to {one['id']:>3}  {one['label']}")
    return 0
