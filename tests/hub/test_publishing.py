"""A release reaches the Hub whole, and readers get the same bytes."""

from pathlib import Path

from pipeline.hub.candidate import Candidate
from tests import runs
from tests.hub.loopback import COMMIT, REPO, Loopback


def test_readers_get_the_same_bytes(place: Loopback, first: Candidate) -> None:
    """`snapshot_download` of the tag gives the release, byte for byte; one commit made it."""
    made = place.publish(first)

    assert place.refs() == {"heads/main": made.oid, "tags/2023.26.0": made.oid}
    assert len(place.hub.requests(COMMIT)) == 1
    got = place.downloaded("2023.26.0")
    sent = runs.tree(Path(first.folder))
    assert {name: data for name, data in runs.tree(got).items() if name in sent} == sent
