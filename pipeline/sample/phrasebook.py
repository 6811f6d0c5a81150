"""Texts to compose from: a phrasebook for each language, with topics that share words.

The mark before a line of a topic tells what it is: `? ` a prompt, `= ` things and `+ ` angles
(separated by `|`), no mark a sentence of answers. Slots in braces are filled by `writing`:
`thing` and `angle` (what the conversation is about), `other` (another thing), `n` (a number),
`kind`, `verb`, `noun` and `listing` (code), and in `personal` and `replies` the personal data.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """What a conversation can be about, in one language."""

    name: str
    prompts: tuple[str, ...]
    things: tuple[str, ...]
    angles: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Phrasebook:
    """Everything that is written in one language."""

    language: str  # ISO 639-1
    topics: tuple[Topic, ...]
    openers: tuple[str, ...]  # first sentence of an answer
    remarks: tuple[str, ...]  # sentences that fit any topic
    closers: tuple[str, ...]  # last sentence of an answer
    contexts: tuple[str, ...]  # what people add to a prompt
    follow_ups: tuple[str, ...]  # prompts of later turns
    personal: tuple[str, ...]  # added to a prompt, with personal data
    replies: tuple[str, ...]  # added to an answer, with the same personal data
    given: tuple[str, ...]  # first names
    family: tuple[str, ...]  # last names
    name: str = "{given} {family}"
    gap: str = " "  # between sentences


def lines(text: str) -> tuple[str, ...]:
    """Lines of a block, without blank ones."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def words(text: str) -> tuple[str, ...]:
    """Items separated by `|`."""
    return tuple(item.strip() for item in text.split("|") if item.strip())


def topic(name: str, text: str) -> Topic:
    """Topic from its marked lines."""
    rows = lines(text)
    return Topic(
        name=name,
        prompts=tuple(row[2:] for row in rows if row.startswith("? ")),
        things=words("|".join(row[2:] for row in rows if row.startswith("= "))),
        angles=words("|".join(row[2:] for row in rows if row.startswith("+ "))),
        sentences=tuple(row for row in rows if row[:2] not in {"? ", "= ", "+ "}),
    )
