"""Whatever the network does, a release is there whole or not at all, and the next try mends it."""

import contextlib
import dataclasses
import threading

import psutil
import pytest

from pipeline.errors import ConflictError, HubError, PublishingError
from pipeline.hub.candidate import Candidate
from pipeline.hub.client import Patience
from pipeline.hub.publisher import Place, Published, Publisher
from tests.hub import faults
from tests.hub.loopback import COMMIT, EITHER, NEXT, TAG, Loopback

EAGER = Patience(whole_s=60, silence_s=5, attempts=3, wait_s=0.01)
TAGGING = r"POST .*/tag/"


def twice(place: Loopback, release: Candidate, tag: str, allowed: tuple[Candidate, ...]) -> None:
    """Publish with faults, which may fail, and then without; nothing half is ever there."""
    with contextlib.suppress(HubError):
        place.publish(release, tag)
    place.check_whole(*allowed)
    place.hub.faults.clear()
    place.publish(release, tag)
    place.check_whole(*allowed)
    assert release.is_held(place.trees()[place.refs()[f"tags/{tag}"]])
    assert release.is_held(place.trees()[place.refs()["heads/main"]])
    assert len(place.trees()) == len(allowed) + 1  # one commit a release, and the empty one


@EITHER
@pytest.mark.parametrize("action", ["cut", "unanswered"])
def test_every_tenth_request_is_cut(
    place: Loopback, first: Candidate, second: Candidate, action: str
) -> None:
    """Connections that are cut before or after the work: one commit a release, whole, tagged."""
    faults.put(place.hub, lambda number: number % 10 == 0, action)
    twice(place, first, TAG, (first,))
    faults.put(place.hub, lambda number: number % 10 == 5, action)
    twice(place, second, NEXT, (first, second))


@EITHER
@pytest.mark.parametrize("status", ["429", "500"])
def test_a_storm_passes(place: Loopback, first: Candidate, status: str) -> None:
    """Every other request is refused for a while: the release gets there in the end."""
    faults.put(place.hub, lambda number: number <= 16 and number % 2 == 1, status)
    place.publish(first)

    place.check_whole(first)
    assert place.refs()["heads/main"] == place.refs()[f"tags/{TAG}"]


@pytest.mark.parametrize("match", [COMMIT, TAGGING, r"POST .*/repos/create", r"PUT .*/settings"])
@pytest.mark.parametrize("action", ["unanswered", "500 too late"])
def test_a_lost_answer_is_no_failure(
    place: Loopback, first: Candidate, match: str, action: str
) -> None:
    """What was done without an answer is found done: no second commit, no second tag."""
    made = faults.put(place.hub, lambda number: number == 1, action, match)
    published = place.publish(first, gated="auto")

    assert made.seen
    assert place.refs() == {"heads/main": published.oid, f"tags/{TAG}": published.oid}
    assert len(place.trees()) == 2


def test_an_endless_failure_ends_in_time(place: Loopback, first: Candidate) -> None:
    """A 503 for ever, which the client library itself retries for minutes, ends at the deadline."""
    place.hub.fault(r"POST .*/preupload/", status=503, times=None)
    patience = dataclasses.replace(EAGER, whole_s=6)
    with place.own_client(patience) as client, pytest.raises(HubError, match=r"--timeout|within"):
        Publisher(client, first, Place(place.repo, TAG, create=True)).publish()
    place.check_whole(first)


def test_silence_ends_in_time(place: Loopback, first: Candidate) -> None:
    """A Hub that takes a request and says nothing is given up, and its process is gone."""
    place.hub.fault(r"GET .*/tree/", action="delay", seconds=20, times=None)
    patience = Patience(whole_s=4, silence_s=60, attempts=2, wait_s=0.01)
    before = {process.pid for process in psutil.Process().children()}
    with place.own_client(patience) as client, pytest.raises(HubError, match="no answer within"):
        Publisher(client, first, Place(place.repo, TAG, create=True)).publish()
    assert {process.pid for process in psutil.Process().children()} <= before


@pytest.mark.parametrize("later", ["same", "other"])
def test_two_publishers_at_once(
    place: Loopback, first: Candidate, second: Candidate, later: str
) -> None:
    """Who comes second sees the other's commit: the same release is done, another is refused."""
    came: list[Published | PublishingError] = []

    def slow() -> None:
        with place.own_client() as client:
            try:
                came.append(Publisher(client, first, Place(place.repo, TAG)).publish())
            except PublishingError as error:
                came.append(error)

    place.api().create_repo(place.repo, repo_type="dataset")
    arrived, go = threading.Event(), threading.Event()

    def hold() -> None:
        arrived.set()
        place.hub.lock.release()  # the server asks for faults with its lock held
        go.wait(600)
        place.hub.lock.acquire()

    faults.put(place.hub, lambda number: number == 1, None, COMMIT, hold)
    thread = threading.Thread(target=slow)
    thread.start()
    assert arrived.wait(600)
    rival = first if later == "same" else second
    won = place.publish(rival, TAG if later == "same" else NEXT)
    go.set()
    thread.join(600)

    place.check_whole(rival)
    assert place.refs()["heads/main"] == won.oid
    assert len(place.trees()) == 2
    if later == "same":
        assert isinstance(came[0], Published)
        assert came[0].oid == won.oid
    else:
        assert isinstance(came[0], ConflictError)
        assert "someone else" in str(came[0])
        assert f"tags/{TAG}" not in place.refs()


def test_a_break_while_reading_back_is_no_failure(place: Loopback, first: Candidate) -> None:
    """A connection that breaks when the first rows are read leads to another try, then the tag."""
    made = faults.put(place.hub, lambda number: number == 1, "short", r"GET .*/resolve/.*parquet")
    published = place.publish(first)

    assert len(made.seen) > len(first.first_shards())
    assert place.refs()[f"tags/{TAG}"] == published.oid
    place.check_whole(first)
