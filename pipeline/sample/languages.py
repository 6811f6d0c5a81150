"""The phrasebooks and how often people write in each language."""

from random import Random

from pipeline.sample import (
    arabic,
    chinese,
    english,
    french,
    german,
    italian,
    japanese,
    korean,
    portuguese,
    russian,
    spanish,
)
from pipeline.sample.phrasebook import Phrasebook

ALL = (
    *(english.BOOK, chinese.BOOK, spanish.BOOK, russian.BOOK, portuguese.BOOK, german.BOOK),
    *(french.BOOK, japanese.BOOK, italian.BOOK, korean.BOOK, arabic.BOOK),
)
BOOKS = {book.language: book for book in ALL}
# Per cent; flatter than in real traffic, so that a small sample has every language.
SHARES = {
    "en": 53,
    "zh": 7,
    "es": 6,
    "ru": 6,
    "pt": 5,
    "de": 5,
    "fr": 5,
    "ja": 4,
    "it": 3,
    "ko": 3,
    "ar": 3,
}


def hundred(rng: Random) -> list[Phrasebook]:
    """Languages of a hundred people, in random order."""
    people = [BOOKS[language] for language, share in SHARES.items() for _ in range(share)]
    rng.shuffle(people)
    return people
