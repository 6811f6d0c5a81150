"""One run at a time per output folder."""

import contextlib
import fcntl
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pipeline import files
from pipeline.errors import LockedError
from pipeline.folders import Folders


@contextlib.contextmanager
def held(folders: Folders) -> Iterator[None]:
    """One run at a time per output folder; the lock goes with the process, however it ends.

    Raises:
        LockedError: another process holds it.
    """
    files.make_folder(folders.run, private=True)
    if not files.is_local(folders.run):
        yield
        return
    path = Path(files.resolve(folders.at("lock"))[1])
    with contextlib.ExitStack() as stack:
        with files.said(str(path)):
            handle = stack.enter_context(path.open("a+"))
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LockedError(f"{folders.output} is in use by {_holder(handle)}") from error
            handle.truncate(0)
            handle.write(f"process {os.getpid()} on {platform.node()}")
            handle.flush()
        yield


def _holder(handle: IO[str]) -> str:
    handle.seek(0)
    return handle.read().strip() or "another run"
