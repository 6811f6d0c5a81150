"""What the tests of judges share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.judges import limits
from pipeline.judges.backends import Name, Served
from pipeline.judges.options import Server
from pipeline.moderation.backends import Judged
from schemas.moderation import OMNI
from tests.conftest import texts
from tests.judges import server
from tests.judges.server import Double


@pytest.fixture(name="double")
def _double(monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    """A server, and waits between tries of a thousandth of their length."""
    monkeypatch.setattr(limits, "FIRST_S", 0.0005)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with server.running() as found:
        yield found


def options(double: Double, cache: Path, **given: Any) -> Server:
    """Options with which a double is asked, one request at a time if not said otherwise."""
    usual = {"model": "fake", "concurrency": 1, "retries": 2, "timeout_s": 20.0}
    held: dict[str, Any] = {"base_url": double.url, "cache": str(cache), **usual, **given}
    return Server(**held)


def judged(name: Name, server: Server, *found: str | None) -> Judged:
    """What a backend says of some texts."""
    return Served(name, server).judge(texts(*found))


def reasons(made: Judged) -> list[str | None]:
    """Why there are no scores, a text each; and there are none where there is a reason."""
    said: list[str | None] = made.reasons.to_pylist()
    for row, reason in zip(made.scores, said, strict=True):
        assert (reason is not None) == bool((row != row).all())  # noqa: PLR0124 (NaN)
    return said


def violence(made: Judged) -> list[float]:
    """The scores of one category."""
    found: list[float] = made.scores[:, OMNI.index("violence")].tolist()
    return found
