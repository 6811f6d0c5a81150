"""Find names of persons in the texts of a batch, and say what speaks for each."""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.pii.findings import Findings
from pipeline.pii.names import cues, features, public, tagger, unspaced, words
from pipeline.pii.names import lexicon as lists
from pipeline.pii.names.extents import Extent, Walker
from pipeline.pii.names.features import Segments
from pipeline.pii.names.tagger import Tagged
from pipeline.pii.names.words import SCRIPT, Words

NAME_RULES = (
    ("name_self", "a person says it is theirs: 'my name is X'"),
    ("name_am", "weaker: 'I am X', 'this is X'"),
    ("name_named", "of another: 'her name is X', 'a man named X'"),
    ("name_hello", "a greeting: 'Dear X,' 'Hi X,'"),
    ("name_bye", "a signature: 'Regards, X'"),
    ("name_field", "a field of a form, JSON or a table: 'Contact: X'"),
    ("name_kin", "a relative or colleague: 'my wife X'"),
    ("name_author", "a writer or signer: '(written by X'"),
    ("name_beside", "directly beside an e-mail address, a telephone number or the like"),
    ("name_titled", "an honorific: 'Dr. X'"),
    ("name_full", "the model is sure of a name of two words or more"),
    ("name_public", "the model sees a name that everyone knows, without a cue"),
    ("name_bare", "the model sees a name of one word, or is not sure"),
)
"""Identifier of each rule, and its evidence."""
RULE = {name: place for place, (name, _) in enumerate(NAME_RULES)}
CUED = tuple(f"name_{kind}".replace("header", "field") for kind in cues.KINDS)
RELEASE_USER = (
    *("name_self", "name_am", "name_hello", "name_bye", "name_field", "name_kin", "name_beside"),
)
"""Rules whose findings the default policy redacts where a user writes."""
RELEASE_ASSISTANT = ("name_self",)
"""Likewise where an assistant does; names of the user's turns come on top."""

SIGN = r"(?:(?![.!?] |\n\s*\n)[^\w\u3002\uff01\uff1f])*"
BETWEEN = re.compile(rf"{SIGN}(?:\w+{SIGN}){{0,3}}")
"""What may stand between a name and other personal data: three words, no end of a sentence."""
NEAR = 40
"""Letters and signs between a name and other personal data beside it."""
WEAK, LIKELY, SURE = -24, 24, 64
"""Margins: what is tagged at all, what counts without a cue, and what a full name needs."""
NONE = -(1 << 30)
HANGUL = SCRIPT.index("hangul")
"""Korean cues are those of unspaced.py."""
AFTER_HELLO = frozenset(",!.:?\n)-;\uff0c\u3002\uff01\u3001\u060c\u061f\u0964")
SCORES = {
    "name_self": 0.95,
    "name_am": 0.8,
    "name_named": 0.6,
    "name_hello": 0.9,
    "name_bye": 0.9,
    "name_field": 0.85,
    "name_kin": 0.9,
    "name_author": 0.6,
    "name_beside": 0.9,
}
SMALL_FACTOR, UNLISTED_FACTOR = 0.8, 0.85


@dataclass(frozen=True)
class Beside:
    """Spans of other personal data in the texts of the batch, flat: bytes, shape (spans,)."""

    text: np.ndarray
    start: np.ndarray
    end: np.ndarray


Span = tuple[int, int, int, int, float]


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
    places = words.byte_places(found, texts)
    near = Near(found, places, beside)
    spans = _cued(found, segments, margin, near) + _tagged(found, segments, tagged, near)
    base = places[found.begins()]
    made = [
        (text, int(places[start] - base[text]), int(places[stop] - base[text]), rule, score)
        for text, start, stop, rule, score in spans
    ]
    made.extend(
        (text, start, end, RULE[f"name_{kind}"], SCORES[f"name_{kind}"])
        for text, start, end, kind in unspaced.find(texts, found, public.spelled())
    )
    return Findings.of(_apart(made))


def _apart(
    spans: list[tuple[int, int, int, int, float]],
) -> list[tuple[int, int, int, int, float]]:
    """Spans that do not overlap, by place; where two do, the first rule's stays."""
    kept: list[tuple[int, int, int, int, float]] = []
    for span in sorted(spans, key=lambda one: (one[0], one[1], one[3])):
        if kept and kept[-1][0] == span[0] and span[1] < kept[-1][2]:
            if span[3] < kept[-1][3]:
                kept[-1] = span
            continue
        kept.append(span)
    return kept


def _cued(found: Words, segments: Segments, margin: np.ndarray, near: "Near") -> list[Span]:
    """Names behind cues: text, first letter, behind the last, rule, score."""
    walker = Walker(found, segments)
    at, kinds = cues.find(found, walker.could_begin())
    names = [
        (kind, walker.walk(first)) for first, kind in zip(at.tolist(), kinds.tolist(), strict=True)
    ]
    held = [(kind, name) for kind, name in names if name is not None]
    first = np.array([name.first for _, name in held], np.int64)
    last = np.array([name.last for _, name in held], np.int64)
    text = found.text[first]
    start = np.array([name.start for _, name in held], np.int64)
    stop = np.array([name.stop for _, name in held], np.int64)
    is_public = public.is_public(found, first, last)
    is_near = near.to(text, start, stop)
    is_abroad = found.script[np.maximum(first - 1, 0)] != found.script[last]
    by_word = np.full(len(found), NONE, np.int64)
    by_word[segments.word] = margin
    spans = []
    for place, (kind, name) in enumerate(held):
        sure = int(by_word[name.first : name.last + 1].max())
        after = found.string(name.stop, min(name.stop + 1, int(found.ends[text[place]])))
        seen = Seen(name, sure, after, bool(is_public[place]), bool(is_abroad[place]))
        rule, score = _judged(CUED[kind], seen, is_near=bool(is_near[place]))
        if score > 0 and (seen.is_abroad or found.script[name.last] != HANGUL):
            spans.append((int(text[place]), name.start, name.stop, RULE[rule], score))
    return spans


@dataclass(frozen=True)
class Seen:
    """A name behind a cue, and what speaks for it.

    Attributes:
        name: its extent.
        margin: the model's, the best of its words.
        after: the sign behind it, or nothing.
        is_public: whether everyone knows it.
        is_abroad: whether it is in another script than the cue.
    """

    name: Extent
    margin: int
    after: str
    is_public: bool
    is_abroad: bool


def _judged(rule: str, seen: Seen, *, is_near: bool) -> tuple[str, float]:
    """The rule of a name behind a cue, and how sure it is; 0: it is none."""
    name, margin = seen.name, seen.margin
    is_known = name.listed > 0 or margin > 0 or name.titled or seen.is_abroad
    ends_well = not seen.after or seen.after in AFTER_HELLO
    is_bounded = ends_well or name.stopped
    is_whole = name.listed == name.words and margin > 0
    refused = {
        "name_self": (seen.is_public and name.words == 1 and not name.listed)
        or not (is_known or is_bounded or name.cased),
        "name_am": margin <= (0 if name.cased else SURE)
        or not (name.listed or name.words > 1)
        or not (name.cased or is_whole),
        "name_named": margin <= 0 or not name.cased,
        "name_hello": not ends_well
        or (name.small and not is_whole)
        or not (name.listed or name.titled or seen.is_abroad or margin > SURE),
        "name_bye": not (ends_well or seen.after.isspace()) or (name.small and not is_whole),
        "name_field": (name.small and not is_whole)
        or (name.words == 1 and (margin <= 0 or not name.listed or name.camel)),
        "name_kin": name.small and not is_whole,
        "name_author": name.small or (margin <= 0 and not seen.is_abroad),
    }[rule]
    if refused or (rule != "name_self" and (seen.is_public or not is_known)):
        return rule, 0.0
    if is_near and rule in {"name_am", "name_named", "name_author"}:
        rule = "name_beside"
    score = SCORES[rule] * (SMALL_FACTOR if name.small else 1)
    return rule, round(score * (1 if is_known else UNLISTED_FACTOR), 2)


def _tagged(found: Words, segments: Segments, tagged: Tagged, near: "Near") -> list[Span]:
    """Names that the model sees: text, first letter, behind the last, rule, score."""
    if not len(tagged.first):
        return []
    is_title = segments.classes >> 6 == lists.TITLE
    ahead = np.maximum(tagged.first - 1, 0)
    titled = is_title[ahead] & segments.joined[tagged.first]
    first = np.where(titled, ahead, tagged.first)
    titled |= is_title[tagged.first] & (tagged.last > tagged.first)
    start, stop, text = found.start[first], found.stop[tagged.last], found.text[first]
    many = tagged.last > tagged.first
    is_sure = (tagged.margin > 0) & (many | (tagged.margin >= SURE))
    is_near = is_sure & near.to(text, start, stop)
    rule = np.where(many & (tagged.margin >= SURE), RULE["name_full"], RULE["name_bare"])
    rule = np.where(titled, RULE["name_titled"], rule)
    rule = np.where(is_near, RULE["name_beside"], rule)
    score = np.round(1 / (1 + np.exp(-tagged.margin / tagger.SCALE)), 2)
    is_public = public.is_public(found, tagged.first, tagged.last)
    rule = np.where(is_public, RULE["name_public"], rule)
    keep = tagged.margin > LIKELY
    columns = [one[keep].tolist() for one in (text, start, stop, rule, score)]
    return list(zip(*columns, strict=True))


class Near:
    """Where other personal data stands, to tell what is beside it."""

    def __init__(self, found: Words, places: np.ndarray, beside: Beside | None) -> None:
        base = places[found.begins()]
        none = np.zeros(0, np.int64)
        text, start, end = (none,) * 3
        if beside is not None:
            text, start, end = beside.text, beside.start, beside.end
        self._found = found
        self._begins = np.sort(np.searchsorted(places, base[text] + start))
        self._ends = np.sort(np.searchsorted(places, base[text] + end))
        self._origins, self._limits = found.begins(), found.ends

    def to(self, text: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
        """Whether other personal data stands beside each name: NEAR letters, few words between."""
        is_near = np.zeros(len(text), bool)
        if not len(self._begins):
            return is_near
        ahead = self._begins[np.minimum(np.searchsorted(self._begins, stop), len(self._begins) - 1)]
        behind = self._ends[np.maximum(np.searchsorted(self._ends, start, "right") - 1, 0)]
        before = (ahead >= stop) & (ahead - stop <= NEAR) & (ahead < self._limits[text])
        after = (behind <= start) & (start - behind <= NEAR) & (behind > self._origins[text])
        for at in np.flatnonzero(before).tolist():
            is_near[at] = BETWEEN.fullmatch(self._found.string(int(stop[at]), int(ahead[at])))
        for at in np.flatnonzero(after & ~is_near).tolist():
            is_near[at] = BETWEEN.fullmatch(self._found.string(int(behind[at]), int(start[at])))
        return is_near
