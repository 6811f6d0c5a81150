"""What every piece of work needs to know; small, and sent to workers once."""

from dataclasses import dataclass

from pipeline.folders import Folders
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

    def key(self) -> bytes | None:
        """The identity key; None if the recipe releases no user ids."""
        return self.recipe.identity.load() if self.recipe.identity else None
