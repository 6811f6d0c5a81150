"""What a run would do, from a sample of its inputs that is really curated, in a private folder."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline import files, plan, run
from pipeline.ingest import lines
from pipeline.ingest.lines import Lines, Span
from pipeline.recipe import Recipe
from schemas.manifest import InputFile

SAMPLE_BYTES = 8 << 20
SAMPLE_FILES = 8


class Expected(msgspec.Struct, frozen=True):
    """What is expected of a run; all but files and units scaled up from the sample."""

    files: int
    units: int
    log_mb: float  # decompressed
    lines: int
    released: int
    release_mb: float
    run_folder_mb: float
    cpu_s: float
    wall_s: float
    workers: int
    sample_lines: int


def expect(recipe: Recipe, inputs: Sequence[str], settings: run.Settings) -> Expected:
    """Curate a sample of the inputs and scale the figures up to all of them.

    Raises:
        CurationError: as a run would.
    """
    described = plan.describe(plan.find(inputs))
    split = int(settings.split_mb * 2**20)
    units = plan.units(described, split, "", settings.limit)
    weight = sum(unit.weight for unit in units)
    with tempfile.TemporaryDirectory(prefix="curate-") as folder:
        sampled = _sample(described, Path(folder))
        manifest = run.run(
            recipe, "sample", [f"{folder}/*.json"], f"{folder}/out", run.Settings(1, "plain")
        )
        kept_mb = sum(files.size(f"{folder}/out/{p}") for p in files.tree(f"{folder}/out")) / 1e6
    factor = weight / max(sampled, 1)
    release_mb = sum(file.bytes for file in manifest.release.files) / 1e6
    cpu_s = sum(manifest.cpu_s.values()) * factor
    workers = max(1, min(settings.workers, len(units)))
    return Expected(
        files=len(described),
        units=len(units),
        log_mb=round(weight / 1e6, 1),
        lines=round(manifest.books.lines * factor),
        released=round(sum(manifest.books.released.values()) * factor),
        release_mb=round(release_mb * factor, 1),
        run_folder_mb=round((kept_mb - release_mb) * factor, 1),
        cpu_s=round(cpu_s, 1),
        wall_s=round(cpu_s / workers, 1),
        workers=workers,
        sample_lines=manifest.books.lines,
    )


def _sample(described: Sequence[InputFile], folder: Path) -> int:
    """Copy the first lines of some files, evenly spread; returns the bytes copied."""
    step = max(1, len(described) // SAMPLE_FILES)
    chosen = described[::step]
    share, copied = SAMPLE_BYTES // len(chosen), 0
    for number, source in enumerate(chosen):
        with (folder / f"{number:04d}.json").open("wb") as target:
            written = 0
            for piece in lines.read(Span(source.path, number), lines.Limits()):
                if isinstance(piece, Lines):
                    for line in piece.lines:
                        written += target.write(line + b"\n")
                        if written >= share:
                            break
                if written >= share:
                    break
            copied += written
    return copied


def told(expected: Expected) -> Iterator[str]:
    """The expectation in words."""
    yield f"{expected.files:>10,}  files, {expected.log_mb:,.0f} MB of log when decompressed"
    yield f"{expected.units:>10,}  units of work, {expected.workers} worker(s)"
    yield f"{expected.lines:>10,}  lines expected"
    yield f"{expected.released:>10,}  conversations expected in the release"
    yield f"{expected.release_mb:>10,.1f}  MB of release"
    yield f"{expected.run_folder_mb:>10,.1f}  MB of run folder"
    yield f"{expected.wall_s:>10,.1f}  seconds, {expected.cpu_s:,.1f} of CPU, start-up aside"
    yield f"            from a sample of {expected.sample_lines:,} lines; nothing was written"
