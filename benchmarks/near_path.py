"""The near-duplicate stage alone, on its way through files as in a run: CPU and memory.

    python -m benchmarks.near_path DOCUMENTS.arrow COUNT      prints a Measured as JSON

Staging makes the index of 5,000 documents at a time; then come all steps of pipeline/pairing.py.
A thousand other documents go first, outside the measurement: tables of code points, imports.
"""

import contextlib
import dataclasses
import itertools
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import allocation, near_index, pairing, plain, recipe, staging, states
from pipeline.folders import Folders
from pipeline.job import Job
from pipeline.recipe import Recipe
from pipeline.states import Home
from schemas.manifest import Plan, Unit
from schemas.staged import CONVERSATION, CONVERSATIONS

ROOT = Path(__file__).parent.parent
UNIT_ROWS = 5000
BATCH_ROWS = 1000
WARM_UP = 1000
SALT = 7


def made() -> Recipe:
    """A recipe of that stage alone."""
    near = {"over": "prompts", "threshold": 0.8, "shingle": 5}
    return recipe.build({"stages": [{"drop_near_duplicates": near}]}, Path())


def words(count: int, seed: int = 0) -> Iterator[str]:
    """Documents of 60 random words, each second one a near copy of the one before it."""
    draw = random.Random(seed)  # noqa: S311 (an experiment, not a secret)
    for _ in range(0, count, 2):
        one = [f"w{draw.randrange(1 << 30)}" for _ in range(60)]
        yield " ".join(one)
        yield " ".join([*one[:-1], "other"])


def write(texts: Iterator[str], path: Path) -> None:
    """Documents as an Arrow file."""
    schema = pa.schema([pa.field("text", pa.string())])
    with pa.OSFile(str(path), "wb") as stream, pa.ipc.new_file(stream, schema) as writer:
        while part := list(itertools.islice(texts, BATCH_ROWS)):
            writer.write_batch(pa.record_batch([pa.array(part)], schema))


def rows(texts: pa.Array, first: int) -> pa.RecordBatch:
    """Staged rows, each a conversation of one prompt."""
    numbers = pa.array(np.arange(first, first + len(texts)))
    ends = pa.array(np.arange(len(texts) + 1, dtype=np.int32))
    roles = pa.array(np.full(len(texts), "user"))
    said = pa.StructArray.from_arrays([texts, roles], fields=list(CONVERSATION.value_type))
    ids = pc.utf8_lpad(pc.cast(numbers, pa.string()), 32, "0")
    columns = {field.name: pa.nulls(len(texts), field.type) for field in CONVERSATIONS} | {
        "conversation_id": ids,
        "conversation": pa.ListArray.from_arrays(ends, said, type=CONVERSATION),
        "tstamp": pc.cast(numbers, pa.float64()),
        "event_hash": pc.cast(pc.utf8_slice_codeunits(ids, 16), pa.binary(16)),
    }
    return pa.RecordBatch.from_pydict(columns)


def staged(source: pa.RecordBatchFileReader, count: int, unit: int, job: Job) -> None:
    """The index of one unit, as staging leaves it."""
    path = states.index_path(Home(0, unit), job)
    with contextlib.ExitStack() as stack:
        drawer = stack.enter_context(staging.Drawer(path, stack))
        begin = unit * UNIT_ROWS
        for first in range(begin, min(begin + UNIT_ROWS, count), BATCH_ROWS):
            texts = source.get_batch(first // BATCH_ROWS)["text"].slice(0, count - first)
            found = staging.indexed(rows(texts, first), "conversations", job.recipe.keyed, SALT)
            drawer.add(found, found["text_bytes"])


def judged(job: Job) -> np.ndarray:
    """Decide on the rows of an index: the witness of each, or -1."""
    homes = [Home(0, unit) for unit in range(len(job.plan.units))]
    for home in homes:
        states.begin(home, job)
    for stage in near_index.stages(job.recipe):
        for work, items in pairing.phases(stage, job):
            plain.map_work(work, items)
        job = dataclasses.replace(job, step=job.step + 1)
    into = pa.concat_tables([states.load(home, job).select(["into"]) for home in homes])["into"]
    return pc.fill_null(pc.cast(into, pa.int64()), -1).to_numpy()


class Measured(msgspec.Struct):
    """What some documents cost: CPU seconds, user and system, and what came of it."""

    stage_s: float
    judge_s: float
    dropped: int
    mb: float = 0  # the most that the process took

    @property
    def cpu_s(self) -> float:
        """All of it."""
        return self.stage_s + self.judge_s


def run(documents: Path, count: int) -> tuple[np.ndarray, Measured]:
    """The witness of each of the first documents of a file, or -1; and what it cost."""
    with tempfile.TemporaryDirectory() as folder, pa.OSFile(str(documents)) as stream:
        units = [Unit(str(number), [], 0) for number in range(-(-count // UNIT_ROWS))]
        job = Job(Folders(folder), made(), Plan("", "", "", None, [], units))
        source = pa.ipc.open_file(stream)
        began = time.process_time()
        for unit in range(len(units)):
            staged(source, count, unit, job)
        between = time.process_time()
        witness = judged(job)
        ended = time.process_time()
    return witness, Measured(between - began, ended - between, int((witness >= 0).sum()))


def warm_up() -> None:
    """Do some other documents first: what is done once a process is not part of a measurement."""
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "few.arrow"
        write(words(WARM_UP, seed=1), few)
        run(few, WARM_UP)


def apart(documents: Path, count: int) -> Measured:
    """The same in a process of its own, with its peak of memory."""
    command = [sys.executable, "-m", "benchmarks.near_path", str(documents), str(count)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    return msgspec.json.decode(done.stdout, type=Measured)


def peak_mb() -> float:
    """Peak memory of this process."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Measure in this process; the file holds documents in batches of 1,000."""
    allocation.keep_freed()
    warm_up()
    _, found = run(Path(sys.argv[1]), int(sys.argv[2]))
    found.mb = peak_mb()
    print(msgspec.json.encode(found).decode())


if __name__ == "__main__":
    main()
