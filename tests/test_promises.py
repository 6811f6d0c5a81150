"""Every stage keeps the promises in pipeline/stage.py, whatever the data."""

import pickle
import re
from collections import Counter
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import judging
from pipeline.stage import VERDICTS, BatchStage, EditingStage, KeyedStage, Stage
from pipeline.stages import STAGES
from schemas.staged import TABLES
from tests.conftest import battles, built, choose, conversations, feedback, meet, staged
from tests.options import OPTIONS

ALL: list[Stage] = [built(name, given) for name in STAGES for given in OPTIONS.get(name, [{}])]
BATCH = [(s, table) for s in ALL if isinstance(s, BatchStage) for table in s.tables]
KEYED = [s for s in ALL if isinstance(s, KeyedStage)]
FOLDS = [s for s in KEYED if re.search("frequent|duplicates|cap_|redact", s.name)]


def name_of(value: object) -> str:
    """How a stage or table is called in the name of a test."""
    return value.name if isinstance(value, Stage) else str(value)


each_batch_stage = pytest.mark.parametrize(("stage", "table"), BATCH, ids=name_of)
each_keyed_stage = pytest.mark.parametrize("stage", KEYED, ids=name_of)
each_fold = pytest.mark.parametrize("stage", FOLDS, ids=name_of)
each_stage = pytest.mark.parametrize("stage", STAGES.values(), ids=lambda s: s.name)


def elsewhere(stage: Stage) -> Any:
    """The stage as another worker has it."""
    return pickle.loads(pickle.dumps(stage))


def halves(batch: pa.RecordBatch, cut: int) -> list[pa.RecordBatch]:
    """A batch in two."""
    return [batch.slice(0, cut), batch.slice(cut)]


def whole(batches: list[pa.RecordBatch]) -> list[dict[str, Any]]:
    """The rows of some batches."""
    rows: list[dict[str, Any]] = pa.Table.from_batches(batches).to_pylist()
    return rows


@each_batch_stage
@given(data=st.data())
def test_every_row_stays_in_order(stage: BatchStage, table: str, data: st.DataObject) -> None:
    """No row is lost, added or moved, and columns that are not declared come out as they were."""
    before = data.draw(staged(table))
    after = stage.apply(before)

    assert after.num_rows == before.num_rows
    declared = {*stage.writes, *(VERDICTS if stage.reasons else ())}
    assert set(after.schema.names) <= {*before.schema.names, *declared}
    for name in set(before.schema.names) - declared:
        assert after[name].equals(before[name]), name


@each_batch_stage
@given(data=st.data())
def test_reads_only_what_it_declares(stage: BatchStage, table: str, data: st.DataObject) -> None:
    """Hiding the other columns changes nothing."""
    batch = data.draw(staged(table))
    seen = [n for n in batch.schema.names if n in {*stage.reads, *stage.writes, *VERDICTS}]
    after, narrow = stage.apply(batch), stage.apply(batch.select(seen))

    for name in narrow.schema.names:
        assert narrow[name].equals(after[name]), name


@each_batch_stage
@given(data=st.data(), cut=st.integers(0, 6))
def test_batch_borders_do_not_matter(
    stage: BatchStage, table: str, data: st.DataObject, cut: int
) -> None:
    """Two halves, on a stage sent to another worker, equal the whole."""
    batch = data.draw(staged(table))
    parts = [elsewhere(stage).apply(half) for half in halves(batch, cut)]

    assert whole(parts) == stage.apply(batch).to_pylist()


@each_batch_stage
@given(data=st.data())
def test_the_first_rejection_stays(stage: BatchStage, table: str, data: st.DataObject) -> None:
    """Rows dropped earlier keep their verdict; a new one has this stage's name and a reason."""
    before = data.draw(staged(table))
    after = stage.apply(before)

    pairs = zip(*(batch.select(VERDICTS).to_pylist() for batch in (before, after)), strict=True)
    for earlier, verdict in pairs:
        if earlier["dropped_by"] or not verdict["dropped_by"]:
            assert verdict == earlier
        else:
            assert verdict["dropped_by"] == stage.name
            assert verdict["reason"] in stage.reasons


@st.composite
def worlds(draw: st.DrawFn, stage: KeyedStage) -> list[pa.RecordBatch]:
    """Two units of each table of a stage."""
    return [draw(staged(table, least)) for table in stage.tables for least in (1, 0)]


def ready(stage: Stage, batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch as the keys of a stage are made from it."""
    return stage.mark(batch) if isinstance(stage, EditingStage) else batch


def by_address(decisions: pa.Table) -> dict[tuple[int, ...], dict[str, Any]]:
    """The decision on each row, or place of a row; it is decided on once."""
    found: dict[tuple[int, ...], dict[str, Any]] = {
        (row["table"], row["unit"], row["row"], row.get("place", 0)): row
        for row in decisions.to_pylist()
    }
    assert len(found) == decisions.num_rows
    return found


def by_content(rows: pa.Table, decisions: pa.Table) -> Counter[str]:
    """What was decided on which line, how often: whatever the addresses are."""
    hashes: dict[tuple[int, ...], bytes] = {
        (row["table"], row["unit"], row["row"]): row["event_hash"] for row in rows.to_pylist()
    }
    return Counter(
        repr((hashes[at[:3]], {n: v for n, v in made.items() if n not in judging.ADDRESS}))
        for at, made in by_address(decisions).items()
    )


@each_keyed_stage
@given(data=st.data(), cut=st.integers(0, 6))
def test_keys_belong_to_rows(stage: KeyedStage, data: st.DataObject, cut: int) -> None:
    """There is a key a row, in any batching, on any worker, from declared columns only."""
    for table in stage.tables:
        batch = data.draw(staged(table, 1))
        keys = stage.keys(ready(stage, batch), table)
        narrow = batch.select([n for n in batch.schema.names if n in stage.reads])
        parts = [
            elsewhere(stage).keys(ready(stage, half), table)
            for half in halves(narrow, cut)
            if half.num_rows
        ]

        assert keys.num_rows == batch.num_rows
        assert whole(parts) == keys.to_pylist()


@each_keyed_stage
def test_no_rows_have_no_keys(stage: KeyedStage) -> None:
    """An empty batch is a batch, too."""
    for table in stage.tables:
        empty = pa.RecordBatch.from_pylist([], TABLES[table])

        assert stage.keys(ready(stage, empty), table).num_rows == 0


@each_keyed_stage
@given(data=st.data())
def test_decisions_are_well_formed(stage: KeyedStage, data: st.DataObject) -> None:
    """They name rows that were shown, each once, as declared; a tag rejects nothing but clicks."""
    rows = meet(stage, *data.draw(worlds(stage)))
    made = choose(stage, rows)
    shown = {(row["table"], row["unit"], row["row"]) for row in rows.to_pylist()}
    place = {"place"} if isinstance(stage, EditingStage) else set()
    joined = {field.name for field in stage.adds}

    assert {at[:3] for at in by_address(made)} <= shown
    for decision in made.to_pylist():
        assert decision.keys() == {*judging.ADDRESS, "reason", "into", *joined, *place}
        assert decision["reason"] in {None, *stage.reasons}
        assert decision["reason"] or not decision["into"]
        is_click = decision["table"] == list(TABLES).index("feedback")
        assert is_click or not (decision["reason"] and stage.name.startswith("tag_"))


@each_keyed_stage
@given(data=st.data(), seed=st.integers(0, 99))
def test_order_of_rows_does_not_matter(stage: KeyedStage, data: st.DataObject, seed: int) -> None:
    """Rows may come in any order."""
    rows = meet(stage, *data.draw(worlds(stage)))
    order = list(range(rows.num_rows))
    Random(seed).shuffle(order)  # noqa: S311 (an order, not a secret)

    assert by_address(choose(stage, rows.take(pa.array(order, pa.int64())))) == by_address(
        choose(stage, rows)
    )


@each_keyed_stage
@given(data=st.data(), partitions=st.integers(2, 5))
def test_partitions_do_not_matter(stage: KeyedStage, data: st.DataObject, partitions: int) -> None:
    """Keys may be split over any number of partitions, on any worker."""
    rows = meet(stage, *data.draw(worlds(stage)))
    part = judging.partition(rows["key"].to_numpy(), partitions)
    pieces = [rows.filter(pa.array(part == number)) for number in range(partitions)]

    assert by_address(choose(elsewhere(stage), *pieces)) == by_address(choose(stage, rows))


@each_keyed_stage
@given(data=st.data())
def test_addresses_do_not_matter(stage: KeyedStage, data: st.DataObject) -> None:
    """The same lines in other units, in another order, have the same fate."""
    units = data.draw(worlds(stage))
    moved = [
        batch.take(pa.array(range(batch.num_rows)[::-1], pa.int64())) for batch in reversed(units)
    ]
    rows, others = meet(stage, *units), meet(stage, *moved)

    assert by_content(others, choose(stage, others)) == by_content(rows, choose(stage, rows))


@pytest.mark.parametrize("stage", [s for s in KEYED if s.judges_copies], ids=name_of)
@given(data=st.data())
def test_a_copy_names_a_row_that_stays(stage: KeyedStage, data: st.DataObject) -> None:
    """A row is dropped only in favour of a row with its key that is kept."""
    rows = meet(stage, *data.draw(worlds(stage)))
    made = by_address(choose(stage, rows))
    kept, gone = set(), set()
    for row in rows.to_pylist():
        decision = made.get((row["table"], row["unit"], row["row"]), {"reason": None})
        key = (row["key"], row["key_high"]) if "key_high" in row else ()
        if decision["reason"]:
            gone.add((key, decision["into"]))
        else:
            kept.add((key, row["conversation_id"]))

    assert gone <= kept


@each_fold
@given(data=st.data(), interval=st.sampled_from(("day", "week", "all")))
def test_later_intervals_change_nothing(
    stage: KeyedStage, data: st.DataObject, interval: str
) -> None:
    """What is said of a row is as of its own interval: a fold over intervals."""
    rows = meet(stage, *data.draw(worlds(stage)), interval=interval)
    made = by_address(choose(stage, rows))
    for end in set(rows["interval"].to_pylist()):
        early = rows.filter(pa.array([number <= end for number in rows["interval"].to_pylist()]))
        so_far = by_address(choose(stage, early))
        ended = {(row["table"], row["unit"], row["row"]) for row in early.to_pylist()}

        assert so_far == {at: decision for at, decision in made.items() if at[:3] in ended}


@each_stage
def test_the_verb_tells_the_effect(stage: type[Stage]) -> None:
    """drop_* and cap_* reject, tag_* and score_* add columns, fix_* and redact_* edit them."""
    columns = {name for table in stage.tables for name in TABLES[table].names}
    edited, added = columns & set(stage.writes), set(stage.writes) - columns
    match stage.name.partition("_")[0]:
        case "drop" | "cap":
            assert stage.reasons
        case "tag" | "score":
            assert edited == set()
            assert added
        case "fix":
            assert (added, stage.reasons) == (set(), ())
            assert edited
        case "redact":
            assert edited
        case verb:
            pytest.fail(f"no such verb: {verb}")


@each_keyed_stage
def test_joined_columns_are_declared(stage: KeyedStage) -> None:
    """What a keyed stage joins is what it declares to write, and of the declared types."""
    one = {
        "conversations": conversations(["hi", "hello"]),
        "battles": battles((["hi", "hello"], ["hi", "hey"])),
        "feedback": feedback("upvote"),
    }
    made = choose(stage, meet(stage, *(one[table] for table in stage.tables)))

    if isinstance(stage, EditingStage):
        assert not set(stage.writes) & {field.name for field in (*stage.adds, *stage.marks)}
    else:
        assert tuple(field.name for field in stage.adds) == stage.writes
        assert {made.schema.field(f.name).type == f.type for f in stage.adds} <= {True}


def test_nothing_is_left_out() -> None:
    """Every stage is held to these promises."""
    assert {stage.name for stage, _ in BATCH} | {stage.name for stage in KEYED} == STAGES.keys()
