"""Shared builders. A test reads best when its data fits on one line."""

import functools
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from pipeline import intervals, judging, recipe, shingles, staging, states
from pipeline.stage import BatchStage, EditingStage, KeyedStage, PairedStage
from schemas.staged import BATTLES, CONVERSATIONS, FEEDBACK, TABLES, TEXTS

settings.register_profile(
    "repo",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],  # it measures time; others use the machine too
)
settings.load_profile("repo")

MONDAY = 1_687_737_600.0
"""2023-06-26T00:00:00Z, when the rows of the builders begin; each is a second later."""
DAY_S = 86_400.0

Dialogue = Sequence[str | None]
Test = TypeVar("Test", bound=Callable[..., None])


def conversations(*dialogues: Dialogue, **columns: Any) -> pa.RecordBatch:
    """A batch with one row a dialogue; its messages are the user's and the assistant's in turn.

    Args:
        dialogues: the texts of each row.
        columns: other values of a column: a list with one a row, or the same for all rows.
    """
    rows = [
        {
            "conversation_id": f"{number:032x}",
            "model": "vicuna-13b",
            "conversation": messages(dialogue),
            "turn": len(dialogue) // 2,
        }
        for number, dialogue in enumerate(dialogues)
    ]
    return _batch(CONVERSATIONS, rows, columns)


def battles(*pairs: tuple[Dialogue, Dialogue], **columns: Any) -> pa.RecordBatch:
    """A batch with one vote a pair of dialogues: anonymous and for the left, unless said so."""
    rows = [
        {
            "conversation_id_a": f"{number:031x}a",
            "conversation_id_b": f"{number:031x}b",
            "label_a": "",
            "label_b": "",
            "model_a": "maple-13b",
            "model_b": "birch-7b",
            "vote": "leftvote",
            "conversation_a": messages(a),
            "conversation_b": messages(b),
        }
        for number, (a, b) in enumerate(pairs)
    ]
    return _batch(BATTLES, rows, columns)


def feedback(*kinds: str, **columns: Any) -> pa.RecordBatch:
    """A batch with one click a row, on conversations as `conversations` numbers them."""
    rows = [
        {"conversation_id": f"{number:032x}", "kind": kind} for number, kind in enumerate(kinds)
    ]
    return _batch(FEEDBACK, rows, columns)


def messages(dialogue: Dialogue) -> list[dict[str, str | None]]:
    """A dialogue as the `conversation` column holds it."""
    return [
        {"content": text, "role": ("user", "assistant")[place % 2]}
        for place, text in enumerate(dialogue)
    ]


def texts(*found: str | None) -> pa.StringArray:
    """An array of strings that is a slice of a longer one."""
    return pa.array(["before", *found, "after"], pa.string()).slice(1, len(found))


def _batch(
    schema: pa.Schema, rows: list[dict[str, Any]], columns: dict[str, Any]
) -> pa.RecordBatch:
    """Fill what all tables have; rows have equal event hashes if they are equal."""
    for name, value in columns.items():
        values = value if isinstance(value, list) else [value] * len(rows)
        for row, given in zip(rows, values, strict=True):
            row[name] = given
    for number, row in enumerate(rows):
        if "conversation_id_a" in row:
            row["question_id"] = row["conversation_id_a"]
        row.setdefault("tstamp", MONDAY + number)
        row.setdefault("user_id", f"user {number}")
        row.setdefault("event_hash", hashlib.sha256(repr(sorted(row.items())).encode()).digest())
        row["event_hash"] = row["event_hash"][:16]
        row |= {"file": 0, "offset": number}
    extra = [pa.field(name, pa.string()) for name in columns if name not in schema.names]
    return pa.RecordBatch.from_pylist(rows, pa.schema([*schema, *extra]))


def table_of(batch: pa.RecordBatch) -> str:
    """The staged table that a batch of the builders is of."""
    by_column = {"vote": "battles", "kind": "feedback"}
    return next((by_column[n] for n in batch.schema.names if n in by_column), "conversations")


def meet(stage: KeyedStage, *units: pa.RecordBatch, interval: str = "day") -> pa.Table:
    """What `choose` is shown of some batches, one a unit, as `judging.scatter` has it."""
    pieces = []
    for unit, batch in enumerate(units):
        if not batch.num_rows:
            continue
        table = table_of(batch)
        if isinstance(stage, EditingStage):
            batch = stage.mark(batch)  # noqa: PLW2901 (as it is staged)
        rows = pa.Table.from_batches([staging.indexed(batch, table, (stage,))])
        own = [name for name in rows.column_names if name.startswith(f"{stage.name}.")]
        rows = rows.select([*dict.fromkeys([*stage.index, "tstamp"]), *own])
        rows = rows.rename_columns([n.removeprefix(f"{stage.name}.") for n in rows.column_names])
        for name, values in (
            ("table", np.full(batch.num_rows, list(TABLES).index(table), np.int8)),
            ("unit", np.full(batch.num_rows, unit, np.int32)),
            ("row", np.arange(batch.num_rows, dtype=np.int32)),
            ("dropped", batch["dropped_by"].is_valid()),
            ("interval", intervals.number(batch["tstamp"].to_numpy(), interval)),
            *((name, batch[name]) for name in stage.uses if name in batch.schema.names),
        ):
            rows = rows.append_column(name, pa.array(values))
        if not stage.sees_dropped:
            rows = rows.filter(batch["dropped_by"].is_null())
        pieces.append(judging.placed(rows))
    return judging.together(pieces)


def choose(stage: KeyedStage, *partitions: pa.Table) -> pa.Table:
    """The decisions on the rows of some partitions."""
    full = [rows for rows in partitions if rows.num_rows]
    if not full:
        return pa.table({name: pa.array([], pa.int32()) for name in judging.ADDRESS})
    if isinstance(stage, PairedStage):
        return resolve(stage, full)
    surveys = [survey for rows in full if (survey := stage.survey(rows)) is not None]
    context = stage.settle(surveys)
    return pa.concat_tables([stage.choose(rows, context) for rows in full]).combine_chunks()


def resolve(stage: PairedStage, partitions: list[pa.Table]) -> pa.Table:
    """The decisions of a stage that looks at sets; here the sets travel with the rows."""
    sets: dict[str, dict[tuple[int, int], bytes]] = {name: {} for name in stage.evidence}
    for row in judging.together(partitions).to_pylist():
        for name in set(stage.evidence) & row.keys():
            sets[name][row["unit"], row["row"]] = row[name]

    def evidence(unit: np.ndarray, row: np.ndarray, column: str) -> tuple[np.ndarray, np.ndarray]:
        found = [sets[column][at] for at in zip(unit.tolist(), row.tolist(), strict=True)]
        return shingles.unpacked(pa.array(found, pa.binary()))

    travels = ["key", "unit", "row", "place", *stage.travels]
    members = judging.together([stage.meet(rows.select(travels)) for rows in partitions])
    whole = judging.together(partitions)
    address = list(zip(whole["unit"].to_pylist(), whole["row"].to_pylist(), strict=True))
    rows = whole.take(pa.array([address.index(one) for one in dict.fromkeys(address)]))
    rows = rows.append_column("former", pa.array(np.zeros(rows.num_rows, bool)))
    return stage.resolve(rows, members, evidence)


def judge(
    stage: KeyedStage, *units: pa.RecordBatch, interval: str = "day"
) -> list[dict[str, list[Any]]]:
    """The columns of each unit's state after a stage: verdicts, and what the stage joins."""
    made = choose(stage, meet(stage, *units, interval=interval))
    found = []
    for unit, batch in enumerate(units):
        mine = made.filter(pa.array(np.equal(made["unit"].to_numpy(), unit)))
        state = states.fresh(batch["dropped_by"], batch["reason"])
        state = states.settled(stage, state, [mine] if mine.num_rows else [])
        found.append({name: state[name].to_pylist() for name in state.column_names})
    return found


def reasons(stage: BatchStage, batch: pa.RecordBatch) -> list[str | None]:
    """Why a stage dropped each row of a batch; null: it did not."""
    found: list[str | None] = stage.apply(batch)["reason"].to_pylist()
    return found


def built(name: str, options: dict[str, Any] | None = None) -> Any:
    """A stage as a recipe builds it."""
    return recipe.build({"stages": [{name: options or {}}]}).stages[0]


def cases(stage: str) -> Callable[[Test], Test]:
    """Run a test once for each case in the files `tests/cases/<stage>/*.yaml`."""
    return pytest.mark.parametrize("case", [*_cases(stage)])


def _cases(stage: str) -> Iterator[Any]:
    for file in sorted((Path(__file__).parent / "cases" / stage).glob("*.yaml")):
        for case in yaml.safe_load(file.read_text("utf-8")):
            yield pytest.param(case, id=f"{file.stem}: {case['why']}")


ANY = "any text"
"""Stands for a text that hypothesis draws."""
TELLING = (
    *("hi", "hello", " hello\n", "e\N{COMBINING ACUTE ACCENT}", "\xe9", "", " \n", "\0"),
    *("my card is 4111 1111 1111 1111, ann.lee@example.org", "x" * 5000, "\U0001f642"),
    *("????????", "half\u258c", "I am vicuna", "**API REQUEST ERROR** Reason: none"),
    *("$MODERATION$ YOUR INPUT VIOLATES OUR CONTENT MODERATION GUIDELINES.", ANY, ANY, None),
)
"""Texts that some stage looks for, or stumbles over."""
RELATED: tuple[Dialogue, ...] = (
    [],
    ["hi"],
    ["hi", "hello"],
    ["hi", "hey"],
    ["hi", "hello", "so?", "so."],
    ["hi", None],
)
"""Dialogues that go on, branch or repeat each other."""
SHARED: dict[str, Sequence[Any]] = {
    "tstamp": [MONDAY + s for s in (0, 0, 1, 30, DAY_S, DAY_S + 1, 9 * DAY_S)],
    "user_id": (None, "ann", "bob"),
    "dropped_by": (None, None, None, "earlier"),
}
OWN: dict[str, dict[str, Sequence[Any]]] = {
    "conversations": {
        "conversation_id": "abc",
        "model": (None, "vicuna-13b", "koala-13b"),
        "battle_id": (None, None, "a"),
    },
    "battles": {
        **dict.fromkeys(("conversation_id_a", "conversation_id_b"), "abc"),
        **dict.fromkeys(("label_a", "label_b"), (None, "", "koala-13b", "### Model A: vicuna-13b")),
        **dict.fromkeys(("model_a", "model_b"), (None, "vicuna-13b", "koala-13b")),
        "vote": ("leftvote", "rightvote", "tievote", "bothbad_vote"),
    },
    "feedback": {"conversation_id": "abc", "kind": ("upvote", "downvote", "flag", "share")},
}


def _pool(table: str, size: int = 400) -> list[dict[str, Any]]:
    """Rows that batches are drawn from: drawing a row at once is ten times as fast as its parts."""
    rng = Random(0)  # noqa: S311 (repeatable)
    rows = []
    for _ in range(size):
        row = {name: rng.choice(values) for name, values in (SHARED | OWN[table]).items()}
        for column in TEXTS.get(table, ()):
            drawn = [rng.choice(TELLING) for _ in range(rng.randrange(5))]
            row[column] = rng.choice([*RELATED, drawn, drawn, drawn])
        rows.append(row)
    return rows


POOLS = {table: _pool(table) for table in TABLES}


@functools.cache
def staged(table: str, least: int = 0) -> st.SearchStrategy[pa.RecordBatch]:
    """Any few rows of a staged table, some of them dropped earlier, often a slice of a batch."""
    rows = st.lists(st.sampled_from(POOLS[table]), min_size=least, max_size=8)
    return st.builds(_staged, st.just(table), rows, st.text(max_size=5), st.integers(0, 2))


def _staged(table: str, rows: list[dict[str, Any]], text: str, start: int) -> pa.RecordBatch:
    rows = [dict(row) for row in [*rows[:1] * start, *rows]]
    for row in rows:
        row["reason"] = row["dropped_by"] and "a reason"
        for column in TEXTS.get(table, ()):
            row[column] = messages([text if said == ANY else said for said in row[column]])
    extra = {"battle_id": [row["battle_id"] for row in rows]} if table == "conversations" else {}
    return _batch(TABLES[table], rows, extra).slice(start if rows else 0)
