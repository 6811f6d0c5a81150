"""Labelled sentences made from templates written by hand and names from lists.

Reproducible: one seeded `random.random()` stream decides everything; no set or dict order does.
"""

import random
import re
from dataclasses import dataclass

from pipeline.pii.names import gazetteer

Span = tuple[int, int, str]
SLOT = re.compile(r"\{([A-Za-z]+)\}")
DAYS = ("Monday", "Tuesday", "Friday", "Sunday", "Wednesday")
MONTHS = ("January", "March", "May", "July", "October", "December")
TITLES = ("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Mr", "Mrs", "Ms", "Dr", "Professor", "Sir", "Miss")
SUFFIXES = ("Ltd", "Inc.", "LLC", "Group", "GmbH", "Corp", "and Sons", "University", "Hospital")
STREETS = ("Street", "Road", "Avenue", "Lane", "Drive")
LEADING = (
    "Rua",
    "Via",
    "rue",
    "Rue",
    "Avenida",
    "Calle",
    "C/",
    "Avenue",
    "Viale",
    "Piazza",
    "ul.",
    "Strada",
)
TRAILING = ("straße", "strasse", " utca", " út", "gatan", " vei", "laan", "straat", " Allee", "weg")
VERBS = gazetteer.special("verb")
ONSETS = (
    "b",
    "c",
    "d",
    "f",
    "g",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "x",
    "z",
    "br",
    "st",
    "",
)
VOWELS = ("a", "e", "i", "o", "u", "y", "ea", "io", "oo")
ENDS = ("", "n", "r", "x", "s", "l", "t", "ify", "ly", "tron", "soft", "zon", "ium", "lex", "dex")
DEGREES = (" MD", " PhD", " Jr.", ", PhD", " DDS", " II")
LAST_FIRST, TWO_LAST = {"hu", "vi"}, {"es", "pt", "fr"}
ENGLISH, NOBODY = 0.5, 0.25
"""Shares of English sentences with names, and of sentences without; the rest: other languages."""
SECOND_SHARE, DEGREE_SHARE = 0.05, 0.03
SMALL_SHARE, CAPITAL_SHARE, ABROAD_SHARE = 0.14, 0.03, 0.4
LATIN = (
    "es",
    "pt",
    "fr",
    "de",
    "it",
    "nl",
    "pl",
    "cs",
    "ro",
    "tr",
    "id",
    "vi",
    "sv",
    "da",
    "no",
    "fi",
    "hu",
)


@dataclass(frozen=True)
class Sentence:
    """A text and its spans: begin and end in letters, and PER, LOC or ORG."""

    text: str
    spans: tuple[Span, ...]


class Dice:
    """Choices from one stream of numbers that no version of Python changes."""

    def __init__(self, seed: int) -> None:
        self.share = random.Random(seed).random  # noqa: S311 - sentences, no secrets

    def below(self, count: int) -> int:
        """A number from 0."""
        return int(self.share() * count)

    def of(self, choices: tuple[str, ...]) -> str:
        """One of some."""
        return choices[self.below(len(choices))]

    def chance(self, share: float) -> bool:
        """Whether something of that share happens."""
        return self.share() < share


def made(count: int, seed: int = 4) -> list[Sentence]:
    """That many sentences: English, hard negatives and other languages, joined one to three."""
    dice = Dice(seed)
    english = [("en", row[0]) for row in gazetteer.rows("templates_en.txt")]
    none = [("en", row[0]) for row in gazetteer.rows("templates_none.txt")]
    other = [(row[0], row[1]) for row in gazetteer.rows("templates.txt")]
    sentences = list[Sentence]()
    while len(sentences) < count:
        parts = []
        for _ in range(1 + dice.below(3)):
            at = dice.share()
            pool = english if at < ENGLISH else none if at < ENGLISH + NOBODY else other
            language, template = pool[dice.below(len(pool))]
            parts.append(_filled(template, language, dice))
        sentences.append(_joined(parts, dice))
    return sentences


def _joined(parts: list[Sentence], dice: Dice) -> Sentence:
    text, spans = "", list[Span]()
    for part in parts:
        text += dice.of((" ", "\n", "\n\n")) if text else ""
        spans.extend((begin + len(text), end + len(text), kind) for begin, end, kind in part.spans)
        text += part.text
    if dice.chance(SMALL_SHARE) and len(text.lower()) == len(text):
        text = text.lower()
    return Sentence(text, tuple(spans))


def _filled(template: str, language: str, dice: Dice) -> Sentence:
    template = template.replace("\\n", "\n").replace("\\t", "\t")
    text, spans, done = "", list[Span](), 0
    for slot in SLOT.finditer(template):
        text += template[done : slot.start()]
        done = slot.end()
        lead, value, kind = _value(slot[1], language, dice)
        text += lead
        if kind:
            spans.append((len(text), len(text) + len(value), kind))
        text += value
    return Sentence(text + template[done:], tuple(_merged(text, spans)))


def _merged(text: str, spans: list[Span]) -> list[Span]:
    """One span of the parts of one name: first, initial, last."""
    made = list[Span]()
    for begin, end, kind in spans:
        if made and made[-1][2] == kind == "PER" and text[made[-1][1] : begin] in {" ", ". "}:
            made[-1] = (made[-1][0], end, kind)
        else:
            made.append((begin, end, kind))
    return made


def _value(slot: str, language: str, dice: Dice) -> tuple[str, str, str]:
    """What stands before a slot's value, the value, and its kind or empty."""
    if slot in {"name", "first", "last", "titled", "initials", "initial"}:
        source = language
        if language == "en" and dice.chance(ABROAD_SHARE):
            source = dice.of(LATIN)
        lead = ""
        if slot == "titled" or (slot == "name" and dice.chance(0.04)):
            lead = dice.of(TITLES) + " " if language == "en" else ""
        is_full = slot == "titled" and dice.chance(0.4)
        value = _person("name" if is_full else slot, source, dice)
        if dice.chance(CAPITAL_SHARE):
            value = value.upper()
        return lead, value, "PER"
    if slot == "place":
        places = gazetteer.of_language("places.txt", "place", language)
        places = places or gazetteer.of_language("places.txt", "place", "en")
        return "", dice.of(places), "LOC"
    if slot == "street":
        return "", _street(language, dice), "LOC"
    if slot == "org":
        return "", _company(language, dice), "ORG"
    return "", _filler(slot, language, dice), ""


def _person(slot: str, language: str, dice: Dice) -> str:
    first = dice.of(gazetteer.of_language("names.txt", "first", language))
    last = dice.of(gazetteer.of_language("names.txt", "last", language))
    letter = chr(ord("A") + dice.below(26))
    parts = {
        "first": first,
        "last": last,
        "titled": last,
        "initial": letter,
        "initials": f"{letter}. {chr(ord('A') + dice.below(26))}.",
    }
    if slot in parts:
        return parts[slot]
    if language in LAST_FIRST:
        return f"{last} {first}"
    if dice.chance(SECOND_SHARE):
        first += " " + dice.of(gazetteer.of_language("names.txt", "first", language))
    elif dice.chance(SECOND_SHARE):
        first += f" {letter}."
    if language in TWO_LAST and dice.chance(ABROAD_SHARE):
        sign = "-" if language == "fr" else " "
        last += sign + dice.of(gazetteer.of_language("names.txt", "last", language))
    if dice.chance(DEGREE_SHARE):
        last += dice.of(DEGREES)
    return f"{first} {last}"


def _company(language: str, dice: Dice) -> str:
    last = dice.of(gazetteer.of_language("names.txt", "last", language))
    if dice.chance(0.25):
        names = (dice.of(gazetteer.of_language("names.txt", "last", language)) for _ in range(2))
        return f"{last}, {' and '.join(names)}"
    if dice.chance(0.2):
        return f"{last}-{dice.of(gazetteer.of_language('names.txt', 'last', language))}"
    if dice.chance(0.3):
        return f"{last} & {dice.of(gazetteer.of_language('names.txt', 'last', language))}"
    if dice.chance(0.4):
        return f"{_word(language, dice).capitalize()} {dice.of(SUFFIXES)}"
    return f"{last} {dice.of(SUFFIXES)}"


def _street(language: str, dice: Dice) -> str:
    """A street named after a person or a place, the way that some countries write it."""
    source = dice.of(LATIN) if dice.chance(0.5) else language
    name = _person("name" if dice.chance(0.6) else "last", source, dice)
    if dice.chance(0.3):
        name = dice.of(gazetteer.of_language("places.txt", "place", "en"))
    number = 1 + dice.below(300)
    if dice.chance(0.6):
        lead = dice.of(LEADING)
        return f"{lead} {name} {number}" if dice.chance(0.5) else f"{number} {lead} {name}"
    if dice.chance(0.5):
        return f"{number} {name} {dice.of(STREETS)}"
    return f"{name}{dice.of(TRAILING)} {number}"


def _word(language: str, dice: Dice) -> str:
    kind = "word" if dice.chance(0.7) else "job"
    words = gazetteer.of_language("words.txt", kind, language)
    words = words or gazetteer.of_language("words.txt", "word", language)
    return dice.of(words or gazetteer.of_language("words.txt", "word", "en"))


def _nonce(dice: Dice) -> str:
    """A word that nobody knows, as of a product: it has no meaning, so only its place tells."""
    word = "".join(dice.of(ONSETS) + dice.of(VOWELS) for _ in range(1 + dice.below(3)))
    return (word + dice.of(ENDS)).capitalize()


def _filler(slot: str, language: str, dice: Dice) -> str:
    if slot == "word":
        return _word(language, dice)
    if slot == "Nonce":
        return _nonce(dice)
    if slot == "WORD":
        return _word(language, dice).upper()
    if slot == "Word":
        return _word(language, dice).capitalize()
    number = 1 + dice.below(999)
    return {
        "verb": dice.of(VERBS),
        "email": f"user{number}@example.org",
        "phone": f"+1 555 01{number % 100:02}",
        "number": str(number),
        "year": str(1900 + number % 125),
        "day": dice.of(DAYS),
        "date": f"{dice.of(MONTHS)} {1 + number % 28}, {1950 + number % 75}",
        "Street": dice.of(STREETS),
    }[slot]
