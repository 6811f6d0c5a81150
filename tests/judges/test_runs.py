"""Moderation by a server in whole runs."""

import asyncio
import collections
import os
from pathlib import Path

import pytest

from pipeline import engines, recipe
from pipeline.judges import cache
from tests import runs
from tests.judges import server
from tests.judges.conftest import judged, options, reasons
from tests.judges.server import Double

BEFORE = ["drop_malformed_turns", "drop_errors", "drop_superseded"]


def test_a_run_made_again_pays_nothing_and_gives_the_same_bytes(
    double: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers share the answers in the run's private folder; from then on nobody asks."""
    monkeypatch.delenv(cache.FOLDER, raising=False)
    monkeypatch.setattr(engines, "WORTH_WORKERS", 0)
    pattern = runs.sample(tmp_path / "logs", 60)
    given = {"base_url": double.url, "model": "fake", "structured": "none"}
    tags = {"tag_moderation": {"backend": "chat", "server": given}}
    made = recipe.build({"stages": [*BEFORE, "redact_pii", "drop_duplicates", tags]})
    output = tmp_path / "out"
    runs.curate(pattern, output, made, workers=2, split_mb=0.05)
    released = runs.tree(output / "release")
    asked = collections.Counter(double.texts)
    rows = runs.rows(output)

    assert set(asked.values()) <= {1, 2}, "a text twice at most: by both workers at once"
    assert (output / "run" / "judges" / cache.FILE).exists()
    assert all(entry["flagged"] is not None for row in rows for entry in row["openai_moderation"])
    assert cache.FOLDER not in os.environ
    double.faults = {text: [server.status(500)] * 99 for text in asked}
    runs.curate(pattern, output, made, restart=True, batch_rows=7)

    assert collections.Counter(double.texts) == asked
    assert runs.tree(output / "release") == released


def test_it_works_where_an_event_loop_runs(double: Double, tmp_path: Path) -> None:
    """A notebook runs a loop of its own; a stage may be called from there."""

    async def cell() -> list[str | None]:
        return reasons(judged("chat", options(double, tmp_path), "a", "b"))

    assert asyncio.run(cell()) == [None, None]
