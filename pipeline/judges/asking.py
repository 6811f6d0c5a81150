"""Ask a server about many texts: from the cache where it can be, within limits where it cannot.

Nothing that a server does ends a batch. What it did not answer has a reason:

    budget         the next request could have cost more than the budget has left
    no_api_key     OpenAI is to be asked, and the environment holds no key
    timeout        no answer in time
    connection     it could not be reached, or hung up
    http_400 …     it said so; 408, 409, 429 and from 500 on only after all tries
    broken_reply   what it sent is no JSON, after all tries
    bad_reply      what it sent is JSON, but not what the protocol says
    gave_up        not asked, because many requests before it failed in a row
"""

import asyncio
import collections
import datetime as dt
import functools
import hashlib
import itertools
import logging
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import openai

from pipeline.judges import cache
from pipeline.judges.cache import Store
from pipeline.judges.endpoints import Endpoint
from pipeline.judges.limits import Gate, backoff_s, estimated_tokens, retry_after_s
from pipeline.judges.options import OPENAI, Server
from pipeline.judges.replies import BrokenReplyError, MalformedReplyError

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]
Parcel = list[tuple[bytes, str]]
"""Keys and texts of one request."""
PASSING = {408, 409, 425, 429}
SERVER_FAULT = 500
OF_ITS_TEXTS = {"http_400", "http_413", "http_422", "bad_reply"}
"""Failures of a list that one of its texts may be the cause of."""


@dataclass(frozen=True)
class Failure:
    """Why a request brought nothing.

    Attributes:
        reason: as listed above.
        passes: whether asking again may help.
        wait_s: how long the server wants to be left alone.
        is_paid: whether it may have cost tokens all the same.
    """

    reason: str
    passes: bool = False
    wait_s: float = 0.0
    is_paid: bool = False


@dataclass(frozen=True)
class Told:
    """What is known of a text: an answer, or a reason why there is none."""

    answer: bytes | None
    reason: str | None = None


def ask(
    endpoint: Endpoint, server: Server, texts: Sequence[str], sleep: Sleep = asyncio.sleep
) -> list[Told]:
    """Ask about some texts, each distinct one once.

    Args:
        endpoint: how they are asked.
        server: the options.
        texts: what is asked.
        sleep: how one waits; another one in tests.
    """
    keys = [hashlib.sha256(f"{endpoint.form}\n{text}".encode()).digest() for text in texts]
    by_key = dict(zip(keys, texts, strict=True))
    told = _apart(lambda: _told(endpoint, server, by_key, sleep))
    return [told[key] for key in keys]


def _apart(work: Callable[[], dict[bytes, Told]]) -> dict[bytes, Told]:
    """Do it here, or in a thread of its own where an event loop runs already: in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def _told(
    endpoint: Endpoint, server: Server, by_key: dict[bytes, str], sleep: Sleep
) -> dict[bytes, Told]:
    with cache.opened(cache.folder(server.cache)) as store:
        held = store.answers(by_key)
        missing = [(key, text) for key, text in by_key.items() if key not in held]
        key = os.environ.get(server.api_key_env, "").strip()
        told = {at: Told(answer) for at, answer in held.items()}
        if missing and not key and server.base_url == OPENAI:
            told |= {at: Told(None, "no_api_key") for at, _ in missing}
        elif missing:
            asker = Asker(endpoint, server, store, sleep)
            told |= asyncio.run(asker.all(missing, key or "none"))
        _report(server, store, told)
    return told


def _report(server: Server, store: Store, told: dict[bytes, Told]) -> None:
    """Log how many texts have no answer and, if the budget was the reason, what is left of it."""
    lost = collections.Counter(one.reason for one in told.values() if one.reason)
    if lost:
        log.warning("%s: texts without an answer: %s", server.model, dict(sorted(lost.items())))
    if lost["budget"]:
        _budget_ends(server.model, left(server, store))


@functools.cache
def _budget_ends(model: str, left: str) -> None:
    """Log it once a process and amount: an error, for the rest of a run has no scores."""
    log.error("%s: the budget ends, what is not asked is null; left of it: %s", model, left)


def left(server: Server, store: Store) -> str:
    """What is left of a budget, in words."""
    spent = store.spent(account(server))
    return ", ".join(
        f"{limit - used} of {limit} {what}"
        for limit, used, what in (
            (server.budget_requests, spent.requests, "requests"),
            (server.budget_tokens, spent.tokens, "tokens"),
        )
        if limit is not None
    )


def account(server: Server) -> str:
    """What a budget is of: a model of a server."""
    return f"{server.base_url} {server.model}"


class Asker:
    """Asks a server about the texts of one batch."""

    def __init__(self, endpoint: Endpoint, server: Server, store: Store, sleep: Sleep) -> None:
        self.endpoint = endpoint
        self.server = server
        self.store = store
        self.sleep = sleep
        self.gate = Gate(server.tokens_per_batch)
        self.told: dict[bytes, Told] = {}
        self.failed_in_a_row = 0

    async def all(self, missing: Parcel, api_key: str) -> dict[bytes, Told]:
        """Ask about all of them, a bounded number of requests at once, in order."""
        parcels = self._parcels(missing)
        client = openai.AsyncOpenAI(
            base_url=self.server.base_url,
            api_key=api_key,
            max_retries=0,
            timeout=self.server.timeout_s,
        )
        async with client:

            async def work() -> None:
                for parcel in parcels:
                    await self._settle(client, parcel)

            workers = min(self.server.concurrency, len(missing))
            await asyncio.gather(*(work() for _ in range(workers)))
        return self.told

    def _parcels(self, missing: Parcel) -> Iterator[Parcel]:
        """The texts by requests: few enough, and of few enough tokens."""
        most = max(self.server.tokens_per_batch // self.server.concurrency, 1)
        parcel: Parcel = []
        weight = 0
        for key, text in missing:
            mine = estimated_tokens(text)
            if parcel and (len(parcel) == self.endpoint.texts_per_request or weight + mine > most):
                yield parcel
                parcel, weight = [], 0
            parcel.append((key, text))
            weight += mine
        if parcel:
            yield parcel

    async def _settle(self, client: openai.AsyncOpenAI, parcel: Parcel) -> None:
        """Find out about a parcel; if it fails because of one of its texts, about its halves."""
        if self.failed_in_a_row >= self.server.give_up_after:
            self._fail(parcel, "gave_up")
            return
        texts = [text for _, text in parcel]
        async with self.gate.passing(sum(map(estimated_tokens, texts))):
            found = await self._tried(client, texts)
        if not isinstance(found, Failure):
            self.failed_in_a_row = 0
            for (key, _), answer in zip(parcel, found, strict=True):
                self.told[key] = Told(self.store.keep(key, answer))
        elif found.reason in OF_ITS_TEXTS and len(parcel) > 1:
            middle = len(parcel) // 2
            await self._settle(client, parcel[:middle])
            await self._settle(client, parcel[middle:])
        else:
            self.failed_in_a_row += found.reason not in {"budget", *OF_ITS_TEXTS}
            self._fail(parcel, found.reason)

    def _fail(self, parcel: Parcel, reason: str) -> None:
        self.told |= {key: Told(None, reason) for key, _ in parcel}

    async def _tried(self, client: openai.AsyncOpenAI, texts: list[str]) -> list[bytes] | Failure:
        """The answers to one request, tried until it helps no more or the deadline is near."""
        clock = asyncio.get_running_loop().time
        end = clock() + self.server.deadline_s
        seed = hashlib.sha256("\0".join(texts).encode()).digest()
        for attempt in itertools.count():
            found = await self._once(client, texts, min(self.server.timeout_s, end - clock()))
            if not isinstance(found, Failure) or not found.passes:
                return found
            wait = max(backoff_s(attempt, seed), found.wait_s)
            if attempt == self.server.retries or clock() + wait >= end:
                return found
            await self.sleep(wait)
        raise AssertionError  # pragma: no cover (count does not end)

    async def _once(
        self, client: openai.AsyncOpenAI, texts: list[str], timeout_s: float
    ) -> list[bytes] | Failure:
        """One try, if the budget allows it; what it used is put right afterwards."""
        most = self.endpoint.most_tokens(texts)
        limits = (self.server.budget_requests, self.server.budget_tokens)
        if not self.store.reserve(account(self.server), most, limits):
            return Failure("budget")
        try:
            async with asyncio.timeout(timeout_s):
                reply = await self.endpoint.ask(client, texts)
        except TimeoutError:
            return Failure("timeout", passes=True, is_paid=True)
        except (BrokenReplyError, MalformedReplyError) as error:
            is_broken = isinstance(error, BrokenReplyError)
            return Failure("broken_reply" if is_broken else "bad_reply", is_broken, is_paid=True)
        except openai.OpenAIError as error:
            failure = described(error)
            if not failure.is_paid:
                self.store.correct(account(self.server), -most)
            return failure
        if reply.tokens is not None:
            self.store.correct(account(self.server), reply.tokens - most)
        return reply.answers


def described(error: openai.OpenAIError) -> Failure:
    """What an error of the client means; nothing of its text, which may quote a user."""
    match error:
        case openai.APITimeoutError():
            return Failure("timeout", passes=True, is_paid=True)
        case openai.APIStatusError(status_code=status):
            passes = status in PASSING or status >= SERVER_FAULT
            wait = retry_after_s(error.response.headers, dt.datetime.now(dt.UTC))
            return Failure(f"http_{status}", passes, wait)
        case openai.APIConnectionError():
            return Failure("connection", passes=True, is_paid=True)
        case _:
            return Failure("bad_reply", is_paid=True)
