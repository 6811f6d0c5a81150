"""What every piece of work needs to know; small, and sent to workers once."""

from dataclasses import dataclass

from pipeline.folders import Folders
from pipeline.identity import handle
from pipeline.recipe import Recipe
from schemas.manifest import Plan


@dataclass(frozen=True)
class Job:
    """One run, as its workers see it.

    Attributes:
        folders: where things are.
        recipe: what to do.
        plan: the inputs and units.
        batch_rows: rows a batch; the result does not depend on it.
        partitions: key partitions of the judge; the result does not depend on it.
    """

    folders: Folders
    recipe: Recipe
    plan: Plan
    batch_rows: int = 2048
    partitions: int = 1

    @property
    def former(self) -> list[str]:
        """Indexes of earlier releases, whose rows can be reasons to drop one of these."""
        return [source.path for source in self.plan.former]

    def key(self) -> bytes | None:
        """The identity key; None if the recipe releases no user ids."""
        return self.recipe.identity.load() if self.recipe.identity else None

    def salt(self) -> int:
        """64 bits of the identity key that key the hashes of texts; 0 without a key."""
        key = self.key()
        return int(handle(key, "hashes of texts", "")[:16], 16) if key else 0
