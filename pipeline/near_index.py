"""The index of a release, by which later releases find near copies of its rows without their text.

`run/near_index/` holds, for each unit, the released rows' ids, times, band keys and shingle
hashes, all keyed by the identity key; `meta.json` says by which options and under which key.
"""

import hashlib
from collections.abc import Iterator, Sequence

import msgspec
import pyarrow as pa

from pipeline import files, identity
from pipeline.errors import ForeignOutputError, IdentityError, InputError
from pipeline.folders import Folders
from pipeline.minhash import SCHEME, SEED
from pipeline.recipe import Recipe
from pipeline.stage import PairedStage
from schemas.manifest import InputFile
from schemas.staged import INDEX

FOLDER = "near_index"


class Meta(msgspec.Struct, frozen=True):
    """By what an index was made: indexes go together only if all of it is equal."""

    stages: dict[str, str]  # paired stage -> digest of its options
    key: str  # fingerprint
    scheme: str
    seed: int


def stages(recipe: Recipe) -> tuple[PairedStage, ...]:
    """The stages that an index serves."""
    return tuple(stage for stage in recipe.keyed if isinstance(stage, PairedStage))


def meta(recipe: Recipe) -> Meta | None:
    """What an index of this recipe says of itself; None: it has none.

    Without a key there is no index: plain hashes of texts could be looked up in a dictionary.
    """
    served = stages(recipe)
    if not served or recipe.identity is None:
        return None
    digests = {
        stage.name: hashlib.sha256(msgspec.json.encode(stage, order="sorted")).hexdigest()
        for stage in served
    }
    return Meta(digests, identity.fingerprint(recipe.identity.load()), SCHEME, SEED)


def columns(names: Sequence[str], recipe: Recipe) -> list[str]:
    """Which columns of a unit's index belong into that of the release."""
    prefixes = tuple(f"{stage.name}." for stage in stages(recipe))
    kept = [name for name in INDEX.names if name not in {"dropped_by", "reason", "user_id"}]
    return [name for name in names if name in kept or name.startswith(prefixes)]


def write(unit: str, index_path: str, alive: pa.Array, folders: Folders, recipe: Recipe) -> None:
    """Write what later releases need of the kept rows of a unit."""
    if meta(recipe) is None:
        return
    with files.open_parquet(index_path) as source:
        names = columns(source.schema_arrow.names, recipe)
        rows = source.read(names, use_threads=False).filter(alive)
    if rows.num_rows:
        path = folders.at(FOLDER, f"{unit}.parquet")
        files.write_table(path, rows, compression="lz4", use_dictionary=False)


def finish(folders: Folders, recipe: Recipe) -> None:
    """Say by what the index was made; without this it is no index."""
    made = meta(recipe)
    if made is not None:
        files.write_record(folders.at(FOLDER, "meta.json"), made)


def former(outputs: Sequence[str], recipe: Recipe) -> Iterator[InputFile]:
    """The index files of earlier releases, by their output folders.

    Raises:
        InputError: a folder holds no finished index.
        IdentityError: an index was made under another key.
        ForeignOutputError: it was made by other options, or this recipe uses none.
    """
    wanted = meta(recipe)
    if wanted is None and outputs:
        raise ForeignOutputError(
            "--against needs a recipe with drop_near_duplicates or tag_near_duplicates, and a key"
        )
    for output in outputs:
        folder = Folders(output).at(FOLDER)
        if not files.exists(files.join(folder, "meta.json")):
            raise InputError(f"{output} holds no index of a finished release in {folder}")
        _refuse_other(files.read_record(files.join(folder, "meta.json"), Meta), wanted, output)
        for name in files.names(folder):
            if name.endswith(".parquet"):
                digest, size = files.sha256(files.join(folder, name))
                yield InputFile(files.join(folder, name), size, digest, None)


def _refuse_other(found: Meta, wanted: Meta | None, output: str) -> None:
    if wanted is None or found == wanted:
        return
    if found.key != wanted.key:
        raise IdentityError(f"the index in {output} was made under another identity key")
    raise ForeignOutputError(f"the index in {output} was made by other near-duplicate options")
