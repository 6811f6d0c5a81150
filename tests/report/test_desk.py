"""The reviewer's desk: who may enter, what is shown, and what becomes of verdicts."""

import http.client
import re
import stat
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from pipeline import cli, files, review
from pipeline.audit import queue
from pipeline.errors import InputError, RecipeError
from pipeline.reviewing import pages, pairs
from pipeline.reviewing.desk import Desk
from pipeline.reviewing.server import Server
from tests.report import logs, looking

ASKED = review.Asked(size=25, redacted=10, originals=True)


class Answer(NamedTuple):
    """What the server says."""

    status: int
    headers: dict[str, str]
    text: str


@pytest.fixture(scope="module")
def reviewed(output: Path) -> Path:
    """An output folder with a drawn queue, originals in it."""
    review.draw(str(output), ASKED)
    return output


@pytest.fixture
def server(reviewed: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A desk of a reviewer of its own, served."""
    name = re.sub(r"\W", "-", request.node.name.lower())[-40:].strip("-_")
    with Server(Desk(str(reviewed), name, raw=False)) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(server: Server, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
    """Ask as a browser on this machine would, but for the headers that are given."""
    line = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    host = f"127.0.0.1:{server.server_port}"
    sent = {"Host": host, "Origin": f"http://{host}"} | headers
    body = None if form is None else urllib.parse.urlencode(form)
    line.request("GET" if form is None else "POST", path, body, sent)
    answer = line.getresponse()
    told = Answer(answer.status, dict(answer.getheaders()), answer.read().decode())
    line.close()
    return told


def test_only_who_knows_the_token_enters(server: Server) -> None:
    """Without the token, by another host's name, or from another page nothing is told."""
    home = f"/{server.token}/"
    done = {"said": "nothing"}

    assert ask(server, home).status == 200
    assert {ask(server, path).status for path in ("/", "/wrong/", "/wrong/item/0", home[:-2])} == {
        404
    }
    assert ask(server, home, Host="evil.example").status == 403
    assert ask(server, home, Host=f"evil.example:{server.server_port}").status == 403
    for origin in ("http://evil.example", "null", "", f"http://127.0.0.1:{server.server_port + 1}"):
        assert ask(server, f"{home}item/0", done, Origin=origin).status == 403
    assert not files.exists(server.desk.path)
    assert server.server_address[0] == "127.0.0.1"
    assert len(server.token) > 40


def test_an_answer_is_for_this_page_alone(server: Server) -> None:
    """No cache keeps it, no frame shows it, and no script but ours runs in it."""
    headers = ask(server, f"/{server.token}/item/0").headers

    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy


@pytest.mark.parametrize("path", ["item/9999", "item/-1", "item/x", "pair/9999", "item", "../x"])
def test_what_is_not_there_is_not_found(server: Server, path: str) -> None:
    """A path to nothing is a 404, whatever it looks like."""
    assert ask(server, f"/{server.token}/{path}").status == 404


def test_a_verdict_is_written_at_once(server: Server) -> None:
    """What the form says is in the reviewer's file, and the next open message is shown."""
    at = next(n for n, item in enumerate(server.desk.items) if len(item.spans) > 1)
    form = {"said": "something", "left": "email", "span-0": "wrong", "span-1": "right", "note": "?"}
    answer = ask(server, f"/{server.token}/item/{at}", form)
    written = queue.decoded(files.read_bytes(server.desk.path))

    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"/{server.token}/item/")
    assert (written[at].left, written[at].note) == (["email"], "?")
    assert [span.right for span in written[at].spans[:2]] == [False, True]
    assert sum(item.left is not None for item in written) == 1


@pytest.mark.parametrize(
    "form",
    [{}, {"said": "something"}, {"said": "nothing", "left": "email"},
     {"said": "something", "left": "shoe size"}],
    ids=["nothing", "no kind", "both", "no such kind"],
)  # fmt: skip
def test_a_form_that_says_nothing_is_refused(server: Server, form: dict[str, str]) -> None:
    """A contradiction is asked again and changes nothing."""
    assert ask(server, f"/{server.token}/item/0", form).status == 400
    assert not files.exists(server.desk.path)


def test_a_review_in_the_browser_is_a_review(server: Server, reviewed: Path) -> None:
    """All verdicts given, the file is what `curate review --verdicts` reads, and sets the bound."""
    for number in range(len(server.desk.items)):
        ask(server, f"/{server.token}/item/{number}", {"said": "nothing"})
    result = review.judge(str(reviewed), [server.desk.path])

    assert result.is_complete
    assert (result.left.hits, result.left.of) == (0, ASKED.size)
    assert review.bound(str(reviewed)) == result.bound
    assert stat.S_IMODE((reviewed / "run" / "review").stat().st_mode) == 0o700


def test_a_desk_is_taken_up_again(server: Server, reviewed: Path) -> None:
    """Verdicts survive the page; those of another queue are not overwritten."""
    ask(server, f"/{server.token}/item/1", {"said": "nothing"})
    again = Desk(str(reviewed), server.desk.reviewer, raw=False)

    assert (again.judged, again.open_item(), again.open_item(0)) == (1, 0, 2)
    kept = files.read_bytes(server.desk.path)
    files.write_bytes(server.desk.path, kept.replace(b'"message":0', b'"message":7'))
    with pytest.raises(InputError, match="another queue"):
        Desk(str(reviewed), server.desk.reviewer, raw=False)
    for name in ("queue", "../x", "", "A b", "sample"):
        with pytest.raises(RecipeError):
            Desk(str(reviewed), name, raw=False)


def test_raw_texts_are_asked_for(server: Server, reviewed: Path) -> None:
    """Masked pairs and no originals by default; both with `raw`."""
    desk = server.desk
    is_told = [any(span.was for span in item.spans) for item in desk.items]
    at = is_told.index(True)
    open_desk = Desk(str(reviewed), "raw", raw=True)

    def texts(of: Desk) -> str:
        sides = (side for number in range(len(of.drawn)) for side in of.sides(number))
        return " ".join(run for side in sides for run, _ in side)

    assert "There stood" not in ask(server, f"/{server.token}/item/{at}").text
    assert "There stood" in pages.item(open_desk, at)
    assert len(desk.drawn) >= logs.TWINS
    assert logs.MAILBOX in texts(open_desk)
    assert logs.MAILBOX not in texts(desk)
    assert "⟦email⟧" in texts(desk)


def test_pairs_are_judged(server: Server) -> None:
    """A dropped conversation stands beside its witness; the verdict holds no text."""
    shown = ask(server, f"/{server.token}/pair/0").text
    answer = ask(server, f"/{server.token}/pair/0", {"verdict": "different", "note": "no"})
    (first, *_) = pairs.decoded(files.read_bytes(server.desk.pairs_path))

    assert first.conversation_id in shown
    assert first.into in shown
    assert answer.status == 303
    assert (first.verdict, first.note) == ("different", "no")
    assert ask(server, f"/{server.token}/pair/0", {"verdict": "perhaps"}).status == 400
    assert len(files.read_bytes(server.desk.pairs_path).splitlines()[0]) < 300


@given(st.text(), st.text())
def test_sides_are_the_texts(one: str, other: str) -> None:
    """Both sides put together are the texts, and what is in both is the same on both sides."""
    left, right = pairs.compared(one, other)

    assert "".join(run for run, _ in left) == one
    assert "".join(run for run, _ in right) == other
    both = [[run for run, where in side if where == "both"] for side in (left, right)]
    assert "".join(both[0]) == "".join(both[1])


def test_text_stays_text(server: Server) -> None:
    """Markup in a message is shown, not obeyed."""
    item = server.desk.items[0]
    item.text, item.spans = logs.HOSTILE, []
    shown = ask(server, f"/{server.token}/item/0").text

    assert "&lt;/script&gt;" in shown
    assert "<img" not in shown
    assert shown.count("<script>") == 1


def test_raw_texts_need_a_terminal(reviewed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--serve --show-raw` into a pipe is refused before anything is served."""
    assert cli.main(["review", str(reviewed), "--serve", "--show-raw"]) == RecipeError.exit_code
    assert "http" not in capsys.readouterr().out


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_is_usable(server: Server, chromium: Browser, width: int, scheme: str) -> None:
    """Each page is silent, asks nobody else, fits, and has no serious fault of accessibility."""
    for path in ("", "item/0", "pair/0"):
        seen = looking.opened(chromium, server.url + path, width, scheme)
        assert (seen.said, seen.asked, seen.too_wide()) == ([], [], 0)
        assert seen.grave() == []
        seen.page.close()


@pytest.mark.browser
def test_keys_are_enough(server: Server, chromium: Browser) -> None:
    """One key judges a message and goes on; the browser's own `Origin` is accepted."""
    seen = looking.opened(chromium, server.url + "item/0", 1280, "light")
    seen.page.keyboard.press("n")
    seen.page.wait_for_url("**/item/1")
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_url("**/item/2")
    seen.page.goto(server.url + "pair/0")
    seen.page.keyboard.press("s")
    seen.page.wait_for_url("**/pair/1")
    seen.page.close()

    assert server.desk.items[0].left == []
    assert server.desk.drawn[0].pair.verdict == "same"
    assert seen.said == []
