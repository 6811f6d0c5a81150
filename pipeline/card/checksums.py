"""SHA256SUMS of a release, as `sha256sum -c` reads it."""

import hashlib
from collections.abc import Mapping

from schemas.manifest import ReleaseManifest

PATH = "SHA256SUMS"


def checksums(release: ReleaseManifest, documents: Mapping[str, bytes]) -> bytes:
    """A line a file, by path; the manifest, which lists this file, is not among them."""
    sums = {file.path: file.sha256 for file in release.files}
    sums |= {path: hashlib.sha256(content).hexdigest() for path, content in documents.items()}
    return "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()
