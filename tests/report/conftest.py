"""A finished run with a report, and a browser to look at it."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from pipeline import recipe
from pipeline.recipe import Recipe
from pipeline.report import making
from pipeline.stages.topics import Fit, TagTopics
from tests import runs
from tests.report import logs

CHROMIUM = Path("/usr/bin/chromium")


def with_topics() -> Recipe:
    """The release recipe, with topics that few conversations are enough for."""
    made = recipe.load("release")
    fit = Fit(topics=6, min_users=2, min_conversations=5)
    stages = tuple(stage for stage in made.stages if stage.name != "tag_topics")
    return replace(made, stages=(*stages, TagTopics(fit=fit)))


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Sample logs with hostile lines among them."""
    return logs.written(tmp_path_factory.mktemp("reported") / "logs")


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory, pattern: str) -> Path:
    """A finished run on them, with its report."""
    folder = tmp_path_factory.mktemp("reported") / "out"
    runs.curate(pattern, folder, with_topics())
    making.make(str(folder))
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless; never skipped in CI."""
    if not CHROMIUM.exists():
        text = f"no {CHROMIUM}: `make test-browser` installs it, or apt-get install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(text)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()
