"""A publisher in a process of its own, to be killed.

    python -m tests.hub.victim hub RELEASE REPO TAG
    python -m tests.hub.victim folder RELEASE TARGET TAG STEP early|late

The second ends by `kill -9` before or after its n-th rename.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from pipeline.hub import candidate
from pipeline.hub.client import Client, Patience
from pipeline.hub.folder import Folder
from pipeline.hub.publisher import Place, Publisher


def hub(release: str, repo: str, tag: str) -> None:
    """Publish to the Hub that the environment names."""
    with Client(Patience(whole_s=900, wait_s=0.02)) as client:
        Publisher(client, candidate.read(release), Place(repo, tag, create=True)).publish()


def folder(release: str, target: str, tag: str, step: str, when: str) -> None:
    """Publish to a folder, and die at a rename; says `through` if there were not so many."""
    rename, seen = Path.rename, 0

    def counted(path: Path, place: Any) -> Path:
        nonlocal seen
        seen += 1
        if seen == int(step) and when == "early":
            os.kill(os.getpid(), signal.SIGKILL)
        made = rename(path, place)
        if seen == int(step):
            os.kill(os.getpid(), signal.SIGKILL)
        return made

    setattr(Path, "rename", counted)  # noqa: B010 (the type checker knows it as a method)
    Folder(target).publish(candidate.read(release), tag)
    sys.stdout.write("through\n")


if __name__ == "__main__":
    if sys.argv[1] == "hub":
        hub(*sys.argv[2:])
    else:
        folder(*sys.argv[2:])
