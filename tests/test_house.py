"""House rules that no linter knows."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import recipe
from pipeline.stages import STAGES
from schemas.released import COLUMNS

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    path
    for room in ("pipeline", "schemas", "tests", "benchmarks")
    for path in (ROOT / room).rglob("*.py")
)
LONG = {"tests/test_broken_inputs.py", "tests/test_sample.py"}
"""Modules that hold one idea in more lines than others may."""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_fits_on_a_few_screens(path: Path) -> None:
    """A module longer than 300 lines holds two ideas."""
    if str(path.relative_to(ROOT)) not in LONG:
        assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_fits_on_one_screen(path: Path) -> None:
    """A function longer than 50 lines does two things."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, f"{path}:{node.name}"


@pytest.mark.parametrize("stage", STAGES.values(), ids=lambda stage: stage.name)
def test_a_stage_lives_where_you_look(stage: type) -> None:
    """Every stage has a file in stages/, a test of the same name, and a manual."""
    name = stage.__module__.rpartition(".")[2]

    assert stage.__module__ == f"pipeline.stages.{name}"
    assert (ROOT / "tests" / "stages" / f"test_{name}.py").exists()
    assert stage.__doc__


def test_every_released_column_has_its_maker() -> None:
    """A column of the release is written by the stage that the contract names."""
    for column in COLUMNS:
        if column.by:
            assert column.field.name in STAGES[column.by].writes, column.field.name


@pytest.mark.parametrize("name", recipe.shipped())
def test_shipped_recipes_are_sound(name: str) -> None:
    """Every recipe in configs/ can be built."""
    assert recipe.load(name).stages


def test_generated_documents_are_up_to_date() -> None:
    """README's tables and output and the JSON Schema are what the code makes of them today."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_changelog_counts_the_stages() -> None:
    """The number of stages that CHANGELOG.md names is the number there is."""
    assert f"- {len(STAGES)} stages" in (ROOT / "CHANGELOG.md").read_text("utf-8")
