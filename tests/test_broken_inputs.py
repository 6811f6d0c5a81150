"""Broken inputs, outputs and recipes give one clear message; broken lines give a reason."""

import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import recipe
from pipeline.errors import CurationError, DiskFullError
from pipeline.identity import KeySource
from pipeline.ingest.lines import Limits
from pipeline.recipe import Recipe
from tests import runs

FAULTY = """
stages:
  - drop_errors: {markers: [network_eror]}
  - drop_to_long: {max_chars: 10}
  - drop_superseded: {keep: first}
  - drop_empty
  - drop_empty
  - drop_too_long: {max_messages: 1}
release: {interval: weekly}
damaged_files: ignore
limit: {max_depth: 3}
"""
FAULTS = (
    *(
        "network_eror",
        "drop_to_long",
        "first",
        "drop_empty: stands twice",
        "drop_too_long.max_messages",
    ),
    *("release.interval", "damaged_files", "limit:"),
)
LIMITED = """
import resource, sys
from pathlib import Path
from pipeline import cli
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.exit(cli.main(sys.argv[1:]))
"""


def refused(*inputs: str, output: Path, made: Recipe | str = "release") -> tuple[int, str]:
    """The exit code and the message of a run that ends with an error made on purpose."""
    with pytest.raises(CurationError) as caught:
        runs.curate(inputs, output, made)
    return caught.value.exit_code, str(caught.value)


def log(folder: Path, conversations: int = 60) -> str:
    """A small log."""
    return runs.sample(folder / "logs", conversations)


def test_no_input(tmp_path: Path) -> None:
    """A pattern that names nothing is told back, even if another one names something."""
    code, said = refused(log(tmp_path), "no/such/*.json", output=tmp_path / "out")
    assert (code, said) == (3, "no input matches no/such/*.json")
    assert not (tmp_path / "out" / "release").exists()


def test_a_dangling_link(tmp_path: Path) -> None:
    """A link to nowhere is an input that cannot be read."""
    (tmp_path / "lost-conv.json").symlink_to(tmp_path / "nowhere")
    code, said = refused(log(tmp_path), f"{tmp_path}/*-conv.json", output=tmp_path / "out")
    assert code == 3
    assert said == f"cannot read {tmp_path}/lost-conv.json: No such file or directory"


def test_a_folder_as_a_file(tmp_path: Path) -> None:
    """Whoever gives a folder is shown the pattern that was meant."""
    log(tmp_path)
    code, said = refused(f"{tmp_path}/logs", output=tmp_path / "out")
    assert code == 3
    assert "is a folder" in said
    assert f"{tmp_path}/logs/**/*-conv.json*" in said


def test_a_file_that_fails_to_be_read(tmp_path: Path) -> None:
    """A file that opens and then fails is named, as an input and not as the output."""
    (tmp_path / "bad-conv.json").symlink_to("/proc/self/mem")
    code, said = refused(f"{tmp_path}/bad-conv.json", output=tmp_path / "out")
    assert (code, "bad-conv.json" in said) == (3, True), said


def torn(folder: Path, how: str) -> str:
    """A log of three compressed files, one of which is torn or has a wrong byte."""
    pattern = runs.sample(folder / "logs", 60, gzipped=True)
    victim = sorted(Path("/").glob(pattern.lstrip("/")))[1]
    packed = victim.read_bytes()
    if how.endswith("zstd"):
        with pa.CompressedOutputStream(str(victim), "zstd") as stream:
            stream.write(gzip.decompress(packed))
        packed = victim.read_bytes()
    half = len(packed) // 2
    wrong = bytes([packed[half] ^ 0xFF])
    cut = packed[:half] + (wrong + packed[half + 1 :] if how.startswith("wrong") else b"")
    victim.write_bytes(cut)
    return pattern


@pytest.mark.parametrize("how", ["torn gzip", "wrong byte in gzip", "torn zstd"])
def test_a_damaged_file_stops_the_run(how: str, tmp_path: Path) -> None:
    """It is named, after everything else has been staged, and nothing is released."""
    pattern = torn(tmp_path, how)
    names = sorted(Path("/").glob(pattern.lstrip("/")))
    code, said = refused(pattern, output=tmp_path / "out")
    assert code == 3
    assert f"  {names[1]}: " in said
    assert said.count("\n  ") == 1
    assert len(list((tmp_path / "out" / "run" / "receipts" / "stage").iterdir())) == 1
    assert not (tmp_path / "out" / "release").exists()


@pytest.mark.parametrize("how", ["torn gzip", "wrong byte in gzip", "torn zstd"])
def test_a_damaged_file_may_be_quarantined(how: str, tmp_path: Path) -> None:
    """With `damaged_files: quarantine` the rest is released, and the books say so."""
    made = replace(recipe.load("release"), damaged_files="quarantine")
    found = runs.curate(torn(tmp_path, how), tmp_path / "out", made)
    assert found.books.quarantined["damaged_file"] == 1
    assert found.books.released["conversations"] > 20


def test_another_recipe_key_or_input(tmp_path: Path) -> None:
    """An output folder goes on with what it began with, or says what is different."""
    pattern, output = log(tmp_path), tmp_path / "out"
    runs.curate(pattern, output)
    before = runs.tree(output)
    more = runs.sample(tmp_path / "more", 20, seed=5)
    (tmp_path / "key").write_text("cd" * 32)
    other = replace(recipe.load("release"), identity=KeySource(file=str(tmp_path / "key")))
    for inputs, made, difference in (
        ([pattern], "fastchat", "another recipe (tested, "),
        ([pattern, more], "release", "other inputs"),
        ([pattern], other, "another identity key"),
        ([pattern, more], "fastchat", "; other inputs"),
    ):
        code, said = refused(*inputs, output=output, made=made)
        assert code == 4
        assert difference in said
        assert f"{output} belongs to another run: " in said
    assert runs.tree(output) == before


@pytest.mark.parametrize("place", ["a file", "a file/below it", "/proc/no/such"])
def test_an_output_that_is_no_folder(place: str, tmp_path: Path) -> None:
    """An output that cannot be made is named."""
    (tmp_path / "a file").write_text("")
    code, said = refused(log(tmp_path), output=tmp_path / place)
    assert (code, str(tmp_path / place) in said) == (4, True), said


def test_a_faulty_recipe(tmp_path: Path) -> None:
    """All faults of a recipe are told at once, a line each, and nothing runs."""
    config = tmp_path / "faulty.yaml"
    config.write_text(FAULTY)
    code, said = refused(log(tmp_path), output=tmp_path / "out", made=str(config))
    assert code == 2
    first, *faults = said.splitlines()
    assert first.endswith(f"{len(FAULTS)} fault(s)")
    for fault in FAULTS:
        assert sum(fault in line for line in faults) == 1, fault
    assert not (tmp_path / "out").exists()


def test_a_file_size_limit(tmp_path: Path) -> None:
    """A file that may not grow is told as a full disk, without a stack; nothing half is left."""
    where = ["--input", log(tmp_path), "--output", str(tmp_path / "out"), "--engine", "plain"]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "run", "release", *where],
        env={**os.environ, "CURATE_ID_KEY": runs.KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (6, False), done.stderr
    assert "no space left to write" in done.stderr.rpartition("curate: ")[2]
    assert runs.partial(tmp_path / "out") == []


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, for root only."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root mounts a disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize(
    ("engine", "workers"),
    [("plain", 1), ("plain", 2), pytest.param("local", 2, marks=pytest.mark.beam)],
)
def test_a_full_disk(
    engine: str, workers: int, disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However full it is, the run says so, leaves nothing half, and goes on when there is room."""
    monkeypatch.setattr("pipeline.engines.WORTH_WORKERS", 0)
    pattern, full = runs.sample(tmp_path / "logs", 200), 0
    options: dict[str, Any] = {"engine": engine, "workers": workers, "split_mb": 0.2}
    for size in ("8k", "64k", "200k", "400k", "64m"):
        remount = ["mount", "-o", f"remount,size={size}", str(disk)]
        subprocess.run(remount, check=True, capture_output=True)
        said = ""
        try:
            runs.curate(pattern, disk / "out", runs.small(), **options)
        except DiskFullError as error:
            said = str(error)
        full += bool(said)
        assert (size == "64m") == (not said)
        assert said.startswith("no space left to write /" if said else "")
        assert "\n" not in said
        assert runs.partial(disk / "out") == []
        assert (disk / "out" / "release").exists() == (size == "64m")
    assert full == 4
    runs.curate(pattern, tmp_path / "reference", runs.small())
    assert runs.tree(disk / "out" / "release") == runs.tree(tmp_path / "reference" / "release")


@cache
def sound() -> list[bytes]:
    """Lines of a synthetic log."""
    with tempfile.TemporaryDirectory() as folder:
        return runs.lines(runs.sample(Path(folder), 40, seed=3))


ODD = (
    *("null", "true", "0", "-1", "3.5", "1e400", "NaN", "Infinity", "9" * 5000, '""', '"x"'),
    *('"\\ud800"', '"\\u0000"', '"\\u2028"', "[]", "{}", "[[]]", "[null, null]", '["a", "b"]'),
    *('{"conv_id": 7}', "[" * 40 + "]" * 40, "[" * 3000 + "]" * 3000, '"' + "a@" * 5000 + '"'),
)
BYTES = (b"\n", b"\r\n", b"\0", b'"', b"\\", b"{", b"]", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xa8")


def with_odd_value(line: bytes, rng: random.Random) -> bytes:
    """A record in which one value, anywhere, is another or is missing."""
    try:
        record = json.loads(line)
    except ValueError:
        return line
    holder, key, places = record, None, []
    stack = [record]
    while stack:
        holder = stack.pop()
        keys = holder if isinstance(holder, dict) else range(len(holder))
        places += [(holder, key) for key in keys]
        stack += [holder[key] for key in keys if isinstance(holder[key], dict | list)]
    if not places:
        return line
    holder, key = rng.choice(places)
    if isinstance(holder, dict) and rng.random() < 0.2:
        del holder[key]
        return json.dumps(record).encode()
    holder[key] = "<here>"
    return json.dumps(record).replace('"<here>"', rng.choice(ODD)).encode()


def with_odd_bytes(line: bytes, rng: random.Random) -> bytes:
    """A line with some bytes lost, and others put in their place."""
    start = rng.randrange(len(line) + 1)
    end = min(len(line), start + rng.choice((0, 0, 1, 1, 7, 5000)))
    return line[:start] + rng.choice((b"", *BYTES)) + line[end:]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), packed=st.booleans(), depth=st.sampled_from([0, 5, 32]))
def test_no_line_ends_a_run(seed: int, depth: int, *, packed: bool) -> None:
    """Odd values in records and odd bytes in lines: no error, and every line is accounted for."""
    rng = random.Random(seed)  # noqa: S311 (repeatable faults)
    change = (with_odd_value, with_odd_bytes, lambda line, _: line)
    lines = [rng.choice(change)(line, rng) for line in rng.choices(sound(), k=80)]
    whole = b"\n".join(lines) + rng.choice((b"", b"\n"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / ("a-conv.json.gz" if packed else "a-conv.json")
        path.write_bytes(gzip.compress(whole) if packed else whole)
        made = replace(runs.small("rich"), limits=Limits(max_depth=depth, max_line_bytes=60_000))
        options: dict[str, Any] = {"split_mb": 0.05, "batch_rows": rng.choice((1, 7, 2048))}
        done = runs.curate(str(path), folder / "out", made, **options)
        runs.ledger(folder / "out", done).check(folder / "out")
