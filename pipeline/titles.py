"""Titles of topics by a language model, where a server is given; words are what a topic has else.

The model sees the words that tell a topic from the others and some of its redacted prompts, of
users as different as may be. A title is published, and prompts may hold orders, so what comes back
is held to a few plain words; a word that too few users wrote is none of them. A topic whose title
is not sound keeps its words.
"""

import collections
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from pipeline.judges import questions
from pipeline.judges.options import Server
from pipeline.judges.questions import Question
from pipeline.topics import sampling, words
from pipeline.topics.model import Model
from pipeline.topics.sampling import Sample

EXEMPLARS = 10
EXEMPLAR_CHARS = 300
MOST_CHARS, MOST_WORDS, MOST_DIGITS = 60, 8, 4
SIGNS = frozenset(" ,&'/+#().-")
"""What a title may hold beside letters and digits."""
UNSOUND, RARE_WORD, SAME_TITLE = "unsound", "rare_word", "same_title"


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model calls a topic."""

    title: str


SYSTEM = """\
You name the topics of a collection of prompts that people sent to language models. A text holds \
one topic: a line with words that tell it from the other topics, and below it some of its prompts, \
one a line, without code, numbers and addresses. Give it a title of two to six English words that \
says what its prompts have in common. A title is made of plain words: no name of a person, no \
quotation, no number, no sentence."""
QUESTION = Question("title", SYSTEM, Title, 60)


def titled(made: Model, sample: Sample, server: Server) -> Model:
    """The model with titles as labels, for each topic that got a sound one; terms stay beside.

    Args:
        made: a model of clusters; one of labels has names already, and stays as it is.
        sample: what it was fitted to, redacted.
        server: which one is asked.
    """
    if made.kind != "clusters":
        return made
    asked = questions.Asked(QUESTION, server)
    shown = exemplars(made, sample)
    topics: list[dict[str, Any]] = [dict(topic) for topic in made.card["topics"]]
    texts = [
        "words: " + ", ".join(topic["terms"]) + "\n\n" + "\n".join(shown[topic["id"]])
        for topic in topics
    ]
    known = frozenset(made.words.to_pylist())
    lost: collections.Counter[str] = collections.Counter()
    taken: set[str] = set()
    for topic, told in zip(topics, asked.about(texts), strict=True):
        reason = told if isinstance(told, str) else fault(told.title, shown[topic["id"]], known)
        title = "" if isinstance(told, str) else " ".join(told.title.split())
        if not reason and title.casefold() in taken:
            reason = SAME_TITLE
        if reason:
            lost[reason] += 1
        else:
            taken.add(title.casefold())
            topic["label"] = title
    titles = {"model": asked.model, "without": dict(sorted(lost.items()))}
    return replace(made, card=made.card | {"topics": topics, "titles": titles})


def exemplars(made: Model, sample: Sample) -> dict[int, list[str]]:
    """The prompts nearest to each topic, by its number: of each user one, as long as there are any.

    The order depends on scores and ids, not on that of the sample.
    """
    found = made.assign(sample.texts)
    order = np.lexsort((np.argsort(np.argsort(sample.ids.to_pylist())), -found.scores))
    shown: dict[int, list[str]] = {topic["id"]: [] for topic in made.card["topics"]}
    for first in (True, False):
        seen: set[tuple[int, int]] = set()
        for at in order.tolist():
            topic, user = int(found.topics[at]), int(sample.users[at])
            is_new = user < 0 or (topic, user) not in seen
            seen.add((topic, user))
            mine = shown.get(topic)
            if mine is None or len(mine) >= EXEMPLARS or is_new != first:
                continue
            text = sample.texts[at].as_py()[:EXEMPLAR_CHARS]
            if text not in mine:
                mine.append(text)
    return shown


def fault(title: str, shown: list[str], known: frozenset[str]) -> str | None:
    """Why a title must not be published; None if it may.

    Args:
        title: what a model said.
        shown: the prompts that it saw.
        known: words that enough users wrote; others may come from one of the prompts.
    """
    spoken = title.split()
    digits = sum(sign.isdigit() for sign in title)
    is_plain = all(sign.isalnum() or sign in SIGNS for sign in title)
    fits = 0 < len(spoken) <= MOST_WORDS and len(title) <= MOST_CHARS and digits < MOST_DIGITS
    if not (fits and is_plain and any(map(str.isalpha, title))) or "www." in title.lower():
        return UNSOUND
    mine = set(_words([title]))
    return RARE_WORD if (mine & set(_words(shown))) - known else None


def _words(texts: list[str]) -> list[str]:
    """Their words, as a model knows them."""
    prose = sampling.prose_of(texts)
    found: list[str] = words.split(pa.concat_arrays([prose])).words.to_pylist()
    return found
