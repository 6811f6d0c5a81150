"""Ask the Hub until it answers: passing failures are retried, others become errors."""

import time

from pipeline.errors import (
    ConflictError,
    DeniedError,
    HubError,
    MissingError,
    PublishingError,
    UnfitError,
)
from pipeline.hub.client import Client
from pipeline.hub.messages import Answer, Blobs, Done, Failure, Look, Request, State, Stored

LONGEST_S = 300.0
"""Seconds that a Hub may ask us to wait."""


def insist(client: Client, request: Request) -> Answer:
    """Ask, and again while failures may pass; for requests that do no harm twice.

    Raises:
        PublishingError: it stayed a failure.
    """
    attempt = 1
    while isinstance(answer := client.ask(request), Failure):
        if answer.kind != "passing" or attempt == client.patience.attempts:
            raise error_of(answer, request.repo)
        pause(client, answer, attempt)
        attempt += 1
    return answer


def look(client: Client, repo: str, revision: str | None = None) -> State:
    """What a repository holds.

    Raises:
        MissingError: it is not there.
        PublishingError: the Hub did not say.
    """
    answer = insist(client, Look(repo, revision))
    assert isinstance(answer, State)  # noqa: S101 (the protocol)
    return answer


def stored(client: Client, repo: str) -> dict[str, str]:
    """The large files that a repository keeps in any revision: SHA-256 -> a path.

    Raises:
        PublishingError: the Hub did not say.
    """
    answer = insist(client, Stored(repo))
    assert isinstance(answer, Blobs)  # noqa: S101 (the protocol)
    return answer.paths


def done(client: Client, request: Request) -> str:
    """Have something done; returns the id of the commit that it is about.

    Raises:
        PublishingError: the Hub did not.
    """
    answer = insist(client, request)
    assert isinstance(answer, Done)  # noqa: S101 (the protocol)
    return answer.oid


def pause(client: Client, failure: Failure, attempt: int) -> None:
    """Wait before the next attempt: twice as long each time, or as long as the Hub asks.

    Raises:
        HubError: there is no time left for another one.
    """
    wait_s = client.patience.wait_s * 2 ** (attempt - 1)
    wait_s = max(wait_s, min(failure.wait_s, LONGEST_S))
    if wait_s >= client.left_s:
        raise HubError(f"no time is left to try again (--timeout): {failure.text}")
    time.sleep(wait_s)


def error_of(failure: Failure, repo: str) -> PublishingError:
    """The error that a failure is to the user."""
    match failure.kind:
        case "denied":
            return DeniedError(f"the token may not write to {repo}: {failure.text}")
        case "missing":
            return MissingError(f"there is no repository {repo} that the token may see")
        case "changed":
            return UnfitError(failure.text)
        case "moved" | "exists":
            return ConflictError(f"someone else published to {repo} meanwhile: {failure.text}")
        case "refused":
            return HubError(f"the Hub refuses: {failure.text}")
    return HubError(
        f"{repo}: the Hub cannot be reached, or fails ({failure.text}); "
        "the same command goes on where this one stopped"
    )
