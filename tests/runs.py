"""Runs for tests: logs to run on, a run in this process, and what it left behind."""

import contextlib
import gzip
import json
import os
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import identity, recipe, run
from pipeline.recipe import Recipe
from pipeline.sample import logs
from schemas.manifest import RunManifest

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
KEY = "ab" * 32
PARTIAL = ".partial-"
RICH = {
    "stages": [
        {"drop_invalid_votes": {"after_reveal": True}},
        {"fix_model_names": {"renames": "models.yaml"}},
        "drop_models",
        "drop_malformed_turns",
        "drop_errors",
        {"drop_superseded": {"keep": "all"}},
        "tag_feedback",
        "tag_battles",
        "drop_repeated_votes",
        {"cap_user": {"most": 3, "per": "interval", "burst": 2, "burst_s": 3600}},
        {"drop_frequent_prompts": {"cap": None, "quantile": 0.9}},
        {"drop_duplicates": {"over": "prompts", "form": "NFKC", "within": "model"}},
    ],
    "release": {"interval": "day", "timestamp": "exact", "user_id": True, "generation": True},
}
"""Every keyed stage with other options than the shipped recipes have, and all columns."""


def data(*parts: str) -> Path:
    """A file or folder of the developers' data; the test is skipped where there is none."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        import pytest  # noqa: PLC0415 (a third of the start of a victim)

        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no developers' data at {path}")
    return path


def records(*parts: str) -> list[dict[str, Any]]:
    """The records of a file of the developers' data: JSON, or JSON lines."""
    text = data(*parts).read_text("utf-8")
    if parts[-1].endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    found: list[dict[str, Any]] = json.loads(text)
    return found


def small(name: str = "release", **release: Any) -> Recipe:
    """A recipe, `rich` or a shipped one, that makes many small shards and row groups of few rows.

    Args:
        name: `rich`, or as the command line has it.
        release: options of its section `release`.
    """
    made = recipe.build(RICH, ROOT / "configs") if name == "rich" else recipe.load(name)
    options: dict[str, Any] = {"interval": "day", "shard_mb": 0.1, "row_group_mb": 0.03} | release
    return replace(made, release=replace(made.release, **options))


def sample(folder: Path, conversations: int = 400, **options: Any) -> str:
    """Write a synthetic log; returns the pattern that names its files."""
    logs.write(folder, conversations=conversations, **options)
    return f"{folder}/server*/*-conv.json*"


@contextlib.contextmanager
def keyed(key: str = KEY) -> Iterator[None]:
    """An identity key in the environment, as long as the context lasts."""
    identity._load.cache_clear()
    with mock.patch.dict(os.environ, {"CURATE_ID_KEY": key}):
        yield
    identity._load.cache_clear()


def curate(
    inputs: str | Sequence[str],
    output: Path,
    made: Recipe | str = "release",
    **settings: Any,
) -> RunManifest:
    """Run a recipe in this process; the plain loop and one worker, unless the settings differ."""
    patterns = [inputs] if isinstance(inputs, str) else list(inputs)
    options: dict[str, Any] = {"workers": 1, "engine": "plain"} | settings
    with keyed():
        loaded = recipe.load(made) if isinstance(made, str) else made
        return run.run(loaded, "tested", patterns, str(output), run.Settings(**options))


def tree(folder: Path) -> dict[str, bytes]:
    """The bytes of all files below a folder, by their path in it; hidden ones too."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def partial(folder: Path) -> list[str]:
    """Paths of half-written files below a folder."""
    return [name for name in tree(folder) if PARTIAL in name]


def table(folder: Path, config: str = "conversations") -> pa.Table:
    """The released rows of a config."""
    found = sorted((folder / "release" / "data" / config).rglob("*.parquet"))
    return pa.concat_tables([pq.read_table(path) for path in found])


def rows(folder: Path, config: str = "conversations") -> list[dict[str, Any]]:
    """The released rows of a config, as dictionaries; none if it has no file."""
    return read(folder / "release" / "data" / config)


def read(folder: Path, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """All rows of the Parquet files below a folder; files without columns have none."""
    found: list[dict[str, Any]] = []
    for path in sorted(folder.rglob("*.parquet")):
        with pq.ParquetFile(path) as source:
            if source.metadata.num_rows:
                found += source.read(None if columns is None else list(columns)).to_pylist()
    return found


Place = tuple[str, int]
"""A line: the path of its file and its offset."""


@dataclass(frozen=True)
class Ledger:
    """Where the lines of a finished run are, and what became of them.

    Attributes:
        lines: of the inputs.
        staged: table -> line -> row of the index.
        dropped: table -> line -> row of the ledger.
        quarantined: line -> row.
    """

    lines: list[Place]
    staged: dict[str, dict[Place, dict[str, Any]]]
    dropped: dict[str, dict[Place, dict[str, Any]]]
    quarantined: dict[Place, dict[str, Any]]

    def check(self, output: Path) -> None:
        """Every line is one row or one quarantined line; every row is released, held or dropped."""
        places = [*self.quarantined, *(at for found in self.staged.values() for at in found)]
        assert Counter(places) == Counter(self.lines)
        for name, gone in self.dropped.items():
            assert gone.keys() <= self.staged[name].keys(), name
            assert all(row["dropped_by"] and row["reason"] for row in gone.values())
        released = Counter(row["conversation_id"] for row in rows(output))
        assert released == Counter(row["conversation_id"] for row in self.kept().values())

    def kept(self, name: str = "conversations") -> dict[Place, dict[str, Any]]:
        """The staged rows that nothing dropped."""
        gone = self.dropped[name]
        return {at: row for at, row in self.staged[name].items() if at not in gone}

    def fates(self, conversation_id: str) -> set[str]:
        """The reasons of the drops of a conversation's rows."""
        return {
            f"{row['dropped_by']}: {row['reason']}"
            for row in self.dropped["conversations"].values()
            if row["conversation_id"] == conversation_id
        }


def ledger(output: Path, manifest: RunManifest) -> Ledger:
    """The ledger of a finished run on files that are not compressed, or with gzip."""
    paths = [source.path for source in manifest.plan.inputs]
    names = ("conversations", "battles", "feedback")

    def placed(found: list[dict[str, Any]]) -> dict[Place, dict[str, Any]]:
        by_place = {(paths[row["file"]], row["offset"]): row for row in found}
        assert len(by_place) == len(found)
        return by_place

    def indexed(name: str) -> list[dict[str, Any]]:
        folders = sorted((output / "run" / "index").glob(f"*/{name}.parquet"))
        columns = ("conversation_id", "file", "offset", "tstamp", "event_hash", "repaired")
        found: list[dict[str, Any]] = []
        for path in folders:
            with pq.ParquetFile(path) as source:
                if source.metadata.num_rows:
                    found += source.read(list(columns)).to_pylist()
        return found

    return Ledger(
        [(path, offset) for path in paths for offset in offsets(unpacked(Path(path)))],
        {name: placed(indexed(name)) for name in names},
        {name: placed(read(output / "run" / "dropped" / name)) for name in names},
        placed(read(output / "run" / "quarantine")),
    )


class Finished:
    """A run of the plain loop, and what it left."""

    def __init__(self, inputs: str, output: Path, made: Recipe | str) -> None:
        self.output = output
        self.manifest: RunManifest = curate(inputs, output, made)
        self.ledger = ledger(output, self.manifest)
        self.rows = rows(output)


def unpacked(path: Path) -> bytes:
    """The bytes of a log."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def offsets(log: bytes) -> list[int]:
    r"""Where the lines of a log begin; a line ends at the byte `\n`."""
    found, at = [], 0
    for line in log.split(b"\n"):
        found.append(at)
        at += len(line) + 1
    return found[:-1] if not log or log.endswith(b"\n") else found


def lines(pattern: str) -> list[bytes]:
    """All lines of the logs that a pattern names."""
    found = [unpacked(path).split(b"\n") for path in sorted(Path("/").glob(pattern.lstrip("/")))]
    return [line for log in found for line in log[: len(log) - (not log[-1])]]


def deal(found: Sequence[bytes], folder: Path, files: Mapping[str, int], seed: int = 0) -> str:
    """Deal lines out to other files, in another order; returns the pattern that names them.

    Args:
        found: the lines.
        folder: where the files will be.
        files: path of each file -> its share of the lines; `.gz` at its end compresses it.
        seed: of the order.
    """
    rng = random.Random(seed)  # noqa: S311 (an order, not a secret)
    hands: dict[str, list[bytes]] = {name: [] for name in files}
    for line in found:
        hands[rng.choices(list(files), list(files.values()))[0]].append(line)
    for name, hand in hands.items():
        rng.shuffle(hand)
        whole = b"".join(line + b"\n" for line in hand)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(whole, mtime=0) if name.endswith(".gz") else whole)
    return f"{folder}/**/*.json*"
