"""`curate publish RELEASE`: to the Hub or to a folder, in the open or for review."""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from pipeline import review
from pipeline.contract.verifying import verify
from pipeline.errors import RecipeError, UnfitError
from pipeline.folders import Folders
from pipeline.hub import candidate, records, takedown
from pipeline.hub.candidate import Candidate
from pipeline.hub.client import Client, Patience
from pipeline.hub.difference import Difference
from pipeline.hub.folder import Folder
from pipeline.hub.publisher import Place, Published, Publisher
from pipeline.hub.records import Receipt
from pipeline.hub.takedown import TakeDown

REPO = re.compile(r"(?!.*(--|\.\.))\w[\w.-]*/\w[\w.-]*")
TAG = re.compile(r"(?!main$)[A-Za-z0-9][\w.-]{0,99}")
SHOWN = 5
"""Faults that are told; `curate verify` lists all."""


class _Leave(NamedTuple):
    """Who or what lets a release be public."""

    approved_by: str | None
    bound: float | None


def run(args: argparse.Namespace) -> int:
    """Publish, or say what would change, or write an approval down."""
    _check(args)
    found = candidate.read(args.release)
    run_folder = _run_folder(args, found)
    _refuse_faults(found)
    if args.approved_by and not args.dry_run:
        records.approve(run_folder, args.approved_by, found.digest)
    if not (args.repo or args.review_repo or args.target):
        print(f"{found.folder}: {args.approved_by} approves of {found.digest[:12]}")
        return 0
    tag = args.tag or candidate.version(found.manifest)
    is_review = bool(args.review_repo and not args.promote)
    if args.dry_run and not args.take_down:
        return _compare(args, found, tag)
    if args.dry_run:
        return _take_down(args, found, tag, run_folder)
    leave = _Leave(None, None) if is_review else _leave(args, run_folder, found)
    if args.take_down:
        return _take_down(args, found, tag, run_folder)
    started = records.now()
    made = _publish(args, found, tag)
    receipt = Receipt(
        _place(args),
        tag,
        made.oid,
        found.digest,
        found.manifest.release,
        is_review,
        leave.approved_by,
        leave.bound,
        made.changed,
        started,
        records.now(),
    )
    path = records.keep(run_folder, receipt)
    if args.json:
        sys.stdout.write(msgspec.json.encode(receipt).decode() + "\n")
        return 0
    did = f"{made.changed:,} files changed" if made.changed else "nothing to change"
    print(f"{receipt.place} {tag}: {did}, commit {made.oid}")
    print(f"receipt: {path}")
    return 0


def _check(args: argparse.Namespace) -> None:
    """Options that make no sense together, all at once."""
    faults = []
    if args.target and (args.repo or args.review_repo):
        faults.append("--target is instead of --repo and --review-repo")
    if args.promote and not (args.repo and args.review_repo):
        faults.append("--promote needs --review-repo and --repo")
    if args.repo and args.review_repo and not args.promote:
        faults.append("--review-repo stages alone; with --repo, give --promote")
    if args.target and (args.gated or args.create):
        faults.append("--gated and --create are for the Hub")
    if args.take_down and (args.target or args.promote):
        faults.append("--take-down is for one repository: --repo or --review-repo")
    if not (args.repo or args.review_repo or args.target or args.approved_by):
        faults.append("give --repo, --review-repo, --target or --approved-by")
    faults += [
        f"{name} is no namespace/name"
        for name in (args.repo, args.review_repo)
        if name and not REPO.fullmatch(name)
    ]
    if args.tag and not TAG.fullmatch(args.tag):
        faults.append(f"{args.tag!r} cannot be a tag")
    if args.approved_by is not None and not args.approved_by.strip():
        faults.append("--approved-by needs a name")
    if faults:
        raise RecipeError("; ".join(faults))


def _refuse_faults(found: Candidate) -> None:
    """Only what the contract holds for may leave this disk, be it for review."""
    verdict = verify(found.folder)
    if not verdict.is_kept:
        told = "; ".join(str(fault) for fault in verdict.faults[:SHOWN])
        raise UnfitError(f"{found.folder} fails `curate verify`, {verdict.count:,} faults: {told}")


def _run_folder(args: argparse.Namespace, found: Candidate) -> str:
    """Where approvals and receipts are: never in the release itself."""
    if args.run_folder:
        return str(args.run_folder)
    if (output := _output(found)) is None:
        raise RecipeError(f"{found.folder} has no run folder beside it: say where, with --run")
    return Folders(output).run


def _output(found: Candidate) -> str | None:
    """The output folder of the run that made a release, if it is still in its place."""
    output = found.folder.removesuffix("/release")
    return None if output == found.folder else output


def _leave(args: argparse.Namespace, run_folder: str, found: Candidate) -> _Leave:
    """Who approved, or what the review found, if that is enough.

    Raises:
        UnfitError: neither.
    """
    output = _output(found)
    demanded = found.manifest.residual_rate
    most = min((one for one in (args.most, demanded) if one is not None), default=None)
    bound = review.bound(output) if output and most is not None else None
    is_enough = bound is not None and most is not None and bound <= most
    told = "none was finished on it" if bound is None else f"it allows {bound:.4f}"
    if demanded is not None and not is_enough:
        raise UnfitError(f"its recipe demands a review that holds {most} ({told})")
    try:
        approval = records.approval(run_folder, found.digest)
    except UnfitError:
        if not is_enough:
            raise
        approval = None
    if approval is None and not is_enough:
        if args.most is None:
            raise UnfitError(
                f"nobody approved {found.folder}: give --approved-by NAME, "
                "or --most SHARE for what `curate review` found"
            )
        raise UnfitError(f"a review must hold {args.most} ({told}), or a person approve by name")
    return _Leave(approval.approved_by if approval else None, bound)


def _publish(args: argparse.Namespace, found: Candidate, tag: str) -> Published:
    if args.target:
        return Folder(args.target).publish(found, tag)
    with Client(Patience(whole_s=args.timeout)) as client:
        return Publisher(client, found, _where(args, tag)).publish()


def _take_down(args: argparse.Namespace, found: Candidate, tag: str, run_folder: str) -> int:
    """Publish a patched release and erase what it leaves out; or say what would be erased."""
    with Client(Patience(whole_s=args.timeout)) as client:
        work = TakeDown(client, found, _where(args, tag))
        done = work.affected() if args.dry_run else work.carry_out(run_folder)
    if args.json:
        sys.stdout.write(msgspec.json.encode(done).decode() + "\n")
        return 0
    verb = "would be" if args.dry_run else "are"
    print(f"{done.place} {done.tag}: {len(done.shards):,} old shards {verb} erased for good")
    for old, oid in done.tags.items():
        print(f"  - tag {old}, commit {oid}")
    for path in sorted(done.shards.values()):
        print(f"  - {path}")
    if not args.dry_run:
        print(f"record: {takedown.record(run_folder, found, done.place)}")
    return 0


def _compare(args: argparse.Namespace, found: Candidate, tag: str) -> int:
    """Print what would change."""
    if args.target:
        change = Folder(args.target).compare(found, tag)
    else:
        with Client(Patience(whole_s=args.timeout)) as client:
            change = Publisher(client, found, _where(args, tag)).compare()
    if args.json:
        sys.stdout.write(msgspec.json.encode(_listed(change)).decode() + "\n")
    else:
        sys.stdout.writelines(line + "\n" for line in told(change, f"{_place(args)} {tag}"))
    change.refuse_many()
    return 0


def told(change: Difference, where: str) -> Iterator[str]:
    """A difference, one line a file: + is new, ~ has other bytes, - goes."""
    sent = sum(one.bytes for one in change.sent)
    yield (
        f"{where}: {len(change.add):,} new, {len(change.change):,} changed, "
        f"{len(change.delete):,} deleted, {change.same:,} the same; {sent:,} bytes to send at most"
    )
    for sign, files in (("+", change.add), ("~", change.change)):
        yield from (f"  {sign} {one.path}  {one.bytes:,} bytes" for one in files)
    yield from (f"  - {path}" for path in change.delete)


def _listed(change: Difference) -> dict[str, Sequence[object]]:
    sent = {"add": change.add, "change": change.change}
    named = {
        kind: [{"path": one.path, "bytes": one.bytes} for one in files]
        for kind, files in sent.items()
    }
    return {**named, "delete": change.delete}


def _where(args: argparse.Namespace, tag: str) -> Place:
    if args.review_repo and not args.promote:
        return Place(args.review_repo, tag, is_review=True)
    source = args.review_repo if args.promote else None
    return Place(args.repo, tag, create=args.create, gated=args.gated, source=source)


def _place(args: argparse.Namespace) -> str:
    where: str = args.target or (args.repo if args.promote else args.review_repo or args.repo)
    return where
