"""Three weeks of logs, released one after the other by a real Airflow; what happened is kept.

The first week's worker is killed at work, and its release approved; the second week's is rejected;
the third week's logs repeat texts of the first week, and its release is approved.
"""

import contextlib
import http.server
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests import runs
from tests.airflow.server import AIRFLOW, Airflow, Json, quietly, until
from tests.hub import loopback
from tests.hub.loopback import WRITER, Loopback

WEEKLY = "arena_weekly_release"
STARTS = [f"2023-{day}T06:00:00Z" for day in ("06-26", "07-03", "07-10")]
NAMES = ["2023-06-26--2023-07-03", "2023-07-03--2023-07-10", "2023-07-10--2023-07-17"]
CHOICES = ["Approve", "Reject", "Approve"]
KEY = "5e" * 32
RECIPE = """\
stages:
  - drop_malformed_turns
  - drop_moderation_sentinels
  - drop_errors
  - drop_empty
  - drop_superseded: {keep: last}
  - redact_pii: {preset: release}
  - drop_duplicates: {over: conversation}
release: {interval: week, timestamp: day}
"""
FORTNIGHT_S, DAYS_OF_JUNE = 14 * 86_400, 30


@dataclass
class World:
    """The places of the story, and what was seen on the way.

    Attributes:
        heard: what the web hook was told.
        killed: process ids of the worker, its task, and `curate`.
        staged: paths of receipts of the killed run -> when they were written, in nanoseconds.
        asked: what a person was asked, a run.
        before: refs of the Hub's repository, each time before a person answered.
    """

    folder: Path
    hub: Loopback
    airflow: Airflow
    heard: list[Json]
    killed: list[int] = field(default_factory=list)
    staged: dict[Path, int] = field(default_factory=dict)
    asked: list[Json] = field(default_factory=list)
    before: list[dict[str, str]] = field(default_factory=list)

    def output(self, week: int) -> Path:
        """The output folder of a week."""
        return self.folder / "releases" / NAMES[week]

    def run(self, week: int) -> str:
        """The id of a week's run."""
        return str(self.airflow.runs(WEEKLY)[STARTS[week]]["dag_run_id"])


def logs(folder: Path) -> str:
    """Logs of three weeks; a day of the first is there again in the third, under other ids."""
    runs.sample(folder, conversations=120, days=21, servers=1)
    for path in folder.glob("server*/2023-06-2[89]-conv.json"):
        again = []
        for line in path.read_bytes().splitlines():
            event = json.loads(line)
            state = event.get("state")
            if isinstance(state, dict) and event["type"] == "chat":  # some lines are damaged
                state["conv_id"] = state["conv_id"][::-1]
                event |= {name: event[name] + FORTNIGHT_S for name in ("tstamp", "start", "finish")}
                again.append(json.dumps(event) + "\n")
        day = int(path.name[8:10]) + 14 - DAYS_OF_JUNE
        (folder / "again").mkdir(exist_ok=True)
        (folder / "again" / f"2023-07-{day}-conv.json").write_text("".join(again))
    return f"{folder}/**/*-conv.json"


@contextlib.contextmanager
def listening(heard: list[Json]) -> Iterator[str]:
    """A web hook on loopback."""

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()


def variables(folder: Path, hub: Loopback, hook: str) -> dict[str, str]:
    """How Airflow is told of the test's places; the secrets as connections."""
    (folder / "recipe.yaml").write_text(RECIPE)
    reached = hub.environment()
    token, endpoint = reached.pop("HF_TOKEN"), reached.pop("HF_ENDPOINT")
    keys = {"conn_type": "generic", "password": KEY}
    access = {"conn_type": "generic", "password": token, "host": endpoint}
    return {
        **reached,
        "AIRFLOW_CONN_ARENA_IDENTITY": json.dumps(keys),
        "AIRFLOW_CONN_ARENA_HUB": json.dumps(access),
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
        "ARENA_LOGS": logs(folder / "logs"),
        "ARENA_RELEASES": str(folder / "releases"),
        "ARENA_RECIPE": str(folder / "recipe.yaml"),
        "ARENA_ENGINE": "plain",
        "ARENA_REPO": hub.repo,
        "ARENA_TARGET": "",
        "ARENA_ALARM_URL": hook,
        "ARENA_DEADLINE_HOURS": "0.01",
        "ARENA_RETRY_S": "1",
    }


@pytest.fixture(name="world", scope="session")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Airflow, Hub and web hook; nothing has run."""
    if not AIRFLOW.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("make test-airflow sets Airflow up")
    folder = tmp_path_factory.mktemp("airflow")
    heard: list[Json] = []
    with contextlib.ExitStack() as stack:
        hubs = contextlib.contextmanager(loopback.running)
        hub = stack.enter_context(hubs(folder / "hub", is_xet=True))
        hub.repo = "curator/weekly"
        hub.api(WRITER).create_repo(hub.repo, repo_type="dataset")
        hook = stack.enter_context(listening(heard))
        told = variables(folder, hub, hook)
        airflow = stack.enter_context(Airflow(folder / "airflow", told))
        yield World(folder, hub, airflow, heard)


@pytest.fixture(name="weeks", scope="session")
def _weeks(world: World) -> World:
    """The story: three weeks, by a backfill."""
    airflow = world.airflow
    asked = {"dag_id": WEEKLY, "from_date": STARTS[0], "to_date": STARTS[-1], "max_active_runs": 1}
    airflow.send("POST", "/backfills", asked)
    until(lambda: set(STARTS) <= set(airflow.runs(WEEKLY)), "a run a week")
    for week, choice in enumerate(CHOICES):
        if week == 0:
            kill(world)
        run = world.run(week)
        question = until(partial(asked_or_over, airflow, run), f"question {week}")
        assert question is not True, airflow.states(WEEKLY, run)
        world.asked.append(question)
        world.before.append(world.hub.refs())
        state = airflow.settled(WEEKLY, run, choice)
        assert state == "success", airflow.states(WEEKLY, run)
    return world


def asked_or_over(airflow: Airflow, run: str) -> Json | bool | None:
    """The question of a run; True if the run ended without one."""
    return airflow.question(WEEKLY, run) or bool(airflow.finished(WEEKLY, run))


def kill(world: World) -> None:
    """Kill the worker that does the first week's judge phase, and its task."""
    curate = until(lambda: at_work("judge", world.output(0)), "the judge at work")
    task = curate.parent()
    worker = task.parent()
    world.killed = [worker.pid, task.pid, curate.pid]
    receipts = (world.output(0) / "run" / "receipts").rglob("*")
    world.staged = {path: path.stat().st_mtime_ns for path in receipts if path.is_file()}
    for one in (worker, task):
        quietly(one.kill)
    psutil.wait_procs([curate], timeout=60)


def at_work(phase: str, output: Path) -> psutil.Process | None:
    """The `curate run` that does a phase, if it is at work."""
    for one in psutil.process_iter():
        try:
            words = one.cmdline()
        except psutil.Error:
            continue
        if str(output) in words and phase in words:
            return one
    return None
