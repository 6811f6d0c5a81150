"""Publish a release to the Hub: one atomic commit, read back by hashes, then tagged.

Readers see an earlier release or this one, never something between: there is exactly one commit,
the Hub refuses it if the head moved, and a tag is set only on a commit that was read back. A
commit whose answer was lost is not made again: the head is read first, and says if it landed.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import msgspec

from pipeline.errors import ConflictError, HubError, MissingError, UnfitError
from pipeline.hub import asking, difference
from pipeline.hub.candidate import Candidate
from pipeline.hub.client import Client
from pipeline.hub.difference import Difference
from pipeline.hub.messages import Commit, Create, Done, Failure, Gate, Rows, State, Tag

IGNORES = ".gitignore"


@dataclass(frozen=True)
class Place:
    """Where a release is to stand.

    Attributes:
        repo: `namespace/name` of a dataset repository.
        tag: what the release is called there.
        is_review: a private repository, to look at; made if it is not there.
        create: make a public repository if it is not there.
        gated: how readers get access; None leaves it as it is.
        source: a review repository that holds this release under the same tag, to copy from.
    """

    repo: str
    tag: str
    is_review: bool = False
    create: bool = False
    gated: Literal["auto", "manual"] | None = None
    source: str | None = None


class Published(NamedTuple):
    """What came of it: the commit, and how many files it changed; none if all was there."""

    oid: str
    changed: int


class Publisher:
    """Publishes one release to one repository."""

    def __init__(self, client: Client, candidate: Candidate, place: Place) -> None:
        self.client = client
        self.candidate = candidate
        self.place = place

    def publish(self) -> Published:
        """All steps; what an earlier attempt did is found, and not done again.

        Raises:
            UnfitError: a local file changed, or the repository or the commit is not fit for it.
            DeniedError: the token has no right to.
            ConflictError: the tag is another release's, or someone else published meanwhile.
            HubError: the Hub could not be reached in time, or refuses.
        """
        state = self._ready()
        if self.place.tag in state.tags:
            self._refuse_another(state)
            return Published(state.tags[self.place.tag], 0)
        change = difference.between(state, self.candidate)
        change.refuse_many()
        order = self._order(state, change)
        oid = self._commit(state, order) if change.count else state.oid
        self._verify(oid)
        self._tag(oid)
        return Published(oid, change.count)

    def compare(self) -> Difference:
        """What `publish` would change; nothing is written.

        Raises:
            PublishingError: as `publish`.
        """
        try:
            state = asking.look(self.client, self.place.repo)
        except MissingError:
            state = State("", is_private=False, files={}, tags={}, named=[])
        if self.place.tag in state.tags:
            self._refuse_another(state)
        return difference.between(state, self.candidate)

    def _ready(self) -> State:
        """The repository as it is; made and gated first, if that is asked for."""
        repo = self.place.repo
        try:
            state = asking.look(self.client, repo)
        except MissingError as error:
            if not (self.place.is_review or self.place.create):
                raise MissingError(f"{error}; --create makes a public one") from error
            asking.done(self.client, Create(repo, self.place.is_review))
            state = asking.look(self.client, repo)
        if self.place.is_review and not state.is_private:
            raise UnfitError(f"{repo} is public: what is still to be reviewed must not be there")
        if IGNORES in state.files:
            raise UnfitError(f"{repo} has a {IGNORES}, by which the Hub leaves files out")
        if self.place.gated:
            asking.done(self.client, Gate(repo, self.place.gated))
        return state

    def _refuse_another(self, state: State) -> None:
        """A tag of the same name must name the same files."""
        repo, tag = self.place.repo, self.place.tag
        there = asking.look(self.client, repo, state.tags[tag])
        if not self.candidate.is_held(there.files):
            raise ConflictError(
                f"{repo} has other files as {tag}, and tags never change: "
                f"call this release otherwise, such as --tag {_free(tag, state)}"
            )

    def _order(self, state: State, change: Difference) -> Commit:
        """The commit; out of the review repository's bytes, if there is one and it can be."""
        order = Commit(
            self.place.repo,
            state.oid,
            f"release {self.place.tag}",
            f"manifest-sha256: {self.candidate.digest}",
            [one.added() for one in change.sent],
            [],
            list(change.delete),
        )
        source, tag = self.place.source, self.place.tag
        if source is None:
            return order
        tags = asking.look(self.client, source).tags
        if tag not in tags:
            raise UnfitError(f"{source} has no {tag}: stage the release there first")
        reviewed = asking.look(self.client, source, tags[tag])
        if not self.candidate.is_held(reviewed.files):
            raise UnfitError(f"what {source} holds as {tag} is another release")
        if not all(one.is_xet for one in reviewed.files.values() if one.sha256 is not None):
            return order  # the Hub copies what Xet stores; these bytes have the same hashes
        paths = [one.path for one in order.add]
        return msgspec.structs.replace(
            order, add=[], copy=paths, source=source, source_revision=reviewed.oid
        )

    def _commit(self, state: State, order: Commit) -> str:
        """Commit once; after a failure, the head says whether it landed and may be tried again."""
        attempt = 1
        while isinstance(answer := self.client.ask(order), Failure):
            if answer.kind in {"denied", "changed"}:
                raise asking.error_of(answer, self.place.repo)
            now = asking.look(self.client, self.place.repo)
            if self.candidate.is_held(now.files):
                return now.oid
            if now.oid != state.oid:
                raise ConflictError(
                    f"someone else published to {self.place.repo} meanwhile; look at it, then "
                    "give the same command"
                )
            if order.copy and answer.kind in {"refused", "missing"}:
                order = self._uploading(order)
                continue
            if answer.kind != "passing" or attempt == self.client.patience.attempts:
                raise asking.error_of(answer, self.place.repo)
            asking.pause(self.client, answer, attempt)
            attempt += 1
        assert isinstance(answer, Done)  # noqa: S101 (the protocol)
        return answer.oid

    def _uploading(self, order: Commit) -> Commit:
        """The same commit from this disk, where the Hub does not copy: another storage region."""
        adds = [self.candidate.wanted[path].added() for path in order.copy]
        return msgspec.structs.replace(order, add=adds, copy=[], source=None, source_revision=None)

    def _verify(self, oid: str) -> None:
        """Every byte is there, and can be read as readers do."""
        repo = self.place.repo
        if not self.candidate.is_held(asking.look(self.client, repo, oid).files):
            raise HubError(
                f"{repo} holds other bytes at {oid} than were sent; it is not tagged, and "
                "publishing the release before as a new tag puts it right"
            )
        asking.done(self.client, Rows(repo, oid, self.candidate.first_shards()))

    def _tag(self, oid: str) -> None:
        """Tag the commit; a lost answer, or another publisher's equal tag, is no failure."""
        repo, tag = self.place.repo, self.place.tag
        attempt = 1
        while isinstance(answer := self.client.ask(Tag(repo, tag, oid)), Failure):
            if answer.kind == "denied":
                raise asking.error_of(answer, repo)
            state = asking.look(self.client, repo)
            if tag in state.tags:
                self._refuse_another(state)
                return
            if answer.kind != "passing" or attempt == self.client.patience.attempts:
                raise asking.error_of(answer, repo)
            asking.pause(self.client, answer, attempt)
            attempt += 1


def _free(tag: str, state: State) -> str:
    """The next tag that is not taken, counted by the last number in it."""
    stem, _, patch = tag.rpartition(".")
    if not (stem and patch.isdigit()):
        stem, patch = tag, "0"
    number = int(patch)
    while f"{stem}.{number}" in state.tags:
        number += 1
    return f"{stem}.{number}"
