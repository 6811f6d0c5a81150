"""What other tools for near-duplicates stumble over: each mistake that peers made, once.

The list is that of what their users reported: matrices of tokens times permutations, buckets of
100,000 rows, texts without a shingle, templates, order of records, case and blank lines, empty
and missing messages, folders with equal file names.
"""

import tracemalloc
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import inputs
from pipeline import engines, minhash, recipe, shingles
from pipeline.recipe import Recipe
from pipeline.stages.near_duplicates import DropNearDuplicates
from tests import runs
from tests.conftest import Dialogue, conversations, judge

WORDS = st.lists(st.sampled_from([f"word{number}" for number in range(40)]), max_size=30)


def kept(*dialogues: Dialogue, **options: Any) -> list[int]:
    """The rows that stay."""
    (state,) = judge(DropNearDuplicates(**options), conversations(*dialogues))
    return [row for row, by in enumerate(state["dropped_by"]) if by is None]


def test_a_huge_turn_needs_no_matrix() -> None:
    """The signature of a message of 200,000 shingles takes a few times its hashes, not 80 times."""
    text = " ".join(map(str, range(200_000)))
    sets = shingles.of(pa.array([text]), np.zeros(1, np.int64), 1, 5, 7)
    minhash.permutations(80)  # imports datasketch
    tracemalloc.start()
    minhash.signatures(sets, 80)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(sets.hashes) > 190_000
    assert peak < 4 * sets.hashes.nbytes


@given(
    st.lists(
        st.sampled_from(["", " ", "\n\n", "!?", "...", "🙂", "hi", None]), min_size=1, max_size=8
    )
)
def test_texts_without_a_shingle_are_copies_of_equal_ones_only(texts: list[str | None]) -> None:
    """One of each kind stays, whatever they are: none vanishes, none is a copy of a stranger."""
    signs = ["".join((text or "").split()) for text in texts]
    same = {"hi": "hi"}
    kinds = [same.get(sign, sign) for sign in signs]
    stay = kept(*([text] for text in texts), over="prompts")

    assert [kinds[row] for row in stay] == list(dict.fromkeys(kinds))


@given(WORDS, st.integers(0, 99))
def test_case_and_blank_lines_make_no_other_text(words: list[str], seed: int) -> None:
    """A variant in other case, with other white space, is a copy."""
    draw = Random(seed)  # noqa: S311 (a draw, not a secret)
    cased = [draw.choice([word, word.upper(), word.title()]) for word in words]
    variant = "".join(draw.choice([" ", "\n\n", "\t", " \n "]) + word for word in cased)

    assert kept([" ".join(words)], [variant], over="prompts") == [0]


@given(st.integers(0, 99))
def test_a_template_makes_no_copies(seed: int) -> None:
    """Rows that share three quarters of their words all stay, though they share buckets."""
    draw = Random(seed)  # noqa: S311 (a draw, not a secret)
    frame = [f"frame{number}" for number in range(90)]
    rows = [
        [" ".join([*frame, *(f"own{draw.randrange(10**9)}" for _ in range(30))])] for _ in range(12)
    ]

    assert kept(*rows, over="prompts", bands=40, rows=2) == list(range(12))


@given(st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=8), st.integers(0, 99))
def test_no_group_vanishes_in_any_order(rows: list[tuple[list[str], bool]], seed: int) -> None:
    """Whatever the order of rows: the same rows stay, and each dropped one has a kept witness."""
    texts = [" ".join([*words, "and more"] if more else words) for words, more in rows]
    order = list(range(len(texts)))
    Random(seed).shuffle(order)  # noqa: S311 (an order, not a secret)
    stage = DropNearDuplicates(over="prompts", threshold=0.5, shingle=2)
    batch = conversations(*([text] for text in texts))
    (plain,) = judge(stage, batch)
    (mixed,) = judge(stage, batch.take(pa.array(order)))
    names = [f"{number:032x}" for number in range(len(texts))]
    stay = {name for name, into in zip(names, plain["into"], strict=True) if into is None}

    assert [mixed["into"][order.index(row)] for row in range(len(texts))] == plain["into"]
    assert stay
    assert {into for into in plain["into"] if into} <= stay


def made() -> Recipe:
    """A recipe whose only copies are near ones."""
    near = {"drop_near_duplicates": {"threshold": 0.6, "shingle": 2}}
    stages = ["drop_errors", "drop_superseded", "tag_feedback", "tag_battles", near]
    return recipe.build({"stages": stages}, runs.ROOT / "configs")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, bytes]]:
    """Logs with near copies, in server folders with equal file names; and their release."""
    folder = tmp_path_factory.mktemp("world")
    runs.sample(folder / "once", 60)
    logs = inputs.copies(folder / "once", folder / "often", 3)
    runs.curate(logs, folder / "out", made())
    dropped = runs.read(folder / "out" / "run" / "dropped" / "conversations")
    assert sum(row["dropped_by"] == "drop_near_duplicates" for row in dropped) >= 60
    return logs, runs.tree(folder / "out" / "release" / "data")


@pytest.mark.parametrize(
    "settings",
    [
        {"engine": "local"},
        {"engine": "local", "workers": 2, "split_mb": 0.3},
        {"batch_rows": 7},
        {"split_mb": 0.1},
    ],
    ids=str,
)
def test_workers_and_batches_do_not_matter(
    settings: dict[str, Any],
    world: tuple[str, dict[str, bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same near copies are dropped for 1 and 2 workers, on Beam or not, in any batches."""
    monkeypatch.setattr(engines, "WORTH_WORKERS", 0)
    runs.curate(world[0], tmp_path / "out", made(), **settings)

    assert runs.tree(tmp_path / "out" / "release" / "data") == world[1]


@pytest.mark.parametrize("seed", [0, 1])
def test_files_and_their_order_do_not_matter(
    seed: int, world: tuple[str, dict[str, bytes]], tmp_path: Path
) -> None:
    """The same lines dealt to other files, in another order, give the same release."""
    names = {"server0/2023-06-24-conv.json": 3, "server1/2023-06-24-conv.json": 1}
    logs = runs.deal(runs.lines(world[0]), tmp_path / "logs", names, seed)
    runs.curate(logs, tmp_path / "out", made(), split_mb=0.2)

    assert runs.tree(tmp_path / "out" / "release" / "data") == world[1]
