"""Starts an Airflow on loopback with the DAGs of this folder: for a look, and for tests.

    python dags/serve.py FOLDER [--port 8780]

FOLDER gets Airflow's database and logs, and, where they are missing, a key, sample logs and a
password. Knows only the standard library, for it runs in any environment; expects Airflow's in
FOLDER/venv unless $ARENA_AIRFLOW names its `airflow`. What the environment sets already, stays.
"""

import argparse
import json
import os
import secrets
import subprocess
from pathlib import Path

DAGS = Path(__file__).resolve().parent
USER = "reviewer"


def main() -> None:
    """Set up, say where to look, and become Airflow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8780, help="and the next two, for logs")
    args = parser.parse_args()
    folder = args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    airflow = os.environ.get("ARENA_AIRFLOW", str(folder / "venv" / "bin" / "airflow"))
    password = _password(folder / "passwords.json")
    found = {**environment(folder, args.port), **samples(folder), **os.environ}
    found["PATH"] = f"{Path(airflow).parent}:{found.get('PATH', '')}"  # it calls itself by name
    for words in ("db migrate", "pools set llm_budget 1 Tasks_that_may_ask_a_language_model"):
        subprocess.run([airflow, *words.split()], env=found, check=True, stdout=subprocess.DEVNULL)
    print(f"http://127.0.0.1:{args.port}  user {USER}, password {password}", flush=True)
    os.execve(airflow, [airflow, "standalone"], found)  # noqa: S606 (its own arguments)


def environment(folder: Path, port: int) -> dict[str, str]:
    """Airflow's settings: SQLite, two workers, loopback, no run but those asked for."""
    here = f"http://127.0.0.1:{port}"
    options = {
        "CORE__DAGS_FOLDER": DAGS,
        "CORE__LOAD_EXAMPLES": False,
        "CORE__PARALLELISM": 2,
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": False,
        "CORE__EXECUTION_API_SERVER_URL": f"{here}/execution/",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": folder / "passwords.json",
        "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder}/airflow.db",
        "SCHEDULER__USE_JOB_SCHEDULE": False,
        "API__HOST": "127.0.0.1",
        "API__PORT": port,
        "API__BASE_URL": here,
        "API__WORKERS": 1,
        "LOGGING__WORKER_LOG_SERVER_PORT": port + 1,
        "LOGGING__TRIGGER_LOG_SERVER_PORT": port + 2,
        "DAG_PROCESSOR__PARSING_PROCESSES": 1,
        "USAGE_DATA_COLLECTION__ENABLED": False,
    }
    found = {f"AIRFLOW__{name}": str(value) for name, value in options.items()}
    return {**found, "AIRFLOW_HOME": str(folder), "NO_PROXY": "127.0.0.1"}


def samples(folder: Path) -> dict[str, str]:
    """Where logs and releases are; logs of three generated weeks, and a key, if there are none."""
    curate = os.environ.get("ARENA_CURATE", str(DAGS.parent / ".venv" / "bin" / "curate"))
    key, logs = folder / "id.key", folder / "raw"
    if not key.exists():
        subprocess.run([curate, "key", str(key)], check=True, stdout=subprocess.DEVNULL)
    if not logs.exists() and "ARENA_LOGS" not in os.environ:
        asked = ["--days", "21", "--conversations", "300"]
        subprocess.run([curate, "sample", str(logs), *asked], check=True, stdout=subprocess.DEVNULL)
    identity = {"conn_type": "generic", "password": key.read_text().strip()}
    return {
        "AIRFLOW_CONN_ARENA_IDENTITY": json.dumps(identity),
        "ARENA_LOGS": f"{logs}/**/*-conv.json",
        "ARENA_RELEASES": str(folder / "releases"),
        "ARENA_TARGET": str(folder / "public"),
    }


def _password(file: Path) -> str:
    """The password of the one user, made at the first start."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(json.dumps({USER: secrets.token_urlsafe(12)}))
    return str(json.loads(file.read_text())[USER])


if __name__ == "__main__":
    main()
