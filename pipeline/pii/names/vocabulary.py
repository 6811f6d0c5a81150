"""Which words the model knows, counted in the sentences it is fitted to and read from the lists."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from pipeline.pii.names import gazetteer, lexicon, words
from pipeline.pii.names.sentences import Sentence
from pipeline.pii.names.words import Words

SEEN = 3
"""A word has a row of weights, or counts as common, if it was seen so often."""
MOSTLY = 0.6
OFTEN = 12
"""So often in real text, and a word that is in a list of names has a row too."""
SPECIAL = (
    ("company", lexicon.COMPANY),
    ("particle", lexicon.PARTICLE),
    ("title", lexicon.TITLE),
)


def of(
    real: Sequence[Sentence], made: Sequence[Sentence]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hash, class and row of every word that the model knows, sorted by hash."""
    classes, seen = _listed(), _counts(real, made)
    for key, (count, small, _) in seen.items():
        named = classes.get(key, 0) & lexicon.NAMED
        if small >= SEEN and (not named or small > MOSTLY * count):
            classes[key] = classes.get(key, 0) | lexicon.COMMON
    known = sorted(classes.keys() | {key for key, counts in seen.items() if counts[0] >= SEEN})
    rows, row = np.zeros(len(known), np.int32), 0
    for place, key in enumerate(known):
        kind = classes.get(key, 0)
        count, _, in_real = seen.get(key, (0, 0, 0))
        plain = not kind & lexicon.NAMED or kind & lexicon.COMMON or in_real >= OFTEN
        if count >= SEEN and plain:
            row += 1
            rows[place] = row
    kinds = np.array([classes.get(key, 0) for key in known], np.uint8)
    return np.array(known, np.uint64), kinds, rows


def _counts(real: Sequence[Sentence], made: Sequence[Sentence]) -> dict[int, tuple[int, int, int]]:
    """How often each word was seen, how often in lower case, how often in real text."""
    keys, small, is_real = [], [], []
    for some in (real, made):
        for found in _words(some):
            keys.append(found.folded)
            small.append((found.uppers == 0) & (found.first == words.LOWER))
            is_real.append(np.full(len(found), some is real))
    distinct, place = np.unique(np.concatenate(keys), return_inverse=True)
    columns = (
        np.bincount(place),
        np.bincount(place, np.concatenate(small)).astype(np.int64),
        np.bincount(place, np.concatenate(is_real)).astype(np.int64),
    )
    counted = zip(*(column.tolist() for column in columns), strict=True)
    return dict(zip(distinct.tolist(), counted, strict=True))


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
    for kind, place in (("first", lexicon.FIRST), ("last", lexicon.LAST)):
        tiers = gazetteer.tiers(kind)
        for tier in (1, 2, 3):
            named = [word for word, its in tiers.items() if its == tier and len(word) > 1]
            _mark(classes, named, tier * place)
    for (_, kind), entries in gazetteer.listed("places.txt").items():
        _mark(classes, entries if kind == "place" else (), lexicon.PLACE)
    firsts = gazetteer.tiers("first").keys()
    for (_, kind), entries in gazetteer.listed("words.txt").items():
        plain = [word for word in entries if word not in firsts] if kind == "word" else ()
        _mark(classes, plain, lexicon.COMMON)
    for _, several in gazetteer.rows("common.txt"):
        _mark(classes, several.split(","), lexicon.COMMON)
    for keys in _split(gazetteer.special("never")).values():
        classes.update(dict.fromkeys(keys, lexicon.COMMON))
    for name, its in SPECIAL:
        for keys in _split(gazetteer.special(name)).values():
            for key in keys:
                classes[key] = classes.get(key, 0) & (lexicon.KIND - 1) | its * lexicon.KIND
    return classes


def _mark(classes: dict[int, int], entries: Sequence[str], bits: int) -> None:
    """Set bits in the class of every word of the entries."""
    for keys in _split(sorted(set(entries))).values():
        for key in keys:
            classes[key] = classes.get(key, 0) | bits
