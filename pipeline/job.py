"""What every piece of work needs to know; small, and sent to workers once."""

import dataclasses
import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from pipeline import files, tombstones
from pipeline.errors import IdentityError, OutputError
from pipeline.folders import Folders
from pipeline.identity import fingerprint, handle
from pipeline.recipe import Recipe
from pipeline.tombstones import Tombstones
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
        step: how many keyed stages have decided.
    """

    folders: Folders
    recipe: Recipe
    plan: Plan
    batch_rows: int = 2048
    partitions: int = 1
    step: int = 0

    @property
    def former(self) -> list[str]:
        """Indexes of earlier releases, whose rows can be reasons to drop one of these."""
        return [source.path for source in self.plan.former]

    def key(self) -> bytes | None:
        """The identity key; None if the recipe releases no user ids.

        Raises:
            IdentityError: a worker on another machine has another key than the run.
        """
        found = self.recipe.identity.load() if self.recipe.identity else None
        if found and self.plan.key and fingerprint(found) != self.plan.key:
            raise IdentityError("this worker has another identity key than the run began with")
        return found

    def stones(self) -> Tombstones:
        """What must not be released; the run's own list, as its plan has it."""
        if self.plan.forgotten is None:
            return Tombstones()
        return _stones(self.folders.at(tombstones.NAME), self.plan.forgotten)

    def salt(self) -> int:
        """64 bits of the identity key that key the hashes of texts; 0 without a key."""
        key = self.key()
        return int(handle(key, "hashes of texts", "")[:16], 16) if key else 0

    def __reduce__(self) -> tuple[Callable[..., "Job"], tuple[Any, ...]]:
        """A job travels without its plan, which grows with the corpus and lies in the run folder.

        Neither the plan nor a key is in the graph of a pipeline, which engines log.
        """
        rest = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        rest["folders"] = Folders(files.absolute(self.folders.output))
        return _arrived, (_digest(rest.pop("plan")), rest)


def _digest(plan: Plan) -> str:
    return hashlib.sha256(msgspec.json.encode(plan, order="sorted")).hexdigest()


def _arrived(digest: str, rest: dict[str, Any]) -> Job:
    return Job(plan=_plan(rest["folders"].at("plan.json"), digest), **rest)


@functools.lru_cache(2)
def _stones(path: str, digest: str) -> Tombstones:
    found = tombstones.load(path)
    if found.digest() != digest:
        raise OutputError(f"{path} is no longer the list of tombstones that the run began with")
    return found


@functools.lru_cache(2)
def _plan(path: str, digest: str) -> Plan:
    """The plan of a run, read once a worker.

    Raises:
        OutputError: another run is at this place, or the worker does not see the folder.
    """
    if not files.exists(path):
        raise OutputError(f"a worker does not see {path}: workers must share the output's disk")
    found = files.read_record(path, Plan)
    if _digest(found) != digest:
        raise OutputError(f"{path} is no longer the plan that this work belongs to")
    return found
