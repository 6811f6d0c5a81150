"""DAG files are thin: they say what follows what, and import nothing that takes time."""

import ast
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests import runs
from tests.airflow.server import VENV

DAGS = runs.ROOT / "dags"
FILES = sorted([*DAGS.glob("arena_*.py"), *DAGS.glob("arena/*.py")])
ALLOWED = {
    *(
        "airflow",
        "arena",
        "collections",
        "ctypes",
        "datetime",
        "glob",
        "hashlib",
        "json",
        "logging",
    ),
    *("os", "pathlib", "re", "signal", "subprocess", "tempfile", "typing", "urllib"),
}
LOOK = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import airflow.sdk, airflow.sdk.definitions.decorators
from airflow.providers.standard.operators import hitl
for name in ("DAG", "Asset", "Param", "task"): getattr(airflow.sdk, name)
before, start = set(sys.modules), time.process_time()
import arena_weekly_release, arena_takedown
took = time.process_time() - start
print(json.dumps([took, sorted({name.partition(".")[0] for name in set(sys.modules) - before})]))
"""
FOLDERS = "from airflow.dag_processing.dagbag import DagBag; import json, sys\n"
FOLDERS += "sys.path.insert(0, sys.argv[1])\n"
FOLDERS += "bag = DagBag(sys.argv[1]); print(json.dumps([bag.import_errors, {name: {one.task_id: "
FOLDERS += (
    "sorted(one.upstream_task_ids) for one in dag.tasks} for name, dag in bag.dags.items()}]))"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DAGS)))
def test_imports_are_light(path: Path) -> None:
    """Airflow and a few modules of the standard library, nothing of the pipeline."""
    tree = ast.parse(path.read_text("utf-8"))
    names = {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    names |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}

    assert {name.partition(".")[0] for name in names} <= ALLOWED


@pytest.mark.parametrize("path", sorted(DAGS.glob("arena_*.py")), ids=lambda path: path.stem)
def test_dag_files_are_short(path: Path) -> None:
    """What a DAG does fits on two screens."""
    assert len(path.read_text("utf-8").splitlines()) <= 110


def told(code: str, folder: Path) -> list[object]:
    """What code prints last in Airflow's environment."""
    own = {
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder}/airflow.db",
    }
    done = subprocess.run(
        [VENV / "bin" / "python", "-c", code, str(DAGS)],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[object] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.airflow
def test_dag_files_are_imported_at_once(tmp_path: Path) -> None:
    """Under 2 seconds of CPU once Airflow is there, and no package that is not Airflow's own."""
    took, modules = told(LOOK, tmp_path)

    assert isinstance(took, float)
    assert took < 2
    assert isinstance(modules, list)
    assert not {"pipeline", "apache_beam", "pyarrow", "numpy", "huggingface_hub"} & set(modules)


@pytest.mark.airflow
def test_only_the_gate_lets_a_release_through(tmp_path: Path) -> None:
    """Both DAGs can be read; what publishes follows the approval and nothing else."""
    errors, dags = told(FOLDERS, tmp_path)

    assert errors == {}
    assert isinstance(dags, dict)
    assert sorted(dags) == ["arena_takedown", "arena_weekly_release"]
    for tasks in dags.values():
        assert tasks["publish"] == ["approve"]
        assert tasks["approve"] == ["compare"]
    assert dags["arena_weekly_release"]["announce"] == ["publish"]
    assert dags["arena_takedown"]["announce"] == ["erase"]
    assert dags["arena_takedown"]["erase"] == ["publish"]
