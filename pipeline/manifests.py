"""The manifest of a release, and what makes two runs the same."""

import hashlib
from collections import Counter
from collections.abc import Callable
from importlib import metadata

from pipeline import samples, staging, tombstones, writing
from pipeline.errors import ForeignOutputError
from pipeline.job import Job
from schemas import released
from schemas.manifest import (
    JudgeReceipt,
    Plan,
    Redactions,
    ReleasedFile,
    ReleaseManifest,
    WriteReceipt,
)

PACKAGE = "arena-log-curation"
LIBRARIES = ("apache-beam", "numpy", "orjson", "pyarrow")
RELEASE_LIBRARIES = ("pyarrow",)
"""Those whose version shows in the bytes of a release."""


def release(job: Job, judged: JudgeReceipt, written: list[WriteReceipt]) -> ReleaseManifest:
    """The public manifest: files with hashes, rows and columns; no input, time or place.

    Puts the sample together, which is the last file of a release that holds rows.
    """
    shards = {shard.id: shard for shard in judged.shards}
    found = [
        ReleasedFile(
            path=done.path,
            config=shards[done.shard].config,
            interval=shards[done.shard].interval,
            rows=done.rows,
            bytes=done.bytes,
            sha256=done.sha256,
        )
        for done in written
    ]
    found += [file for done in written for file in done.derived]
    found += samples.gathered(judged.shards, job)
    found.sort(key=lambda file: file.path)
    schemas = {
        name: writing.release_schema(job, name)
        for name in released.CONFIGS
        if name != "sample" or job.recipe.release.sample
    }
    return ReleaseManifest(
        release=release_id(job.plan, found),
        recipe=job.plan.recipe,
        recipe_name=job.plan.recipe_name,
        version=version(),
        libraries={name: metadata.version(name) for name in RELEASE_LIBRARIES},
        configs={name: sum(f.rows for f in found if f.config == name) for name in schemas},
        columns={
            config: {field.name: str(field.type) for field in schema}
            for config, schema in schemas.items()
        },
        files=found,
        models=job.recipe.models,
        tag_errors=_tag_errors(written),
        residual_rate=job.recipe.release.residual_rate,
        redaction_rules=next((stage.rules_digest for stage in job.recipe.editing), None),
        redaction_actions={
            k: to for stage in job.recipe.editing for k, to in stage.actions.items()
        },
        redactions=_summed(written),
        placeholder_literals=sum(done.placeholder_literals for done in written),
        forgotten=tombstones.told(job.stones(), job.key()),
    )


def release_id(made: Plan, found: list[ReleasedFile]) -> str:
    """The same id means the same bytes: 32 hexadecimal digits over all that goes into a release.

    Inputs enter by what was read from them, so that another layout of the same lines is the same.
    """
    libraries = [(name, metadata.version(name)) for name in RELEASE_LIBRARIES]
    rows = [f.sha256 for f in found]
    parts = (made.version, made.recipe, made.card, made.key, libraries, rows)
    whole = repr((*parts, made.forgotten) if made.forgotten else parts)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _tag_errors(written: list[WriteReceipt]) -> dict[str, dict[str, int]]:
    """Sums over the shards, in the order of names."""
    total: dict[str, dict[str, int]] = {}
    for done in written:
        for tag, reasons in done.tag_errors.items():
            staging.add(total.setdefault(tag, {}), reasons)
    return {tag: dict(sorted(total[tag].items())) for tag in sorted(total)}


def _summed(written: list[WriteReceipt]) -> list[Redactions]:
    total: Counter[tuple[str, str, str, str, str]] = Counter()
    for done in written:
        for one in done.redactions:
            total[one.kind, one.rule, one.role, one.language, one.action] += one.count
    return [Redactions(*names, count) for names, count in sorted(total.items())]


def refuse_another(before: Plan, now: Plan, output: str) -> None:
    """Refuse to go on in a folder that holds another run.

    Raises:
        ForeignOutputError: says in what they differ.
    """
    differences = [
        text
        for text, is_so in (
            (f"made by version {before.version}, this is {now.version}", _differ("version")),
            (f"another recipe ({before.recipe_name}, {before.recipe[:12]})", _differ("recipe")),
            ("another card in the recipe", _differ("card")),
            ("another identity key", _differ("key")),
            ("other inputs", lambda one, other: _content(one) != _content(other)),
            ("another --limit", _differ("limit")),
            ("other --against", lambda one, other: _hashes(one) != _hashes(other)),
            ("another --after", _differ("after")),
            ("other tombstones", _differ("forgotten")),
        )
        if is_so(before, now)
    ]
    if differences:
        raise ForeignOutputError(
            f"{output} belongs to another run: {'; '.join(differences)}. "
            "Give another --output, or --restart to throw away what is there"
        )


def _differ(name: str) -> Callable[[Plan, Plan], bool]:
    return lambda one, other: getattr(one, name) != getattr(other, name)


def _content(made: Plan) -> list[str]:
    return sorted(source.sha256 for source in made.inputs)


def _hashes(made: Plan) -> list[str]:
    return [source.sha256 for source in made.former]


def version() -> str:
    """The version of this package."""
    return metadata.version(PACKAGE)


def versions() -> dict[str, str]:
    """The versions of the libraries that do the work."""
    return {name: metadata.version(name) for name in LIBRARIES}
