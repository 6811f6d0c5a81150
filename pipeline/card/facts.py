"""What the documents of a release are made of."""

from dataclasses import dataclass

import pyarrow as pa

from pipeline.recipe import Recipe
from schemas.manifest import ReleasedFile, ReleaseManifest
from schemas.released import CONFIGS
from schemas.statistics import Statistics


@dataclass(frozen=True)
class Facts:
    """A release, before its documents are written.

    Attributes:
        release: its manifest; lists no documents yet.
        statistics: with small cells folded: whatever is in a document is public.
        recipe: that made it.
        schemas: config -> its Arrow schema.
    """

    release: ReleaseManifest
    statistics: Statistics
    recipe: Recipe
    schemas: dict[str, pa.Schema]

    @property
    def configs(self) -> dict[str, str]:
        """The configs that hold rows, the default first, and what each is."""
        return {name: what for name, what in CONFIGS.items() if self.files(name)}

    def files(self, config: str) -> list[ReleasedFile]:
        """The shards of a config."""
        return [file for file in self.release.files if file.config == config]

    @property
    def stages(self) -> set[str]:
        """The names of the recipe's stages."""
        return {stage.name for stage in self.recipe.stages}

    @property
    def period(self) -> tuple[str, str] | None:
        """The first and the last day, or interval where days are not told."""
        parts = self.statistics.partitions
        cells = parts.get("day") or parts.get("interval")
        names = sorted(cells.counts) if cells else []
        return (names[0], names[-1]) if names else None
