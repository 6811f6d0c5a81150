"""Where things are in an output folder: `release/` is public, `run/` is private."""

from dataclasses import dataclass

from pipeline import files


@dataclass(frozen=True)
class Folders:
    """Paths below one output folder, which may be a URI.

    Attributes:
        output: the folder given to `curate run`.
    """

    output: str

    @property
    def release(self) -> str:
        """The finished release; exists only when it is whole."""
        return files.join(self.output, "release")

    @property
    def run(self) -> str:
        """Everything private: mode 0700, never uploaded."""
        return files.join(self.output, "run")

    def at(self, *parts: str) -> str:
        """A path in the run folder."""
        return files.join(self.run, *parts)

    @property
    def building(self) -> str:
        """The release while it is written."""
        return self.at("building")

    def staged(self, unit: str, table: str) -> str:
        """Staged rows of a unit, with their text."""
        return self.at("staged", unit, f"{table}.parquet")

    def index(self, unit: str, table: str) -> str:
        """Their narrow twin."""
        return self.at("index", unit, f"{table}.parquet")

    def quarantine(self, unit: str) -> str:
        """Lines of a unit that could not be staged, by place, hash and reason."""
        return self.at("quarantine", f"{unit}.parquet")

    def dropped(self, unit: str, table: str) -> str:
        """Rows of a unit that are not released, with their reasons."""
        return self.at("dropped", table, f"{unit}.parquet")

    def cut(self, shard: str) -> str:
        """Which rows a shard holds, in order, with the columns that the judge joined."""
        return self.at("cuts", f"{shard}.parquet")

    def receipt(self, phase: str, name: str) -> str:
        """The proof that a piece of work is done; written last."""
        return self.at("receipts", phase, f"{name}.json")
