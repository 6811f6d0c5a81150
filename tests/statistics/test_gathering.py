"""The statistics say what is in the shards: each number is reckoned again, by other means."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
import pytest

from pipeline import recipe
from pipeline.folders import Folders
from pipeline.job import Job
from pipeline.statistics import counting, gathering
from pipeline.statistics.distributions import Values
from schemas import released
from schemas.statistics import Distribution, Flag, Statistics
from tests import runs


class Told:
    """A finished run, its rows, and its statistics."""

    def __init__(self, folder: Path, name: str) -> None:
        made = runs.small(name)
        self.run = runs.Finished(runs.sample(folder / "logs"), folder / "out", made)
        job = Job(Folders(str(folder / "out")), made, self.run.manifest.plan)
        self.rows = self.run.rows
        self.release = folder / "out" / "release"
        self.statistics: Statistics = gathering.gathered(
            str(self.release), self.run.manifest.release, self.run.manifest.books, job
        )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A release with every tag."""
    return Told(tmp_path_factory.mktemp("told"), "release")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A release of a recipe without language, tokens, moderation and redaction."""
    return Told(tmp_path_factory.mktemp("bare"), "rich")


def _counted(rows: list[dict[str, Any]], name: str) -> dict[str, int]:
    values = [row[name] for row in rows]
    return dict(Counter("" if v is None else str(v).lower() if v in (True, False) else v
                        for v in values))  # fmt: skip


def test_conversations_messages_and_partitions_are_those_of_the_rows(told: Told) -> None:
    """Models, languages, tokenizers, sides and days are counted as a loop over rows does."""
    found = told.statistics

    assert (
        found.conversations == len(told.rows) == told.run.manifest.books.released["conversations"]
    )
    assert found.messages == sum(len(row["conversation"]) for row in told.rows)
    for name in ("model", "language", "tokenizer", "moderation_model", "side"):
        assert found.partitions[name].counts == _counted(told.rows, name), name
        assert found.partitions[name].total == len(told.rows)
    assert found.distinct == {
        "model": len({row["model"] for row in told.rows}),
        "language": len({row["language"] for row in told.rows} - {"unknown"}),
        "topic": len({row["topic"] for row in told.rows} - {"other", None}),
    }
    days = Counter(row["timestamp"].date().isoformat() for row in told.rows)
    assert found.partitions["day"].counts == days
    assert found.partitions["interval"].total == len(told.rows)
    for name in ("redacted", "flagged_user", "flagged_assistant", "jailbreak", "injection"):
        assert found.shares[name].counts == _counted(told.rows, name), name


def test_feedback_and_battles_are_those_of_the_rows(told: Told) -> None:
    """A conversation counts once a kind of vote, however often it was cast; null is no vote."""
    for kind in ("upvote", "downvote", "flag"):
        voted = sum(bool(row["feedback"] and row["feedback"][kind]) for row in told.rows)
        assert told.statistics.shares[kind].counts.get("true", 0) == voted
        assert told.statistics.shares[kind].total == len(told.rows)
    assert told.statistics.shares["upvote"].counts["true"] > 0
    battles = sum(row["battle_id"] is not None for row in told.rows)
    assert told.statistics.shares["battle"].counts["true"] == battles > 0
    for name in ("refusals", "regenerated", "branched"):
        some = sum(row[name] > 0 for row in told.rows)
        assert told.statistics.shares[name].counts.get("true", 0) == some


def test_flags_are_those_of_the_messages(told: Told) -> None:
    """Messages and conversations flagged by category and role; a null verdict is not told."""
    told_of: Counter[tuple[str, str]] = Counter()
    messages: Counter[tuple[str, str]] = Counter()
    conversations: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in told.rows:
        for message, entry in zip(row["conversation"], row["openai_moderation"], strict=True):
            for category, verdict in {"": entry["flagged"], **entry["categories"]}.items():
                told_of[category, message["role"]] += verdict is not None
                messages[category, message["role"]] += bool(verdict)
                if verdict:
                    conversations[category, message["role"]].add(row["conversation_id"])

    assert len(told.statistics.flags) == 2 * 12
    for flag in told.statistics.flags:
        name = flag.category, flag.role
        assert flag.told == told_of[name]
        assert flag.messages == messages[name]
        assert flag.conversations == len(conversations[name])


def test_flags_of_one_conversation_count_once() -> None:
    """Two flagged prompts are two messages of one conversation; null is neither yes nor no."""
    kind = released.schema({"tag_moderation"}, set()).field("openai_moderation").type
    verdicts = [
        [("hate", True), ("hate", None), ("hate", True), ("hate", False)],
        [("hate", None), ("hate", True)],
    ]
    moderation = [
        [{"categories": {name: is_so}, "flagged": is_so} for name, is_so in row] for row in verdicts
    ]
    rows = pa.table(
        {
            "conversation": pa.array([[{}] * 4, [{}] * 2], pa.list_(pa.struct([]))),
            "turn": [2, 1],
            "openai_moderation": pa.array(moderation, kind),
        }
    )
    counts = counting.Counts()

    counts.add("2023-W25", rows)

    found = [flag for flag in counts.flags if flag.category in {"", "hate"}]
    assert found == [
        Flag(name, *of_role)
        for name in ("", "hate")
        for of_role in (("assistant", 2, 1, 1), ("user", 2, 2, 1))
    ]
    assert all(flag.told == 0 for flag in counts.flags if flag.category == "sexual")


def test_redactions_are_those_of_the_manifest_and_the_rows(told: Told) -> None:
    """Values by kind as the writers counted them; conversations as the rows show them."""
    written: Counter[str] = Counter()
    for one in told.run.manifest.release.redactions:
        written[one.kind] += one.count
    conversations = Counter(
        kind for row in told.rows for kind in {one["kind"] for one in row["redactions"]}
    )

    assert {one.kind: one.values for one in told.statistics.redactions} == written
    assert {one.kind: one.conversations for one in told.statistics.redactions} == conversations


def test_tokens_and_turns_agree_with_duckdb(told: Told) -> None:
    """Sums, means and quantiles of prompts, answers and turns, as another engine has them."""
    glob = f"{told.release}/data/conversations/*/*.parquet"
    lengths = f"""select unnest(message_tokens) as tokens,
        unnest(range(len(message_tokens))) as place
        from '{glob}'"""  # noqa: S608 (our own path)
    for at, found in enumerate((told.statistics.prompt_tokens, told.statistics.answer_tokens)):
        _same(f"select tokens as v from ({lengths}) where place % 2 = {at}", found)  # noqa: S608
    _same(f"select turn as v from '{glob}'", told.statistics.turns)  # noqa: S608
    _same(f"select prompt_frequency as v from '{glob}'", told.statistics.prompt_frequency)  # noqa: S608


def _same(query: str, found: Distribution | None) -> None:
    assert found is not None
    quantiles = "quantile_disc(v, 0.5), quantile_disc(v, 0.9), quantile_disc(v, 0.99)"
    row = duckdb.sql(f"select count(v), sum(v), round(avg(v), 2), {quantiles} from ({query})")  # noqa: S608
    assert row is not None
    count, total, mean, *ranks = row.fetchall()[0]
    assert (found.count, found.total) == (count, total)
    assert found.mean == pytest.approx(mean, abs=0.006)
    assert list(found.quantiles.values()) == ranks
    assert sum(one.count for one in found.bins) == count


def test_users_are_the_distinct_users_of_released_rows(told: Told) -> None:
    """As the ledger of the run has them, by the line each released row was made from."""
    by_id = {}
    for path in (told.release.parent / "run" / "index").glob("*/conversations.parquet"):
        columns = ["conversation_id", "tstamp", "user_id", "event_hash"]
        for row in runs.read(path.parent, columns):
            by_id[row["conversation_id"]] = row["user_id"]
    users = {by_id[row["conversation_id"]] for row in told.rows} - {None}

    assert told.statistics.users == len(users) > 100


def test_copies_add_up(told: Told) -> None:
    """What released rows stand for is the sum of their columns."""
    for name in ("duplicates", "near_duplicates"):
        assert told.statistics.copies[name] == sum(row[name] for row in told.rows)


def test_the_funnel_is_the_books(told: Told) -> None:
    """Lines read are staged, absorbed or quarantined; staged rows are dropped, held or released."""
    funnel, books = told.statistics.funnel, told.run.manifest.books

    quarantined = funnel.quarantined.total
    assert funnel.lines == sum(funnel.staged.values()) + funnel.absorbed + quarantined
    assert {t: cells.counts for t, cells in funnel.dropped.items()} == books.dropped
    for table, staged in funnel.staged.items():
        left = told.statistics.conversations if table == "conversations" else funnel.held[table]
        assert staged == funnel.dropped[table].total + left


def test_what_no_stage_made_is_absent(bare: Told) -> None:
    """A recipe without tags has no tokens, flags, redactions or languages, and still counts."""
    found = bare.statistics

    assert found.conversations == len(bare.rows) > 0
    assert found.prompt_tokens is None
    assert not found.flags
    assert "language" not in found.partitions
    assert found.partitions["model"].counts == _counted(bare.rows, "model")
    assert found.turns.total == sum(row["turn"] for row in bare.rows)


def test_values_are_exact_in_any_batching() -> None:
    """Distributions of batches equal that of the whole, and numpy's by nearest rank."""
    rng = np.random.default_rng(0)
    values = rng.geometric(0.01, 10_000)
    whole, parts = Values(), Values()
    whole.add(values)
    for part in np.array_split(rng.permutation(values), 7):
        parts.add(part)

    found = whole.distribution()

    assert found == parts.distribution()
    for name, percent in (("p50", 50), ("p90", 90), ("p99", 99)):
        assert found.quantiles[name] == np.percentile(values, percent, method="inverted_cdf")
    assert Values().distribution() == Distribution(0, 0, {}, [])


def test_statistics_hold_no_text_of_a_user(told: Told) -> None:
    """The record is small, and no message of the release is in it."""
    encoded = msgspec.json.encode(told.statistics).decode()
    assert len(encoded) < 20_000
    strings = {text for text in json.dumps(json.loads(encoded)).split('"') if len(text) > 25}
    assert not any(m["content"] in strings for row in told.rows for m in row["conversation"])


def test_a_recipe_without_identity_has_no_users(tmp_path: Path) -> None:
    """`identity: none` keys nobody, so nobody is counted."""
    made = recipe.build({"stages": ["drop_malformed_turns"], "identity": "none"})
    finished = runs.curate(runs.sample(tmp_path / "logs", 40), tmp_path / "out", made)
    job = Job(Folders(str(tmp_path / "out")), made, finished.plan)

    found = gathering.gathered(f"{tmp_path}/out/release", finished.release, finished.books, job)

    assert found.users is None
