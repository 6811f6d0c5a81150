"""Made-up values that look like the real ones and belong to nobody."""


def surrogate(kind: str, written: str, first: str, key: bytes, conversation_id: str) -> str:
    """A value of the same shape, chosen by the key.

    Args:
        kind: a name of pipeline/pii/kinds.py.
        written: the value as it is written here.
        first: the value as it was written first in the conversation.
        key: 32 bytes or more.
        conversation_id: the same value has another surrogate in another conversation.
    """
    raise NotImplementedError(kind, written, first, key, conversation_id)


def is_ours(kind: str, value: str, key: bytes, conversation_id: str) -> bool:
    """Whether a value is a surrogate that we made for this conversation."""
    raise NotImplementedError(kind, value, key, conversation_id)
