"""What the publisher and the process that speaks to the Hub say to each other: JSON, one a line."""

from typing import Literal

import msgspec

Kind = Literal["passing", "denied", "missing", "moved", "exists", "refused", "changed"]
"""What went wrong: `passing` may go away by itself, `moved` is a head that is another one now,
`exists` a name that is taken, `refused` an order that the Hub will never take, `changed` a local
file that is not what the manifest says. `denied` and `missing` are what the Hub calls so."""


class Held(msgspec.Struct, frozen=True):
    """A file in a repository."""

    bytes: int
    sha256: str | None  # of a large file; None: git keeps it, under `blob`
    blob: str  # SHA-1 as git has it: of the content, or of the pointer to a large file
    is_xet: bool = False


class Added(msgspec.Struct, frozen=True):
    """A file to upload: its place in the repository, on this disk, and what its bytes must be."""

    path: str
    local: str
    sha256: str


class Look(msgspec.Struct, frozen=True, tag=True):
    """What does a repository hold, at a revision or at the head of `main`?"""

    repo: str
    revision: str | None = None


class Create(msgspec.Struct, frozen=True, tag=True):
    """Let a repository be there."""

    repo: str
    is_private: bool


class Gate(msgspec.Struct, frozen=True, tag=True):
    """Let readers ask for access first."""

    repo: str
    gated: Literal["auto", "manual"]


class Commit(msgspec.Struct, frozen=True, tag=True):
    """Make exactly one commit on `main`, if its head is still the one that is told."""

    repo: str
    head: str
    title: str
    description: str
    add: list[Added]
    copy: list[str]
    delete: list[str]
    source: str | None = None  # the repository that `copy` is from
    source_revision: str | None = None


class Tag(msgspec.Struct, frozen=True, tag=True):
    """Name a commit, for good."""

    repo: str
    tag: str
    oid: str


class Untag(msgspec.Struct, frozen=True, tag=True):
    """Let a tag be gone."""

    repo: str
    tag: str


class Stored(msgspec.Struct, frozen=True, tag=True):
    """Which large files does a repository keep, in whatever revision?"""

    repo: str


class Erase(msgspec.Struct, frozen=True, tag=True):
    """Remove large files for good, and each pointer to them in the history."""

    repo: str
    sha256: list[str]


class Rows(msgspec.Struct, frozen=True, tag=True):
    """Read the first row of some files, streamed: path -> rows that the file must have."""

    repo: str
    oid: str
    files: dict[str, int]


Request = Look | Create | Gate | Commit | Tag | Untag | Stored | Erase | Rows


class State(msgspec.Struct, frozen=True, tag=True):
    """What a repository holds at a revision."""

    oid: str
    is_private: bool
    files: dict[str, Held]
    tags: dict[str, str]  # name -> commit
    named: list[str]  # paths that the manifest there names
    forgotten: list[str] = []  # marks that it has of what was left out on request


class Blobs(msgspec.Struct, frozen=True, tag=True):
    """Large files that a repository keeps: SHA-256 -> a path that one had."""

    paths: dict[str, str]


class Done(msgspec.Struct, frozen=True, tag=True):
    """It is done; of a commit, its id."""

    oid: str = ""


class Failure(msgspec.Struct, frozen=True, tag=True):
    """It is not done, as far as this process can tell."""

    kind: Kind
    text: str  # one line, no token in it
    wait_s: float = 0.0  # as the Hub asks


Answer = State | Blobs | Done | Failure
