"""What an exception of the client library means for the publisher, said without secrets."""

import json
import os
import re

import httpx2
from huggingface_hub import get_token
from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    LocalTokenNotFoundError,
    RepositoryNotFoundError,
)

from pipeline.hub.messages import Failure, Kind

CAUGHT = (httpx2.HTTPError, OSError, ValueError, RuntimeError, LookupError, TypeError)
"""All that the client library and hf_xet raise; what else there is ends the process, which its
parent takes for a passing failure."""
STATUS: dict[int, Kind] = {401: "denied", 403: "denied", 404: "missing", 409: "exists"}
STATUS |= {412: "moved", **dict.fromkeys((408, 429, 500, 502, 503, 504), "passing")}
SECRETS = (
    (re.compile(r"(?i)bearer\s+\S+"), "Bearer ..."),
    (re.compile(r"\bhf_\w{6,}"), "hf_..."),
    (re.compile(r"\?\S+"), "?..."),  # signed addresses
    (re.compile(r"\s*For more information check: \S+"), ""),
)


class ChangedError(ValueError):
    """A local file is not what the manifest says."""


def failure(error: Exception) -> Failure:
    """What an exception means for the publisher; its causes are looked at too."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    for one in chain:
        if isinstance(one, HfHubHTTPError):
            return _answered(one)
        if (kind := _kind(one)) is not None:
            return Failure(kind, plain(one))
    return Failure("passing", plain(error))


def _answered(error: HfHubHTTPError) -> Failure:
    status = error.response.status_code
    kind: Kind = STATUS.get(status, "refused")
    if kind == "missing" and not isinstance(error, RepositoryNotFoundError):
        kind = "passing"  # a revision or an object that should be there
    elif kind != "missing" and isinstance(error, RepositoryNotFoundError):
        kind = "denied"
    said = error.response.headers
    asked = f"t={said.get('Retry-After', '')};{said.get('RateLimit', '')}"
    found = re.search(r"t=(\d+(\.\d+)?)", asked)
    return Failure(kind, f"status {status}: {plain(error)}", float(found[1]) if found else 0.0)


def _kind(error: BaseException) -> Kind | None:
    if isinstance(error, ChangedError):
        return "changed"
    if isinstance(error, LocalTokenNotFoundError | PermissionError):
        return "denied"
    if isinstance(error, httpx2.TransportError | json.JSONDecodeError):
        return "passing"
    if type(error) is ValueError or isinstance(error, HFValidationError):
        return "refused"
    return None


def plain(error: BaseException) -> str:
    """What an exception says, in one line, without tokens or signed addresses."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    for token in {get_token(), os.environ.get("HF_TOKEN")}:
        text = text.replace(token, "...") if token else text
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text[:400]
