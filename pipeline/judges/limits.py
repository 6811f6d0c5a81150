"""How long to wait before the next try, and how much may be at a server at once."""

import asyncio
import contextlib
import datetime as dt
import email.utils
import hashlib
from collections.abc import AsyncIterator, Mapping

FIRST_S = 0.5
LONGEST_S = 30.0
TEXT_BYTES_PER_TOKEN = 4


def backoff_s(attempt: int, seed: bytes) -> float:
    """The wait after try number `attempt`, from 0: doubled each time, 50 to 100 % of it.

    The share is made from a hash, so that equal runs wait equally and requests do not march in
    step ("full jitter" of Brooker 2015, halved, so that no wait is 0).
    """
    digest = hashlib.sha256(seed + attempt.to_bytes(4, "big")).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return min(FIRST_S * 2**attempt, LONGEST_S) * (0.5 + share / 2)


def retry_after_s(headers: Mapping[str, str], now: dt.datetime) -> float:
    """What a server asks to wait: seconds or a date (RFC 9110, 10.2.3); 0 if it asks nothing."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        until = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max((until - now).total_seconds(), 0.0)


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has."""
    return len(text.encode()) // TEXT_BYTES_PER_TOKEN + 1


def most_tokens(text: str) -> int:
    """How many tokens a text has at most: tokenizers of bytes make no more than it has bytes."""
    return len(text.encode())


class Gate:
    """Lets in as much weight at once as it may hold; what is heavier than that goes alone."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.inside = 0
        self.changed = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def passing(self, weight: int) -> AsyncIterator[None]:
        """Wait until there is room, and hold it."""
        mine = min(weight, self.most)
        async with self.changed:
            await self.changed.wait_for(lambda: self.inside + mine <= self.most)
            self.inside += mine
        try:
            yield
        finally:
            async with self.changed:
                self.inside -= mine
                self.changed.notify_all()
