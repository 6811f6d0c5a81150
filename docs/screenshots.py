"""Pictures of the report and of the review page, for docs/report.md, of a run on sample logs.

    curate sample LOGS --conversations 4000 --days 6
    curate run release --input 'LOGS/**/*-conv.json' --output OUT --id-key-file KEY
    curate review OUT
    python docs/screenshots.py OUT

Never of real logs: their texts are not ours to show.
"""

import sys
import threading
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from pipeline.reviewing.desk import Desk
from pipeline.reviewing.server import Server

FOLDER = Path(__file__).parent / "report"
CHROMIUM = "/usr/bin/chromium"
COLORS = 96
HEIGHTS = {1280: 1500, 400: 1500}


def main(output: str) -> None:
    """Write all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        report = (Path(output) / "run" / "report.html").absolute().as_uri()
        for scheme in ("light", "dark"):
            for width in HEIGHTS:
                take(browser, report, f"report-{width}-{scheme}", width, scheme)
        take(browser, report, "topics-1280-light", 1280, "light", "#figure-topic-map")
        with Server(Desk(output, "docs", raw=False)) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            marked = [len(item.spans) > 1 for item in server.desk.items]
            for name, path in (("message", f"item/{marked.index(True)}"), ("pair", "pair/0")):
                if name == "message" or server.desk.drawn:
                    take(browser, server.url + path, f"review-{name}", 1280, "light")
            server.shutdown()
            thread.join()
        browser.close()


def take(
    browser: Browser, url: str, name: str, width: int, scheme: str, part: str | None = None
) -> None:
    """Open a page and keep what is on its first screens, or one part of it."""
    height = HEIGHTS[width] if url.startswith("file:") else 900
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.goto(url)
    if url.startswith("file:"):
        page.wait_for_selector("html[data-drawn]", state="attached")
    path = FOLDER / f"{name}.png"
    if part:
        page.locator(part).screenshot(path=path)
    else:
        page.screenshot(path=path)
    page.close()
    with Image.open(path) as whole:
        few = whole.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
