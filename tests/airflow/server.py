"""An Airflow on loopback, as `make airflow` starts it, and a person who uses its API."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil

from tests import runs

VENV = runs.ROOT / "build" / "airflow" / "venv"
AIRFLOW = VENV / "bin" / "airflow"
USER = "reviewer"
PATIENCE_S = 3600.0
"""For anything to happen; other jobs may use the machine too."""
THINKING_S = 5.0
GATE = "/taskInstances/approve/-1/hitlDetails"
Json = dict[str, Any]


class RefusedError(Exception):
    """The API finds fault with a request."""


@dataclass
class Airflow:
    """A running Airflow.

    Attributes:
        folder: its database, logs, and passwords.
        variables: of its environment, beside those that `dags/serve.py` sets.
    """

    folder: Path
    variables: Mapping[str, str]
    port: int = 0
    token: str = ""
    process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it, and log in."""
        self.port = free_ports()
        self.folder.mkdir(parents=True)
        with (self.folder / "said.log").open("wb") as said:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    runs.ROOT / "dags" / "serve.py",
                    self.folder,
                    f"--port={self.port}",
                ],
                env=self._environment(),
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self.token = until(self._login, "Airflow to answer")
            until(lambda: len(self.get("/dags")["dags"]) == 2, "both DAGs to be read")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and all that it started."""
        assert self.process is not None
        top = psutil.Process(self.process.pid)
        family = [top, *top.children(recursive=True)]
        for one in family:
            quietly(one.terminate)
        alive = psutil.wait_procs(family, timeout=60)[1]
        for one in alive:
            quietly(one.kill)
        psutil.wait_procs(alive, timeout=60)
        self.process.wait(60)  # or it believes that the process still runs

    def _environment(self) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "ARENA"))}
        return {**own, "ARENA_AIRFLOW": str(AIRFLOW), **self.variables}

    def _login(self) -> str | None:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "said.log").read_text()[-3000:]
        try:
            passwords = json.loads((self.folder / "passwords.json").read_bytes())
            who = {"username": USER, "password": passwords[USER]}
            return str(self._call("POST", "/auth/token", who)["access_token"])
        except (OSError, KeyError):
            return None

    def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        head = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        content = None if body is None else json.dumps(body).encode()
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, content, head, method=method)
        with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
            found: Json = json.loads(answer.read() or b"{}")
            return found

    def get(self, path: str) -> Json:
        """What the API answers; {} while it is too busy to."""
        try:
            return self._call("GET", f"/api/v2{path}")
        except (TimeoutError, ConnectionError):
            return {}

    def send(self, method: str, path: str, body: Json) -> Json:
        """Change something; tried again while SQLite is locked."""

        def tried() -> Json | None:
            try:
                return self._call(method, f"/api/v2{path}", body) or {"done": True}
            except urllib.error.HTTPError as error:
                told = error.read().decode()
                if error.code < 500 and "already" not in told:
                    raise RefusedError(f"{error.code}: {told}") from error
                return {} if error.code >= 500 else {"already": True}

        return until(tried, f"{method} {path}")

    def runs(self, dag: str) -> dict[str, Json]:
        """The runs of a DAG by their logical date, or id."""
        found = self.get(f"/dags/{dag}/dagRuns").get("dag_runs", [])
        return {one["logical_date"] or one["dag_run_id"]: one for one in found}

    def states(self, dag: str, run: str) -> dict[str, str]:
        """The states of a run's tasks."""
        return {name: one["state"] for name, one in self.tasks(dag, run).items()}

    def tasks(self, dag: str, run: str) -> dict[str, Json]:
        """The tasks of a run, by their names."""
        found = self.get(f"/dags/{dag}/dagRuns/{run}/taskInstances")
        return {one["task_id"]: one for one in found.get("task_instances", [])}

    def question(self, dag: str, run: str) -> Json | None:
        """What a person is asked in a run, if the answer is still to be given."""
        try:
            found = self.get(f"/dags/{dag}/dagRuns/{run}{GATE}")
        except urllib.error.HTTPError:
            return None
        waits = self.states(dag, run).get("approve") == "awaiting_input"
        return found if waits and found and not found["response_received"] else None

    def answer(self, dag: str, run: str, choice: str) -> None:
        """Answer as the person who is logged in."""
        self.send("PATCH", f"/dags/{dag}/dagRuns/{run}{GATE}", {"chosen_options": [choice]})

    def settled(self, dag: str, run: str, choice: str) -> str:
        """The state in which a run ends whose question is answered, as a person would: not at once.

        An answer that comes too early is lost in Airflow 3.3; then it asks once more.
        """

        def looked() -> str | None:
            if self.question(dag, run):
                time.sleep(THINKING_S)
                self.answer(dag, run, choice)
            return self.finished(dag, run)

        return str(until(looked, f"the end of {run}"))

    def finished(self, dag: str, run: str) -> str | None:
        """The state of a run that is at its end."""
        state = self.get(f"/dags/{dag}/dagRuns/{run}").get("state")
        return state if state in {"success", "failed"} else None

    def said(self) -> Iterator[bytes]:
        """Everything that it wrote: logs and database."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name != "passwords.json" and "id.key" not in path.name:
                yield path.read_bytes()


def until(look: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """What a look finds as soon as it finds anything."""
    end = time.monotonic() + patience_s
    while not (found := look()):
        assert time.monotonic() < end, f"waited too long for {what}"
        time.sleep(1)
    return found


def quietly(act: Callable[[], object]) -> None:
    """Do something to a process that may be gone."""
    try:
        act()
    except psutil.NoSuchProcess:
        return


def free_ports() -> int:
    """A port that is free, as are the two after it."""
    for port in range(18_500, 19_500, 10):
        with socket.socket() as one, socket.socket() as two, socket.socket() as three:
            try:
                for place, sock in enumerate((one, two, three)):
                    sock.bind(("127.0.0.1", port + place))
            except OSError:
                continue
            return port
    raise OSError("no free port")
