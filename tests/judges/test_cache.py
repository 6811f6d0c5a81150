"""Nothing is paid for twice, and a budget is kept."""

import hashlib
import multiprocessing
import os
import signal
import stat
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.errors import InputError
from pipeline.judges import asking, cache
from pipeline.judges.backends import Name, Served
from pipeline.judges.options import Server
from tests.judges import server
from tests.judges.conftest import judged, options, reasons, violence
from tests.judges.server import Double


@pytest.mark.parametrize("backend", ["openai", "chat"])
def test_a_repeated_run_asks_nothing(backend: Name, double: Double, tmp_path: Path) -> None:
    """The second time no request reaches the server, and the bytes are the same."""
    first = judged(backend, options(double, tmp_path), "a", "kill", "a", None)
    asked = len(double.bodies)
    second = judged(backend, options(double, tmp_path), "a", "kill", "a", None)

    assert sorted(double.texts) == ["a", "kill"]
    assert len(double.bodies) == asked
    assert first.scores.tobytes() == second.scores.tobytes()
    assert first.reasons.equals(second.reasons)


def test_a_resumed_run_asks_what_is_missing(double: Double, tmp_path: Path) -> None:
    """Answers of a batch that was not finished are not asked for again; failures are."""
    double.faults = {"b": [server.status(400)]}
    judged("chat", options(double, tmp_path), "a", "b")
    made = judged("chat", options(double, tmp_path), "a", "b", "c")

    assert reasons(made) == [None, None, None]
    assert double.texts == ["a", "b", "b", "c"]


def test_what_was_paid_for_is_kept_though_it_cannot_be_read(double: Double, tmp_path: Path) -> None:
    """A refusal and a malformed answer are answers: the same reason, without a request."""
    double.say = lambda text: "I'm sorry, but I can't help with that." if text == "a" else "{}"
    for _ in range(2):
        made = judged("chat", options(double, tmp_path), "a", "b")
        assert reasons(made) == ["refused", "malformed"]

    assert double.texts == ["a", "b"]


@pytest.mark.parametrize(
    "other",
    [
        {"model": "other"},
        {"parameters": {"seed": 7}},
        {"parameters": {"temperature": None}},
        {"structured": "none"},
    ],
)
def test_another_question_is_another_key(
    other: dict[str, Any], double: Double, tmp_path: Path
) -> None:
    """Model, parameters and form of the answer are part of the key; how fast one asks is not."""
    judged("chat", options(double, tmp_path), "a")
    judged("chat", options(double, tmp_path, retries=9, concurrency=4, timeout_s=9.0), "a")
    assert len(double.bodies) == 1
    judged("chat", options(double, tmp_path, **other), "a")
    assert len(double.bodies) == 2


def test_another_prompt_is_another_key(
    double: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed prompt asks anew, without anybody raising a version."""
    judged("chat", options(double, tmp_path), "a")
    monkeypatch.setattr("pipeline.judges.prompts.SYSTEM", "Judge it. {meanings} {form}")
    judged("chat", options(double, tmp_path), "a")

    assert len(double.bodies) == 2


def test_the_cache_is_private_and_holds_no_text(double: Double, tmp_path: Path) -> None:
    """Only its owner reads it; hashes and answers are in it, and nothing a user wrote."""
    place = tmp_path / "new" / "judges"
    judged("chat", options(double, place), "a secret of a user")
    held = b"".join(path.read_bytes() for path in place.iterdir())

    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()} == {0o600}
    assert b"violence" in held
    assert b"secret" not in held


def test_a_file_that_is_no_cache_is_refused(tmp_path: Path) -> None:
    """A foreign file stops at the door, and is not overwritten."""
    (tmp_path / cache.FILE).write_bytes(b"something else, long enough to be a header" * 9)

    with pytest.raises(InputError, match="holds no answers"), cache.opened(tmp_path):
        pass


def _write(place: Path, name: bytes, count: int, die_after: int | None) -> None:
    """Keep answers, and die in the midst if asked to."""
    with cache.opened(place) as store:
        for number in range(count):
            if number == die_after:
                os.kill(os.getpid(), signal.SIGKILL)
            key = hashlib.sha256(number.to_bytes(4, "big")).digest()
            store.reserve("all", 1, (None, None))
            store.keep(key, name)


@pytest.mark.parametrize("die_after", [None, 150])
def test_two_workers_share_it(die_after: int | None, tmp_path: Path) -> None:
    """Two processes keep the same 300 answers at once, one may be killed: each is there once."""
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_write, args=(tmp_path, b"first", 300, None)),
        context.Process(target=_write, args=(tmp_path, b"second", 300, die_after)),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    keys = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(300)]

    assert [worker.exitcode for worker in workers] == [0, -9 if die_after else 0]
    with cache.opened(tmp_path) as store:
        held = store.answers(keys)
        assert held.keys() == set(keys)
        assert set(held.values()) <= {b"first", b"second"}
        assert store.keep(keys[0], b"late") == held[keys[0]]
        assert store.spent("all").requests == 300 + (die_after or 300)


def _ask(url: str, place: Path, asked: list[str]) -> None:
    """Judge some texts in a process of its own."""
    alone = Server(base_url=url, model="fake", cache=str(place), concurrency=1)
    Served("chat", alone).judge(pa.array(asked))


def test_a_killed_run_pays_again_for_what_was_under_way_only(
    double: Double, tmp_path: Path
) -> None:
    """Killed while the server thinks about the sixth text, it has the five before for ever."""
    asked = [f"text {number}" for number in range(9)]
    arrived = threading.Event()

    def think(handler: server.Handler) -> None:
        arrived.set()
        server.hang(handler)

    double.faults = {asked[5]: [think]}
    worker = multiprocessing.get_context("spawn").Process(
        target=_ask, args=(double.url, tmp_path, asked)
    )
    worker.start()
    assert arrived.wait(60)
    worker.kill()
    worker.join()

    assert reasons(judged("chat", options(double, tmp_path), *asked)) == [None] * 9
    assert double.texts == [*asked[:6], *asked[5:]]


def test_a_budget_of_requests_is_not_passed(double: Double, tmp_path: Path) -> None:
    """Tries count; what is not asked is null by budget; a resumed run has no new budget."""
    double.faults = {"a": [server.status(500)]}
    poor = options(double, tmp_path, budget_requests=3)
    made = judged("chat", poor, "a", "b", "c", "d")

    assert reasons(made) == [None, None, "budget", "budget"]
    assert reasons(judged("chat", poor, "c", "b")) == ["budget", None]
    assert len(double.bodies) == 3
    richer = options(double, tmp_path, budget_requests=5)
    assert reasons(judged("chat", richer, "a", "b", "c", "d")) == [None] * 4


def test_a_budget_of_tokens_is_not_passed(
    double: Double, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A request is sent only if the most that it can cost is left; then what it cost is taken."""
    most = 6000
    poor = options(double, tmp_path, budget_tokens=most, concurrency=4)
    made = judged("chat", poor, *(f"text {number}" for number in range(60)))
    with cache.opened(tmp_path) as store:
        spent = store.spent(asking.account(poor))
        left = asking.left(poor, store)

    assert set(reasons(made)) == {None, "budget"}
    assert spent.tokens == 100 * len(double.bodies) <= most
    assert left == f"{most - spent.tokens} of {most} tokens"
    assert left in caplog.text


def test_a_refused_request_costs_no_tokens(double: Double, tmp_path: Path) -> None:
    """An error of the server gives the reserve back; a hang-up does not: it may have cost."""
    double.faults = {"a": [server.status(400)], "b": [server.reset]}
    one_try = options(double, tmp_path, retries=0)
    spent = []
    for text in ("a", "b"):
        judged("chat", one_try, text)
        with cache.opened(tmp_path) as store:
            spent.append(store.spent(asking.account(one_try)).tokens)

    assert spent[0] == 0
    assert spent[1] > 1000


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The recipe's folder, else the run's, else the user's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(cache.FOLDER, raising=False)
    assert cache.folder("") == tmp_path / "curate" / "judges"
    monkeypatch.setenv(cache.FOLDER, "/run/judges")
    assert cache.folder("") == Path("/run/judges")
    assert cache.folder("mine") == Path("mine")


def test_the_key_comes_from_the_environment(
    double: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenAI is not asked without a key; what the cache holds needs none."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    ours = options(double, tmp_path)
    assert violence(judged("openai", ours, "kill")) == [0.9]
    monkeypatch.setattr(asking, "OPENAI", double.url)

    assert reasons(judged("openai", ours, "kill", "b")) == [None, "no_api_key"]
    monkeypatch.setenv("MY_KEY", "sesame\n")
    mine = options(double, tmp_path, api_key_env="MY_KEY")
    assert reasons(judged("openai", mine, "kill", "b")) == [None, None]
    assert double.keys == ["Bearer none", "Bearer sesame"]
    assert "sesame" not in repr(mine)


def _opens(place: Path, meeting: Any, times: int) -> None:
    """Open new ones at the same time as others do, and close them: the last one out cleans up."""
    for number in range(times):
        meeting.wait(60)
        for _ in range(3):
            with cache.opened(place / str(number)) as store:
                store.answers([b"k"])


def test_processes_may_open_it_at_any_moment(tmp_path: Path) -> None:
    """Batches of several workers open and close it all the time; none finds it locked."""
    context = multiprocessing.get_context("fork")
    meeting = context.Barrier(4)
    workers = [context.Process(target=_opens, args=(tmp_path, meeting, 50)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)

    assert [worker.exitcode for worker in workers] == [0] * 4
