"""What stands in the place of each value, by the policy's action for its kind."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.identity import handle
from pipeline.pii import editing, surrogates
from pipeline.pii.editing import Edited
from pipeline.pii.entities import Span, fold
from pipeline.pii.kinds import KINDS
from pipeline.pii.policy import Ruling

HMAC_DIGITS = 16


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
        surfaces: dict[int, str] = {}
        by_message: dict[int, list[Span]] = defaultdict(list)
        for span in spans:
            by_message[span.message].append(span)
            surfaces.setdefault(span.entity, messages[span.message][span.start : span.end])
        names = self._tokens(messages, spans)
        edits = {}
        for at, mine in by_message.items():
            text = messages[at]
            values = [
                self._value(span, text[span.start : span.end], surfaces[span.entity], names)
                for span in mine
            ]
            edits[at] = editing.replaced(text, mine, values)
        return edits

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
        if action == "hmac":
            token = KINDS[span.kind].token
            return f"{token}_{handle(self.key, span.kind, fold(span.kind, first))[:HMAC_DIGITS]}"
        return surrogates.surrogate(span.kind, written, first, self.key, self.conversation_id)


def masked(value: str) -> str:
    """An asterisk for each letter and digit, in one line."""
    return "".join("*" if sign.isalnum() else sign for sign in value if sign != "\n")
