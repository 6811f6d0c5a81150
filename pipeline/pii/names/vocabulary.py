"""Which words the model knows, counted in the sentences it is fitted to and read from the lists."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from pipeline.pii.names import gazetteer, lexicon, words
from pipeline.pii.names.sentences import Sentence
from pipeline.pii.names.words import Words

SEEN = 3
"""A word has a row of weights, or counts as common, if it was seen so often."""


def of(real: Sequence[Sentence], made: Sequence[Sentence]) -> tuple[np.ndarray, ...]:
    """Hash, class and row of every word that the model knows, sorted by hash."""
    classes = _listed()
    seen: dict[int, list[int]] = {}
    for some in (real, made):
        for found in _words(some):
            small = (found.uppers == 0) & (found.first == words.LOWER)
            for key, is_small in zip(found.folded.tolist(), small.tolist(), strict=True):
                count = seen.setdefault(key, [0, 0, 0])
                count[0] += 1
                count[1] += is_small
                count[2] += some is real
    for key, (count, small, _) in seen.items():
        named = classes.get(key, 0) & lexicon.NAMED
        if small >= SEEN and (not named or small > 0.6 * count):
            classes[key] = classes.get(key, 0) | lexicon.COMMON
    keys = np.array(
        sorted(classes.keys() | {k for k, v in seen.items() if v[0] >= SEEN}), np.uint64
    )
    rows, row = np.zeros(len(keys), np.int32), 0
    for place, key in enumerate(keys.tolist()):
        kind = classes.get(key, 0)
        count, _, in_real = seen.get(key, (0, 0, 0))
        plain = not kind & lexicon.NAMED or kind & lexicon.COMMON or in_real >= 12
        if count >= SEEN and plain:
            row += 1
            rows[place] = row
    return keys, np.array([classes.get(k, 0) for k in keys.tolist()], np.uint8), rows


def _words(some: Sequence[Sentence]) -> Iterator[Words]:
    for begin in range(0, len(some), 500):
        yield words.of(pa.array([one.text for one in some[begin : begin + 500]], pa.string()))


def _split(entries: Sequence[str]) -> dict[str, list[int]]:
    """Hashes of the words of each entry."""
    found = words.of(pa.array(list(entries), pa.string()))
    parts: dict[str, list[int]] = {entry: [] for entry in entries}
    for at, key in zip(found.text.tolist(), found.folded.tolist(), strict=True):
        parts[entries[at]].append(key)
    return parts


def _listed() -> dict[int, int]:
    """Class of each word of the lists, by hash."""
    classes: dict[int, int] = {}

    def add(entries: Sequence[str], bits: int) -> None:
        for keys in _split(sorted(set(entries))).values():
            for key in keys:
                classes[key] = classes.get(key, 0) | bits

    for kind, place in (("first", lexicon.FIRST), ("last", lexicon.LAST)):
        tiers = gazetteer.tiers(kind)
        for tier in (1, 2, 3):
            add(
                [word for word, its in tiers.items() if its == tier and len(word) > 1], tier * place
            )
    for (_, kind), entries in gazetteer.listed("places.txt").items():
        add(entries if kind == "place" else (), lexicon.PLACE)
    for (_, kind), entries in gazetteer.listed("words.txt").items():
        named = gazetteer.tiers("first")
        plain = [word for word in entries if word not in named] if kind == "word" else ()
        add(plain, lexicon.COMMON)
    for name, kind in (
        ("company", lexicon.COMPANY),
        ("particle", lexicon.PARTICLE),
        ("title", lexicon.TITLE),
    ):
        for keys in _split(gazetteer.special(name)).values():
            for key in keys:
                classes[key] = classes.get(key, 0) & (lexicon.KIND - 1) | kind * lexicon.KIND
    return classes
