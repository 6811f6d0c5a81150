"""Find names of persons in the texts of a batch, and say what speaks for each."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import messages
from pipeline.pii.findings import Findings
from pipeline.pii.names import cues, features, public, rules, tagger, unspaced, words
from pipeline.pii.names import lexicon as lists
from pipeline.pii.names.extents import Walker
from pipeline.pii.names.features import Segments
from pipeline.pii.names.near import Beside, Near
from pipeline.pii.names.tagger import Tagged
from pipeline.pii.names.words import LOWER, SCRIPT, Words

WEAK = -24
"""Margin of what is tagged at all: beside other data and behind cues it may count."""
NONE = -(1 << 30)
HANGUL = SCRIPT.index("hangul")
"""Korean cues are those of unspaced.py."""

Span = tuple[int, int, int, int, float]
"""Text, begin, end, rule, score."""


def find(texts: pa.StringArray, beside: Beside | None = None) -> Findings:
    """The names in each text; each text for itself, whatever the batch.

    Args:
        texts: shape (texts,); null holds no name.
        beside: e-mail addresses, telephone numbers and the like, found by other rules.
    """
    texts = pc.fill_null(texts, "")
    found: list[Findings] = []
    for begin, end in messages.chunks(texts, words.CHUNK_CHARS):
        part = texts.slice(begin, end - begin)
        near = None if beside is None else _within(beside, begin, end)
        here = _chunk(part, near)
        found.append(Findings(here.text + begin, here.start, here.end, here.rule, here.score))
    return _joined(found)


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
    base = places[found.begins()]
    near = Near(found, places, beside)
    cued = [
        (text, int(places[start] - base[text]), int(places[stop] - base[text]), rule, score)
        for text, start, stop, rule, score in _cued(found, segments, margin, near)
    ]
    cued.extend(
        (text, start, end, rules.RULE[f"name_{kind}"], rules.SCORES[f"name_{kind}"])
        for text, start, end, kind in unspaced.find(texts, found, public.spelled())
    )
    held = _tagged(found, segments, tagged, near)
    ends = (places[held.start] - base[held.text], places[held.end] - base[held.text])
    seen = Findings(held.text, *ends, held.rule, held.score)
    return _together(Findings.of(_apart(cued)), seen, base)


def _apart(spans: list[Span]) -> list[Span]:
    """Spans that do not overlap, by place; where two do, the first rule's stays."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one[0], one[1], one[3])):
        if kept and kept[-1][0] == span[0] and span[1] < kept[-1][2]:
            if span[3] < kept[-1][3]:
                kept[-1] = span
            continue
        kept.append(span)
    return kept


def _together(cued: Findings, tagged: Findings, base: np.ndarray) -> Findings:
    """All spans by place; what is tagged gives way to what has a cue, then to the one before."""
    start, end = base[tagged.text] + tagged.start, base[tagged.text] + tagged.end
    mine = np.ones(len(tagged), bool)
    mine[1:] = start[1:] >= end[:-1]
    if len(cued):
        ahead = np.searchsorted(base[cued.text] + cued.end, start, "right")
        at = np.minimum(ahead, len(cued) - 1)
        mine &= (ahead == len(cued)) | ((base[cued.text] + cued.start)[at] >= end)
    parts = (cued, tagged.take(mine))
    whole = _joined(list(parts))
    return whole.take(np.lexsort((whole.start, whole.text)))


def _joined(parts: list[Findings]) -> Findings:
    """Findings one behind the other."""
    if not parts:
        return Findings.of([])
    return Findings(
        np.concatenate([one.text for one in parts]),
        np.concatenate([one.start for one in parts]),
        np.concatenate([one.end for one in parts]),
        np.concatenate([one.rule for one in parts]),
        np.concatenate([one.score for one in parts]),
    )


def _cued(found: Words, segments: Segments, margin: np.ndarray, near: Near) -> list[Span]:
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
    codes = found.codes.data
    margins, ends = by_word.data, found.ends.data
    spans = []
    for place, (kind, name) in enumerate(held):
        sure = max(margins[name.first : name.last + 1])
        after = chr(codes[name.stop]) if name.stop < ends[text[place]] else ""
        seen = rules.Seen(name, sure, after, bool(is_public[place]), bool(is_abroad[place]))
        rule, score = rules.judged(rules.CUED[kind], seen, is_near=bool(is_near[place]))
        if score > 0 and (seen.is_abroad or found.script[name.last] != HANGUL):
            spans.append((int(text[place]), name.start, name.stop, rules.RULE[rule], score))
    return spans


def _tagged(found: Words, segments: Segments, tagged: Tagged, near: Near) -> Findings:
    """Names that the model sees; begin and end in letters of all texts."""
    is_title = segments.classes >> 6 == lists.TITLE
    ahead = np.maximum(tagged.first - 1, 0)
    titled = is_title[ahead] & segments.joined[tagged.first]
    first = np.where(titled, ahead, tagged.first)
    titled |= is_title[tagged.first] & (tagged.last > tagged.first)
    start, stop, text = found.start[first], found.stop[tagged.last], found.text[first]
    many = tagged.last > tagged.first
    listed = np.concatenate([[0], np.cumsum((segments.classes & lists.NAMED) > 0)])
    is_listed = listed[tagged.last + 1] > listed[tagged.first]
    is_sure = many | (is_listed & (tagged.margin >= rules.SURE))
    is_sure &= tagged.margin > rules.LIKELY
    is_near = np.zeros(len(first), bool)
    is_near[is_sure] = near.to(text[is_sure], start[is_sure], stop[is_sure])
    is_cased = (found.first[tagged.first] != LOWER) & (found.first[tagged.last] != LOWER)
    is_full = many & is_cased & is_listed & (tagged.margin >= rules.SURE)
    rule = np.where(is_full, rules.RULE["name_full"], rules.RULE["name_bare"])
    rule = np.where(titled, rules.RULE["name_titled"], rule)
    rule = np.where(is_near, rules.RULE["name_beside"], rule)
    is_public = public.is_public(found, tagged.first, tagged.last)
    rule = np.where(is_public, rules.RULE["name_public"], rule)
    score = np.round(1 / (1 + np.exp(-tagged.margin / tagger.SCALE)), 2)
    made = Findings(text, start, stop, rule.astype(np.int16), score.astype(np.float32))
    return made.take(tagged.margin > rules.LIKELY)
