"""What is known of a sample before topics are fitted: its words, users and languages."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.errors import SampleError
from pipeline.language import detection
from pipeline.topics import vectors, words
from pipeline.topics.model import known
from pipeline.topics.sampling import Sample

LEAST_TEXTS = 3
"""That a word must stand in to be known."""


@dataclass(frozen=True)
class Options:
    """How a model is fitted.

    Attributes:
        topics: how many, before small ones are folded.
        seed: of all that is random.
        dimensions: of the vectors.
        others: share of the sample that is least surely of its topic.
        most_words: known words.
        min_users: of a topic, and of a word.
        min_conversations: of a topic, and of a word in its name.
        languages: whether what tells languages is taken out of the vectors.
    """

    topics: int = 20
    seed: int = 0
    dimensions: int = vectors.DIMENSIONS
    others: float = 0.05
    most_words: int = 20_000
    min_users: int = 5
    min_conversations: int = 20
    languages: bool = True


@dataclass(frozen=True)
class Space:
    """Known words, and what they are in the sample.

    Attributes:
        words: sorted.
        writers: distinct users of each.
        held: which of them each text of the sample has: sparse, (texts, words).
        languages: the language of each text, as numbers.
        names: of the languages.
    """

    words: pa.StringArray
    writers: np.ndarray
    held: Any
    languages: np.ndarray
    names: list[str]


def space(sample: Sample, options: Options) -> Space:
    """Choose the words to know.

    Raises:
        SampleError: there are hardly any, or users cannot be counted.
    """
    if options.min_users > 0 and len(sample) and not sample.has_users:
        raise SampleError(
            "no user is known, so users cannot be counted: release `user_id`, give the output "
            "folder of the run that has a run folder, or say --min-users 0"
        )
    found = words.split(sample.texts)
    known_words, writers = vectors.vocabulary(
        found.words, found.rows, sample.users, (options.min_users, LEAST_TEXTS), options.most_words
    )
    if len(known_words) < 2:  # noqa: PLR2004 (a pair)
        raise SampleError("too few words that enough users wrote: the sample is too small")
    names, languages = np.unique(
        detection.detect(sample.texts).codes.astype(str), return_inverse=True
    )
    held = known(sample.texts, known_words)
    return Space(known_words, writers, held, languages, names.tolist())


def embedded(known_words: Space, options: Options, given: np.ndarray | None = None) -> np.ndarray:
    """The vectors of the words as they are added: shape (words, dimensions)."""
    held, languages = known_words.held, known_words.languages
    if not options.languages:
        languages = np.zeros_like(languages)
    found = given
    if found is None:
        found = vectors.of_words(held, languages, options.dimensions, options.seed)
    found = vectors.weighted(found, held)
    return vectors.without_languages(found, held, languages)
