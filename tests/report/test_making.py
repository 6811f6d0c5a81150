"""A report says what is so, hides what is small, and leaks nothing."""

import base64
import csv
import hashlib
import io
import json
import re
import stat
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import cli, files
from pipeline.errors import InputError
from pipeline.report import changes, landscape, making, page, sources, spreadsheet, tables, texts
from schemas.report import Column, Figure, Report
from tests import runs
from tests.report import logs

ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")


@pytest.fixture(scope="module")
def report(output: Path) -> Report:
    """The numbers, as a machine reads them."""
    return files.read_record(str(output / "run" / "report.json"), Report)


@pytest.fixture(scope="module")
def html(output: Path) -> str:
    """The page."""
    return (output / "run" / "report.html").read_text("utf-8")


def figure(report: Report, name: str) -> list[dict[str, Any]]:
    """The rows of a figure, by column."""
    (found,) = (one for one in making.figures(report) if one.id == name)
    names = [column.name for column in found.columns]
    return [dict(zip(names, row, strict=True)) for row in found.rows]


def test_all_parts_are_there(report: Report) -> None:
    """A run with every tag has every section, and each figure but plain tables is drawn."""
    assert [section.id for section in report.sections] == [
        "funnel", "redactions", "moderation", "content", "topics", "copies", "activity", "effort",
    ]  # fmt: skip
    names = [one.id for one in making.figures(report)]
    assert len(names) == len(set(names))
    plain = {one.id for one in making.figures(report) if one.chart is None}
    assert plain <= {"tables", "redactions-by-rule", "repeated-prompts", "review",
                     "moderation-by-role", "moderation-by-model"}  # fmt: skip


def test_the_funnel_is_the_books(output: Path, report: Report) -> None:
    """Each step leaves what the one before left, less its own; the last is what is released."""
    steps = figure(report, "funnel")
    released = runs.rows(output)

    left = steps[0]["rows"]
    for step in steps:
        left -= step["rows"] if step["fate"] == "dropped" else 0
        assert step["left"] == left
    assert left == steps[-1]["rows"] == len(released)


def test_content_is_counted_as_released(output: Path, report: Report) -> None:
    """Languages, redactions and users by the report are those of the released rows."""
    rows = runs.rows(output)
    languages = Counter(row["language"] for row in rows)
    shown = {row["language"]: row["conversations"] for row in figure(report, "languages")}

    assert sum(shown.values()) == len(rows)
    kept = {name: count for name, count in shown.items() if name != tables.OTHER}
    assert kept == {name: languages[name] for name in kept}
    values = sum(len(row["redactions"]) for row in rows)
    for name in ("redactions-by-kind", "redactions-by-language", "redactions-by-rule"):
        found = sum(row["values"] for row in figure(report, name))
        assert found == values or name == "redactions-by-rule"
    conversations = [r for r in figure(report, "users-over-time") if r["of"] == "conversations"]
    assert sum(row["count"] for row in conversations) == len(rows)


def test_thresholds_are_swept(output: Path, report: Report) -> None:
    """A count at a threshold is how many released messages have at least that score."""
    scores = [
        (message, category, score)
        for row in runs.rows(output)
        for message, told in enumerate(row["openai_moderation"])
        if told["category_scores"]
        for category, score in told["category_scores"].items()
        if score is not None
    ]
    found = figure(report, "thresholds-user")
    assert found
    for row in found[:: max(1, len(found) // 20)]:
        count = sum(
            message % 2 == 0 and category == row["category"] and score >= row["threshold"] - 1e-9
            for message, category, score in scores
        )
        assert count == row["messages"] >= report.minimum


def test_small_cells_are_folded(output: Path, report: Report) -> None:
    """No cell of content is of fewer conversations than the minimum."""
    counted = {"languages", "models-over-time", "votes", "battles-by-model", "who-met-whom",
               "clusters", "topics", "topic-map", "repeated-prompts"}  # fmt: skip
    units = {"conversations", "battles", "clusters", "users"}
    seen = 0
    for one in making.figures(report):
        for row in figure(report, one.id) if one.id in counted else []:
            for name in units & row.keys():
                seen += 1
                is_rest = tables.OTHER in row.values() and report.minimum > row[name]
                assert row[name] >= report.minimum or is_rest, (one.id, row)
    assert seen > 20
    models = Counter(row["model"] for row in runs.rows(output))
    rare = {name for name, count in models.items() if count < report.minimum}
    shown = {row["model"] for row in figure(report, "models-over-time")}
    assert not rare & shown


def test_repeated_prompts_have_many_writers(report: Report) -> None:
    """The prompt that eight users wrote is shown, as text and with their number."""
    found = {row["prompt"]: row for row in figure(report, "repeated-prompts")}
    mine = [row for prompt, row in found.items() if prompt.startswith("=HYPERLINK(")]

    assert [(row["conversations"], row["users"]) for row in mine] == [(logs.WRITERS, logs.WRITERS)]


def test_text_stays_text(html: str) -> None:
    """Markup in a conversation is escaped wherever it stands; only our scripts are scripts."""
    assert "window.broken" in html
    assert "<script>window" not in html
    assert "<img" not in html
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy[1].replace("&#43;", "+")
    assert len(scripts) == 4
    assert "unsafe" not in policy[1]


def test_no_cell_is_a_formula(output: Path) -> None:
    """A prompt that begins like a formula is quoted in the CSV, and read back whole."""
    text = (output / "run" / "report" / "repeated-prompts.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert any(row["prompt"].startswith("'=HYPERLINK(") for row in rows)
    assert not [row for row in rows if row["prompt"].startswith(spreadsheet.FORMULA)]


def test_every_figure_has_its_table(output: Path, report: Report, html: str) -> None:
    """The CSV files, the links in the page and the JSON hold the same rows."""
    links = dict(re.findall(r'download="([\w-]+)\.csv" href="data:[^,]+,([^"]*)"', html))
    for one in making.figures(report):
        content = (output / "run" / "report" / f"{one.id}.csv").read_bytes()
        assert base64.b64decode(links[one.id].replace("&#43;", "+")) == content
        rows = list(csv.reader(io.StringIO(content.decode())))
        assert rows[0] == [column.name for column in one.columns]
        assert len(rows) == len(one.rows) + 1


def test_nothing_of_a_user_is_in_it(output: Path, pattern: str) -> None:
    """No logged address, no hash of a user, in page, numbers or tables; nothing outside run/."""
    written = [output / "run" / "report.html", output / "run" / "report.json"]
    written += sorted((output / "run" / "report").iterdir())
    whole = "\n".join(path.read_text("utf-8") for path in written)
    users = {row["user_id"] for row in runs.read(output / "run" / "index", ["user_id"])}

    assert len(logs.addresses(pattern)) > 20
    assert not [address for address in logs.addresses(pattern) if address in whole]
    assert not [user for user in users if user and user in whole]
    assert not ADDRESS.findall(json.dumps(json.loads((written[1]).read_text("utf-8"))["sections"]))
    assert stat.S_IMODE((output / "run").stat().st_mode) == 0o700
    assert not [name for name in runs.tree(output / "release") if "report" in name]


@pytest.mark.slow
def test_nothing_planted_is_in_it(tmp_path: Path) -> None:
    """Of the personal values planted in the developers' logs none is in their report."""
    truth = runs.records("raw_3k", "truth", "pii.jsonl")
    users = runs.records("raw_3k", "truth", "users.jsonl")
    runs.curate(f"{runs.data('raw_3k')}/**/*-conv.json", tmp_path)
    making.make(str(tmp_path))
    written = [tmp_path / "run" / "report.html", tmp_path / "run" / "report.json"]
    written += sorted((tmp_path / "run" / "report").iterdir())
    whole = "\n".join(path.read_text("utf-8") for path in written)
    values = {one["value"] for one in truth} | {ip for user in users for ip in user["ips"]}

    assert len(values) > 1000
    assert not [value for value in values if len(value) > 5 and value in whole]


def test_the_same_run_gives_the_same_report(output: Path) -> None:
    """To make it again changes no byte; another seed draws other examples."""
    pages = []
    for seed in (0, 1, 0):
        making.make(str(output), seed=seed)
        pages.append((output / "run" / "report.html").read_bytes())

    assert pages[0] == pages[2] != pages[1]


def test_changes_are_told(output: Path) -> None:
    """Against itself a release has not moved; against one without Japanese, its share is new."""
    assert changes.stability({"a": 10, "b": 5}, {"a": 10, "b": 5}) == 0
    assert changes.stability({"a": 10, "b": 5}, {"a": 5, "b": 10}) > 0.2
    now = making.former(str(output), sources.MINIMUM)
    then = Report(
        "before", now.recipe, now.version, now.minimum, [], [],
        {"language": {k: n for k, n in now.numbers["language"].items() if k != "Japanese"}},
        {**now.totals, "conversations": 2 * now.totals["conversations"]},
    )  # fmt: skip
    (section,) = changes.sections(now, then)
    found = {one.id: one.rows for one in section.figures}

    assert [row[3] for row in found["totals-then-now"] if row[0] == "conversations"] == [-0.5]
    assert found["drift"][0][:1] + found["drift"][0][2:] == ["language", 1, 0]
    assert "language: Japanese" in {row[0] for row in found["moves"]}
    assert changes.sections(now, None) == []


def test_what_is_no_run_has_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without a finished run is a clear error of one line."""
    with pytest.raises(InputError, match="holds no finished run"):
        making.make(str(tmp_path))
    assert cli.main(["report", str(tmp_path)]) == InputError.exit_code
    assert capsys.readouterr().err.count("\n") == 1


def test_a_run_writes_its_report(pattern: str, tmp_path: Path) -> None:
    """`curate run` leaves one, unless it is told not to; a broken one does not harm the release."""
    key = tmp_path / "key"
    cli.main(["key", str(key)])
    run = ["run", "fastchat", "--input", pattern, "--engine", "plain", "--id-key-file", str(key),
           "--limit", "60", "--output"]  # fmt: skip

    assert cli.main([*run, str(tmp_path / "a")]) == 0
    assert cli.main([*run, str(tmp_path / "b"), "--no-report"]) == 0
    (tmp_path / "c" / "run" / "report.html").mkdir(parents=True)
    assert cli.main([*run, str(tmp_path / "c")]) == 0

    assert (tmp_path / "a" / "run" / "report.html").is_file()
    assert not (tmp_path / "b" / "run" / "report.html").exists()
    releases = [runs.tree(tmp_path / name / "release") for name in "abc"]
    assert releases[0] == releases[1] == releases[2] != {}


@given(st.text(), st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5)), max_size=4))
def test_pieces_are_the_text(text: str, places: list[tuple[int, int]]) -> None:
    """The runs of a message put together are the message, and redactions are their own runs."""
    spans: list[dict[str, Any]] = []
    end = 0
    for gap, size in places:
        spans.append({"message": 0, "start": end + gap, "end": end + gap + size, "kind": "email"})
        end += gap + size
    text = (text + "x" * 200)[: end + 50]
    row = {"conversation": [{"content": text, "role": "user"}], "redactions": spans}
    found = texts.pieces(row, 0, 10_000)

    assert "".join(run for run, _ in found) == texts.cut(text, 10_000)
    assert [run for run, kind in found if kind] == [
        texts.cut(text[span["start"] : span["end"]], 100) for span in spans
    ]


@given(st.text())
def test_data_cannot_end_its_script(text: str) -> None:
    """Rows in a script element hold no sign that could end it, and are read back whole."""
    made = Figure("f", "F", "", [Column("a", "A")], [[text]])
    packed = str(page.data(made))

    assert not set("<>&") & set(packed)
    assert json.loads(packed)["rows"] == [{"a": text}]


def test_near_topics_lie_near() -> None:
    """Points on a line are laid out with the distances that they have."""
    line = np.array([0.0, 1.0, 3.0, 7.0])
    distances = np.abs(line[:, None] - line[None])
    places = landscape.laid_out(distances)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)

    assert np.abs(apart - distances).max() < 0.05
