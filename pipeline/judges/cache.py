"""Answers on disk by what was asked, so that nothing is paid for twice; and what was spent.

One SQLite file in a private folder. It holds hashes of questions and what a model answered, no
text of a user. Each answer is committed when it comes, in a write-ahead log: worker processes
share it, and after `kill -9` all that was paid for is there. It must lie on a local disk.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import DiskFullError, InputError

FOLDER = "CURATE_JUDGES"
"""Environment variable of the folder that a recipe without one uses; a run sets it."""
FILE = "answers.sqlite"
WAIT_S = 120.0
AGAIN_S = 0.01
CHUNK = 500
"""Keys of one look-up; SQLite allows 999 in old versions."""
TABLES = """
CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, answer BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spent (
    account TEXT PRIMARY KEY, requests INTEGER NOT NULL, tokens INTEGER NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Spent:
    """What an account has used up, ever, by all processes."""

    requests: int
    tokens: int


def folder(given: str) -> Path:
    """The folder that an option names, else the run's, else one of the user's own."""
    if given or os.environ.get(FOLDER):
        return Path(given or os.environ[FOLDER])
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "curate" / "judges"


@contextlib.contextmanager
def kept_in(run: str) -> Iterator[None]:
    """Let recipes without a folder use this one, workers forked meanwhile included.

    A folder of the environment comes first; one that is a URI is none for a database.
    """
    if os.environ.get(FOLDER) or "://" in run:
        yield
        return
    os.environ[FOLDER] = str(Path(run).absolute())
    try:
        yield
    finally:
        del os.environ[FOLDER]


@contextlib.contextmanager
def opened(place: Path) -> Iterator["Store"]:
    """The answers in a folder, which is made if it is not there.

    Raises:
        InputError: the file there is not such a store, or cannot be opened.
        DiskFullError: no space is left.
    """
    path = place / FILE
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # its log gets the same mode
    except OSError as error:
        raise InputError(f"{path}: cannot be opened: {error.strerror}") from error
    connection = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)
    try:
        _prepare(connection)
        yield Store(connection)
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise DiskFullError(f"{path}: no space left") from error
        raise InputError(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise InputError(f"{path} holds no answers: {error}") from error
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection) -> None:
    """Switch to a log that processes share, and make the tables.

    SQLite's own timeout does not hold here: while another process switches, or the last one that
    had the file open cleans up behind itself, it says at once that the file is locked (its
    documentation of write-ahead logs, section 9).
    """
    end = time.monotonic() + WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(TABLES)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(AGAIN_S)
        else:
            return


class Store:
    """An open store; of one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def answers(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Those answers that are there, by key."""
        wanted = list(keys)
        found: dict[bytes, bytes] = {}
        for start in range(0, len(wanted), CHUNK):
            some = wanted[start : start + CHUNK]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, answer FROM answers WHERE key IN ({marks})"  # noqa: S608 (marks)
            found.update(self.connection.execute(query, some))
        return found

    def keep(self, key: bytes, answer: bytes) -> bytes:
        """Keep an answer; what is returned is the first that any process kept."""
        self.connection.execute("INSERT OR IGNORE INTO answers VALUES (?, ?)", (key, answer))
        return self.answers([key])[key]

    def spent(self, account: str) -> Spent:
        """What an account has used up."""
        query = "SELECT requests, tokens FROM spent WHERE account = ?"
        row = self.connection.execute(query, (account,)).fetchone()
        return Spent(*row) if row else Spent(0, 0)

    def reserve(self, account: str, tokens: int, limits: tuple[int | None, int | None]) -> bool:
        """Put a request and the most tokens it can use on an account, if its limits allow it."""
        requests, most = limits
        self.connection.execute("INSERT OR IGNORE INTO spent VALUES (?, 0, 0)", (account,))
        done = self.connection.execute(
            "UPDATE spent SET requests = requests + 1, tokens = tokens + :tokens"
            " WHERE account = :account AND (:requests IS NULL OR requests < :requests)"
            " AND (:most IS NULL OR tokens + :tokens <= :most)",
            {"account": account, "tokens": tokens, "requests": requests, "most": most},
        )
        return done.rowcount == 1

    def correct(self, account: str, tokens: int) -> None:
        """Add to an account what a request used beyond its reserve; mostly less than nothing."""
        query = "UPDATE spent SET tokens = tokens + ? WHERE account = ?"
        self.connection.execute(query, (tokens, account))
