"""The release depends on the lines, the recipe and the key, and on nothing else."""

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import engines, run
from schemas.manifest import RunManifest
from tests import runs

CONVERSATIONS = 280
RECIPES = ("release", "rich", "fastchat")
DAY = 1_687_564_800.0
"""2023-06-24, the beginning of a day."""
COMMAND = """
import sys
from pathlib import Path
from tests import runs
recipe, pattern, output, engine, workers = sys.argv[1:]
runs.curate(pattern, Path(output), runs.small(recipe), engine=engine, workers=int(workers))
"""
LAYOUTS = {
    "one file": {"all-conv.json": 1},
    "gzip": {"a/2023-06-24-conv.json.gz": 3, "a/2023-06-25-conv.json.gz": 1},
    "deep folders": {"z/y/x-conv.json": 1, "z/y/w/v.jsonl": 2, "u/t.json.gz": 1, "s.json": 1},
    "an empty file": {"first.json": 1, "empty.json": 0, "last.json": 1},
}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The pattern of a small synthetic log."""
    return runs.sample(tmp_path_factory.mktemp("logs"), CONVERSATIONS)


class Reference:
    """Undisturbed runs of the plain loop with one worker, one a recipe."""

    def __init__(self, pattern: str, folder: Path) -> None:
        self.manifests: dict[str, RunManifest] = {}
        self.files: dict[str, dict[str, bytes]] = {}
        for name in RECIPES:
            self.manifests[name] = runs.curate(pattern, folder / name, runs.small(name))
            self.files[name] = runs.tree(folder / name / "release")

    def check(self, output: Path, manifest: RunManifest, name: str = "release") -> None:
        """A run has the same release, to the byte, and the same books."""
        found = runs.tree(output / "release")
        assert found.keys() == self.files[name].keys()
        assert [path for path in found if found[path] != self.files[name][path]] == []
        assert manifest.books == self.manifests[name].books


@pytest.fixture(scope="module")
def reference(logs: str, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """What every run must equal."""
    return Reference(logs, tmp_path_factory.mktemp("reference"))


def test_the_reference_is_worth_comparing_with(reference: Reference) -> None:
    """The releases hold three intervals of several shards, and rows of both tables are dropped."""
    for name in RECIPES:
        folders = [path.split("/")[2] for path in reference.files[name] if "/" in path]
        assert len(set(folders)) == 3, name
        assert len(folders) > 4, name
        books = reference.manifests[name].books
        assert sum(map(len, books.dropped.values())) > 3, name


@pytest.mark.beam
@pytest.mark.parametrize("name", RECIPES)
def test_beam_equals_the_plain_loop(
    name: str, logs: str, reference: Reference, tmp_path: Path
) -> None:
    """Beam and a plain loop write the same bytes, for recipes that use every keyed stage."""
    made = runs.curate(logs, tmp_path, runs.small(name), engine="local")
    reference.check(tmp_path, made, name)


@pytest.mark.parametrize("engine", ["plain", pytest.param("local", marks=pytest.mark.beam)])
def test_two_workers_equal_one(
    engine: str, logs: str, reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes write the bytes of one."""
    monkeypatch.setattr(engines, "WORTH_WORKERS", 0)
    settings = {"engine": engine, "workers": 2, "split_mb": 0.2}
    made = runs.curate(logs, tmp_path, runs.small(), **settings)
    assert len(made.plan.units) > 4
    reference.check(tmp_path, made)


@pytest.mark.parametrize(
    ("name", "batch_rows"),
    [
        *(("rich", rows) for rows in (1, 7, 2048)),
        *(("release", rows) for rows in (7, 2048)),
        pytest.param("release", 1, marks=pytest.mark.proof),
    ],
)
def test_batches_do_not_matter(
    batch_rows: int, name: str, logs: str, reference: Reference, tmp_path: Path
) -> None:
    """Batches of one row, of seven and of all rows give the same bytes."""
    made = runs.curate(logs, tmp_path, runs.small(name), batch_rows=batch_rows)
    reference.check(tmp_path, made, name)


@pytest.mark.parametrize("split_mb", [0.05, 1, 64])
@pytest.mark.parametrize("name", ["release", "rich"])
def test_split_sizes_do_not_matter(
    split_mb: float, name: str, logs: str, reference: Reference, tmp_path: Path
) -> None:
    """Many small units and one large one give the same bytes."""
    made = runs.curate(logs, tmp_path, runs.small(name), split_mb=split_mb)
    assert (len(made.plan.units) > 20) == (split_mb < 1)
    reference.check(tmp_path, made, name)


@pytest.mark.parametrize("engine", ["plain", pytest.param("local", marks=pytest.mark.beam)])
@pytest.mark.parametrize("name", ["release", "rich"])
def test_partitions_do_not_matter(
    engine: str,
    name: str,
    logs: str,
    reference: Reference,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Keys that meet in dozens of partitions decide as in one."""
    monkeypatch.setattr(run, "KEYS_PER_PARTITION", 20)
    made = runs.curate(logs, tmp_path, runs.small(name), engine=engine, split_mb=0.3)
    reference.check(tmp_path, made, name)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_listing_does_not_matter(
    seed: int, logs: str, reference: Reference, tmp_path: Path
) -> None:
    """Files named one by one, some of them twice, in any order, give the same bytes."""
    paths = [str(path) for path in Path("/").glob(logs.lstrip("/"))]
    rng = random.Random(seed)  # noqa: S311 (an order, not a secret)
    rng.shuffle(paths)
    made = runs.curate([*paths, paths[0]], tmp_path, runs.small())
    assert len(made.plan.inputs) == len(paths)
    reference.check(tmp_path, made)


def test_another_root_does_not_matter(reference: Reference, tmp_path: Path) -> None:
    """The same log below another path gives the same bytes, and no path is released."""
    moved = tmp_path / "elsewhere" / "ü und ß" / "logs"
    made = runs.curate(runs.sample(moved, CONVERSATIONS), tmp_path / "out", runs.small())
    reference.check(tmp_path / "out", made)
    for content in runs.tree(tmp_path / "out" / "release").values():
        assert b"elsewhere" not in content


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["release", "rich"])
def test_the_layout_of_files_does_not_matter(
    layout: str, name: str, logs: str, reference: Reference, tmp_path: Path
) -> None:
    """The same lines in other files, orders, folders and compressions give the same bytes."""
    pattern = runs.deal(runs.lines(logs), tmp_path / "dealt", LAYOUTS[layout])
    made = runs.curate(pattern, tmp_path / "out", runs.small(name), split_mb=0.4)
    reference.check(tmp_path / "out", made, name)


def test_phase_by_phase(logs: str, reference: Reference, tmp_path: Path) -> None:
    """Phases called for one by one, each by itself and some twice, give the same bytes."""
    settings = run.Settings(1, "plain")
    rest = (runs.small(), "tested", [logs], str(tmp_path / "out"), settings)
    with runs.keyed():
        ended = [run.advance(*rest, phase) for phase in (*run.PHASES[:-1], "stage", "write")]
        assert ended == [None] * len(ended)
        assert not (tmp_path / "out" / "release").exists()
        made = run.advance(*rest, run.PHASES[-1])

    assert made is not None
    reference.check(tmp_path / "out", made, "release")


def test_a_relative_path_does_not_matter(
    logs: str, reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inputs and output given relative to any working directory give the same bytes."""
    monkeypatch.chdir(tmp_path)
    made = runs.curate(os.path.relpath(logs), Path("out"), runs.small())
    reference.check(tmp_path / "out", made)


@pytest.mark.parametrize(
    ("hash_seed", "engine", "workers"),
    [
        ("0", "plain", "1"),
        ("1", "plain", "1"),
        pytest.param("random", "local", "2", marks=pytest.mark.beam),
    ],
)
def test_the_hash_seed_does_not_matter(
    hash_seed: str, engine: str, workers: str, logs: str, reference: Reference, tmp_path: Path
) -> None:
    """Processes that order their sets in other ways write the same bytes."""
    subprocess.run(
        [sys.executable, "-c", COMMAND, "rich", logs, str(tmp_path), engine, workers],
        cwd=runs.ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        check=True,
        capture_output=True,
    )
    assert runs.tree(tmp_path / "release") == reference.files["rich"]


TIMES = [DAY + 0.5, DAY + 1.25, DAY + 86_400.5]
VOTES = st.builds(
    lambda kind, tstamp, pair, answer: {
        "type": kind,
        "tstamp": tstamp,
        "ip": "192.0.2.1",
        "models": ["", ""],
        "states": [
            {
                "conv_id": name * 32,
                "model_name": f"model-{name}",
                "messages": [["Human", "hi"], ["Assistant", answer]],
                "offset": 0,
            }
            for name in pair
        ],
    },
    st.sampled_from(["leftvote", "rightvote"]),
    st.sampled_from(TIMES),
    st.sampled_from(["ab", "ba", "ac"]),
    st.sampled_from(["hello", "so"]),
)
EVENTS = st.builds(
    lambda kind, tstamp, who, turns: {"type": kind, "tstamp": tstamp, "ip": who, **turns},
    st.sampled_from(["chat", "chat", "chat", "upvote", "flag"]),
    st.sampled_from(TIMES),
    st.sampled_from([None, "192.0.2.1", "192.0.2.2"]),
    st.builds(
        lambda name, model, texts: {
            "model": model,
            "state": {
                "conv_id": name * 32,
                "messages": [["Human", texts[0]], ["Assistant", texts[1]]] * texts[2],
                "offset": 0,
            },
        },
        st.sampled_from("abc"),
        st.sampled_from(["koala-13b", "gpt-4"]),
        st.tuples(
            st.sampled_from(["hi", "Hi ", "why?"]),
            st.sampled_from(["hello", "hello ", "so", ""]),
            st.integers(1, 2),
        ),
    ),
)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(found=st.lists(EVENTS, max_size=25), votes=st.lists(VOTES, max_size=6))
def test_ties_are_broken_by_content(
    found: list[dict[str, Any]], votes: list[dict[str, Any]]
) -> None:
    """Lines of the same moment, conversation and user are chosen alike wherever they stand."""
    lines = [json.dumps(event).encode() for event in [*found, *votes]]
    with tempfile.TemporaryDirectory() as name:
        folder, trees = Path(name), []
        for seed in (1, 2):
            shares = {f"{seed}-conv.json": 2, f"0/{5 - seed}-conv.json.gz": 1}
            pattern = runs.deal(lines, folder / f"logs{seed}", shares, seed)
            output = folder / f"out{seed}"
            made = runs.curate(pattern, output, runs.small("rich"), split_mb=0.001)
            runs.ledger(output, made).check(output)
            trees.append((made.books, runs.tree(output / "release")))
        assert trees[0] == trees[1]


def test_a_second_run_changes_nothing(logs: str, reference: Reference, tmp_path: Path) -> None:
    """A finished run, started again, writes no file."""
    runs.curate(logs, tmp_path, runs.small())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    made = runs.curate(logs, tmp_path, runs.small())
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert after.keys() == before.keys()
    assert {path.name for path in after if after[path] != before[path]} <= {"lock"}
    reference.check(tmp_path, made)
