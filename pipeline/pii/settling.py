"""Look at texts as they will be released, until a detector that reads them again changes nothing.

While a conversation is marked, placeholders stand where values stood. A surrogate or a hash is read
in another way: a name may go on behind it, a form may be recognised only now. So conversations with
such replacements are read once more with them in place, and what is found is replaced, too.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipeline.messages import Messages, build
from pipeline.pii.editing import Edited
from pipeline.pii.entities import Span
from pipeline.pii.marking import Conversation, Marker
from pipeline.pii.replacing import Editor

ROUNDS = 4


class Place(NamedTuple):
    """A replacement in a text to be released: message, code points, kind, number of the rule."""

    message: int
    start: int
    end: int
    kind: str
    rule: int


@dataclass
class Draft:
    """A conversation on its way to release.

    Attributes:
        editor: of this conversation, with the key.
        texts: of its messages, after replacement.
        places: what was replaced.
        public: kinds and folded values that are kept.
    """

    editor: Editor
    texts: list[str]
    places: list[Place]
    public: AbstractSet[tuple[str, str]]


def settle(marker: Marker, drafts: Sequence[Draft]) -> None:
    """Edit drafts until they would stay as they are if they were redacted again."""
    active = list(drafts)
    for _ in range(ROUNDS):
        if not active:
            break
        texts = pa.array([text for draft in active for text in draft.texts], pa.string())
        flat = Messages(build(texts, np.array([len(draft.texts) for draft in active])))
        found = marker.marked(flat, np.ones(len(active), bool))
        active = [active[at] for at in sorted(found) if _is_changed(active[at], found[at])]


def _is_changed(draft: Draft, found: Conversation) -> bool:
    """Edit a draft by what was found in it; whether that changed a text."""
    spans = [s for s in found.spans if (s.kind, found.values[s.entity]) not in draft.public]
    edits = draft.editor.edited(draft.texts, spans)
    fresh = {at: edit for at, edit in edits.items() if edit.text != draft.texts[at]}
    for at, edit in fresh.items():
        mine = [span for span in spans if span.message == at]
        theirs = [place for place in draft.places if place.message == at]
        others = [place for place in draft.places if place.message != at]
        draft.places = sorted(others + _moved(draft.texts[at], edit, mine, theirs))
        draft.texts[at] = edit.text
    return bool(fresh)


def _moved(text: str, edit: Edited, spans: Sequence[Span], places: Sequence[Place]) -> list[Place]:
    """Replacements of a text after one more edit: its own, and where those it left are now."""
    made, taken = [], []
    for span, (start, end), (first, last) in zip(spans, edit.spans, edit.places, strict=True):
        if text[start:end] != edit.text[first:last]:
            made.append(Place(span.message, first, last, span.kind, span.rule))
            taken.append((start, end))
    for place in places:
        if all(place.end <= start or end <= place.start for start, end in taken):
            by = edit.shift(place.start)
            made.append(place._replace(start=place.start + by, end=place.end + by))
    return made
