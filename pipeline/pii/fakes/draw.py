"""Keyed choice of made-up values, such that the key tells them from all others.

A value is a number below the size of its space. Its last part is a keyed hash of the rest, so that
of all values of a shape only one in `CHECKS` is ours; in a small space, where that would leave
hardly any to choose from, `LEAST` values are ours.
"""

import hmac
import math
from collections.abc import Sequence
from typing import NamedTuple

CHECKS = 1000
"""Of so many values of a shape one is ours: the rate of false recognition."""
LEAST = 16
"""So many values of a shape are ours, whatever the rate."""

Slots = Sequence[Sequence[str]]
"""What may stand at each place of a value."""


class Draw(NamedTuple):
    """All choices of one conversation.

    Attributes:
        secret: of the conversation, made from the key.
    """

    secret: bytes

    @classmethod
    def of(cls, key: bytes, conversation_id: str) -> "Draw":
        """The choices of a conversation."""
        return cls(hmac.digest(key, b"surrogate|" + conversation_id.encode(), "sha256"))

    def number(self, label: str, below: int) -> int:
        """A number from 0, chosen by the label."""
        return int.from_bytes(hmac.digest(self.secret, label.encode(), "sha256")[:16]) % below

    def place(self, label: str, seed: str, size: int) -> int:
        """A number below `size` that is ours, chosen by the seed."""
        checks = _checks(size)
        high = self.number(f"{label}|pick|{seed}", size // checks)
        return high * checks + self.number(f"{label}|check|{high}", checks)

    def is_ours(self, label: str, place: int, size: int) -> bool:
        """Whether some seed gives this number."""
        checks = _checks(size)
        high, low = divmod(place, checks)
        return high < size // checks and low == self.number(f"{label}|check|{high}", checks)

    def filled(self, label: str, seed: str, slots: Slots) -> list[str]:
        """One of the values of each slot."""
        place = self.place(label, seed, math.prod(map(len, slots)))
        made = []
        for slot in reversed(slots):
            place, at = divmod(place, len(slot))
            made.append(slot[at])
        return made[::-1]

    def has_filled(self, label: str, parts: Sequence[str], slots: Slots) -> bool:
        """Whether some seed fills the slots so."""
        if len(parts) != len(slots):
            return False
        place = 0
        for part, slot in zip(parts, slots, strict=True):
            if part not in slot:
                return False
            place = place * len(slot) + slot.index(part)
        return self.is_ours(label, place, math.prod(map(len, slots)))

    def signs(self, label: str, count: int, alphabet: str) -> str:
        """So many characters of an alphabet."""
        return "".join(alphabet[self.number(f"{label}|{at}", len(alphabet))] for at in range(count))


def _checks(size: int) -> int:
    return min(CHECKS, max(1, size // LEAST))
