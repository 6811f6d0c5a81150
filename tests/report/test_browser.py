"""The report in a real browser: drawn, silent, alone, and usable by all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.report import looking
from tests.report.looking import Seen

pytestmark = pytest.mark.browser


@pytest.fixture(
    params=[(width, scheme) for width in (1280, 400) for scheme in ("light", "dark")],
    ids=lambda param: f"{param[1]}-{param[0]}",
)
def seen(chromium: Browser, output: Path, request: pytest.FixtureRequest) -> Iterator[Seen]:
    """The report at a width, in a scheme."""
    width, scheme = request.param
    url = (output / "run" / "report.html").as_uri()
    found = looking.opened(chromium, url, width, scheme)
    found.page.wait_for_selector(f"html[data-drawn={scheme}]", state="attached")
    yield found
    found.page.close()


def test_it_is_drawn_silent_alone_and_usable(seen: Seen) -> None:
    """Every chart has marks, nothing is asked of a network, nothing is wrong in the console.

    No serious fault of accessibility, no page wider than its window, no script of a conversation.
    """
    assert seen.empty() == []
    assert seen.said == []
    assert seen.asked == []
    assert seen.too_wide() == 0
    assert seen.page.evaluate("typeof window.broken") == "undefined"
    for details in seen.page.query_selector_all("details"):
        details.evaluate("(one) => { one.open = true; }")
    assert seen.grave() == []
    assert seen.too_wide() == 0


@pytest.fixture
def wide(chromium: Browser, output: Path) -> Iterator[Seen]:
    """The report on a desk, in the light."""
    url = (output / "run" / "report.html").as_uri()
    found = looking.opened(chromium, url, 1280, "light")
    found.page.wait_for_selector("html[data-drawn=light]", state="attached")
    yield found
    assert found.said == []
    found.page.close()


def test_the_theme_is_a_choice(wide: Seen) -> None:
    """The button draws all in the other theme, and says which one is on."""
    before = wide.page.inner_html("#funnel-chart")
    wide.page.click("#theme")
    wide.page.wait_for_selector("html[data-drawn=dark]", state="attached")

    assert wide.page.get_attribute("#theme", "aria-pressed") == "true"
    assert wide.page.inner_html("#funnel-chart") != before
    assert wide.empty() == []


def test_a_mark_tells_its_numbers(wide: Seen) -> None:
    """Pointing at a bar shows what it is of; leaving it hides that."""
    wide.page.locator("#languages-chart svg .mark-rect path").first.hover()
    wide.page.wait_for_selector("#tip:not([hidden])")

    assert "Language" in wide.page.inner_text("#tip")
    wide.page.mouse.move(1, 1)
    wide.page.wait_for_selector("#tip", state="hidden")


def test_tables_are_sorted_by_keys(wide: Seen) -> None:
    """Enter on a column's head sorts by numbers, down and then up, and says so."""
    card = wide.page.locator("#figure-languages")
    card.locator("summary").press("Enter")
    head = card.locator("th", has_text="Conversations")
    cells = card.locator("td:nth-child(2)")

    def numbers() -> list[int]:
        return [int(text.replace(",", "")) for text in cells.all_inner_texts()]

    head.locator("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert numbers() == sorted(numbers(), reverse=True)
    head.locator("button").press("Enter")
    assert numbers() == sorted(numbers())
    assert len(numbers()) > 3


def test_one_can_walk_in_the_map(wide: Seen) -> None:
    """A topic chosen by keys tells its terms and neighbours; a neighbour is one step away."""
    card = wide.page.locator("#figure-topic-map")
    before = wide.page.inner_html("#topic-map-chart")
    step = card.locator(".place button").first
    name = step.inner_text()
    step.press("Enter")

    assert card.locator("select option:checked").inner_text() == name
    assert name in card.locator(".place").inner_text()
    card.locator("[data-move=all]").press("Enter")
    card.locator("[data-move=in]").press("Enter")
    wide.page.wait_for_timeout(200)
    assert wide.page.inner_html("#topic-map-chart") != before
    assert wide.empty() == []


def test_flagged_texts_wait_for_a_click(wide: Seen) -> None:
    """Examples that a tag flags are folded away until somebody opens them."""
    flagged = wide.page.locator("details.flagged")
    if flagged.count():
        assert not flagged.locator(".text").first.is_visible()
        flagged.locator("summary").press("Enter")
        assert flagged.locator(".text").first.is_visible()
    assert wide.page.locator("#examples > .example .text").first.is_visible()


def test_it_prints(wide: Seen, tmp_path: Path) -> None:
    """On paper it is light, without buttons, and no chart is lost."""
    wide.page.emulate_media(media="print")
    wide.page.wait_for_selector("html[data-drawn=light]", state="attached")

    assert not wide.page.locator("#theme").is_visible()
    assert not wide.page.locator("nav").is_visible()
    assert wide.empty() == []
    wide.page.pdf(path=tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().count(b"/Type /Page") > 3
