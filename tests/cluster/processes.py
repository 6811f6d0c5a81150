"""Clusters of processes on loopback: what Flink's and Spark's have in common.

A manager, machines, a pool of workers beside each, and Beam's job server. Each machine finds
`worker-pool` at an address of its own, as it would on a machine of its own.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
MACHINES = 2
WAIT_S = 180
OPENED = [
    f"--add-opens=java.base/{name}=ALL-UNNAMED"
    for name in (
        *("java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio"),
        *("java.text", "java.time", "java.util", "java.util.concurrent"),
        *("java.util.concurrent.atomic", "java.util.concurrent.locks"),
        *("sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar"),
    )
] + ["--add-exports=java.base/sun.net.util=ALL-UNNAMED"]
LOGGED = """
rootLogger.level = INFO
rootLogger.appenderRef.c.ref = C
appender.c.name = C
appender.c.type = CONSOLE
appender.c.layout.type = PatternLayout
appender.c.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} - %m%n
"""


class Processes:
    """The processes of a cluster, by name, and where they keep things.

    Attributes:
        KIND: what the cluster is of; the name of its list of jars.
        MANAGER: name of the process that the machines report to.
        MACHINE: what a machine's own process is called, before its number.
        REST: port of the manager's web interface.
        JOBS: port of Beam's job server.
        POOL: port of each machine's pool of workers.

    Args:
        folder: for configuration, logs, libraries and process ids.
    """

    KIND: ClassVar[str]
    MANAGER: ClassVar[str]
    MACHINE: ClassVar[str]
    REST: ClassVar[int]
    JOBS: ClassVar[int]
    POOL: ClassVar[int]

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.conf = self.folder / "conf"
        self.ids = self.folder / "processes.json"
        self.children: dict[int, subprocess.Popen[bytes]] = {}

    def variables(self) -> dict[str, str]:
        """Variables of all processes; one must name the folder, by which they are known again."""
        raise NotImplementedError

    def command(self, name: str) -> list[str]:
        """What starts the process of a name, other than a pool."""
        raise NotImplementedError

    def machines(self) -> int:
        """How many machines have reported to the manager, and are alive."""
        raise NotImplementedError

    def install(self) -> None:
        """Fetch Beam's runner from Maven, unless it is there."""
        if not (self.folder / "jars").exists():
            jars = self.folder / "jars.partial"
            fetch = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
            pom = HERE / f"{self.KIND}.xml"
            run("mvn", "-q", "-B", "-ntp", "-f", pom, *fetch, f"-DoutputDirectory={jars}")
            run("javac", "-cp", f"{jars}/*", "-d", jars / "first", *HERE.glob("*.java"))
            jars.rename(self.folder / "jars")

    def configure(self) -> None:
        """Write what the processes read."""
        self.conf.mkdir(parents=True, exist_ok=True)
        (self.folder / "temp").mkdir(exist_ok=True)
        (self.conf / "log4j.properties").write_text(LOGGED)
        for number in range(1, MACHINES + 1):
            hosts = f"127.0.0.1 localhost {socket.gethostname()}\n127.0.0.{number} worker-pool\n"
            (self.conf / f"hosts-{number}").write_text(hosts)

    def start(self, environment: dict[str, str] | None = None) -> None:
        """Install what is missing, start everything, and wait until it is there.

        Args:
            environment: variables for the pools of workers, such as the identity key.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as taken:
            if taken.connect_ex(("localhost", self.REST)) == 0:
                raise OSError(f"something listens on port {self.REST} already: another cluster?")
        self.install()
        self.configure()
        self.begin(self.MANAGER)
        for number in range(1, MACHINES + 1):
            self.begin(f"pool-{number}", environment)
            self.begin(f"{self.MACHINE}-{number}")
        self.wait_for(MACHINES)
        self.begin("job-server")
        log = self.folder / "job-server.log"
        self._wait_until(lambda: "JobService started" in log.read_text(), "no job server")

    def stop(self) -> None:
        """End what was started here."""
        for name in list(self.processes()):
            self.kill(name, signal.SIGTERM)

    def processes(self) -> dict[str, int]:
        """Process ids by name."""
        found: dict[str, int] = json.loads(self.ids.read_text()) if self.ids.exists() else {}
        return found

    def begin(self, name: str, environment: dict[str, str] | None = None) -> None:
        """Start one process; a new one of that name if it has ended."""
        is_pool = name.startswith("pool-")
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                self._pool(name) if is_pool else self.command(name),
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, **self.variables(), **(environment or {})},
                start_new_session=True,
            )
        self.children[process.pid] = process
        self._note({**self.processes(), name: process.pid})

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End one process of the cluster, unless its id is another's by now."""
        ids = self.processes()
        number = ids.pop(name)
        if self._is_ours(number):
            with contextlib.suppress(ProcessLookupError):  # it has ended
                os.kill(number, how)
        if number in self.children:
            self.children.pop(number).wait()
        self._wait_until(lambda: not self._is_ours(number), f"{name} does not end")
        self._note(ids)

    def rest(self, path: str) -> Any:
        """What the manager's web interface says, of JSON."""
        with urllib.request.urlopen(f"http://localhost:{self.REST}{path}", timeout=10) as reply:
            return json.load(reply)

    def wait_for(self, machines: int) -> None:
        """Wait until that many machines have reported to the manager."""

        def are_there() -> bool:
            with contextlib.suppress(OSError):  # the manager does not listen yet
                return self.machines() == machines
            return False

        self._wait_until(are_there, f"no {machines} {self.MACHINE}s")

    def java(self, path: str) -> list[str]:
        """The beginning of every call of Java.

        Args:
            path: class path, colons between.
        """
        logged = f"-Dlog4j.configurationFile=file:{self.conf}/log4j.properties"
        return ["java", *OPENED, logged, "-cp", path]

    def served(self) -> list[str]:
        """Options of every job server of Beam."""
        ports = [f"--job-port={self.JOBS}", "--artifact-port=0", "--expansion-port=0"]
        return [*ports, f"--artifacts-dir={self.folder}/artifacts"]

    def _pool(self, name: str) -> list[str]:
        address = f"127.0.0.{name.rpartition('-')[2]}:{self.POOL}"
        return [sys.executable, "-m", "pipeline.worker_pool", "--address", address]

    def _wait_until(self, condition: Callable[[], bool], problem: str) -> None:
        for _ in range(WAIT_S):
            if condition():
                return
            time.sleep(1)
        raise TimeoutError(f"{problem}; see {self.folder}/*.log")

    def _is_ours(self, number: int) -> bool:
        """Whether a process of that id lives and was started for this folder."""
        try:
            return str(self.folder) in Path(f"/proc/{number}/environ").read_text(errors="replace")
        except (ProcessLookupError, FileNotFoundError):
            return False

    def _note(self, ids: dict[str, int]) -> None:
        self.ids.write_text(json.dumps(ids))


def lacking() -> str:
    """One line that says which programs are not on the path; empty if all are there."""
    absent = ", ".join(name for name in ("java", "javac", "mvn") if not shutil.which(name))
    how = "apt-get install openjdk-17-jdk-headless maven"
    return f"a cluster needs {absent} on the path: {how}" if absent else ""


def run(*command: Any) -> None:
    """Run a command to its end."""
    subprocess.run([str(part) for part in command], check=True)


def main(kind: type[Processes], argv: list[str]) -> int:
    """Do what the command line says: `start`, `stop` or `status`, and the folder."""
    cluster = kind(Path(argv[1] if len(argv) > 1 else ROOT / "build" / kind.KIND))
    if argv[0] == "start":
        if wanted := lacking():
            sys.exit(wanted)
        cluster.stop()
        cluster.start()
    if argv[0] == "stop":
        cluster.stop()
    else:
        told = {"machines": cluster.machines(), **cluster.processes()}
        sys.stdout.write(json.dumps(told) + "\n")
    return 0
