"""`curate run`: the main job."""

import argparse
import dataclasses
import sys
from collections import Counter
from collections.abc import Iterator

import msgspec

from pipeline import allocation, dry_run, progress, recipe, tombstones
from pipeline import run as runs
from pipeline.commands import report
from pipeline.identity import KeySource
from pipeline.recipe import Recipe
from schemas.manifest import RunManifest


def run(args: argparse.Namespace) -> int:
    """Curate, or plan only; print where everything went."""
    made = narrowed(recipe.load(args.config), args)
    name = args.config.rsplit("/", 1)[-1].removesuffix(".yaml")
    settings = runs.Settings(
        workers=args.workers,
        engine=args.engine,
        split_mb=args.split_mb,
        batch_rows=args.batch_rows,
        restart=args.restart,
        limit=args.limit,
        against=tuple(args.against),
        after=args.after,
        forget=tombstones.load(args.tombstones) if args.tombstones else tombstones.NONE,
    )
    if args.dry_run:
        expected = dry_run.expect(made, args.input, settings)
        _print(expected, dry_run.told(expected), as_json=args.json)
        return 0
    allocation.keep_freed()
    settings = dataclasses.replace(settings, observe=progress.observer(as_json=args.json))
    manifest = runs.advance(made, name, args.input, args.output, settings, args.through)
    if manifest is None:
        print(f"{args.output}: done through {args.through}; the same command goes on from there")
        return 0
    page = None
    if not args.no_report:
        page = report.after(args.output, args.after or next(iter(args.against), None))
    _print(manifest, told(manifest, args.output, page), as_json=args.json)
    return 0


def narrowed(made: Recipe, args: argparse.Namespace) -> Recipe:
    """The recipe with what the command line adds: dates, a sample, the file of the key."""
    asked = {
        "drop_outside_dates": {"since": args.since, "until": args.until},
        "drop_unsampled": {"share": args.sample},
    }
    first = []
    for name, options in asked.items():
        given = {key: value for key, value in options.items() if value is not None}
        if given:
            (stage,) = recipe.build({"stages": [{name: given}]}, where="command line").stages
            first.append(stage)
    names = {stage.name for stage in first}
    stages = (*first, *(stage for stage in made.stages if stage.name not in names))
    return keyed(dataclasses.replace(made, stages=stages), args.id_key_file)


def keyed(made: Recipe, file: str | None) -> Recipe:
    """The recipe with the key in a file, where one is given and the recipe wants a key."""
    if made.identity is None or file is None:
        return made
    return dataclasses.replace(made, identity=KeySource(made.identity.variable, file))


def _print(record: msgspec.Struct, lines: Iterator[str], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
    else:
        sys.stdout.writelines(line + "\n" for line in lines)


def told(manifest: RunManifest, output: str, report_page: str | None = None) -> Iterator[str]:
    """A finished run in words: where every line went, what it took, where its report is."""
    books, release = manifest.books, manifest.release
    size = sum(file.bytes for file in release.files)
    yield ""
    yield f"{books.lines:>10,}  lines of {len(manifest.plan.inputs)} files"
    for table, rows in sorted(books.staged.items(), reverse=True):
        yield f"{rows:>10,}  staged as {table}"
    yield f"{books.absorbed:>10,}  votes and flags absorbed into their conversation"
    yield from _listed(sum(books.quarantined.values()), "quarantined", books.quarantined)
    for table, reasons in sorted(books.dropped.items(), reverse=True):
        yield from _listed(sum(reasons.values()), f"{table} dropped", reasons)
    for table, rows in books.held.items():
        yield f"{rows:>10,}  {table} kept, not released"
    for config, rows in books.released.items():
        files = f"{len(release.files)} files, {size / 1e6:,.1f} MB"
        yield f"{rows:>10,}  {config} released: {files} in {output}/release"
    if release.redaction_rules is not None:
        kinds: Counter[str] = Counter()
        for one in release.redactions:
            kinds[one.kind] += one.count
        yield from _listed(kinds.total(), "values redacted", kinds)
    wall = sum(manifest.phases.values())
    phases = ", ".join(f"{name} {s:.1f}" for name, s in manifest.phases.items())
    yield f"{wall:>10.1f}  seconds ({phases}); {books.lines / max(wall, 1e-9):,.0f} lines a second"
    if report_page:
        yield f"{'':>10}  private report: {report_page}"


def _listed(total: int, what: str, parts: dict[str, int]) -> Iterator[str]:
    yield f"{total:>10,}  {what}"
    for name, count in sorted(parts.items(), key=lambda part: (-part[1], part[0])):
        yield f"{count:>20,}  {name}"
