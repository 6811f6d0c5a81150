"""Find the personal data of whole conversations, once, so that nothing is left to be found.

Detectors look at each distinct text of a batch; what they find is filtered by the policy, joined
to entities, and looked for in all turns of the conversation. Then the edited texts are looked at
again, for what stands beside a placeholder can be seen anew, until nothing new is found: so a
released text that is redacted again stays as it is.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.messages import Messages
from pipeline.pii import allowed, editing, entities, seen
from pipeline.pii.detector import Detector
from pipeline.pii.editing import Edited
from pipeline.pii.entities import Span
from pipeline.pii.findings import Findings
from pipeline.pii.policy import Ruling
from pipeline.pii.replacing import Editor

ROUNDS = 4
Finding = tuple[int, int, int]
"""First code point, the one behind the last, rule."""


@dataclass
class Conversation:
    """One conversation and what was found in it.

    Attributes:
        messages: texts in order; the user's are at even places.
        spans: in order, without overlaps, each with its entity.
        values: the folded value of each entity.
    """

    messages: list[str]
    spans: list[Span] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


class Free:
    """Which parts of a text no span has taken yet."""

    def __init__(self) -> None:
        self._taken: list[tuple[int, int]] = []

    def take(self, start: int, end: int) -> bool:
        """Take a part, unless some of it is taken."""
        at = bisect_left(self._taken, (start, end))
        if start >= end or (at and self._taken[at - 1][1] > start):
            return False
        if at < len(self._taken) and self._taken[at][0] < end:
            return False
        self._taken.insert(at, (start, end))
        return True


class Marker:
    """A detector under a policy.

    Args:
        detector: finds spans in texts.
        rulings: what is done about each kind.
    """

    def __init__(self, detector: Detector, rulings: dict[str, Ruling]) -> None:
        self.detector = detector
        self.rulings = rulings
        self.kinds = [rule.kind for rule in detector.rules]
        self.propagated = len(detector.rules)
        self.propagates = frozenset(k for k, r in rulings.items() if r.propagate)
        self.thresholds = np.array(
            [rulings[rule.kind].thresholds(rule) for rule in detector.rules], np.float32
        ).reshape(-1, 2)

    def marked(self, flat: Messages, is_wanted: np.ndarray) -> dict[int, Conversation]:
        """What is personal in each conversation that holds anything, by its row.

        Args:
            flat: the messages of a batch.
            is_wanted: rows to look through, shape (rows,) bool.
        """
        chosen = np.flatnonzero(is_wanted[flat.rows])
        texts = flat.texts.take(pa.array(chosen))
        made: dict[int, Conversation] = {}
        starts = np.cumsum(flat.counts) - flat.counts
        changed = set()
        for at, found in self._found(texts, flat.place[chosen] % 2):
            row, place = int(flat.rows[chosen[at]]), int(flat.place[chosen[at]])
            if row not in made:
                mine = flat.texts.slice(starts[row], flat.counts[row]).to_pylist()
                made[row] = Conversation([text or "" for text in mine])
            if self._add(made[row], place, found, None):
                changed.add(row)
        for _ in range(ROUNDS):
            if not changed:
                break
            changed = self._again(made, sorted(changed))
        return {row: found for row, found in made.items() if found.spans}

    def _again(self, made: dict[int, Conversation], rows: list[int]) -> set[int]:
        """Look again at the edited texts of some rows; those in which more was found."""
        places: list[tuple[int, int]] = []
        edits: list[Edited] = []
        editor = Editor(self.rulings)
        for row in rows:
            self._complete(made[row])
            for at, edit in editor.edited(made[row].messages, made[row].spans).items():
                places.append((row, at))
                edits.append(edit)
        texts = pa.array([edit.text for edit in edits], pa.string())
        changed = set()
        for number, found in self._found(texts, np.array([at % 2 for _, at in places])):
            row, at = places[number]
            if self._add(made[row], at, found, edits[number]):
                changed.add(row)
        return changed

    def _found(
        self, texts: pa.StringArray, role: np.ndarray
    ) -> Iterator[tuple[int, list[Finding]]]:
        """What the policy wants of what is found in each text; equal texts are read once.

        Args:
            texts: shape (texts,).
            role: 0 for a user's text, 1 for an answer: shape (texts,).
        """
        encoded = texts.dictionary_encode()
        sight = seen.of(encoded.dictionary)
        found = self.detector.find(sight.texts)
        if not len(found):
            return
        start, end = sight.written(found.text, found.start, found.end)
        is_wanted = found.score[:, None] >= self.thresholds[found.rule]
        of_text = defaultdict(list)
        for at in np.flatnonzero(is_wanted.any(axis=1)).tolist():
            of_text[int(found.text[at])].append(at)
        number_of = pc.fill_null(encoded.indices, -1).to_numpy()
        for place in np.flatnonzero(np.isin(number_of, list(of_text))).tolist():
            mine = [at for at in of_text[int(number_of[place])] if is_wanted[at, role[place]]]
            if mine:
                yield place, self._apart(mine, start, end, found)

    def _apart(
        self, mine: list[int], start: np.ndarray, end: np.ndarray, found: Findings
    ) -> list[Finding]:
        """Spans that do not overlap: higher priority first, then longer, then surer."""
        candidates = sorted(
            (
                -self.detector.rules[found.rule[at]].priority,
                int(start[at] - end[at]),
                -float(found.score[at]),
                int(start[at]),
                int(found.rule[at]),
            )
            for at in mine
        )
        free = Free()
        return [
            (first, first - length, rule)
            for _, length, _, first, rule in candidates
            if free.take(first, first - length)
        ]

    def _add(self, made: Conversation, at: int, found: list[Finding], edit: Edited | None) -> bool:
        """Note findings that are not known, allowed or placeholders; whether there are any."""
        text = edit.text if edit else made.messages[at]
        blocked = [m.span() for m in editing.LITERAL.finditer(text)]
        blocked += [m.span() for m in editing.MASKED.finditer(text)]
        fresh = []
        for start, end, rule in found:
            if edit and edit.touches(start, end):
                continue
            if any(start < last and first < end for first, last in blocked):
                continue
            kind = self.kinds[rule]
            if self.rulings[kind].action == "keep" or allowed.is_public(
                kind, text[start:end], self.rulings[kind].allow
            ):
                continue
            if edit:
                fresh.append(Span(at, edit.origin(start), edit.origin(end - 1) + 1, kind, rule))
            else:
                fresh.append(Span(at, start, end, kind, rule))
        made.spans += fresh
        return bool(fresh)

    def _complete(self, made: Conversation) -> None:
        """Look for the values in all turns, and number the entities."""
        free: dict[int, Free] = defaultdict(Free)
        for span in made.spans:
            free[span.message].take(span.start, span.end)
        for span in entities.elsewhere(made.messages, made.spans, self.propagates, self.propagated):
            if free[span.message].take(span.start, span.end):
                made.spans.append(span)
        made.spans, made.values = entities.numbered(made.messages, made.spans)
