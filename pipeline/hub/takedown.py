"""Take-down on the Hub: no revision is left by which a reader gets rows that were forgotten.

A deleting commit alone leaves them reachable by every tag. So the patched release is published
first; then every shard that it does not hold is erased for good, in whatever revision; then the
tags go whose releases are no longer whole. What is to be done is written down before, and each
step finds what an earlier attempt did.

Which rows an old shard holds cannot be told without what was forgotten, and nobody keeps that. So
a shard stays only where a release holds it that leaves out all that this one leaves out: its own
manifest says so, by keyed marks.
"""

import re
from dataclasses import dataclass, replace

import msgspec

from pipeline import files
from pipeline.errors import HubError, UnfitError
from pipeline.hub import asking, records
from pipeline.hub.candidate import DATA, Candidate
from pipeline.hub.client import Client
from pipeline.hub.messages import Erase, State, Untag
from pipeline.hub.publisher import Place, Publisher


class Affected(msgspec.Struct):
    """What readers can no longer get, for machines that tell them or purge caches."""

    place: str  # repository
    release: str  # the patched one
    manifest: str  # SHA-256 of its manifest
    tag: str  # that it is published as
    tags: dict[str, str]  # that are deleted -> the commit that each named
    shards: dict[str, str]  # SHA-256 of each erased file -> a path that it had
    started: str
    finished: str | None = None


@dataclass(frozen=True)
class _Seen:
    """A repository with all of its tags."""

    head: State
    tags: dict[str, State]
    stored: dict[str, str]


class TakeDown:
    """Takes down what a release leaves out on request, from one repository."""

    def __init__(self, client: Client, candidate: Candidate, place: Place) -> None:
        self.client = client
        self.candidate = candidate
        self.place = place
        forgotten = candidate.manifest.forgotten
        self.marks = {f"{kind} {mark}" for kind, some in forgotten.items() for mark in some}

    def affected(self) -> Affected:
        """What would be deleted; nothing is.

        Raises:
            UnfitError: this release leaves nothing out on request, or git itself keeps a shard.
            PublishingError: the Hub did not say.
        """
        if not self.marks:
            raise UnfitError(f"{self.candidate.folder} forgot nothing: `curate forget` comes first")
        seen = self._look()
        kept = {one.sha256 for one in self.candidate.wanted.values()}
        for state in (seen.head, *seen.tags.values()):
            if set(state.forgotten) >= self.marks:
                kept |= set(_shards(state))
        held = [_shards(state) for state in (seen.head, *seen.tags.values())]
        found = {sha: path for sha, path in seen.stored.items() if path.startswith(DATA)}
        for shards in held:
            found.update(shards)
        gone = {sha: found[sha] for sha in sorted(found.keys() - kept)}
        tags = {
            tag: state.oid
            for tag, state in seen.tags.items()
            if not gone.keys().isdisjoint(_shards(state)) or _is_torn(state)
        }
        digest, release = self.candidate.digest, self.candidate.manifest.release
        tag = self._tag(seen)
        return Affected(self.place.repo, release, digest, tag, tags, gone, records.now())

    def carry_out(self, run: str) -> Affected:
        """All steps; what an earlier attempt did is found, and not done again.

        Args:
            run: the run folder, which keeps the record.

        Raises:
            PublishingError: as `Publisher.publish`; the same command goes on.
        """
        path = record(run, self.candidate, self.place.repo)
        now = self.affected()
        plan = _joined(now, path)
        records.make(run)
        files.write_record(path, plan)
        repo = self.place.repo
        Publisher(self.client, self.candidate, replace(self.place, tag=plan.tag)).publish()
        if now.shards:
            asking.done(self.client, Erase(repo, list(now.shards)))
        for tag in now.tags:
            asking.done(self.client, Untag(repo, tag))
        self._check(plan)
        plan.finished = records.now()
        files.write_record(path, plan)
        return plan

    def _look(self) -> _Seen:
        repo = self.place.repo
        head = asking.look(self.client, repo)
        tags = {tag: asking.look(self.client, repo, oid) for tag, oid in head.tags.items()}
        for state in (head, *tags.values()):
            for name, one in state.files.items():
                if name.startswith(DATA) and one.sha256 is None:
                    raise UnfitError(
                        f"git itself keeps {name} in {repo}: only a new repository is without it"
                    )
        return _Seen(head, tags, asking.stored(self.client, repo))

    def _tag(self, seen: _Seen) -> str:
        """The tag of the head, if that is this release; or the next patch of those of its week."""
        for tag, state in seen.tags.items():
            if state.oid == seen.head.oid and self.candidate.is_held(state.files):
                return tag
        stem, _, patch = self.place.tag.rpartition(".")
        if not (stem and patch.isdigit()):
            return self.place.tag
        taken = [re.fullmatch(rf"{re.escape(stem)}\.(\d+)", tag) for tag in seen.tags]
        return f"{stem}.{max([int(patch) - 1, *(int(one[1]) for one in taken if one)]) + 1}"

    def _check(self, plan: Affected) -> None:
        """Nothing of it is left, and the patched release is whole."""
        left = self.affected()
        if left.tags or left.shards:
            raise HubError(
                f"{self.place.repo} still holds {len(left.shards)} old shard(s) and "
                f"{len(left.tags)} tag(s): give the same command again"
            )
        state = asking.look(self.client, self.place.repo)
        named = state.tags.get(plan.tag)
        is_whole = self.candidate.is_held(state.files)
        if is_whole and named not in {None, state.oid}:
            is_whole = self.candidate.is_held(asking.look(self.client, plan.place, named).files)
        if named is None or not is_whole:
            raise HubError(
                f"{plan.place} no longer holds {plan.tag} whole, for its history was rewritten: "
                "publish it again, with another --tag"
            )


def record(run: str, candidate: Candidate, repo: str) -> str:
    """Where a run folder keeps what was taken down from a repository."""
    name = f"takedown-{repo.replace('/', '-')}@{candidate.digest[:12]}.json"
    return files.join(run, records.FOLDER, name)


def _joined(now: Affected, path: str) -> Affected:
    """With what an earlier attempt has deleted: of that, the Hub no longer tells."""
    if not files.exists(path):
        return now
    before = files.read_record(path, Affected)
    tags, shards = before.tags | now.tags, before.shards | now.shards
    return msgspec.structs.replace(now, tags=tags, shards=shards, started=before.started)


def _shards(state: State) -> dict[str, str]:
    """The shards of a revision: SHA-256 -> path."""
    return {
        one.sha256: path
        for path, one in state.files.items()
        if path.startswith(DATA) and one.sha256 is not None
    }


def _is_torn(state: State) -> bool:
    """Whether a revision lacks shards that its own manifest names."""
    return any(path.startswith(DATA) and path not in state.files for path in state.named)
