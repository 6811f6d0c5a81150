"""Find names of persons in the texts of a batch, and say what speaks for each."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import messages
from pipeline.pii.findings import Findings
from pipeline.pii.names import cues, features, public, tagger, unspaced, words
from pipeline.pii.names import lexicon as lists
from pipeline.pii.names.extents import Extent, Walker
from pipeline.pii.names.features import Segments
from pipeline.pii.names.tagger import Tagged
from pipeline.pii.names.words import Words

NAME_RULES = (
    ("name_self", "a person says it is theirs: 'my name is X'"),
    ("name_am", "weaker: 'I am X', 'this is X', 'her name is X'"),
    ("name_hello", "a greeting: 'Dear X,' 'Hi X,'"),
    ("name_bye", "a signature: 'Regards, X'"),
    ("name_field", "a field of a form, JSON or a table: 'Contact: X'"),
    ("name_kin", "a relative or colleague: 'my wife X'"),
    ("name_author", "a writer or signer: '(written by X'"),
    ("name_beside", "directly beside an e-mail address, a telephone number or the like"),
    ("name_titled", "an honorific: 'Dr. X'"),
    ("name_full", "the model is sure of a name of two words or more"),
    ("name_bare", "the model sees a name of one word, or is not sure"),
)
"""Identifier of each rule, and its evidence."""
RULE = {name: place for place, (name, _) in enumerate(NAME_RULES)}
CUED = tuple(f"name_{kind}" for kind in cues.KINDS)
RELEASE_USER = ("name_self", "name_hello", "name_bye", "name_field", "name_kin", "name_beside")
"""Rules whose findings the default policy redacts where a user writes."""
RELEASE_ASSISTANT = ("name_self",)
"""Likewise where an assistant does; names of the user's turns come on top."""

NEAR = 40
"""Letters and signs between a name and other personal data beside it."""
WEAK, SURE = -24, 64
"""Margins: a name beside other data may be this weak; a full name must be this sure."""
NONE = -(1 << 30)
AFTER_HELLO = frozenset(",!.:?\n)，。！、-;")
SCORES = {
    **{"name_self": 0.95, "name_am": 0.7, "name_hello": 0.9, "name_bye": 0.9, "name_field": 0.85},
    **{"name_kin": 0.9, "name_author": 0.6, "name_beside": 0.9, "name_titled": 0.6},
}
SMALL_FACTOR, UNLISTED_FACTOR = 0.8, 0.85


@dataclass(frozen=True)
class Beside:
    """Spans of other personal data in the texts of the batch, flat: bytes, shape (spans,)."""

    text: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class Batch:
    """One chunk of texts under work: its words, and what the model says of them."""

    texts: pa.StringArray
    words: Words
    segments: Segments
    tagged: Tagged
    margin: np.ndarray


def find(texts: pa.StringArray, beside: Beside | None = None) -> Findings:
    """The names in each text; each text for itself, whatever the batch.

    Args:
        texts: shape (texts,); null holds no name.
        beside: e-mail addresses, telephone numbers and the like, found by other rules.
    """
    texts = pc.fill_null(texts, "")
    found: list[Findings] = []
    for begin, end in words.chunks(texts):
        part = texts.slice(begin, end - begin)
        near = None if beside is None else _within(beside, begin, end)
        here = _chunk(part, near)
        found.append(Findings(here.text + begin, here.start, here.end, here.rule, here.score))
    if not found:
        return Findings.of([])
    return Findings(
        np.concatenate([one.text for one in found]),
        np.concatenate([one.start for one in found]),
        np.concatenate([one.end for one in found]),
        np.concatenate([one.rule for one in found]),
        np.concatenate([one.score for one in found]),
    )


def _within(beside: Beside, begin: int, end: int) -> Beside:
    mine = (beside.text >= begin) & (beside.text < end)
    return Beside(beside.text[mine] - begin, beside.start[mine], beside.end[mine])


def _chunk(texts: pa.StringArray, beside: Beside | None) -> Findings:
    model = tagger.shipped()
    found = words.of(texts)
    if not len(found):
        return Findings.of([])
    segments = features.segments(found, model.lexicon)
    tagged, margin = tagger.tag(found, segments, model, WEAK)
    batch = Batch(texts, found, segments, tagged, margin)
    cued = sorted(_cued(batch))
    places = words.byte_places(found, texts)
    base = places[found.begins()]
    spans = [_bytes(one, found, places, base) for one in cued]
    spans.extend(
        (text, start, end, RULE[f"name_{kind}"], SCORES[f"name_{kind}"])
        for text, start, end, kind in unspaced.find(texts)
    )
    spans.extend(_tagged(batch, beside, places, base))
    return Findings.of(_apart(spans))


def _bytes(
    one: tuple[int, int, int, float], found: Words, places: np.ndarray, base: np.ndarray
) -> tuple[int, int, int, int, float]:
    start, stop, rule, score = one
    text = int(np.searchsorted(found.ends, start, "right"))
    return text, int(places[start] - base[text]), int(places[stop] - base[text]), rule, score


def _apart(
    spans: list[tuple[int, int, int, int, float]],
) -> list[tuple[int, int, int, int, float]]:
    """Spans that do not overlap, by place; where two do, the first rule's stays, then the longer."""
    kept: list[tuple[int, int, int, int, float]] = []
    for span in sorted(spans, key=lambda one: (one[0], one[1], one[3])):
        if kept and kept[-1][0] == span[0] and span[1] < kept[-1][2]:
            if span[3] < kept[-1][3]:
                kept[-1] = span
            continue
        kept.append(span)
    return kept


def _cued(batch: Batch) -> Iterator[tuple[int, int, int, float]]:
    """Names behind cues: first letter, behind the last, rule, score."""
    walker = Walker(batch.words, batch.segments)
    at, kinds = cues.find(batch.words, walker.could_begin())
    by_word = np.full(len(batch.words), NONE, np.int64)
    by_word[batch.segments.word] = batch.margin
    for first, kind in zip(at.tolist(), kinds.tolist(), strict=True):
        name = walker.walk(first)
        if name is None:
            continue
        margin = int(by_word[name.first : name.last + 1].max())
        score = _judged(CUED[kind], name, margin, batch.words)
        if score > 0:
            yield name.start, name.stop, RULE[CUED[kind]], score


def _judged(rule: str, name: Extent, margin: int, found: Words) -> float:
    """How sure a name behind a cue is; 0: it is none."""
    is_likely = margin > 0 or name.titled
    is_known = name.listed > 0 or is_likely
    if rule != "name_self" and (_is_public(found, name) or not is_known):
        return 0.0
    after = found.string(name.stop, min(name.stop + 1, _end(found, name.last)))
    ends_well = not after or after in AFTER_HELLO
    refused = {
        "name_self": _is_public(found, name) and name.words == 1,
        "name_am": name.small or margin <= 0,
        "name_hello": not ends_well,
        "name_bye": not (ends_well or after.isspace()) or (name.small and not ends_well),
        "name_field": name.words < 2 and margin <= 0,  # noqa: PLR2004: one word
        "name_kin": False,
        "name_author": name.small,
    }[rule]
    if refused:
        return 0.0
    score = SCORES[rule] * (SMALL_FACTOR if name.small else 1)
    return score * (1 if is_known else UNLISTED_FACTOR)


def _end(found: Words, word: int) -> int:
    return int(found.ends[found.text[word]])


def _is_public(found: Words, name: Extent) -> bool:
    first, last = np.array([name.first]), np.array([name.last])
    return bool(public.is_public(found, first, last)[0])


def _tagged(
    batch: Batch, beside: Beside | None, places: np.ndarray, base: np.ndarray
) -> list[tuple[int, int, int, int, float]]:
    """Names that the model sees: text, first byte, behind the last byte, rule, score."""
    found, tagged, classes = batch.words, batch.tagged, batch.segments.classes
    if not len(tagged.first):
        return []
    titled = np.zeros(len(tagged.first), bool)
    ahead = np.maximum(tagged.first - 1, 0)
    titled = (classes[ahead] >> 6 == lists.TITLE) & batch.segments.joined[tagged.first]
    first = np.where(titled, ahead, tagged.first)
    titled |= (classes[tagged.first] >> 6 == lists.TITLE) & (tagged.last > tagged.first)
    start, stop = found.start[first], found.stop[tagged.last]
    text = found.text[first]
    near = _is_near(beside, text, start, stop, found, places, base)
    many = tagged.last > tagged.first
    rule = np.where(many & (tagged.margin >= SURE), RULE["name_full"], RULE["name_bare"])
    rule = np.where(titled, RULE["name_titled"], rule)
    rule = np.where(near, RULE["name_beside"], rule)
    score = _certainty(tagged.margin)
    keep = (near | (tagged.margin > 0)) & ~public.is_public(found, tagged.first, tagged.last)
    first_byte, end_byte = places[start] - base[text], places[stop] - base[text]
    columns = [one[keep].tolist() for one in (text, first_byte, end_byte, rule, score)]
    return list(zip(*columns, strict=True))


def _certainty(margin: np.ndarray) -> np.ndarray:
    """A margin as a probability, in hundredths: the logistic function of log-odds."""
    odds = margin / tagger.SCALE
    return np.round(1 / (1 + np.exp(-odds)), 2)


def _is_near(
    beside: Beside | None,
    text: np.ndarray,
    start: np.ndarray,
    stop: np.ndarray,
    found: Words,
    places: np.ndarray,
    base: np.ndarray,
) -> np.ndarray:
    """Whether other personal data stands within NEAR letters of each name."""
    near = np.zeros(len(start), bool)
    if beside is None or not len(beside.text):
        return near
    begins = np.sort(np.searchsorted(places, base[beside.text] + beside.start))
    ends = np.sort(np.searchsorted(places, base[beside.text] + beside.end))
    ahead = np.minimum(np.searchsorted(begins, stop), len(begins) - 1)
    behind = np.maximum(np.searchsorted(ends, start, "right") - 1, 0)
    limit = found.ends[text]
    origin = found.begins()[text]
    near |= (begins[ahead] >= stop) & (begins[ahead] - stop <= NEAR) & (begins[ahead] < limit)
    near |= (ends[behind] <= start) & (start - ends[behind] <= NEAR) & (ends[behind] > origin)
    return near
