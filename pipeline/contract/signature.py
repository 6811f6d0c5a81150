"""The signature of a release's manifest, made and checked by OpenSSH.

The manifest holds the SHA-256 of every other file, so a signature of it is one of the release.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline import files
from pipeline.contract.manifests import MANIFEST, SIGNATURE
from pipeline.contract.rule import Fault
from pipeline.errors import InputError

NAMESPACE = "arena-log-curation"
"""What is signed: OpenSSH takes a signature for another purpose for none."""
TOOL = "ssh-keygen"
SAYS = {"signature": f"with `--signers`: `{SIGNATURE}` is one of those signers' of the manifest"}


def sign(release: str, key: str) -> str:
    """Sign the manifest of a release folder; returns the path of the signature.

    Args:
        release: the folder, local or a URI.
        key: a private key in a file, or the public one of a key that an agent holds.

    Raises:
        InputError: there is no such key, no manifest, no OpenSSH, or it refuses.
    """
    if not files.exists(files.join(release, MANIFEST)):
        raise InputError(f"{release} is no release: it has no {MANIFEST}")
    if not Path(key).is_file():
        raise InputError(f"there is no key at {key}; `{TOOL} -t ed25519 -f FILE` makes one")
    content = files.read_bytes(files.join(release, MANIFEST))
    made = _asked(["sign", "-f", key, "-n", NAMESPACE], content)
    if made.returncode != 0:
        raise InputError(f"{TOOL} does not sign with {key}: {_last(made.stderr)}")
    path = files.join(release, SIGNATURE)
    files.write_bytes(path, made.stdout)
    return path


def faults(release: str, signers: str) -> Iterator[Fault]:
    """What is wrong with the signature of a release; nothing, if one of the signers made it.

    Args:
        release: the folder, local or a URI.
        signers: a file of allowed signers, as `man ssh-keygen` describes it.

    Raises:
        InputError: there is no such file, or no OpenSSH.
    """
    if not Path(signers).is_file():
        raise InputError(f"there is no list of allowed signers at {signers}")
    if not files.exists(files.join(release, SIGNATURE)):
        yield Fault(SIGNATURE, "signature", "the manifest is not signed")
        return
    content = files.read_bytes(files.join(release, MANIFEST))
    with tempfile.NamedTemporaryFile(suffix=".sig") as file:
        file.write(files.read_bytes(files.join(release, SIGNATURE)))
        file.flush()
        named = ["-s", file.name, "-f", signers]
        found = _asked(["find-principals", *named], b"")
        for name in found.stdout.decode("utf-8", "replace").splitlines():
            if _asked(["verify", *named, "-n", NAMESPACE, "-I", name], content).returncode == 0:
                return
    what = "is no signature of this manifest" if found.stdout else "is of nobody on the list"
    yield Fault(SIGNATURE, "signature", what)


def _asked(words: list[str], content: bytes) -> "subprocess.CompletedProcess[bytes]":
    """What OpenSSH says to some bytes; passphrases it asks for on the terminal itself."""
    tool = shutil.which(TOOL)
    if tool is None:
        raise InputError(f"{TOOL} is not there: install OpenSSH 8.1 or later")
    return subprocess.run([tool, "-Y", *words], input=content, capture_output=True, check=False)  # noqa: S603 (no shell; a file and a name)


def _last(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it does not say why"
