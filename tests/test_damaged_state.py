"""A run folder whose files were damaged: the next command says which, in one line."""

import shutil
from pathlib import Path

import pytest

from pipeline.errors import InputError
from tests import runs

ALWAYS = ("plan.json", "tombstones.json")
"""Read by every run that finds them."""
UNFINISHED = (
    *("receipts/stage/*.json", "receipts/judge/all.json", "receipts/fit/*.json"),
    *("receipts/write/*.json", "index/*/conversations.parquet", "staged/*/conversations.parquet"),
    *("cuts/*.parquet", "models/*/topics.json", "models/*/topics.npz"),
)
"""Read by a run that goes on with an unfinished one."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of the shipped recipe, with a list of tombstones."""
    folder = tmp_path_factory.mktemp("run")
    pattern = runs.sample(folder / "logs", 400)
    runs.curate(pattern, folder / "out", "release")
    (folder / "out" / "run" / "tombstones.json").write_text('{"marks": []}')
    return folder


@pytest.mark.parametrize("how", ["torn", "a wrong byte"])
@pytest.mark.parametrize("name", [*ALWAYS, *UNFINISHED])
def test_a_damaged_file_is_named(name: str, how: str, run: Path, tmp_path: Path) -> None:
    """A run that meets it says its name; nothing wrong is released."""
    output = tmp_path / "out"
    shutil.copytree(run / "out", output)
    (output / "run" / "manifest.json").unlink()
    shutil.rmtree(output / "release")
    if not name.startswith("receipts/write"):
        shutil.rmtree(output / "run" / "receipts" / "write")
    if name.startswith("index"):
        shutil.rmtree(output / "run" / "receipts" / "judge")
    victim = next(iter(sorted((output / "run").glob(name))))
    _damage(victim, how)

    said = ""
    try:
        runs.curate(f"{run}/logs/server*/*-conv.json*", output, "release")
    except InputError as error:
        said = str(error)

    if said:
        assert (victim.parent.name if name.startswith("models") else str(victim)) in said
        assert not (output / "release").exists()
    else:  # a byte of Parquet's footer that says nothing of the data
        assert (how, victim.suffix) == ("a wrong byte", ".parquet")
        assert runs.tree(output / "release") == runs.tree(run / "out" / "release")


def _damage(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    path.unlink()
    half = len(data) // 2
    if how == "torn":
        del data[half:]
    else:
        data[half] ^= 0xFF
    path.write_bytes(data)
