"""`curate verify` on releases of growing size: MB a second, and the most memory (PSS).

A release is made larger by copies of its shards, each row with an id of its own (a keyed hash of
the id and the number of the copy), each copy in an interval of its own. `timestamp` is left out,
for it would have to follow. The check itself runs in a process of its own.

    python -m benchmarks.verify RELEASE [--gigabytes 0.25 1]
"""

import argparse
import hashlib
import itertools
import resource
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.memory import Peak, peak
from pipeline import files, samples, shards
from schemas import features
from schemas.manifest import ReleasedFile, ReleaseManifest, Shard

LEFT_OUT = ["timestamp"]
SHARD_BYTES = 96 << 20
"""Of a shard in memory, as recipes have it."""


def enlarged(release: Path, place: Path, target: int) -> ReleaseManifest:
    """A release of at least `target` bytes that keeps the contract, made of copies of another."""
    manifest = files.read_record(str(release / "manifest.json"), ReleaseManifest)
    whole = pa.concat_tables(
        pq.read_table(release / file.path, partitioning=None)
        for file in manifest.files
        if file.config == "conversations"
    ).drop_columns(LEFT_OUT)
    copies = max(1, SHARD_BYTES // whole.nbytes)
    found: list[ReleasedFile] = []
    for number in itertools.count():
        if sum(file.bytes for file in found) >= target:
            break
        shard = [_renamed(whole, number * copies + copy) for copy in range(copies)]
        found += _written(pa.concat_tables(shard), place, number)
    counts = Counter(dict.fromkeys(manifest.configs, 0))
    for file in found:
        counts[file.config] += file.rows
    columns = {
        config: {name: kind for name, kind in held.items() if name not in LEFT_OUT}
        for config, held in manifest.columns.items()
    }
    times = len(found) // len(manifest.configs) * copies
    told = [msgspec.structs.replace(one, count=one.count * times) for one in manifest.redactions]
    made = msgspec.structs.replace(
        manifest, files=found, configs=dict(counts), columns=columns, documents=[], redactions=told
    )
    files.write_record(str(place / "manifest.json"), made)
    return made


def _renamed(table: pa.Table, copy: int) -> pa.Table:
    """The same rows under other ids, none of them in a battle."""
    ids = [
        hashlib.blake2b(f"{copy}:{one}".encode(), digest_size=16).hexdigest()
        for one in table["conversation_id"].to_pylist()
    ]
    for name in ("conversation_id", "battle_id", "side"):
        if name in table.column_names:
            at = table.schema.get_field_index(name)
            values = ids if name == "conversation_id" else [None] * len(ids)
            table = table.set_column(at, table.schema.field(at), pa.array(values, pa.string()))
    return table


def _written(table: pa.Table, place: Path, number: int) -> list[ReleasedFile]:
    """The rows as one shard of each config, in an interval of their own."""
    interval = str(np.datetime64("2000-01-01") + number)
    drawn = table.filter(samples.chosen(table["conversation_id"], 200))
    parts = {
        "conversations": table,
        "metadata": table.drop_columns(["conversation"]),
        "sample": drawn,
    }
    made = []
    for config, rows in parts.items():
        shard = Shard(config, interval, 0, 1, rows.num_rows, 0)
        with shards.writer(str(place / shard.path), features.described(rows.schema)) as to:
            for piece in _pieces(rows):
                to.add(piece)
        made.append(shards.released(str(place), shard, rows.num_rows))
    return made


def _pieces(rows: pa.Table) -> list[pa.Table]:
    """Rows in runs of about 32 MiB, as a release has them."""
    count = max(1, rows.nbytes >> 25)
    step = -(-rows.num_rows // count)
    return [rows.slice(at, step).combine_chunks() for at in range(0, rows.num_rows, step)]


def measured(release: Path) -> tuple[Peak, float]:
    """Time and memory of `curate verify` in a process of its own, and its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = peak([sys.executable, "-m", "pipeline.cli", "verify", str(release)])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert took.code == 0
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a row a size, as Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("release", type=Path)
    parser.add_argument("--gigabytes", type=float, nargs="+", default=[0.25, 1.0])
    args = parser.parse_args()
    print("| release | rows | decoded | wall | CPU | MB/s of CPU | most PSS |")
    print("|---|---|---|---|---|---|---|")
    for size in args.gigabytes:
        folder = Path(tempfile.mkdtemp())
        try:
            made = enlarged(args.release, folder, int(size * 1e9))
            whole = sum(file.bytes for file in made.files)
            decoded = sum(
                meta.row_group(at).total_byte_size
                for meta in (pq.read_metadata(folder / file.path) for file in made.files)
                for at in range(meta.num_row_groups)
            )
            took, cpu_s = measured(folder)
        finally:
            shutil.rmtree(folder)
        print(
            f"| {whole / 1e6:,.0f} MB | {made.configs['conversations']:,} | "
            f"{decoded / 1e6:,.0f} MB | {took.wall_s:.1f} s | {cpu_s:.1f} s | "
            f"{whole / 1e6 / cpu_s:.0f} | {took.mb:.0f} MB |",
            flush=True,
        )


if __name__ == "__main__":
    main()
