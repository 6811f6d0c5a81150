"""What is reviewed in private is what becomes public, to the byte."""

import json

import pytest

from pipeline.errors import DeniedError, PublishingError, UnfitError
from pipeline.hub.candidate import Candidate
from tests.hub.loopback import EITHER, NEXT, READER, TAG, Loopback

COPIES, SENT = r"POST .*/lfs-files/duplicate", r"(POST .*/_cas/v1/xorbs|PUT /_lfs/object)"


def staged(place: Loopback, release: Candidate, tag: str = TAG) -> None:
    """Put a release into the review repository."""
    place.publish(release, tag, repo=place.review, create=False, is_review=True)


@EITHER
def test_the_reviewed_bytes_become_public(
    place: Loopback, first: Candidate, second: Candidate
) -> None:
    """With Xet they are copied on the Hub and none is sent; without, the hashes are the same."""
    for release, tag in ((first, TAG), (second, NEXT)):
        staged(place, release, tag)
        place.hub.log.clear()
        made = place.publish(release, tag, source=place.review)

        large = [r for r in place.hub.requests(SENT) if r["request_bytes"]]
        assert bool(place.hub.requests(COPIES)) == place.is_xet
        assert not (place.is_xet and large)
        public = place.trees()[made.oid]
        review = place.trees(place.review)[place.refs(place.review)[f"tags/{tag}"]]
        assert public == review
    place.check_whole(first, second)
    place.check_whole(first, second, repo=place.review)


def test_the_review_repository_is_private(place: Loopback, first: Candidate) -> None:
    """It is made so; a reader cannot see that it exists; a public one is refused."""
    staged(place, first)
    assert json.loads((place.store(place.review) / "repo.json").read_bytes())["private"]
    with pytest.raises(PublishingError):
        place.publish(first, NEXT, READER, repo=place.review, create=False)

    place.api().update_repo_settings(place.review, repo_type="dataset", private=False)
    with pytest.raises(UnfitError, match="is public"):
        staged(place, first, NEXT)
    assert f"tags/{NEXT}" not in place.refs(place.review)


def test_only_what_was_staged_is_promoted(
    place: Loopback, first: Candidate, second: Candidate
) -> None:
    """Nothing under that tag, or another release, stops the promotion before the commit."""
    staged(place, first)
    with pytest.raises(UnfitError, match="stage the release there first"):
        place.publish(second, NEXT, source=place.review)
    with pytest.raises(UnfitError, match="is another release"):
        place.publish(second, TAG, source=place.review)
    place.check_whole(first)


def test_a_hub_that_does_not_copy_gets_the_bytes_again(place: Loopback, first: Candidate) -> None:
    """Another storage region refuses to copy: the same bytes go from this disk."""
    staged(place, first)
    place.hub.fault(COPIES, status=400, times=None)
    made = place.publish(first, source=place.review)

    assert first.is_held(place.trees()[made.oid])


def test_who_may_not_write_cannot_promote(place: Loopback, first: Candidate) -> None:
    """A reader's token is told apart from a Hub that fails."""
    staged(place, first)
    place.api().create_repo(place.repo, repo_type="dataset")
    with pytest.raises((DeniedError, PublishingError)):
        place.publish(first, TAG, READER, source=place.review)
    assert len(place.trees()) == 1
