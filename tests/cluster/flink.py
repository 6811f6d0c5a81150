"""A Flink session cluster on loopback: job manager, task managers, job server, pools of workers.

    python -m tests.cluster.flink start|stop|status [FOLDER]

Flink is apache-flink-libraries of PyPI in an environment of its own; Beam's runner comes from
Maven by the flink.xml beside this file.
"""

import os
import shutil
import subprocess
import sys
from typing import ClassVar

from tests.cluster.processes import ROOT, Processes, main, run

FLINK = "apache-flink-libraries==1.20.5"
SLOTS = 2
"""Two slots a task manager, so that one can carry on alone."""
REST = 8081
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
RUNTIME = "org.apache.flink.runtime."


class Cluster(Processes):
    """Job manager, task managers, their pools, and Beam's job server for Flink."""

    KIND: ClassVar[str] = "flink"
    MANAGER: ClassVar[str] = "job-manager"
    MACHINE: ClassVar[str] = "task-manager"
    REST: ClassVar[int] = REST
    JOBS: ClassVar[int] = 8099
    POOL: ClassVar[int] = 50000

    def variables(self) -> dict[str, str]:
        """Where Flink's configuration is."""
        return {"FLINK_CONF_DIR": str(self.conf)}

    def machines(self) -> int:
        """Task managers that the job manager knows."""
        return int(self.rest("/overview")["taskmanagers"])

    def install(self) -> None:
        """Flink from PyPI; Beam's runner from Maven, or as FLINK_JOB_SERVER has it."""
        if not self._flink():
            uv = shutil.which("uv") or ROOT / ".tools" / "bin" / "uv"
            run(uv, "venv", "--quiet", "--clear", self.folder / "env")
            run(uv, "pip", "install", "--quiet", "-p", self.folder / "env", "--no-deps", FLINK)
        if "FLINK_JOB_SERVER" not in os.environ:
            super().install()

    def configure(self) -> None:
        """Write Flink's configuration, too."""
        super().configure()
        settings = SETTINGS + f"io: {{tmp: {{dirs: {self.folder}/temp}}}}\n"
        (self.conf / "config.yaml").write_text(settings)

    def _flink(self) -> list[str]:
        return sorted(map(str, self.folder.glob("env/lib/*/site-packages/pyflink/lib/*.jar")))

    def _beam(self) -> list[str]:
        given = os.environ.get("FLINK_JOB_SERVER")
        return [given] if given else sorted(map(str, (self.folder / "jars").glob("*.jar")))

    def command(self, name: str) -> list[str]:
        """Flink's own entry points, as its scripts call them."""
        path = ":".join([f"{self.folder}/jars/first", *self._flink(), *self._beam()])
        java = self.java(path)
        configured = ["--configDir", str(self.conf)]
        if name == "job-server":
            driver = "org.apache.beam.runners.flink.FlinkJobServerDriver"
            at = [*self.served(), f"--flink-master=localhost:{REST}"]
            return [java[0], "-Xmx512m", *java[1:], driver, *at]
        if name == self.MANAGER:
            entry = f"{RUNTIME}entrypoint.StandaloneSessionClusterEntrypoint"
            mode = ["--executionMode", "cluster"]
            return [java[0], "-Xmx512m", *java[1:], entry, *configured, *mode]
        memory, dynamic = self._resources(java)
        hosts = f"-Djdk.net.hosts.file={self.conf}/hosts-{name.rpartition('-')[2]}"
        entry = f"{RUNTIME}taskexecutor.TaskManagerRunner"
        return [java[0], *memory, hosts, *java[1:], entry, *configured, *dynamic]

    def _resources(self, java: list[str]) -> tuple[list[str], list[str]]:
        """What Flink's own scripts ask: options of the Java machine, and of the task manager."""
        (tool,) = self.folder.glob("env/lib/*/site-packages/pyflink/bin/bash-java-utils.jar")
        asked = [*java[:-1], f"{tool}:{java[-1]}", f"{RUNTIME}util.bash.BashJavaUtils"]
        asked += ["GET_TM_RESOURCE_PARAMS", "--configDir", str(self.conf)]
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        mark = "BASH_JAVA_UTILS_EXEC_RESULT:"
        found = [line.removeprefix(mark).split() for line in told.splitlines() if mark in line]
        return found[0], found[1]


if __name__ == "__main__":
    raise SystemExit(main(Cluster, sys.argv[1:]))
