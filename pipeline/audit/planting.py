"""Plant known values in the messages of a conversation.

A canary hangs on the conversation, the place of the message in it and the message's text, so that
the same message gets the same canary in every cumulative line and in votes.
"""

import hashlib
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

import msgspec

from pipeline.audit import canary_values, canary_words
from pipeline.audit.strata import script

UNCUED = (
    *("person", "email", "phone", "address", "card", "iban", "national_id", "ip", "mac", "url"),
    *("url_secret", "wallet", "secret"),
)
"""Kinds that are known without a word before them."""
ECHO_SHARE = 0.5
CUE_SHARE = 0.6
Cue = Literal["cue", "bare", "echo"]


class Canary(msgspec.Struct, frozen=True):
    """A planted value: one line of the truth.

    Attributes:
        message: its place in the conversation, from 0.
        cue: whether words before it tell what it is (`cue`), nothing does (`bare`), or an answer
            repeats what the prompt said, in another spelling (`echo`).
    """

    conversation_id: str
    message: int
    role: str
    kind: str
    language: str
    cue: Cue
    value: str


@dataclass(frozen=True)
class Planter:
    """Plants canaries.

    Attributes:
        seed: another seed, other values in other places.
        share: of the messages that get one.
    """

    seed: int
    share: float

    def plant(self, messages: list[Any], conversation_id: str) -> list[Canary]:
        """Plant in the messages of a state, in place: pairs of role and text."""
        found: list[Canary] = []
        for place, message in enumerate(messages):
            text = message[1] if isinstance(message, list) and len(message) > 1 else None
            if not isinstance(text, str) or not text.strip():
                continue
            digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
            rng = Random(f"{self.seed}|{conversation_id}|{place}|{digest}")  # noqa: S311
            before = found[-1] if found and found[-1].message == place - 1 else None
            is_echo = place % 2 == 1 and before is not None and rng.random() < ECHO_SHARE
            if not is_echo and rng.random() >= self.share:
                continue
            language = _language(text, rng)
            if is_echo and before is not None:
                canary, said = _echo(before, language, rng)
            else:
                canary, said = _fresh(conversation_id, place, language, rng)
            found.append(canary)
            pieces = (said, text) if rng.random() < 0.3 else (text, said)  # noqa: PLR2004
            message[1] = "\n\n".join(pieces)
        return found


def _language(text: str, rng: Random) -> str:
    """The language of the canary's sentence: that of the script, any of Latin ones."""
    by_script = {"cyrillic": "ru", "han": "zh", "kana": "ja", "hangul": "ko", "arabic": "ar"}
    found = by_script.get(script(text))
    return found or rng.choice(("en", "en", "de", "fr", "es", "it", "pt"))


def _fresh(who: str, place: int, language: str, rng: Random) -> tuple[Canary, str]:
    role = ("user", "assistant")[place % 2]
    kind = rng.choice(tuple(canary_values.MAKERS))
    value = canary_values.value(kind, rng, language)
    is_name_of_answer = kind == "person" and role == "assistant"
    has_cue = kind not in UNCUED or is_name_of_answer or rng.random() < CUE_SHARE
    canary = Canary(who, place, role, kind, language, "cue" if has_cue else "bare", value)
    return canary, _sentence(kind, language, rng, has_cue=has_cue).format(value=value)


def _echo(before: Canary, language: str, rng: Random) -> tuple[Canary, str]:
    value = canary_values.respelled(before.kind, before.value)
    canary = Canary(
        before.conversation_id,
        before.message + 1,
        "assistant",
        before.kind,
        before.language,
        "echo",
        value,
    )
    return canary, _sentence(before.kind, language, rng, has_cue=False).format(value=value)


def _sentence(kind: str, language: str, rng: Random, *, has_cue: bool) -> str:
    if not has_cue:
        return rng.choice(canary_words.CARRIERS[language])
    if kind == "person":
        return rng.choice(canary_words.CALLED[language]).replace("\\n", "\n")
    noun = canary_words.NOUNS[language][canary_words.KINDS.index(kind)]
    if language == "en" and rng.random() < 0.5:  # noqa: PLR2004 (some write whole sentences)
        return f"My {noun} is {{value}}"
    return f"{noun}: {{value}}"
