"""The web page of Airflow, as a person sees the weekly release there."""

import io
import os
import urllib.parse
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.airflow.conftest import WEEKLY, World
from tests.report.conftest import CHROMIUM

pytestmark = [pytest.mark.airflow]
PICTURES = "ARENA_PICTURES"
"""A folder that gets the pictures of docs/airflow.md, if it is named."""
TASKS, COLORS = 13, 64


def drawn(page: Page, name: str, folder: Path) -> None:
    """Keep a picture of a page, in few colours."""
    page.wait_for_timeout(2000)  # until what moves has come to rest
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLORS)
    picture.save(folder / f"airflow-{name}.png", optimize=True)


def test_a_finished_run_is_seen(weeks: World, tmp_path: Path) -> None:
    """The graph has all tasks in their order; the page of the run says that each succeeded."""
    if not CHROMIUM.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no {CHROMIUM}")
    folder = Path(os.environ.get(PICTURES, tmp_path))
    here = f"http://127.0.0.1:{weeks.airflow.port}"
    run = urllib.parse.quote(weeks.run(0))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        context.add_cookies([{"name": "_token", "value": weeks.airflow.token, "url": here}])
        context.add_init_script(f"localStorage.setItem('direction-{WEEKLY}', '\"DOWN\"')")
        page = context.new_page()
        page.set_default_timeout(300_000)
        page.goto(f"{here}/dags/{WEEKLY}/runs/{run}")
        page.get_by_label("Show Grid").click()
        page.get_by_text(f"{TASKS} Task Instances").wait_for()
        page.set_viewport_size({"width": 1280, "height": 860})
        drawn(page, "run", folder)
        page.get_by_label("Show Graph").click()
        nodes = page.locator(".react-flow__node")
        nodes.get_by_text("announce").wait_for()
        seen = [one.inner_text().lower().split("\n") for one in nodes.all()]
        page.set_viewport_size({"width": 1000, "height": 1300})
        page.get_by_label("Fit View").click()
        drawn(page, "graph", folder)
        browser.close()

    assert {words[0] for words in seen} == set(weeks.airflow.states(WEEKLY, weeks.run(0)))
    assert [words[-1] for words in seen] == ["success"] * TASKS
