"""What the ancestor's writers wrote is read, and what its cleaners made of it is made again."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests import runs, said


@pytest.fixture(scope="module")
def ancestor(tmp_path_factory: pytest.TempPathFactory) -> runs.Finished:
    """The compatibility recipe on the logs that the ancestor's cleaners have read."""
    pattern = f"{runs.data('fastchat', 'logs_text')}/server*/*-conv.json"
    return runs.Finished(pattern, tmp_path_factory.mktemp("ancestor"), "fastchat")


def test_the_conversations_of_the_ancestor(ancestor: runs.Finished) -> None:
    """124 chat rows -> 123 without network error -> its 84 conversations, languages aside."""
    books = ancestor.manifest.books
    assert books.staged["conversations"] == 124
    assert books.dropped["conversations"]["drop_errors: network_error"] == 1
    wanted = runs.records("fastchat", "expected", "clean_chat_conv_20230628.json")
    assert len(wanted) == 84
    names = ("conversation_id", "model", "turn", "conversation")
    found = [
        {name: row[name] for name in names} | {"tstamp": row["timestamp"].timestamp()}
        for row in ancestor.rows
    ]
    key = "conversation_id"
    assert sorted(found, key=lambda row: row[key]) == sorted(
        ({name: row[name] for name in (*names, "tstamp")} for row in wanted),
        key=lambda row: row[key],
    )
    moments = [row["tstamp"] for row in found]
    assert moments == sorted(moments)


def test_the_users_of_the_ancestor(ancestor: runs.Finished) -> None:
    """Two conversations have one user here if and only if they had one there."""
    wanted = runs.records("fastchat", "expected", "clean_chat_conv_20230628.json")
    theirs = {row["conversation_id"]: row["user_id"] for row in wanted}
    pairs = {(theirs[row["conversation_id"]], row["user_id"]) for row in ancestor.rows}
    assert len(pairs) == len(set(theirs.values())) == len({ours for _, ours in pairs})


def test_the_battles_of_the_ancestor(ancestor: runs.Finished) -> None:
    """24 votes -> its 19 battles, 14 of them anonymous, and its reasons for the other five."""
    assert ancestor.manifest.books.staged["battles"] == 24
    reasons = Counter(row["reason"] for row in ancestor.ledger.dropped["battles"].values())
    assert reasons == {"leaked_identity": 2, "error": 1, "unfinished": 1, "null_message": 1}
    found = runs.read(ancestor.output / "run" / "staged")
    votes = [row for row in found if row.get("vote") and row["dropped_by"] is None]
    names = ("model_a", "model_b", "winner", "anony", "tstamp")
    ours = [(*(row[n] for n in names), len(row["conversation_a"]) // 2) for row in votes]
    theirs = [
        (*(_named(row[n]) for n in names), row["turn"])
        for row in runs.records("fastchat", "expected", "clean_battle_20230628.json")
    ]
    assert sorted(ours, key=str) == sorted(theirs, key=str)
    assert sum(row["anony"] for row in votes) == 14


def _named(value: Any) -> Any:
    """Without the ancestor's defect: labels taken for names, and these not renamed."""
    if isinstance(value, str) and value.startswith("### Model"):
        return {"bard": "palm-2"}.get(value[13:], value[13:])
    return value


def test_the_texts_of_the_battles_of_the_ancestor(ancestor: runs.Finished) -> None:
    """Both sides of the 14 anonymous battles say what they said there."""
    found = runs.read(ancestor.output / "run" / "staged")
    ours = {row["tstamp"]: row for row in found if row.get("vote")}
    for row in runs.records("fastchat", "expected", "clean_battle_conv_20230628.json"):
        assert ours[row["tstamp"]]["question_id"] == row["question_id"]
        for side in ("conversation_a", "conversation_b"):
            texts = [{n: m[n] for n in ("role", "content")} for m in row[side]]
            assert ours[row["tstamp"]][side] == texts


def test_mixed_logs(tmp_path: Path) -> None:
    """Text and vision in one folder: no line is lost, no vision row is staged."""
    pattern = f"{runs.data('fastchat', 'logs_mixed')}/server*/*-conv.json"
    run = runs.Finished(pattern, tmp_path, "release")
    run.ledger.check(tmp_path)
    vision = [place for place, what in said.all_of(run.ledger) if what.is_vision]
    assert len(vision) == 3
    assert {run.ledger.quarantined[place]["reason"] for place in vision} <= {"vision", "csam"}


def test_every_record_version(tmp_path: Path) -> None:
    """One line of each version since 2023-03-20: text is staged, vision is quarantined."""
    fixtures = runs.records("fastchat", "legacy_fixtures.jsonl")
    log = tmp_path / "2023-03-20-conv.json"
    log.write_text("".join(json.dumps(fixture["row"]) + "\n" for fixture in fixtures), "utf-8")
    run = runs.Finished(str(log), tmp_path / "out", "release")
    run.ledger.check(tmp_path / "out")
    reasons = Counter(row["reason"] for row in run.ledger.quarantined.values())
    assert reasons == {
        "vision": sum("images" in f["_remark"] or "md5" in f["_remark"] for f in fixtures)
    }
    run = runs.Finished(
        str(runs.data("fastchat", "legacy_fixtures.jsonl")), tmp_path / "raw", "release"
    )
    run.ledger.check(tmp_path / "raw")
