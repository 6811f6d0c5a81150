"""Whatever a server does, no text is lost: it has scores, or a reason."""

import asyncio
import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pytest

from pipeline.judges import asking, limits
from pipeline.judges.backends import Name
from pipeline.judges.endpoints import Chats
from tests.judges import server
from tests.judges.conftest import judged, options, reasons, violence
from tests.judges.server import Double, Fault

MESSAGE = {"message": {"role": "assistant", "content": 7}}
ALL: dict[str, tuple[Fault, str | None]] = {
    "429 once": (server.status(429, Retry_After="0"), None),
    "500": (server.status(500), None),
    "503": (server.status(503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), None),
    "reset": (server.reset, None),
    "cut": (server.cut, None),
    "truncated JSON": (server.body(b'{"choices": [{"mess'), None),
    "no JSON": (server.body(b"<html>Bad gateway</html>"), None),
    "a scalar": (server.body(b"3"), "bad_reply"),
    "no fields": (server.body({}), "bad_reply"),
    "nothing in it": (server.body({"choices": [], "results": []}), "bad_reply"),
    "wrong types": (server.body({"choices": [MESSAGE], "results": [[0.5]]}), "bad_reply"),
    "400": (server.status(400), "http_400"),
    "401": (server.status(401), "http_401"),
    "404": (server.status(404), "http_404"),
}
"""Faults of a server, and what comes of one that happens once; None: it is made good."""
EACH: tuple[Name, ...] = ("openai", "chat")


@pytest.mark.parametrize("backend", EACH)
@pytest.mark.parametrize("fault", ALL)
def test_a_fault_is_made_good_or_has_a_reason(
    backend: Name, fault: str, double: Double, tmp_path: Path
) -> None:
    """What may pass is tried again, what may not is not; the texts around it have scores."""
    happens, reason = ALL[fault]
    double.faults = {"kill b": [happens]}
    alone = options(double, tmp_path, tokens_per_batch=1)
    made = judged(backend, alone, "kill a", "kill b", "kill c")

    assert reasons(made) == [None, reason, None]
    assert len(double.bodies) == (4 if reason is None else 3)
    assert [score > 0.5 for score in violence(made)] == [True, reason is None, True]


@pytest.mark.parametrize("backend", EACH)
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (server.status(429, Retry_After="0"), "http_429"),
        (server.status(500), "http_500"),
        (server.reset, "connection"),
        (server.cut, "connection"),
        (server.body(b"{"), "broken_reply"),
    ],
)
def test_tries_come_to_an_end(
    backend: Name, fault: Fault, reason: str, double: Double, tmp_path: Path
) -> None:
    """A fault that does not pass is a null with its reason after all tries."""
    double.faults = {"b": [fault] * 3}
    made = judged(backend, options(double, tmp_path, tokens_per_batch=1), "a", "b", "c")

    assert reasons(made) == [None, reason, None]
    assert double.texts == ["a", "b", "b", "b", "c"]


@pytest.mark.parametrize("fault", [server.hang, server.trickle])
def test_a_server_that_hangs_is_left(fault: Fault, double: Double, tmp_path: Path) -> None:
    """No answer in time, and a beginning of one that goes on for ever: null by timeout."""
    double.faults = {"b": [fault] * 2}
    slow = options(double, tmp_path, timeout_s=0.5, retries=1)

    assert reasons(judged("chat", slow, "b")) == ["timeout"]
    assert reasons(judged("chat", options(double, tmp_path), "a", "b")) == [None, None]


def test_nobody_listens(double: Double, tmp_path: Path) -> None:
    """A server that is not there gives nulls; after some of them no more is asked."""
    gone = options(double, tmp_path, retries=0, give_up_after=2)
    double.server_close()
    made = judged("chat", gone, "a", "b", "c", "d")

    assert reasons(made) == ["connection", "connection", "gave_up", "gave_up"]


@pytest.mark.parametrize("fault", [server.status(400), server.body({"results": []})])
def test_one_bad_text_does_not_fail_its_list(fault: Fault, double: Double, tmp_path: Path) -> None:
    """A list that is refused is asked by halves, until the bad text stands alone."""
    double.faults = {"bad": [fault] * 9}
    made = judged("openai", options(double, tmp_path), "a", "b", "kill", "bad", "e")

    assert [reason is None for reason in reasons(made)] == [True, True, True, False, True]
    assert violence(made)[2] == 0.9


def test_waits_are_what_the_server_asks(double: Double, tmp_path: Path) -> None:
    """A wait is at least Retry-After; with none it doubles, with a share made of a hash."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    double.faults = {"a": [server.status(429, Retry_After="7"), *[server.status(500)] * 2]}
    asked = options(double, tmp_path, retries=3)
    (told,) = asking.ask(Chats(asked), asked, ["a"], sleep)

    assert told.reason is None
    assert waits[0] == 7
    assert [0.0005 <= waits[1] <= 0.001, 0.001 <= waits[2] <= 0.002] == [True, True]


def test_a_wait_beyond_the_deadline_is_not_begun(double: Double, tmp_path: Path) -> None:
    """A server that wants to be left alone for longer than there is time ends the tries."""
    double.faults = {"a": [server.status(429, Retry_After="3600")]}
    made = judged("chat", options(double, tmp_path, deadline_s=60.0), "a", "b")

    assert reasons(made) == ["http_429", None]
    assert double.texts == ["a", "b"]


def test_waits_of_equal_runs_are_equal() -> None:
    """The jitter is a hash of the question and the try: no clock, no chance; never 0."""
    waits = [limits.backoff_s(attempt, b"seed") for attempt in range(12)]

    assert waits == [limits.backoff_s(attempt, b"seed") for attempt in range(12)]
    assert waits != [limits.backoff_s(attempt, b"other") for attempt in range(12)]
    for attempt, wait in enumerate(waits):
        longest = min(0.5 * 2**attempt, 30)
        assert longest / 2 <= wait <= longest


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("12", 12), ("Thu, 01 Jan 2026 00:01:00 GMT", 60), ("soon", 0), ("-5", 0), ("\xb2", 0)],
)
def test_retry_after_is_seconds_or_a_date(said: str, seconds: float) -> None:
    """Both forms of RFC 9110 are read; what is neither asks for nothing."""
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    assert limits.retry_after_s({"retry-after": said}, now) == seconds


@pytest.mark.parametrize("backend", ["openai", "chat"])
def test_no_more_requests_at_once_than_said(backend: Name, double: Double, tmp_path: Path) -> None:
    """Three at once, and never four; the server lets none go before three have come."""
    double.meeting = threading.Barrier(3)
    asked = options(double, tmp_path, concurrency=3, tokens_per_batch=21)
    made = judged(backend, asked, *("longer than a token" + "x" * i for i in range(9)))

    assert reasons(made) == [None] * 9
    assert double.most <= 3


def test_no_more_tokens_at_once_than_said() -> None:
    """The gate holds a weight; what is heavier goes in alone, and all get in at last."""
    seen: list[int] = []

    async def one(gate: limits.Gate, weight: int) -> None:
        async with gate.passing(weight):
            seen.append(gate.inside)
            await asyncio.sleep(0)

    async def all_of(weights: list[int]) -> None:
        gate = limits.Gate(10)
        await asyncio.gather(*(one(gate, weight) for weight in weights))

    asyncio.run(all_of([6, 4, 5, 99, 1, 2]))

    assert len(seen) == 6
    assert max(seen) == 10


def test_texts_are_in_no_log(
    double: Double, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What is logged counts reasons; it quotes neither a text nor a server."""
    refused: dict[str, Any] = {"error": {"message": "cannot judge SECRET"}}
    double.faults = {"SECRET": [lambda handler: handler.send(400, refused)]}
    judged("chat", options(double, tmp_path), "SECRET")
    ours = [record.getMessage() for record in caplog.records if "pipeline" in record.name]

    assert ours == ["fake: texts without an answer: {'http_400': 1}"]
