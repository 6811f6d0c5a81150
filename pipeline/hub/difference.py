"""What publishing would change in a repository."""

from dataclasses import dataclass

from pipeline.errors import UnfitError
from pipeline.hub.candidate import DATA, Candidate, Wanted
from pipeline.hub.messages import State

MOST_FILES = 100
"""Files that one commit may change: what the Hub recommends, and finishes within its own limits."""


@dataclass(frozen=True)
class Difference:
    """Which files a commit adds, changes and deletes; paths in order.

    Attributes:
        add: files that the repository does not have.
        change: files that it has with other bytes.
        delete: files of an earlier release, and others below `data/`.
        same: how many files stay as they are.
    """

    add: tuple[Wanted, ...]
    change: tuple[Wanted, ...]
    delete: tuple[str, ...]
    same: int

    @property
    def sent(self) -> tuple[Wanted, ...]:
        """What is to be uploaded or copied."""
        return (*self.add, *self.change)

    @property
    def count(self) -> int:
        """Files that change in any way."""
        return len(self.add) + len(self.change) + len(self.delete)

    def refuse_many(self) -> None:
        """Refuse more files than one commit should change.

        Raises:
            UnfitError: there are more than `MOST_FILES`.
        """
        if self.count > MOST_FILES:
            raise UnfitError(
                f"{self.count} files would change, and a commit takes {MOST_FILES} at most: "
                "cut larger shards (`release.shard_mb` in the recipe) or longer intervals"
            )


def between(state: State, candidate: Candidate) -> Difference:
    """What has to change in a repository so that it holds a release.

    Deleted is only what is ours: what lies below `data/`, and what the manifest there names.
    """
    wanted = sorted(candidate.wanted.values(), key=lambda one: one.path)
    ours = {path for path in state.files if path.startswith(DATA)} | set(state.named)
    add = tuple(one for one in wanted if one.path not in state.files)
    change = tuple(
        one for one in wanted if one.path in state.files and not one.equals(state.files[one.path])
    )
    gone = (ours & state.files.keys()) - candidate.wanted.keys()
    return Difference(add, change, tuple(sorted(gone)), len(wanted) - len(add) - len(change))
