"""A Flink session cluster on loopback: job manager, task managers, job server, pools of workers.

    python -m tests.cluster.flink start|stop|status [FOLDER]

All are processes of their own. Flink is apache-flink-libraries of PyPI in an environment of its
own; Beam's runner comes from Maven by the pom.xml beside this file. Each task manager finds
`worker-pool` at an address of its own, as it would on a machine of its own.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
FLINK = "apache-flink-libraries==1.20.5"
MANAGERS, SLOTS = 2, 2
"""Two slots each, so that one task manager can carry on alone."""
REST, JOBS, POOL = 8081, 8099, 50000
STARTED_S = 180
OPENED = [
    f"--add-opens=java.base/java.{name}=ALL-UNNAMED"
    for name in (
        *("lang", "net", "io", "nio", "lang.reflect", "text", "time", "util", "util.concurrent"),
        *("util.concurrent.atomic", "util.concurrent.locks"),
    )
] + [
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-exports=java.base/sun.net.util=ALL-UNNAMED",
]
SETTINGS = f"""
jobmanager:
  rpc: {{address: localhost, port: 6123}}
  bind-host: localhost
  memory: {{process: {{size: 1024m}}}}
rest: {{address: localhost, bind-address: localhost, port: {REST}}}
taskmanager:
  bind-host: localhost
  host: localhost
  numberOfTaskSlots: {SLOTS}
  load-balance: {{mode: SLOTS}}
  memory: {{process: {{size: 1280m}}}}
heartbeat: {{interval: 2000, timeout: 12000}}
restart-strategy:
  type: fixed-delay
  fixed-delay: {{attempts: 10, delay: 2s}}
metrics: {{fetcher: {{update-interval: 1000}}}}
web: {{history: 200, refresh-interval: 1000}}
jobstore: {{max-capacity: 500}}
classloader: {{resolve-order: parent-first}}
"""
LOGGED = """
rootLogger.level = INFO
rootLogger.appenderRef.c.ref = C
appender.c.name = C
appender.c.type = CONSOLE
appender.c.layout.type = PatternLayout
appender.c.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} - %m%n
"""


class Cluster:
    """The processes of a cluster, by name, and where they keep things.

    Args:
        folder: for configuration, logs, libraries and process ids.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.conf = self.folder / "conf"
        self.ids = self.folder / "processes.json"
        self.children: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, environment: dict[str, str] | None = None) -> None:
        """Install what is missing, start everything, and wait until it is there.

        Args:
            environment: variables for the pools of workers, such as the identity key.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as taken:
            if taken.connect_ex(("localhost", REST)) == 0:
                raise OSError(f"something listens on port {REST} already: another cluster?")
        self._install()
        self._configure()
        self.begin("job-manager")
        for number in range(1, MANAGERS + 1):
            self.begin(f"pool-{number}", environment)
            self.begin(f"task-manager-{number}")
        self.wait_for(MANAGERS)
        self.begin("job-server")
        self._wait_for_jobs()

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
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                self._command(name),
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, "FLINK_CONF_DIR": str(self.conf), **(environment or {})},
                start_new_session=True,
            )
        self.children[process.pid] = process
        self._note({**self.processes(), name: process.pid})

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End one process of the cluster, unless its id is another's by now."""
        ids = self.processes()
        number = ids.pop(name)
        try:
            if str(self.folder) in Path(f"/proc/{number}/environ").read_text(errors="replace"):
                os.kill(number, how)
        except (ProcessLookupError, FileNotFoundError):
            pass  # it has ended
        if number in self.children:
            self.children.pop(number).wait()
        self._note(ids)

    def rest(self, path: str) -> Any:
        """What Flink's REST interface says."""
        with urllib.request.urlopen(f"http://localhost:{REST}{path}", timeout=10) as reply:
            return json.load(reply)

    def wait_for(self, managers: int) -> None:
        """Wait until that many task managers have reported to the job manager."""
        for _ in range(STARTED_S):
            try:
                if self.rest("/overview")["taskmanagers"] == managers:
                    return
            except OSError:
                pass  # it does not listen yet
            time.sleep(1)
        raise TimeoutError(f"no {managers} task managers; see {self.folder}/*.log")

    def _wait_for_jobs(self) -> None:
        for _ in range(STARTED_S):
            if "JobService started" in (self.folder / "job-server.log").read_text():
                return
            time.sleep(1)
        raise TimeoutError(f"no job server; see {self.folder}/job-server.log")

    def _note(self, ids: dict[str, int]) -> None:
        self.ids.write_text(json.dumps(ids))

    def _install(self) -> None:
        if not self._flink():
            uv = shutil.which("uv") or ROOT / ".tools" / "bin" / "uv"
            run(uv, "venv", "--quiet", "--clear", self.folder / "env")
            run(uv, "pip", "install", "--quiet", "-p", self.folder / "env", "--no-deps", FLINK)
        if not (self.folder / "jars").exists() and "FLINK_JOB_SERVER" not in os.environ:
            target = f"-DoutputDirectory={self.folder}/jars.partial"
            run(
                "mvn",
                "-q",
                "-B",
                "-ntp",
                "-f",
                HERE / "pom.xml",
                "dependency:copy-dependencies",
                target,
            )
            jars = self.folder / "jars.partial"
            run("javac", "-cp", f"{jars}/*", "-d", jars / "first", *HERE.glob("*.java"))
            jars.rename(self.folder / "jars")

    def _flink(self) -> list[str]:
        return sorted(map(str, self.folder.glob("env/lib/*/site-packages/pyflink/lib/*.jar")))

    def _beam(self) -> list[str]:
        given = os.environ.get("FLINK_JOB_SERVER")
        return [given] if given else sorted(map(str, (self.folder / "jars").glob("*.jar")))

    def _configure(self) -> None:
        self.conf.mkdir(parents=True, exist_ok=True)
        (self.folder / "temp").mkdir(exist_ok=True)
        settings = SETTINGS + f"io: {{tmp: {{dirs: {self.folder}/temp}}}}\n"
        (self.conf / "config.yaml").write_text(settings)
        (self.conf / "log4j.properties").write_text(LOGGED)
        for number in range(1, MANAGERS + 1):
            hosts = f"127.0.0.1 localhost {socket.gethostname()}\n127.0.0.{number} worker-pool\n"
            (self.conf / f"hosts-{number}").write_text(hosts)

    def _command(self, name: str) -> list[str]:
        kind, _, number = name.rpartition("-")
        if kind == "pool":
            address = f"127.0.0.{number}:{POOL}"
            return [sys.executable, "-m", "pipeline.worker_pool", "--address", address]
        logged = f"-Dlog4j.configurationFile=file:{self.conf}/log4j.properties"
        path = ":".join([f"{self.folder}/jars/first", *self._flink(), *self._beam()])
        java = ["java", *OPENED, logged, "-cp", path]
        configured = ["--configDir", str(self.conf)]
        main = "org.apache.flink.runtime."
        if name == "job-server":
            at = [f"--job-port={JOBS}", "--artifact-port=0", "--expansion-port=0"]
            at += [f"--flink-master=localhost:{REST}", f"--artifacts-dir={self.folder}/artifacts"]
            info = [f"-Dlog4j.level={self.conf}"]
            driver = "org.apache.beam.runners.flink.FlinkJobServerDriver"
            return ["java", "-Xmx512m", *java[1:], *info, driver, *at]
        if name == "job-manager":
            entry = f"{main}entrypoint.StandaloneSessionClusterEntrypoint"
            return [
                *java[:1],
                "-Xmx512m",
                *java[1:],
                entry,
                *configured,
                "--executionMode",
                "cluster",
            ]
        memory, dynamic = self._resources(java)
        hosts = f"-Djdk.net.hosts.file={self.conf}/hosts-{number}"
        entry = f"{main}taskexecutor.TaskManagerRunner"
        return [*java[:1], *memory, hosts, *java[1:], entry, *configured, *dynamic]

    def _resources(self, java: list[str]) -> tuple[list[str], list[str]]:
        """What Flink's own scripts ask: options of the Java machine, and of the task manager."""
        (tool,) = self.folder.glob("env/lib/*/site-packages/pyflink/bin/bash-java-utils.jar")
        asked = [
            *java[:-1],
            f"{tool}:{java[-1]}",
            "org.apache.flink.runtime.util.bash.BashJavaUtils",
        ]
        asked += ["GET_TM_RESOURCE_PARAMS", "--configDir", str(self.conf)]
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        mark = "BASH_JAVA_UTILS_EXEC_RESULT:"
        found = [line.removeprefix(mark).split() for line in told.splitlines() if mark in line]
        return found[0], found[1]


def lacking() -> str:
    """One line that says which programs are not on the path; empty if all are there."""
    absent = ", ".join(name for name in ("java", "javac", "mvn") if not shutil.which(name))
    how = "apt-get install openjdk-17-jdk-headless maven"
    return f"a Flink cluster needs {absent} on the path: {how}" if absent else ""


def run(*command: Any) -> None:
    """Run a command to its end."""
    subprocess.run([str(part) for part in command], check=True)


def main(argv: list[str]) -> int:
    """Do what the command line says."""
    cluster = Cluster(Path(argv[1] if len(argv) > 1 else ROOT / "build" / "flink"))
    if argv[0] == "start":
        if wanted := lacking():
            sys.exit(wanted)
        cluster.stop()
        cluster.start()
    if argv[0] == "stop":
        cluster.stop()
    else:
        sys.stdout.write(json.dumps({**cluster.rest("/overview"), **cluster.processes()}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
