"""The weekly release and the take-down in a real Airflow, from logs to the Hub."""

import json
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest

from tests import runs
from tests.airflow.conftest import KEY, NAMES, WEEKLY, World
from tests.airflow.server import USER, RefusedError, until
from tests.hub.loopback import READER, WRITER

pytestmark = [pytest.mark.airflow]
TAKEDOWN = "arena_takedown"


def texts(folder: Path) -> list[str]:
    """Released conversations as text."""
    return [json.dumps(row["conversation"]) for row in runs.rows(folder)]


def released(weeks: World, revision: str) -> set[str]:
    """The ids of the conversations that readers of the Hub get at a revision."""
    folder = weeks.hub.downloaded(revision)
    files = sorted((folder / "data" / "conversations").rglob("*.parquet"))
    return {one for path in files for one in pq.read_table(path)["conversation_id"].to_pylist()}


def events(weeks: World) -> list[dict[str, Any]]:
    """What was announced so far."""
    return [one["extra"] for one in weeks.airflow.get("/assets/events")["asset_events"]]


def test_an_approved_release_is_published(weeks: World) -> None:
    """Nothing before the word of the person who is logged in; the whole release after it."""
    assert not [ref for ref in weeks.before[0] if ref.startswith("tags/")]
    assert "tags/2023.26.0" in weeks.before[1]
    ids = {row["conversation_id"] for row in runs.rows(weeks.output(2))}
    assert released(weeks, "2023.28.0") == ids
    receipt = next((weeks.output(0) / "run" / "published").glob("*@2023.26.0.json"))
    assert json.loads(receipt.read_bytes())["approved_by"].lower() == USER


def test_the_reviewer_is_told_what_would_change(weeks: World) -> None:
    """Rows, rules, hits and files stand in the question; no text of a user."""
    body = weeks.asked[0]["body"]
    rows = len(runs.rows(weeks.output(0)))

    assert f"{rows} rows in conversations" in body
    assert "0 hits of the leak scan" in body
    assert "files new" in body
    said = {m["content"] for row in runs.rows(weeks.output(0)) for m in row["conversation"]}
    assert not [text for text in said if len(text) > 20 and text in body]


def test_a_rejected_release_is_not_published(weeks: World) -> None:
    """The run succeeds, publication is skipped, and the Hub stays as it was."""
    states = weeks.airflow.states(WEEKLY, weeks.run(1))

    assert (states["approve"], states["publish"], states["announce"]) == (
        *("success", "skipped", "skipped"),
    )
    assert weeks.before[2] == weeks.before[1]
    assert "tags/2023.27.0" not in weeks.hub.refs()


def test_a_killed_phase_is_retried_and_goes_on(weeks: World) -> None:
    """`curate` ends with its worker; the next try takes over what was done before."""
    assert not [pid for pid in weeks.killed if psutil.pid_exists(pid)]
    assert weeks.airflow.tasks(WEEKLY, weeks.run(0))["judge"]["try_number"] > 1
    assert weeks.staged
    for path, written in weeks.staged.items():
        assert path.stat().st_mtime_ns == written, path


def test_three_weeks_are_one_release(weeks: World) -> None:
    """Each week goes on from the week before; what was released before is not released again."""
    for week in (1, 2):
        plan = json.loads((weeks.output(week) / "run" / "manifest.json").read_bytes())["plan"]
        assert plan["after"]["output"] == str(weeks.output(week - 1))
    again = weeks.output(2) / "run" / "manifest.json"
    dropped = json.loads(again.read_bytes())["books"]["dropped"]["conversations"]
    assert sum(n for why, n in dropped.items() if why.startswith("drop_duplicates")) > 0
    found = texts(weeks.output(2))
    assert len(found) == len(set(found))
    assert set(texts(weeks.output(0))) < set(found)


def test_downstream_is_told_once_a_release(weeks: World) -> None:
    """Two announcements, with the commit that readers get."""
    told = {one["tag"]: one["oid"] for one in events(weeks)}

    refs = weeks.hub.refs()
    assert told == {tag: refs[f"tags/{tag}"] for tag in ("2023.26.0", "2023.28.0")}


def test_a_second_run_changes_nothing(weeks: World) -> None:
    """The same interval once more: nobody is asked, no byte, commit or announcement is new."""
    airflow, run, output = weeks.airflow, weeks.run(2), weeks.output(2)
    before, refs, told = runs.tree(output / "release"), weeks.hub.refs(), len(events(weeks))
    commits = weeks.hub.trees().keys()
    inodes = {path: path.stat().st_ino for path in (output / "release").rglob("*.parquet")}

    airflow.send("POST", f"/dags/{WEEKLY}/dagRuns/{run}/clear", {"dry_run": False})
    until(lambda: not airflow.finished(WEEKLY, run), "the second run")
    assert until(lambda: airflow.finished(WEEKLY, run), "its end") == "success"

    assert airflow.states(WEEKLY, run)["publish"] == "success"
    assert runs.tree(output / "release") == before
    assert {path: path.stat().st_ino for path in inodes} == inodes
    assert (weeks.hub.refs(), weeks.hub.trees().keys()) == (refs, commits)
    assert len(events(weeks)) == told


def test_a_take_down_is_published(weeks: World) -> None:
    """The newest release without a conversation, once approved; later tag, no trace in it."""
    airflow, output = weeks.airflow, weeks.output(2)
    before = {row["conversation_id"] for row in runs.rows(output)}
    gone = min(before)
    asked = {"logical_date": None, "conf": {"conversation_ids": [gone]}}
    run = airflow.send("POST", f"/dags/{TAKEDOWN}/dagRuns", asked)["dag_run_id"]
    until(lambda: airflow.question(TAKEDOWN, run) or airflow.finished(TAKEDOWN, run), "question")
    assert released(weeks, "2023.28.0") == before
    assert airflow.settled(TAKEDOWN, run, "Approve") == "success"

    assert released(weeks, "2023.28.1") == before - {gone}
    refs = weeks.hub.refs()
    assert refs["heads/main"] == refs["tags/2023.28.1"]
    assert "tags/2023.28.0" not in refs
    assert airflow.states(TAKEDOWN, run)["erase"] == "success"


def test_a_dry_run_sends_nothing(weeks: World) -> None:
    """An interval triggered once more, also after its take-down: nobody asked, nothing changed."""
    airflow, output = weeks.airflow, weeks.output(2)
    before, commits = runs.tree(output / "release"), weeks.hub.trees().keys()
    asked = {"logical_date": "2023-07-17T07:00:00Z", "conf": {"dry_run": True}}
    run = airflow.send("POST", f"/dags/{WEEKLY}/dagRuns", asked)["dag_run_id"]
    assert until(lambda: airflow.finished(WEEKLY, run), "its end") == "success"

    states = airflow.states(WEEKLY, run)
    assert (states["compare"], states["approve"], states["publish"]) == (
        *("success", "skipped", "skipped"),
    )
    assert runs.tree(output / "release") == before
    assert weeks.hub.trees().keys() == commits


def test_an_address_cannot_be_asked_for(world: World) -> None:
    """A take-down takes ids and handles; asked for a raw value, it does not even begin."""
    asked = {"logical_date": None, "conf": {"user_handles": ["192.0.2.7"]}}
    with pytest.raises(RefusedError):
        world.airflow.send("POST", f"/dags/{TAKEDOWN}/dagRuns", asked)
    assert "192.0.2.7" not in str(world.airflow.runs(TAKEDOWN))


def test_secrets_stay_secret(weeks: World) -> None:
    """Neither key nor token is in Airflow's database, its logs, or anything a run left."""
    everything = [*weeks.airflow.said(), *runs.tree(weeks.folder / "releases").values()]

    assert len(everything) > 100
    assert not [text for text in everything if KEY.encode() in text or WRITER.encode() in text]


def test_late_runs_are_told(weeks: World) -> None:
    """The deadline of this Airflow is over at once: its web hook has heard of each run."""
    late = {one["run"] for one in weeks.heard if one["what"] == "late"}

    assert {weeks.run(week) for week in range(len(NAMES))} <= late
    assert READER not in json.dumps(weeks.heard)


def test_faults_are_told_and_not_retried(weeks: World) -> None:
    """A recipe that is none fails the run at its first try, and the web hook hears of it."""
    (weeks.folder / "bad.yaml").write_text("stages: [no_such_stage]\n")
    other = str(weeks.folder / "other")
    conf = {"recipe": str(weeks.folder / "bad.yaml"), "releases": other}
    asked = {"logical_date": "2023-07-17T06:00:00Z", "conf": conf}
    run = weeks.airflow.send("POST", f"/dags/{WEEKLY}/dagRuns", asked)["dag_run_id"]
    assert until(lambda: weeks.airflow.finished(WEEKLY, run), "its end") == "failed"

    stage = weeks.airflow.tasks(WEEKLY, run)["stage"]
    assert (stage["state"], stage["try_number"]) == ("failed", 1)
    until(lambda: [one for one in weeks.heard if one["what"] == "failed"], "the alarm")
