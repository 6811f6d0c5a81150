"""What is said in a conversation, before anybody says when."""

import unicodedata
from collections.abc import Callable
from random import Random

from pipeline.sample import crowd, faults, writing
from pipeline.sample.phrasebook import Phrasebook
from pipeline.sample.records import Content, Turn
from pipeline.sample.writing import Talk

Script = tuple[Turn, ...]
TURNS = {1: 62, 2: 20, 3: 9, 4: 4, 5: 2, 6: 1, 7: 1, 8: 1}  # turns of a conversation, per cent
DECOMPOSED = 1  # of every four copies; two are exact, one has more white space
SPOILED = {"error", "unfinished", "empty_answer", "null_message", "malformed"}  # of one turn
QUESTIONS = ("What is in this picture?", "Read the sign in the photo.", "Which plant is this?")


def of_chat(rng: Random, book: Phrasebook, trait: str, ordinal: int) -> Script:
    """Script of a chat with that trait."""
    about = writing.talk(rng, book)
    if trait in SPOILED:
        return spoil(rng, plain(rng, about, 1), trait, ordinal)
    return SPECIAL.get(trait, _plain)(rng, about, ordinal)


def of_battle(rng: Random, book: Phrasebook, trait: str, ordinal: int) -> tuple[Script, Script]:
    """Scripts of both sides, same prompts and different answers; the right one has the trait."""
    about = writing.talk(rng, book)
    left = plain(rng, about, 1 if trait in SPOILED else 0)
    right = tuple(Turn(turn.prompt, (writing.answer(rng, about),)) for turn in left)
    return left, spoil(rng, right, trait, ordinal)


def plain(rng: Random, about: Talk, turns: int = 0) -> Script:
    """So many turns, or as many as people have."""
    count = turns or rng.choices(tuple(TURNS), tuple(TURNS.values()))[0]
    prompts = [writing.prompt(rng, about)]
    prompts += [writing.follow_up(rng, about) for _ in range(count - 1)]
    return tuple(Turn(prompt, (writing.answer(rng, about),)) for prompt in prompts)


def spoil(rng: Random, script: Script, trait: str, ordinal: int) -> Script:
    """The last answer becomes what the trait says; other traits leave it as it is."""
    *before, last = script
    answer = last.answers[-1] or ""
    spoiled = {
        "error": faults.ERRORS[ordinal % len(faults.ERRORS)],
        "unfinished": answer[: rng.randrange(20, len(answer))] + faults.CURSOR,
        "empty_answer": "",
        "null_message": None,
    }
    return (*before, Turn(last.prompt, (spoiled.get(trait, answer),)))


def has_accents(script: Script) -> bool:
    """Whether the first prompt looks different to a program when it is decomposed."""
    prompt = script[0].prompt
    return isinstance(prompt, str) and not unicodedata.is_normalized("NFD", prompt)


def copied(script: Script, ordinal: int) -> Script:
    """A copy as it ended; every other one exact, the others in disguise."""
    if ordinal % 2 == 0:
        return tuple(Turn(turn.prompt, turn.answers[-1:]) for turn in script)
    return tuple(
        Turn(_disguised(turn.prompt, ordinal), (_disguised_answer(turn.answers[-1], ordinal),))
        for turn in script
    )


def _plain(rng: Random, about: Talk, _: int) -> Script:
    return plain(rng, about)


def _long(rng: Random, about: Talk, _: int) -> Script:
    """Several turns, so that a night can fall between two of them."""
    return plain(rng, about, rng.randrange(2, 5))


def _request(rng: Random, _: Talk, ordinal: int) -> Script:
    prompt, answer = crowd.request(rng, ordinal)
    return (Turn(prompt, (answer,)),)


def _greeting(rng: Random, about: Talk, ordinal: int) -> Script:
    """Three in ten go on with a real question."""
    first = Turn(crowd.GREETING, (crowd.greeting(rng),))
    return (first, *plain(rng, about)) if ordinal % 10 in {2, 5, 8} else (first,)


def _regenerated(rng: Random, about: Talk, _: int) -> Script:
    script = list(plain(rng, about))
    place = rng.randrange(len(script))
    rejected = tuple(writing.answer(rng, about) for _ in range(rng.choice((1, 1, 2))))
    script[place] = Turn(script[place].prompt, rejected + script[place].answers)
    return tuple(script)


def _picture(rng: Random, about: Talk, ordinal: int) -> Script:
    """A question about an image, every third time with another question after it."""
    content: Content = [rng.choice(QUESTIONS), [f"{rng.getrandbits(128):032x}"]]
    first = Turn(content, (f"I see {rng.choice(about.topic.things)}.",))
    return (first, *plain(rng, about, 1)) if ordinal % 3 == 1 else (first,)


def _moderated(rng: Random, about: Talk, ordinal: int) -> Script:
    """The sentinel stands for the only prompt, or for the second."""
    *before, last = plain(rng, about, 1 + ordinal % 2)
    return (*before, Turn(faults.SENTINEL, last.answers))


SPECIAL: dict[str, Callable[[Random, Talk, int], Script]] = {
    "bot": _request,
    "csam": _picture,
    "frequent": _greeting,
    "midnight": _long,
    "moderation_sentinel": _moderated,
    "regenerated": _regenerated,
    "vision": _picture,
}


def _disguised(content: Content, ordinal: int) -> Content:
    """Same text to a reader: decomposed accents where there are any, or more white space."""
    if not isinstance(content, str):
        return content
    decomposed = unicodedata.normalize("NFD", content)
    if ordinal % 4 == DECOMPOSED and decomposed != content:
        return decomposed
    return f" {content}\n".replace(". ", ".  ").replace("\n\n", "\n \n\n")


def _disguised_answer(answer: str | None, ordinal: int) -> str | None:
    disguised = _disguised(answer, ordinal)
    return disguised if isinstance(disguised, str) else None
