"""Failures of a Hub that count requests: every tenth, exactly the n-th, or a call at it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.hub import loopback

ACTIONS: dict[str, dict[str, Any]] = {
    "cut": {"action": "drop"},
    "unanswered": {"action": "drop-after"},
    "torn": {"action": "drop-mid", "bytes": 1},
    "short": {"action": "truncate", "bytes": 20},
    "500": {"action": "status", "status": 500},
    "500 too late": {"action": "status-after", "status": 500},
    "429": {"action": "status", "status": 429, "retry_after": 0},
}
"""What may happen to a request; `unanswered` and `500 too late` are done all the same."""


@dataclass
class Counted:
    """A failure that the server looks at like one of its own.

    Attributes:
        wanted: which requests it hits, by their number from 1.
        fault: what happens to them.
        match: only requests like this are counted.
        call: is called at a hit, before the fault.
        seen: the requests so far.
    """

    wanted: Callable[[int], bool]
    fault: Any
    match: str = ""
    call: Callable[[], None] | None = None
    seen: list[str] = field(default_factory=list)

    def take(self, line: str) -> bool:
        """Whether it hits this request."""
        if not re.search(self.match, line):
            return False
        self.seen.append(line)
        if not self.wanted(len(self.seen)):
            return False
        if self.call is not None:
            self.call()
        return self.fault is not None

    def __getattr__(self, name: str) -> Any:
        """All else is the fault's."""
        return getattr(self.fault, name)


def put(
    hub: Any,
    wanted: Callable[[int], bool],
    action: str | None,
    match: str = "",
    call: Callable[[], None] | None = None,
) -> Counted:
    """Let requests of a Hub fail; without an action, only the call happens."""
    made = loopback.server().Fault("", **ACTIONS[action]) if action else None
    counted = Counted(wanted, made, match, call)
    hub.faults.append(counted)
    return counted
