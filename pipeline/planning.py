"""Phase `plan`: what a run is about, and whether an output folder may go on with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline import earlier, files, manifests, near_index, plan, tombstones
from pipeline.earlier import Earlier
from pipeline.errors import ForeignOutputError
from pipeline.folders import Folders
from pipeline.identity import fingerprint
from pipeline.recipe import Recipe
from pipeline.tombstones import Tombstones
from schemas.manifest import After, InputFile, Plan, Unit


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Attributes:
        recipe: what to do.
        name: how the recipe is called.
        inputs: paths and patterns of raw logs; those that an earlier run has read are left out.
        split_bytes: decompressed log of one unit.
        limit: take only the first lines of the first files.
        against: output folders whose near copies are dropped.
        after: the output folder of the run to go on from.
        forget: tombstones beyond those that the folders hold.
    """

    recipe: Recipe
    name: str
    inputs: Sequence[str]
    split_bytes: int
    limit: int | None = None
    against: Sequence[str] = ()
    after: str | None = None
    forget: Tombstones = tombstones.NONE


def made(wanted: Wanted, folders: Folders) -> Plan:
    """The plan of a run, written into its folder, or the one that is there already.

    Raises:
        CurationError: an input or an earlier run cannot be used, or the folder is another run's.
    """
    recipe = wanted.recipe
    before = (
        earlier.load(wanted.after, recipe, manifests.version())
        if wanted.after is not None
        else None
    )
    stones = tombstones.load(folders.at(tombstones.NAME)).joined(wanted.forget.marks)
    if before:
        stones = stones.joined(before.stones.marks)
    key = recipe.identity.load() if recipe.identity else None
    described, units = _work(wanted, before, stones)
    now = Plan(
        manifests.version(),
        recipe.digest(),
        wanted.name,
        fingerprint(key) if key else None,
        described,
        units,
        wanted.limit,
        list(near_index.former(wanted.against, recipe)),
        _after(before),
        stones.digest() if stones.marks else None,
        recipe.card_digest(),
    )
    path = folders.at("plan.json")
    if files.exists(path):
        there = files.read_record(path, Plan)
        manifests.refuse_another(there, now, folders.output)
        return there
    if stones.marks:
        files.write_record(folders.at(tombstones.NAME), stones)
    files.write_record(path, now)
    return now


def _work(
    wanted: Wanted, before: Earlier | None, stones: Tombstones
) -> tuple[list[InputFile], list[Unit]]:
    """All inputs and units: first those of the earlier run, then what is new."""
    found = plan.describe(plan.find(wanted.inputs)) if wanted.inputs else []
    old = before.manifest.plan.inputs if before else []
    read = {source.sha256 for source in old}
    inputs = [*old, *(source for source in found if source.sha256 not in read)]
    key = wanted.recipe.identity.load() if wanted.recipe.identity else None
    parts = [manifests.version(), wanted.recipe.digest(), fingerprint(key) if key else None]
    salt = repr((*parts, stones.digest()) if stones.marks else tuple(parts))
    units = plan.units(inputs, wanted.split_bytes, salt, wanted.limit, first=len(old))
    return inputs, [*(before.manifest.plan.units if before else []), *units]


def _after(before: Earlier | None) -> After | None:
    if before is None:
        return None
    known = before.manifest.plan
    release = before.manifest.release.release
    return After(before.folders.output, release, len(known.units), len(known.inputs))


def take_over(made_plan: Plan, recipe: Recipe, folders: Folders) -> None:
    """Begin with what the earlier run staged, if there is one and it was not taken over yet.

    Raises:
        CurationError: the earlier run is gone, or no longer what it was.
    """
    after = made_plan.after
    if after is None or files.exists(folders.receipt("adopt", "all")):
        return
    before = earlier.load(after.output, recipe, made_plan.version)
    if before.manifest.release.release != after.release:
        raise ForeignOutputError(f"{after.output} holds another release than this run began after")
    stones = tombstones.load(folders.at(tombstones.NAME))
    earlier.adopt(before, folders, stones, recipe.identity.load() if recipe.identity else None)
    files.write_record(folders.receipt("adopt", "all"), after)
