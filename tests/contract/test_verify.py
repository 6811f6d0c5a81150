"""A release that keeps its contract passes; spoiled in one way, it fails with that message."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import contract
from pipeline.contract import footers, manifests
from pipeline.contract.verifying import rules
from pipeline.errors import InputError
from tests import runs
from tests.contract.spoiled import Copy, put

Spoil = Callable[[Copy], object]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of several intervals, shards and row groups."""
    folder = tmp_path_factory.mktemp("verified")
    logs = runs.sample(folder / "logs", 300)
    runs.curate(logs, folder / "out", runs.small(sample=20))
    return folder / "out" / "release"


@pytest.fixture
def copy(release: Path, tmp_path: Path) -> Copy:
    """A copy of it."""
    return Copy(release, tmp_path / "copy")


def flipped(copy: Copy) -> None:
    """One byte in the middle of a shard is another."""
    data = bytearray(copy.path().read_bytes())
    data[len(data) // 2] ^= 1
    copy.path().write_bytes(bytes(data))


def doubled(copy: Copy) -> None:
    """A conversation of the second shard has the id of one of the first; neither is a battle."""
    first, second = (pq.read_table(copy.path(number=n), partitioning=None) for n in (0, 1))
    taken = first.filter(first["battle_id"].is_null())["conversation_id"][0].as_py()
    place = second["battle_id"].to_pylist().index(None)
    for config in ("conversations", "metadata"):
        copy.change(
            lambda t: put(
                t, "conversation_id", lambda ids: [*ids[:place], taken, *ids[place + 1 :]]
            ),
            config,
            number=1,
        )


def retyped(table: pa.Table) -> pa.Table:
    """`turn` with half its bits."""
    at = table.schema.get_field_index("turn")
    return table.set_column(
        at, pa.field("turn", pa.int32(), nullable=False), table["turn"].cast(pa.int32())
    )


def nullable(table: pa.Table) -> pa.Table:
    """`model` may be null."""
    at = table.schema.get_field_index("model")
    return table.set_column(at, pa.field("model", pa.string()), table["model"])


def rewritten(copy: Copy, *, keeps: bool = True) -> None:
    """A shard by another writer, which keeps the key `huggingface` or does not."""
    file = copy.listed()[0]
    table = pq.read_table(copy.folder / file.path, partitioning=None)
    kept = table if keeps else table.replace_schema_metadata(None)
    pq.write_table(kept, copy.folder / file.path)
    copy.hide(file)


def keyed(copy: Copy) -> None:
    """A shard with a key of another program."""
    file = copy.listed()[0]
    table = pq.read_table(copy.folder / file.path, partitioning=None)
    held = table.schema.metadata | {b"pandas": b"/home/somebody"}
    with pq.ParquetWriter(copy.folder / file.path, table.schema, write_page_index=True) as to:
        to.add_key_value_metadata({"content_defined_chunking": "{}"} | held)
        to.write_table(table)
    copy.hide(file)


def removed(copy: Copy) -> None:
    """A file is gone, and the manifest keeps silent about it."""
    of = {one.interval for one in copy.listed() if one.path.endswith("00000-of-00002.parquet")}
    gone = next(one for one in copy.listed() if one.interval in of)
    (copy.folder / gone.path).unlink()
    copy.tell(files=[one for one in copy.manifest.files if one != gone])


def drawn_otherwise(copy: Copy) -> None:
    """A row of the sample is another row of the same interval."""
    file = copy.listed("sample")[0]
    whole = pq.read_table(copy.folder / "data" / "conversations" / file.interval, partitioning=None)
    held = set(
        pq.read_table(copy.folder / file.path, partitioning=None)["conversation_id"].to_pylist()
    )
    mask = [one not in held for one in whole["conversation_id"].to_pylist()]
    copy.rewrite(file, whole.filter(pa.array(mask)).slice(0, file.rows))


def renamed_column(copy: Copy) -> None:
    """The manifest names a column that no contract knows."""
    columns = {c: dict(held) for c, held in copy.manifest.columns.items()}
    for held in columns.values():
        held["mood"] = held.pop("turn")
    copy.tell(columns=columns)


SPOILED: dict[str, tuple[Spoil, set[str]]] = {
    "one flipped byte": (flipped, {"sha256"}),
    "a missing shard": (lambda c: c.path().unlink(), {"missing"}),
    "an extra file": (lambda c: (c.folder / "data" / "notes.txt").write_text("x"), {"stray"}),
    "a hidden file": (lambda c: (c.folder / ".DS_Store").write_text("x"), {"stray"}),
    "a wrong type": (lambda c: c.change(retyped), {"type"}),
    "a private column": (
        lambda c: c.change(lambda t: t.append_column("file", pa.nulls(t.num_rows, pa.int32()))),
        {"private_column"},
    ),
    "texts in metadata": (
        lambda c: c.change(lambda t: t.append_column("conversation", t["model"]), "metadata"),
        {"private_column", "names", "type", "nullability"},
    ),
    "a duplicated id": (doubled, {"unique"}),
    "an unknown column": (
        lambda c: c.change(lambda t: t.append_column("mood", t["model"])),
        {"names"},
    ),
    "a column less": (lambda c: c.change(lambda t: t.drop_columns(["language"])), {"names"}),
    "another order": (
        lambda c: c.change(lambda t: t.select([*t.column_names[1:], t.column_names[0]])),
        {"names"},
    ),
    "a column that may be null": (lambda c: c.change(nullable), {"nullability"}),
    "rows that the manifest does not say": (
        lambda c: c.rewrite(
            c.listed()[0], pq.read_table(c.path(), partitioning=None).slice(1), told=False
        ),
        {"sha256", "rows", "bytes", "repeats"},
    ),
    "a row less, and a manifest that says so": (
        lambda c: c.change(lambda t: t.slice(1)),
        {"sums", "twins", "repeats"},
    ),
    "no page index": (rewritten, {"page_index", "keys"}),
    "no features": (
        lambda c: rewritten(c, keeps=False),
        {"features", "page_index", "keys"},
    ),
    "a key of another program": (keyed, {"keys"}),
    "an id among the marks of what was forgotten": (
        lambda c: c.tell(forgotten={"user": ["0" * 32]}),
        {"forgotten"},
    ),
    "a mark of nothing that can be forgotten": (
        lambda c: c.tell(forgotten={"address": ["0" * 16]}),
        {"forgotten"},
    ),
    "a number that is missing": (removed, {"numbering", "sums", "twins"}),
    "a file under another name": (
        lambda c: c.relist(c.listed()[0], interval="1999-01-01"),
        {"place", "numbering", "timestamp"},
    ),
    "a wrong sum": (lambda c: c.tell(configs=c.manifest.configs | {"sample": 1}), {"sums"}),
    "an unknown config": (
        lambda c: c.tell(configs=c.manifest.configs | {"hiddens": 0}),
        {"configs"},
    ),
    "columns of no contract": (renamed_column, {"columns", "names", "type"}),
    "a value of metadata": (
        lambda c: c.change(lambda t: put(t, "model", lambda m: ["x", *m[1:]]), "metadata"),
        {"repeats"},
    ),
    "a sample of other rows": (drawn_otherwise, {"drawn"}),
    "a file listed twice": (
        lambda c: c.tell(files=[*c.manifest.files, c.manifest.files[0]]),
        {"listed_once", "sums", "numbering"},
    ),
    "another count of redactions": (
        lambda c: c.tell(redactions=c.manifest.redactions[1:]),
        {"redaction_counts"},
    ),
    "no Parquet file": (
        lambda c: c.path().write_bytes(bytes(c.listed()[0].bytes)),
        {"sha256", "readable"},
    ),
}


def test_a_release_keeps_its_contract(release: Path) -> None:
    """What a run makes has no fault; its rows are counted."""
    verdict = contract.verify(str(release))
    assert verdict.faults == []
    assert verdict.rows == verdict.configs["conversations"] == verdict.configs["metadata"] > 200
    assert verdict.configs["sample"] == 60
    assert verdict.bytes > 0.9 * sum(p.stat().st_size for p in release.rglob("*.parquet"))


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_release_fails(how: str, copy: Copy) -> None:
    """Each way to spoil a release breaks its own rules, whatever the manifest says."""
    spoil, broken = SPOILED[how]
    spoil(copy)
    found = copy.faults()
    assert found.keys() >= broken
    assert found.keys() <= broken | {"readable", "repeats", "drawn"}, found


def test_every_rule_on_files_can_fail() -> None:
    """There is a spoiled release for each rule on lists and footers."""
    broken = set().union(*(names for _, names in SPOILED.values())) | {"row_group"}
    assert {rule.name for rule in manifests.RULES} <= broken
    assert {rule.name for rule in footers.RULES} <= broken
    assert broken <= rules().keys()


def test_a_large_row_group(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row group above the limit is a fault."""
    monkeypatch.setattr(footers, "MOST_GROUP_BYTES", 1000)
    assert copy.faults().keys() == {"row_group"}


def test_any_flipped_byte_is_found(copy: Copy) -> None:
    """Wherever a byte is another, in pages, headers or footers, the file is named; nothing ends."""
    rng = random.Random(6)  # noqa: S311 (places, not secrets)
    for path in rng.sample(sorted(copy.folder.rglob("*.parquet")), 10):
        data = path.read_bytes()
        flipped = bytearray(data)
        for at in (rng.randrange(len(data)), len(data) - 1 - rng.randrange(3000)):
            flipped[at] ^= 1 << rng.randrange(8)
        path.write_bytes(bytes(flipped))
        assert str(path.relative_to(copy.folder)) in copy.faults()["sha256"]
        path.write_bytes(data)


def test_all_faults_are_listed_at_once(copy: Copy) -> None:
    """Three faults of three files are three lines."""
    flipped(copy)
    copy.path(number=1).unlink()
    (copy.folder / "notes.txt").write_text("x")
    assert copy.faults().keys() >= {"sha256", "missing", "stray"}


def test_the_command(release: Path, copy: Copy) -> None:
    """`curate verify` exits with 0 or 1; no fault shows a text; `--json` says the same."""
    command = [sys.executable, "-m", "pipeline.cli", "verify"]
    good = subprocess.run([*command, str(release)], capture_output=True, text=True, check=False)
    assert good.returncode == 0
    assert "rows in metadata" in good.stdout
    hidden = "a text that stays inside"
    says = [{"content": hidden, "role": "user"}]
    copy.change(lambda t: put(t, "conversation", lambda held: [says, *held[1:]]))
    bad = subprocess.run([*command, str(copy.folder)], capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    assert "turn_fits: row 0" in bad.stdout
    told = subprocess.run(
        [*command, str(copy.folder), "--json"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert {fault["rule"] for fault in json.loads(told.stdout)["faults"]} >= {"turn_fits"}
    assert hidden not in bad.stdout + bad.stderr + told.stdout


def test_a_release_by_its_uri(release: Path, copy: Copy) -> None:
    """A URI is looked through like a path, faults included."""
    assert contract.verify(release.as_uri()).faults == []
    copy.path().unlink()
    faults = contract.verify(copy.folder.as_uri()).faults
    assert [(f.file, f.rule) for f in faults] == [(copy.listed()[0].path, "missing")]


def test_what_is_no_release(tmp_path: Path) -> None:
    """A folder without a manifest, or with a broken one, is an error of the input."""
    with pytest.raises(InputError, match="is no release"):
        contract.verify(str(tmp_path))
    (tmp_path / "manifest.json").write_text('{"files": 1}')
    with pytest.raises(InputError, match="is damaged"):
        contract.verify(str(tmp_path))
