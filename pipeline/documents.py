"""The files of a release beside its shards: written when all shards are, listed in the manifest."""

import msgspec

from pipeline import files
from pipeline.job import Job
from schemas.manifest import Books, Document, ReleaseManifest


def added(building: str, release: ReleaseManifest, books: Books, job: Job) -> ReleaseManifest:
    """Write all documents into the release that is being built; its manifest with them in it."""
    contents = made(building, release, books, job)
    for path, content in contents.items():
        files.write_bytes(files.join(building, path), content)
    found = []
    for path in sorted(contents):
        digest, size = files.sha256(files.join(building, path))
        found.append(Document(path, size, digest))
    return msgspec.structs.replace(release, documents=found)


def made(building: str, release: ReleaseManifest, books: Books, job: Job) -> dict[str, bytes]:
    """The documents by path: a function of the release and the recipe, so bytes are repeatable."""
    del building, release, books, job
    return {}
