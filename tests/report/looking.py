"""A page as a browser sees it: what it asked for, said and drew; faults of accessibility."""

import json
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from playwright.sync_api import Browser, Page

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
CHECK = "axe.run(document, {resultTypes: ['violations']}).then((r) => JSON.stringify(r.violations))"
GRAVE = {"serious", "critical"}
MARKS = "svg .role-mark path, svg .role-mark text, svg .role-mark line"


@dataclass
class Seen:
    """A page that is open.

    Attributes:
        said: warnings and errors of its console, and of its scripts.
        asked: what it asked the network for, itself aside.
    """

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def grave(self) -> list[str]:
        """Serious faults of accessibility.

        The checker runs in a world of its own, so that the page's policy holds for the page.
        """
        devtools = self.page.context.new_cdp_session(self.page)
        frame = devtools.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = devtools.send("Page.createIsolatedWorld", {"frameId": frame})
        at: dict[str, Any] = {"contextId": world["executionContextId"]}
        devtools.send("Runtime.evaluate", {"expression": AXE, **at})
        ask = {"expression": CHECK, "awaitPromise": True, "returnByValue": True, **at}
        found = json.loads(devtools.send("Runtime.evaluate", ask)["result"]["value"])
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in found
            if one["impact"] in GRAVE
        ]

    def empty(self) -> list[str]:
        """Charts without a mark."""
        told: list[str] = self.page.evaluate(
            "(marks) => [...document.querySelectorAll('.chart')]"
            ".filter((chart) => !chart.querySelector(marks)).map((chart) => chart.id)",
            MARKS,
        )
        return told

    def too_wide(self) -> int:
        """Pixels that the page is wider than its window."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return max(0, wide)


def opened(browser: Browser, url: str, width: int, scheme: Any) -> Seen:
    """Open a page and wait until its charts are drawn.

    Args:
        browser: Chromium.
        url: of the page.
        width: of the window in pixels.
        scheme: `light` or `dark`.
    """
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    seen = Seen(page)
    page.on("console", lambda message: _noted(seen, message.type, message.text))
    page.on("pageerror", lambda error: seen.said.append(str(error)))
    page.on("request", lambda request: _asked(seen, url, request.url))
    page.goto(url)
    return seen


def _noted(seen: Seen, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        seen.said.append(text)


def _asked(seen: Seen, url: str, asked: str) -> None:
    if asked != url and not asked.startswith("data:"):
        seen.asked.append(asked)
