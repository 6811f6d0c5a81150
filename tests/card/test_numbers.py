"""Every number in the card is reckoned again from the shards, the manifest or the books.

The page is taken apart into tables and sentences. Each table has a check here that reckons it
from the rows as Python reads them, and a table or a number that no check knows fails.
"""

import functools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.card.numbers import HIDDEN, MOST, QUESTIONS
from schemas.moderation import TEXT
from tests import runs
from tests.card.conftest import Carded
from tests.card.page import Page, whole

TABLES = {
    "Conversations of a chatbot arena": 1,
    "Configs": 1,
    "Statistics": 1,
    "Time": 1,
    "Models": 1,
    "Languages": 1,
    "Topics": 1,
    "What conversations have": 1,
    "Moderation": 1,
    "Columns": 1,
    "How it was made": 2,
    "Personal data": 1,
}


def _counted(values: Iterable[Any]) -> dict[str, int]:
    return dict(Counter("" if value is None else str(value) for value in values))


def _share(part: int, of: int) -> str:
    return f"{100 * part / of:.1f} %"


def _check_cells(shown: list[list[str]], counts: dict[str, int], minimum: int) -> None:
    """Rows are `name, count, share`; what is not named is in the rows that count names."""
    total = sum(counts.values())
    named = [row for row in shown if row[0] == "(none)" or row[0] in counts]
    for name, count, share in named:
        key = "" if name == "(none)" else name
        assert whole(count) == counts[key], name
        assert counts[key] >= minimum
        assert share == _share(counts[key], total)
    other = [row for row in shown if row not in named]
    left = {k: n for k, n in counts.items() if (k or "(none)") not in {row[0] for row in named}}
    assert sum(whole(row[0].split()[0]) for row in other) == len(left.keys() - {""})
    assert sum(whole(row[1]) for row in other) == sum(left.values())
    for row in other:
        assert row[2] == _share(whole(row[1]), total)
        assert row[0].split(" ", 1)[1] in {"more, in statistics.json", "with too few to show"}


def test_every_table_is_known(page: tuple[Page, int]) -> None:
    """A table without a check here would be numbers that nobody reckoned."""
    found = {name: len(section.tables) for name, section in page[0].sections.items()}

    assert {name: count for name, count in found.items() if count} == TABLES


def test_the_first_table_is_the_whole(page: tuple[Page, int], carded: Carded) -> None:
    """Conversations, messages, models, users, languages, topics."""
    rows = carded.rows
    users = {_user_of(place) for place in carded.run.ledger.kept()}
    expected = {
        "conversations": len(rows),
        "messages": sum(len(row["conversation"]) for row in rows),
        "models": len({row["model"] for row in rows}),
        "users (distinct addresses)": len(users - {None}),
        "languages": len({row["language"] for row in rows} - {"unknown"}),
        "topics": len({row["topic"] for row in rows} - {"other", None}),
    }

    found = page[0].table("Conversations of a chatbot arena")

    assert {name: whole(count) for name, count in found} == expected


def _user_of(place: runs.Place) -> str | None:
    path, offset = place
    line = _log(path)[offset:].split(b"\n", 1)[0]
    address: str | None = json.loads(line).get("ip")
    return address or None


@functools.cache
def _log(path: str) -> bytes:
    return runs.unpacked(Path(path))


def test_configs_are_those_of_the_manifest(page: tuple[Page, int], carded: Carded) -> None:
    """Rows, files and megabytes of each config; and the files are on the disk."""
    for name, _, rows, files, size in page[0].table("Configs"):
        found = [file for file in carded.release.files if file.config == name]
        on_disk = list((carded.folder / "data" / name).rglob("*.parquet"))
        assert whole(files) == len(found) == len(on_disk)
        assert whole(rows) == sum(file.rows for file in found) == carded.release.configs[name]
        assert size == f"{sum(path.stat().st_size for path in on_disk) / 1e6:,.1f}"


def test_spreads_are_those_of_the_rows(page: tuple[Page, int], carded: Carded) -> None:
    """Mean, median and percentiles of turns, tokens and frequency, by numpy's nearest rank."""
    rows = carded.rows
    values = [
        [row["turn"] for row in rows],
        [count for row in rows for count in row["message_tokens"][::2]],
        [count for row in rows for count in row["message_tokens"][1::2]],
        [row["prompt_frequency"] for row in rows],
    ]
    found = page[0].table("Statistics")
    assert len(found) == len(values)
    for row, of in zip(found, values, strict=True):
        ranks = np.percentile(of, [50, 90, 99], method="inverted_cdf")
        assert [float(cell.replace(",", "")) for cell in row[1:]] == [round(np.mean(of), 2), *ranks]


def test_partitions_are_those_of_the_rows(page: tuple[Page, int], carded: Carded) -> None:
    """Conversations and shares by interval, model, language and topic."""
    made, minimum = page
    intervals = {
        name: sum(f.rows for f in carded.release.files if f.interval == name and f.config == first)
        for first in ["conversations"]
        for name in {file.interval for file in carded.release.files}
    }
    _check_cells(made.table("Time"), intervals, minimum)
    for heading, name in (("Models", "model"), ("Languages", "language"), ("Topics", "topic")):
        counts = _counted(row[name] for row in carded.rows)
        _check_cells(made.table(heading), counts, minimum)
        assert len(made.table(heading)) <= MOST + 2


def _yes_or_no(row: dict[str, Any], name: str) -> bool | None:
    if name in ("upvote", "downvote", "flag"):
        return bool(row["feedback"] and row["feedback"][name])
    if name == "battle":
        return row["side"] is not None
    value = row[name]
    return value if value is None or isinstance(value, bool) else value > 0


def test_questions_are_those_of_the_rows(page: tuple[Page, int], carded: Carded) -> None:
    """How many conversations have what, and of how many it cannot be told."""
    made, minimum = page
    found = made.table("What conversations have")
    assert {row[0] for row in found} == QUESTIONS.keys()
    for name, _, yes, share, untold in found:
        answers = Counter(_yes_or_no(row, name) for row in carded.rows)
        if minimum == 1 or not any(0 < count < minimum for count in answers.values()):
            assert whole(yes) == answers[True], name
            assert share == _share(answers[True], len(carded.rows))
            assert whole(untold) == answers[None]
        else:
            assert yes == HIDDEN or whole(yes) == answers[True] >= minimum or not answers[True]
            assert untold == HIDDEN or whole(untold) == answers[None]
            assert HIDDEN in {yes, untold}


def test_moderation_is_that_of_the_messages(page: tuple[Page, int], carded: Carded) -> None:
    """Flagged prompts and answers by category; "not told" where every verdict is null."""
    made, minimum = page
    verdicts: dict[tuple[str, str], list[bool | None]] = defaultdict(list)
    conversations: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in carded.rows:
        for message, entry in zip(row["conversation"], row["openai_moderation"], strict=True):
            for name, verdict in {"any": entry["flagged"], **entry["categories"]}.items():
                verdicts[name, message["role"]].append(verdict)
                if verdict:
                    conversations[name, message["role"]].add(row["conversation_id"])
    found = made.table("Moderation")
    assert {row[0] for row in found} == {"any", *TEXT}
    for name, *cells in found:
        for role, cell in zip(("user", "assistant"), cells, strict=True):
            of = verdicts[name, role]
            if set(of) == {None}:
                assert cell == "not told"
            elif 0 < len(conversations[name, role]) < minimum:
                assert cell == f"fewer than {minimum}"
            else:
                assert whole(cell) == of.count(True)


def test_redactions_are_those_of_the_manifest(page: tuple[Page, int], carded: Carded) -> None:
    """Values by kind as the manifest has them, conversations as the rows have them."""
    made, minimum = page
    values: Counter[str] = Counter()
    for one in carded.release.redactions:
        values[one.kind] += one.count
    kinds = Counter(
        kind for row in carded.rows for kind in {one["kind"] for one in row["redactions"]}
    )
    left = dict(values)
    for kind, action, count, conversations in made.table("Personal data"):
        if kind == "rarer kinds together":
            assert whole(count) == sum(left.values())
            break
        assert action == carded.release.redaction_actions[kind]
        assert whole(count) == left.pop(kind)
        assert whole(conversations) == kinds[kind] >= minimum
    assert made.sections["Personal data"].numbers == [f"{sum(values.values()):,}"]
