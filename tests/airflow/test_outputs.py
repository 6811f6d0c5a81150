"""What the DAGs remember of intervals, without an Airflow."""

import datetime as dt
import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests import runs

WEEK = "2023-07-03--2023-07-10"


def _loaded() -> Any:
    """The module as Airflow finds it; it needs the standard library only."""
    spec = importlib.util.spec_from_file_location("o", runs.ROOT / "dags" / "arena" / "outputs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


outputs = _loaded()


def day(folder: Path, name: str) -> str:
    """A log of a day."""
    path = folder / "logs" / f"{name}-conv.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(name)
    return str(path)


def finish(folder: Path, name: str, inputs: list[str]) -> Path:
    """An output folder as a finished run of an interval leaves it."""
    read = [{"path": path, "bytes": Path(path).stat().st_size} for path in inputs]
    for part, content in (("run", {"plan": {"inputs": read}}), ("release", {"name": name})):
        (folder / name / part).mkdir(parents=True)
        (folder / name / part / "manifest.json").write_text(json.dumps(content))
    return folder / name


def plan(folder: Path, name: str = WEEK, **options: Any) -> Any:
    """What an interval is asked for."""
    return outputs.plan(str(folder), name, f"{folder}/logs/*", **options)


def at(text: str) -> dt.datetime:
    """A moment, UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_an_interval_is_named_by_its_days() -> None:
    """Scheduled: its own; triggered without a logical date: the last whole week."""
    start, end = at("2023-07-03T06:00"), at("2023-07-10T06:00")

    assert outputs.interval(start, end, end) == WEEK
    assert outputs.interval(None, None, at("2023-07-10T00:00")) == WEEK
    assert outputs.interval(None, None, at("2023-07-16T23:59")) == WEEK
    assert outputs.interval(start, start, at("2023-07-12T12:00")) == WEEK


def test_what_was_read_is_not_asked_for_again(tmp_path: Path) -> None:
    """New logs, late logs and grown logs are; logs after the interval are not yet."""
    old, grown = day(tmp_path, "2023-06-28"), day(tmp_path, "2023-06-29")
    before = finish(tmp_path, "2023-06-26--2023-07-03", [old, grown])
    Path(grown).write_text("more than before")
    late, new = day(tmp_path, "2023-06-30"), day(tmp_path, "2023-07-09")
    day(tmp_path, "2023-07-10")

    made = plan(tmp_path)
    assert made["inputs"] == [grown, late, new]
    assert made["after"] == str(before)
    assert plan(tmp_path, fresh=True)["inputs"] == [old, grown, late, new]


def test_an_interval_is_asked_the_same_twice(tmp_path: Path) -> None:
    """Logs that come after the first try wait for the next interval."""
    first = day(tmp_path, "2023-07-04")
    assert plan(tmp_path)["inputs"] == [first]
    day(tmp_path, "2023-07-05")

    assert plan(tmp_path)["inputs"] == [first]
    assert outputs.unfinished(str(tmp_path)) == [WEEK]


def test_no_logs_are_no_plan(tmp_path: Path) -> None:
    """An interval without logs leaves nothing behind; a log without a day is a clear error."""
    assert plan(tmp_path) is None
    assert outputs.unfinished(str(tmp_path)) == []
    day(tmp_path, "yesterday")
    with pytest.raises(ValueError, match="no day in its name"):
        plan(tmp_path)


def test_unfinished_outputs_are_nobodys_base(tmp_path: Path) -> None:
    """Neither a run without its manifest, nor what a take-down is about to put in place."""
    good = finish(tmp_path, "2023-06-19--2023-06-26", [])
    (finish(tmp_path, "2023-06-26--2023-07-03", []) / "run" / "manifest.json").unlink()
    finish(tmp_path, "2023-06-26--2023-07-03.patched", [])

    assert outputs.newest(str(tmp_path), before=WEEK) == str(good)


def test_another_release_of_a_week_gets_another_tag(tmp_path: Path) -> None:
    """The same release keeps its tag at a place; a changed one gets the next."""
    output = finish(tmp_path, "2023-06-26--2023-07-03", [])
    assert outputs.tag(str(output), "org/data") == "2023.26.0"
    receipt = {"place": "org/data", "tag": "2023.26.0", "manifest": outputs.digest(str(output))}
    outputs.remember(str(output), receipt)
    assert outputs.tag(str(output), "org/data") == "2023.26.0"
    (output / "release" / "manifest.json").write_text("{}")

    assert outputs.tag(str(output), "org/data") == "2023.26.1"
    assert outputs.tag(str(output), "org/other") == "2023.26.0"


def test_a_signature_holds_for_one_release(tmp_path: Path) -> None:
    """Who signed is known as long as the release is the one that was signed."""
    output = finish(tmp_path, WEEK, [])
    assert outputs.signed(str(output)) is None
    signed = {"approved_by": "Ann Lee", "manifest": outputs.digest(str(output))}
    outputs.write(output / "run" / "published" / "approval.json", signed)
    assert outputs.signed(str(output)) == "Ann Lee"
    (output / "release" / "manifest.json").write_text("{}")

    assert outputs.signed(str(output)) is None


def test_what_was_forgotten_stays_forgotten(tmp_path: Path) -> None:
    """A run that does not go on from the newest output is told what take-downs asked for."""
    day(tmp_path, "2023-06-28")
    base = finish(tmp_path, "2023-06-19--2023-06-26", [])
    newest = finish(tmp_path, "2023-07-03--2023-07-10", [])
    (newest / "run" / "tombstones.json").write_text('{"marks": ["one"]}')
    late = "2023-07-10--2023-07-17"
    assert plan(tmp_path, late)["tombstones"] is None
    assert plan(tmp_path, late)["after"] == str(newest)

    earlier = plan(tmp_path, "2023-06-26--2023-07-03")
    assert earlier["after"] == str(base)
    assert json.loads(Path(earlier["tombstones"]).read_bytes()) == {"marks": ["one"]}
    assert plan(tmp_path, fresh=True)["tombstones"]
    shutil.rmtree(newest)
    assert plan(tmp_path, fresh=True)["tombstones"], "also when the new run has begun"


def test_a_taken_down_output_is_known(tmp_path: Path) -> None:
    """It says that it went on from itself; an ordinary one went on from another, or none."""
    output = finish(tmp_path, WEEK, [])
    assert not outputs.is_taken_down(str(output))
    for before, is_anew in ((tmp_path / "2023-06-26--2023-07-03", False), (output, True)):
        made = {"plan": {"inputs": [], "after": {"output": str(before)}}}
        (output / "run" / "manifest.json").write_text(json.dumps(made))
        assert outputs.is_taken_down(str(output)) is is_anew
