"""A cell is shown if enough distinct users stand behind it, and no sum gives another one away."""

import itertools
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import cells, crowds
from pipeline.statistics.crowds import NOBODY, Crowds
from pipeline.statistics.distributions import Values
from schemas.manifest import Redactions
from schemas.statistics import Bin, Cells, Distribution
from tests import runs

MINIMUM = 4
ROWS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9)), max_size=60)


def counted(rows: list[tuple[str, int]], batches: int = 1) -> Crowds:
    """The crowds of rows of a name and a user, 0 for nobody; dealt to batches."""
    found = Crowds()
    for batch in range(batches):
        mine = rows[batch::batches]
        names = pa.array([name for name, _ in mine], pa.string())
        found.add(names, np.array([user for _, user in mine], np.uint64))
    return found


def folded(
    rows: list[tuple[str, int]], minimum: int = MINIMUM
) -> tuple[Cells, dict[str, set[int]]]:
    """The cells of rows as they may be shown, and who stands behind each name."""
    counts: dict[str, int] = {}
    behind: dict[str, set[int]] = {}
    for name, user in rows:
        counts[name] = counts.get(name, 0) + 1
        behind.setdefault(name, set()).update({user} - {NOBODY})
    return cells.fold(counts, minimum, counted(rows).together(counts)), behind


@given(ROWS)
def test_no_cell_of_few_users_can_be_seen_or_reckoned(rows: list[tuple[str, int]]) -> None:
    """Each shown name has enough users; what is folded is two names of enough users, or all."""
    found, behind = folded(rows)
    gone = set(behind) - set(found.counts)

    assert found.total == len(rows)
    assert all(len(behind[name]) >= MINIMUM for name in found.counts)
    together = set().union(*(behind[name] for name in gone))
    assert not gone or not found.counts or (len(gone) >= 2 and len(together) >= MINIMUM)


@given(ROWS, st.integers(1, 5))
def test_batches_do_not_show(rows: list[tuple[str, int]], batches: int) -> None:
    """However rows come, the same users are counted."""
    counts = {name: sum(one == name for one, _ in rows) for name, _ in rows}

    assert counted(rows, batches).together(counts) == counted(rows).together(counts)


def test_many_rows_of_one_user_are_not_shown() -> None:
    """A model that one user asked a hundred times is folded, and the next smallest with it."""
    rows = [("rare", 1)] * 100 + [(name, user) for name in "ab" for user in range(1, 9)]
    found, _ = folded([*rows, ("b", 9)])

    assert found == Cells({"b": 9}, folded=2, other=108)


def test_ten_rare_models_of_one_user_need_a_shield() -> None:
    """Many names and rows are no crowd: `other` needs enough users, not enough rows."""
    rows = [(name, 1) for name in "abcd"] * 9 + [("e", user) for user in range(1, 8)]
    rows += [("f", user) for user in range(1, 9)]
    found, _ = folded(rows)

    assert found.counts == {"f": 8}


def test_memory_is_bounded_and_decisions_are_exact() -> None:
    """Of a cell of many users only some are held; a minimum above that folds, never shows."""
    found = Crowds()
    found.put("a", np.arange(1, 5000, dtype=np.uint64))
    found.put("b", np.arange(4000, 9000, dtype=np.uint64))

    assert found.of("a") == crowds.MOST
    assert found.together({"a": 4999, "b": 5000})["b"] == (crowds.MOST, crowds.MOST)
    small = cells.hidden({"a": 4999}, crowds.MOST + 1, found.together({"a": 4999}))
    assert small == {"a"}


def test_bins_of_few_users_are_merged() -> None:
    """Twenty long prompts of one user are no bin of their own."""
    values = Values()
    values.add(np.array([1] * 5 + [2] * 5), np.array([*range(1, 6)] * 2, np.uint64))
    values.add(np.array([900] * 20), np.ones(20, np.uint64))
    whole = values.distribution()
    shown = cells._merged(whole, MINIMUM)

    assert [one.users for one in whole.bins if one.count] == [5, 5, 1]
    assert shown.bins == [Bin(1, 1, 5), Bin(2, 1023, 25)]
    assert shown == Distribution(30, 18015, whole.quantiles, shown.bins)


def test_redactions_of_rare_languages_are_one() -> None:
    """Within a kind and a rule the sum stays, as the rows have it; the language is not told."""
    told = [
        Redactions("email", "email", "user", code, "replace", 20) for code in ("de", "en", "is")
    ]
    found = Crowds()
    for code, users in (("de", 5), ("en", 6), ("is", 1)):
        name = cells.who("email", "email", "user", code)
        found.put(name, np.arange(1, users + 1, dtype=np.uint64))

    assert cells.languages(told, MINIMUM, found) == [
        Redactions("email", "email", "user", "en", "replace", 20),
        Redactions("email", "email", "user", "other", "replace", 40),
    ]
    assert cells.languages(told, MINIMUM, None) == told


def test_a_release_shows_no_cell_of_few_users(tmp_path: Path) -> None:
    """The public record of a run, against its rows and the private index: and holds no user."""
    runs.curate(runs.sample(tmp_path / "logs", 400), tmp_path / "out", "release")
    rows = runs.rows(tmp_path / "out")
    by_id: dict[str, str] = {}
    for path in (tmp_path / "out" / "run" / "index").glob("*/conversations.parquet"):
        names = ["conversation_id", "user_id"]
        for row in pq.read_table(path, columns=names).to_pylist():
            by_id[row["conversation_id"]] = row["user_id"]
    public = msgspec.json.decode((tmp_path / "out" / "release" / "statistics.json").read_bytes())
    private = msgspec.json.decode((tmp_path / "out" / "run" / "statistics.json").read_bytes())
    manifest = msgspec.json.decode((tmp_path / "out" / "release" / "manifest.json").read_bytes())

    assert public["minimum"] == 10
    for name in ("model", "language", "topic"):
        for value in public["partitions"][name]["counts"]:
            mine = {by_id[row["conversation_id"]] for row in rows if (row[name] or "") == value}
            assert len(mine - {None}) >= 10, (name, value)
            assert private["partitions"][name]["users"][value][0] == len(mine - {None})
    for one in manifest["redactions"]:
        if one["language"] != "other":
            mine = {
                by_id[row["conversation_id"]]
                for row in rows
                if row["language_code"] == one["language"]
                for span in row["redactions"]
                if (span["kind"], span["rule"]) == (one["kind"], one["rule"])
            }
            assert len(mine - {None}) >= 10, one
    shown = list(itertools.chain(*(cells_["counts"] for cells_ in public["partitions"].values())))
    assert shown
    assert '"users": {' not in (tmp_path / "out" / "release" / "statistics.json").read_text()
