"""What stands in the place of each value, by the policy's action for its kind.

A surrogate that we made for the same conversation stays as it is, so that a text that is redacted
again is the same text; it is reported again, for it stands in the place of a value still.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.identity import handle
from pipeline.pii import editing, seen, surrogates
from pipeline.pii.editing import Edited
from pipeline.pii.entities import Span, fold, parts
from pipeline.pii.kinds import KINDS
from pipeline.pii.policy import Ruling

HMAC_DIGITS = 16
ATTEMPTS = 16
"""Surrogates that are tried before two values share one."""
ALIKE = (
    ("url", "url_secret"),
    ("email", "username"),
    ("secret", "password", "wallet"),
    (
        *("phone", "card", "iban", "bank_account", "national_id", "passport", "driving_licence"),
        *("plate", "device_id"),
    ),
)
"""Kinds of which one may be taken for the other."""
_DROPPED = frozenset("\\\"'`<>" + seen.INVISIBLE)


class Editor:
    """Edits one conversation.

    Args:
        rulings: what is done about each kind.
        key: the identity key; without it, surrogates and keyed hashes are placeholders.
        conversation_id: surrogates are the same in one conversation, and in no other.
    """

    def __init__(
        self, rulings: Mapping[str, Ruling], key: bytes | None = None, conversation_id: str = ""
    ) -> None:
        self.rulings = rulings
        self.key = key
        self.conversation_id = conversation_id

    def edited(self, messages: Sequence[str], spans: Sequence[Span]) -> dict[int, Edited]:
        """The messages that hold spans, each span replaced.

        Args:
            messages: of the conversation.
            spans: in order, without overlaps, numbered by entity.
        """
        written = [messages[span.message][span.start : span.end] for span in spans]
        firsts = _firsts(spans, written)
        values = self._values(messages, spans, written, firsts)
        by_message: dict[int, tuple[list[Span], list[str]]] = defaultdict(lambda: ([], []))
        for span, value in zip(spans, values, strict=True):
            mine, theirs = by_message[span.message]
            mine.append(span)
            theirs.append(value)
        return {at: editing.replaced(messages[at], *found) for at, found in by_message.items()}

    def _values(
        self,
        messages: Sequence[str],
        spans: Sequence[Span],
        written: Sequence[str],
        firsts: Mapping[int, str],
    ) -> list[str]:
        """What stands for each span."""
        names = self._tokens(messages, spans)
        attempts: dict[int, int] | None = None
        made = []
        for span, value in zip(spans, written, strict=True):
            if self._action(span.kind) == "surrogate":
                if attempts is None:
                    attempts = self._attempts(spans, firsts)
                attempt = attempts.get(span.entity)
                made.append(self._surrogate(span.kind, value, firsts[span.entity], attempt))
            else:
                made.append(self._value(span, value, firsts[span.entity], names))
        return made

    def _action(self, kind: str) -> str:
        action = self.rulings[kind].action
        if action == "mask" or (self.key is not None and action in {"surrogate", "hmac"}):
            return action
        return "placeholder"

    def _tokens(self, messages: Sequence[str], spans: Sequence[Span]) -> dict[int, str]:
        """Placeholders, numbered by first appearance behind those that stand there already."""
        last, _ = editing.highest(messages)
        names: dict[int, str] = {}
        for span in spans:
            if span.entity not in names and self._action(span.kind) == "placeholder":
                token = KINDS[span.kind].token
                last[token] = last.get(token, 0) + 1
                names[span.entity] = f"{token}_{last[token]}"
        return names

    def _value(self, span: Span, written: str, first: str, names: Mapping[int, str]) -> str:
        action = self._action(span.kind)
        if action == "mask":
            return masked(written)
        if action == "placeholder" or self.key is None:
            return names[span.entity]
        token = KINDS[span.kind].token
        return f"{token}_{handle(self.key, span.kind, fold(span.kind, first))[:HMAC_DIGITS]}"

    def _attempts(self, spans: Sequence[Span], firsts: Mapping[int, str]) -> dict[int, int]:
        """Which surrogate each entity gets, so that no two of a conversation share one.

        Entities that are ours already have none.
        """
        kinds = {s.entity: s.kind for s in spans if self._action(s.kind) == "surrogate"}
        ours = {entity for entity, kind in kinds.items() if self._is_ours(kind, firsts[entity])}
        taken = {fold(kinds[entity], firsts[entity]) for entity in ours}
        attempts = {}
        for entity, kind in kinds.items():
            if entity not in ours:
                first = firsts[entity]
                tries = (
                    (number, fold(kind, self._surrogate(kind, first, first, number)))
                    for number in range(ATTEMPTS)
                )
                attempts[entity], value = next((t for t in tries if t[1] not in taken), (0, ""))
                taken.add(value)
        return attempts

    def _surrogate(self, kind: str, written: str, first: str, attempt: int | None) -> str:
        """A made-up value; what is ours already, or a part of it, stays."""
        if self.key is None or attempt is None or self._is_ours(kind, written):
            return written
        return surrogates.surrogate(
            kind, written, first, self.key, self.conversation_id, attempt=attempt
        )

    def _is_ours(self, kind: str, value: str) -> bool:
        """Whether we made it, or a part of it, be it found as another kind now."""
        if self.key is None:
            return False
        kinds = next((alike for alike in ALIKE if kind in alike), (kind,))
        known = (value, self.key, self.conversation_id)
        return surrogates.holds(kind, *known) or any(
            surrogates.is_ours(other, *known)
            for other in kinds
            if other == kind or self._action(other) == "surrogate"
        )


def _firsts(spans: Sequence[Span], written: Sequence[str]) -> dict[int, str]:
    """How each entity was written first; a person by the first of the fullest names."""
    found: dict[int, str] = {}
    sizes: dict[int, int] = {}
    for span, value in zip(spans, written, strict=True):
        size = len(parts(fold(span.kind, value))) if span.kind == "person" else 0
        if size > sizes.get(span.entity, -1):
            found[span.entity], sizes[span.entity] = value, size
    return found


def masked(value: str) -> str:
    """An asterisk for each letter and digit, in one line; no marks, quotes, escapes."""
    return "".join("*" if sign.isalnum() else sign for sign in value if _stays(sign))


def _stays(sign: str) -> bool:
    is_part = unicodedata.category(sign)[0] in "MC" or sign in "\u2028\u2029"
    return sign.isalnum() or not (is_part or sign in _DROPPED)
