"""The command line, as a person meets it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CURATE = [sys.executable, "-m", "pipeline.cli"]
KEY = {"CURATE_ID_KEY": "5e" * 32}


def curate(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [*CURATE, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | KEY | (env or {}),
    )


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 300 generated conversations."""
    folder = tmp_path_factory.mktemp("logs")
    assert curate("sample", str(folder), "--conversations", "300").returncode == 0
    return folder


@pytest.fixture(scope="module")
def output(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run on them."""
    folder = tmp_path_factory.mktemp("output") / "out"
    done = curate(*arguments(logs, folder), "--json")
    assert done.returncode == 0, done.stderr
    (folder / "result.json").write_text(done.stdout)
    return folder


def arguments(logs: Path, output: Path) -> list[str]:
    """A run of the shipped recipe in a plain loop."""
    where = ["--input", f"{logs}/**/*-conv.json", "--output", str(output)]
    return ["run", "release", *where, "--engine", "plain"]


def test_help_imports_nothing_heavy() -> None:
    """`--help` answers without pyarrow, Beam or numpy: half a second on any machine."""
    code = (
        "import sys; from pipeline.cli import parser; parser().format_help(); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not {"pyarrow", "apache_beam", "numpy", "msgspec"} & set(done.stdout.split())


def test_the_result_is_json_for_machines(output: Path) -> None:
    """`--json` prints one record whose books balance."""
    books = json.loads((output / "result.json").read_text())["books"]
    accounted = (
        books["absorbed"] + sum(books["staged"].values()) + sum(books["quarantined"].values())
    )

    assert books["lines"] == accounted


def test_a_second_run_changes_nothing(logs: Path, output: Path) -> None:
    """A finished output is recognised, and its files are not touched."""
    before = {path: path.stat().st_mtime_ns for path in (output / "release").rglob("*")}
    done = curate(*arguments(logs, output))

    assert done.returncode == 0
    assert {path: path.stat().st_mtime_ns for path in (output / "release").rglob("*")} == before


def test_progress_is_plain_lines_off_a_terminal(logs: Path, tmp_path: Path) -> None:
    """Without a terminal each phase says one line, without control characters."""
    done = curate(*arguments(logs, tmp_path / "out"))

    assert [line.split()[0] for line in done.stderr.splitlines()] == [
        *("plan", "stage", "judge", "fit", "write", "assemble"),
    ]
    assert "\x1b" not in done.stderr + done.stdout


def test_explain_tells_every_line_of_a_conversation(logs: Path, output: Path) -> None:
    """A planted duplicate is out, with the stage, the reason and the witness."""
    planted = [json.loads(line) for line in (logs / "truth.jsonl").read_text().splitlines()]
    copy = next(one for one in planted if one["fate"] == "duplicate")
    done = curate("explain", str(output / "release"), copy["conversation_id"], "--json")
    last = json.loads(done.stdout)[-1]

    assert (last["fate"], last["by"], last["reason"]) == ("dropped", "drop_duplicates", "duplicate")
    witness = json.loads(curate("explain", str(output), last["into"], "--json").stdout)
    assert "released" in {trace["fate"] for trace in witness}


def test_explain_of_an_unknown_id_is_one_line(output: Path) -> None:
    """An id that no line speaks of gives one message and exit code 4."""
    done = curate("explain", str(output), "nobody")

    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 1


def test_status_of_a_finished_run(output: Path) -> None:
    """`status` knows that all is done."""
    found = json.loads(curate("status", str(output), "--json").stdout)

    assert found["state"] == "finished"
    assert all(done == units for done, units in found["phases"].values())


def test_dry_run_expects_what_a_run_gives(logs: Path, output: Path, tmp_path: Path) -> None:
    """The expectation is near the truth, and nothing is written."""
    told = curate(*arguments(logs, tmp_path / "out"), "--dry-run", "--json")
    expected = json.loads(told.stdout)
    lines = json.loads((output / "result.json").read_text())["books"]["lines"]

    assert expected["lines"] == pytest.approx(lines, rel=0.2)
    assert not (tmp_path / "out").exists()


def test_try_shows_no_text(logs: Path) -> None:
    """`try` counts what a stage drops; texts are shown only on a terminal."""
    file = next(logs.glob("server0/20*-conv.json"))
    done = curate("try", "drop_too_long", str(file), "--option", "max_messages=2")
    raw = curate("try", "drop_too_long", str(file), "--show-raw")

    assert re.search(r"\d+  dropped: too_many_messages", done.stdout)
    assert raw.returncode == 2
    assert "terminal" in raw.stderr


def test_dates_and_samples_narrow_a_run(logs: Path, tmp_path: Path) -> None:
    """What --since, --until and --sample leave out is dropped with its own reason."""
    narrow = ["--since", "2023-06-25", "--until", "2023-06-26", "--sample", "0.5", "--json"]
    done = curate(*arguments(logs, tmp_path / "out"), *narrow)
    dropped = json.loads(done.stdout)["books"]["dropped"]["conversations"]

    assert dropped["drop_outside_dates: before"]
    assert dropped["drop_outside_dates: after"]
    assert dropped["drop_unsampled: not_sampled"]


def test_a_limit_reads_so_many_lines(logs: Path, tmp_path: Path) -> None:
    """--limit 50 reads 50 lines."""
    done = curate(*arguments(logs, tmp_path / "out"), "--limit", "50", "--json")

    assert json.loads(done.stdout)["books"]["lines"] == 50


def test_without_a_key_nothing_runs(logs: Path, tmp_path: Path) -> None:
    """An absent identity key is told before anything is written, with the way out."""
    done = curate(*arguments(logs, tmp_path / "out"), env={"CURATE_ID_KEY": ""})

    assert done.returncode == 7
    assert "curate key" in done.stderr
    assert not (tmp_path / "out").exists()


def _hears_ctrl_c() -> None:
    """A shell that starts a job in the background lets it ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_leaves_a_run_that_resumes(tmp_path: Path) -> None:
    """Ctrl-C gives exit code 130 and one line; the same command finishes the run."""
    curate("sample", str(tmp_path / "logs"), "--conversations", "6000")
    command = arguments(tmp_path / "logs", tmp_path / "out")
    with subprocess.Popen(
        [*CURATE, *command, "--split-mb", "1"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=os.environ | KEY,
        preexec_fn=_hears_ctrl_c,  # noqa: PLW1509 (this process has one thread)
    ) as process:
        while not list((tmp_path / "out" / "run" / "receipts" / "stage").glob("*.json")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()

    assert process.returncode == 130
    assert said.splitlines()[-1].startswith("curate: interrupted")
    assert "Traceback" not in said
    assert curate(*command, "--split-mb", "1").returncode == 0
