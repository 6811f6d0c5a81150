"""The files of a release beside its shards: written when all shards are, listed in the manifest."""

import msgspec
import pyarrow as pa

from pipeline import files, writing
from pipeline.card import checksums, croissant, provenance, rendering
from pipeline.card.facts import Facts
from pipeline.card.header import LICENCE_FILE
from pipeline.job import Job
from pipeline.statistics import cells, gathering
from schemas.manifest import Books, Document, ReleaseManifest
from schemas.released import CONFIGS
from schemas.statistics import Statistics

STATISTICS = "statistics.json"


def added(building: str, release: ReleaseManifest, books: Books, job: Job) -> ReleaseManifest:
    """Write all documents into the release that is being built; its manifest with them in it.

    The statistics with every cell stay in the run folder, for the report.
    """
    counts = gathering.counted(building, release, job)
    whole = gathering.told(counts, release, books)
    crowds = counts.redacted if whole.users else None
    minimum = job.recipe.release.minimum
    redactions = cells.languages(release.redactions, minimum, crowds)
    release = msgspec.structs.replace(release, redactions=redactions)
    files.write_bytes(job.folders.at(STATISTICS), encoded(whole))
    contents = made(release, whole, job)
    for path, content in contents.items():
        files.write_bytes(files.join(building, path), content)
    found = []
    for path in sorted(contents):
        digest, size = files.sha256(files.join(building, path))
        found.append(Document(path, size, digest))
    return msgspec.structs.replace(release, documents=found)


def made(release: ReleaseManifest, whole: Statistics, job: Job) -> dict[str, bytes]:
    """The documents by path: a function of the release and the recipe, so bytes are repeatable."""
    shown = cells.folded(whole, job.recipe.release.minimum)
    schemas: dict[str, pa.Schema] = {name: writing.release_schema(job, name) for name in CONFIGS}
    facts = Facts(release, shown, job.recipe, schemas)
    contents = {
        "README.md": rendering.card(facts),
        STATISTICS: encoded(shown),
        croissant.PATH: croissant.croissant(facts),
    }
    if job.recipe.card.licence_text:
        contents[LICENCE_FILE] = job.recipe.card.licence_text.strip().encode() + b"\n"
    contents[provenance.PATH] = provenance.provenance(facts, contents)
    return contents | {checksums.PATH: checksums.checksums(release, contents)}


def encoded(record: Statistics) -> bytes:
    """JSON, indented, in the order of the record: largest cells first."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
