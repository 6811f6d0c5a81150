"""How many conversations of which trait a sample has."""

from dataclasses import dataclass
from random import Random

from pipeline.sample.faults import ERRORS, MALFORMED

SMALLEST_FULL = 500  # from this many conversations on, every trait occurs
BATTLE_SHARE = 0.2  # of conversation ids


@dataclass(frozen=True)
class Trait:
    """Something planted in a chat."""

    fate: str  # "intact", or why the conversation must not be released as it is
    share: float  # of all conversations
    least: int = 1  # conversations in a sample that is large enough


PLAIN = Trait("intact", 1.0)  # what remains
TRAITS = {
    "regenerated": Trait("intact", 0.02),
    "midnight": Trait("intact", 0.003),
    "frequent": Trait("intact", 0.025, 10),  # 2.1 % of the Arena's prompts in 2024
    "bot": Trait("intact", 0.015, 12),
    "repeated_line": Trait("intact", 0.003),
    "duplicate": Trait("duplicate", 0.03, 4),
    "error": Trait("error", 0.01, len(ERRORS)),
    "unfinished": Trait("unfinished", 0.004),
    "moderation_sentinel": Trait("moderation_sentinel", 0.005, 2),
    "empty_answer": Trait("empty_answer", 0.005),
    "null_message": Trait("null_message", 0.002),
    "vision": Trait("vision", 0.008, 2),
    "csam": Trait("csam", 0.0),
    "malformed": Trait("malformed", 0.005, len(MALFORMED)),
}


@dataclass(frozen=True)
class Item:
    """One chat or battle to be written."""

    kind: str  # "chat" or "battle"
    trait: str  # of a chat: a key of TRAITS, or "plain"
    ordinal: int  # how many of this trait came before


def items(conversations: int, days: int, rng: Random) -> list[Item]:
    """Chats and battles in random order; a battle stands for two conversations."""
    battles = int(conversations * BATTLE_SHARE / 2)
    chats = [
        Item("chat", name, ordinal)
        for name in TRAITS
        for ordinal in range(_count(name, conversations, days))
    ]
    missing = conversations - 2 * battles - len(chats)
    chats += [Item("chat", "plain", ordinal) for ordinal in range(missing)]
    everything = chats + [Item("battle", "plain", ordinal) for ordinal in range(battles)]
    rng.shuffle(everything)
    return everything


def fate(trait: str) -> str:
    """What a good pipeline makes of a conversation with this trait."""
    return TRAITS.get(trait, PLAIN).fate


def _count(name: str, conversations: int, days: int) -> int:
    if name == "midnight" and days == 1:
        return 0
    least = TRAITS[name].least if conversations >= SMALLEST_FULL else 0
    return max(least, int(conversations * TRAITS[name].share))
