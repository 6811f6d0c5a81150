"""`kill -9` at any moment, and the same command again: whole, tagged, one commit."""

import contextlib
import dataclasses
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import HubError
from pipeline.hub.candidate import Candidate
from tests.hub import faults, loopback
from tests.hub.faults import ACTIONS
from tests.hub.kills import killed, killed_after
from tests.hub.loopback import COMMIT, EITHER, NEXT, TAG, Loopback


def mended(place: Loopback, release: Candidate, tag: str, *allowed: Candidate) -> None:
    """Nothing half is there now; the same command makes it whole, by one commit in all."""
    place.check_whole(*allowed)
    place.hub.faults.clear()
    place.publish(release, tag)
    place.check_whole(*allowed)
    trees, refs = place.trees(), place.refs()
    assert release.is_held(trees[refs[f"tags/{tag}"]])
    assert refs["heads/main"] == refs[f"tags/{tag}"]
    assert len(trees) == len(allowed) + 1


@pytest.mark.parametrize("match", [r"POST .*/preupload/", COMMIT, r"POST .*/tag/"])
def test_killed_at_a_step(place: Loopback, first: Candidate, match: str) -> None:
    """Before the upload, in the commit and in the tag: nothing half, and no process is left."""
    assert killed(place, first, TAG, 1, match=match)
    mended(place, first, TAG, first)


def rounds(
    place: Loopback, first: Candidate, second: Candidate, folder: Path
) -> Iterator[tuple[Loopback, Candidate, Candidate]]:
    """Repository after repository that holds a first release, and one to follow; all bytes new."""
    for number in itertools.count(1):
        fresh = dataclasses.replace(place, repo=f"{place.repo}-{number}")
        salt = f"{place.repo} {number}"
        one = loopback.salted(first, folder / f"{number}-1", salt)
        two = loopback.salted(second, folder / f"{number}-2", salt)
        fresh.publish(one, TAG)
        yield fresh, one, two


@pytest.mark.proof
@EITHER
def test_killed_at_every_request(
    place: Loopback, first: Candidate, second: Candidate, tmp_path: Path
) -> None:
    """A publisher of an update is killed at each of its requests in turn."""
    made = rounds(place, first, second, tmp_path)
    for at, (fresh, one, two) in enumerate(made, start=1):
        got_so_far = killed(fresh, two, NEXT, at)
        mended(fresh, two, NEXT, one, two)
        if not got_so_far:
            break
    assert at > 10


@pytest.mark.proof
@EITHER
def test_killed_at_random_moments(
    place: Loopback, first: Candidate, second: Candidate, tmp_path: Path
) -> None:
    """Between requests, and in the midst of them."""
    rng = random.Random(0)  # noqa: S311 (repeatable)
    made = rounds(place, first, second, tmp_path)
    for fresh, one, two in itertools.islice(made, 20):
        killed_after(fresh, two, NEXT, rng.uniform(0, 2))
        mended(fresh, two, NEXT, one, two)


@pytest.mark.proof
@pytest.mark.parametrize("action", ACTIONS)
@EITHER
def test_every_request_fails_in_turn(
    place: Loopback, first: Candidate, second: Candidate, tmp_path: Path, action: str
) -> None:
    """Each request of an update is cut, torn, unanswered, refused or answered in part."""
    through = rounds(place, first, second, tmp_path)
    for at, (fresh, one, two) in enumerate(through, start=1):
        made = faults.put(place.hub, lambda number, at=at: number == at, action)  # type: ignore[misc]
        with contextlib.suppress(HubError):
            fresh.publish(two, NEXT)
        mended(fresh, two, NEXT, one, two)
        if len(made.seen) < at:
            break
    assert at > 10
