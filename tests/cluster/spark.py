"""A standalone Spark cluster on loopback: master, workers, Beam's job server, pools of workers.

    python -m tests.cluster.spark start|stop|status [FOLDER]

Spark and Beam's runner come from Maven by the spark.xml beside this file. The job server is one
application of Spark's, with an executor a worker, as long as it lives. Only what a pool starts is
Python: a worker, as Spark has the word, is the machine's own process, in Java.
"""

import json
import shutil
import sys
from typing import ClassVar

from tests.cluster.processes import MACHINES, Processes, main

MASTER = 7177


class Cluster(Processes):
    """Master, workers, their pools, and Beam's job server for Spark."""

    KIND: ClassVar[str] = "spark"
    MANAGER: ClassVar[str] = "master"
    MACHINE: ClassVar[str] = "worker"
    REST: ClassVar[int] = 8180
    JOBS: ClassVar[int] = 8199
    POOL: ClassVar[int] = 50100

    def variables(self) -> dict[str, str]:
        """Where Spark's jars are and its own files go; all of it on loopback."""
        return {
            "SPARK_HOME": str(self.folder),
            "SPARK_LOCAL_DIRS": f"{self.folder}/temp",
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_SCALA_VERSION": "2.12",
        }

    def machines(self) -> int:
        """Workers that the master has, and that are alive."""
        return int(self.rest("/json/")["aliveworkers"])

    def configure(self) -> None:
        """Make the folders of workers and of events, too.

        An executor's folder is two below its worker's, and all executors of an application have
        the same options; so the hosts that a machine knows are named by a path from there.
        """
        super().configure()
        for folder in ("events", "artifacts", *self._workers()):
            shutil.rmtree(self.folder / folder, ignore_errors=True)
            (self.folder / folder).mkdir()
        for number, worker in enumerate(self._workers(), 1):
            shutil.copy(self.conf / f"hosts-{number}", self.folder / worker / "hosts")

    def command(self, name: str) -> list[str]:
        """Spark's own entry points, as its scripts call them."""
        java = self.java(f"{self.folder}/jars/first:{self.folder}/jars/*")
        deployed = "org.apache.spark.deploy."
        if name == "job-server":
            driver = "org.apache.beam.runners.spark.SparkJobServerDriver"
            at = [*self.served(), f"--spark-master-url=spark://localhost:{MASTER}"]
            return [java[0], "-Xmx512m", *self._application(), *java[1:], driver, *at]
        if name == self.MANAGER:
            at = ["--host", "localhost", "--port", f"{MASTER}", "--webui-port", f"{self.REST}"]
            return [java[0], "-Xmx256m", *java[1:], f"{deployed}master.Master", *at]
        at = ["--host", f"127.0.0.{name.rpartition('-')[2]}", "--port", "0", "--webui-port", "0"]
        at += ["--cores", "1", "--memory", "1g", "--work-dir", f"{self.folder}/{name}"]
        master = f"spark://localhost:{MASTER}"
        return [java[0], "-Xmx256m", *java[1:], f"{deployed}worker.Worker", *at, master]

    def shuffled(self) -> int:
        """Bytes that tasks have written for others to read, since the job server was started."""
        total = 0
        for path in (self.folder / "events").iterdir():
            for line in path.read_text("utf-8").splitlines():
                if '"SparkListenerTaskEnd"' in line:
                    measured = json.loads(line)["Task Metrics"]["Shuffle Write Metrics"]
                    total += measured["Shuffle Bytes Written"]
        return total

    def _workers(self) -> list[str]:
        return [f"{self.MACHINE}-{number}" for number in range(1, MACHINES + 1)]

    def _application(self) -> list[str]:
        """Spark's options of the application that the job server is."""
        log = f"-Dlog4j.configurationFile=file:{self.conf}/log4j.properties"
        given = {
            "beam.spark.test.reuseSparkContext": "true",  # else each job waits for new executors
            "spark.locality.wait": "0s",  # descriptors are small: any executor may have them
            "spark.executor.memory": "640m",
            "spark.executor.extraClassPath": f"{self.folder}/jars/first",
            "spark.executor.extraJavaOptions": f"{log} -Djdk.net.hosts.file=../../hosts",
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": f"file:{self.folder}/events",
            "spark.ui.enabled": "false",
        }
        return [f"-D{name}={value}" for name, value in given.items()]


if __name__ == "__main__":
    raise SystemExit(main(Cluster, sys.argv[1:]))
