"""What a policy lets stand, so that a scan of its release does not call it a leak."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.audit.check import GAP, Found
from pipeline.pii import allowed, editing, entities, surrogates
from pipeline.pii.detector import Detector
from pipeline.pii.policy import ROLES, Role, Ruling

Public = AbstractSet[tuple[str, str]]
"""Kinds and folded values that many users wrote."""


@dataclass(frozen=True)
class Policy:
    """What may stand in a release.

    Attributes:
        rulings: what is done about each kind.
        public: values that were kept because many users wrote them.
        key: the identity key, to know our own surrogates; None: they are believed.
        detector: the redactor's own, to know what it saw and left; None: nothing is excused so.
    """

    rulings: Mapping[str, Ruling]
    public: Public = frozenset()
    key: bytes | None = field(default=None, repr=False)
    detector: Detector | None = field(default=None, repr=False)

    def forbids(self, hit: Found, role: str) -> bool:
        """Whether a hit in a message of this role is a leak."""
        ruling = self.rulings[hit.kind]
        return not (
            ruling.action == "keep"
            or role not in ruling.roles
            or allowed.is_public(hit.kind, hit.value, ruling.allow)
            or (hit.kind, entities.fold(hit.kind, hit.value)) in self.public
        )

    def leaves(self, hits: Sequence[Found], role: Role, text: str) -> list[Found]:
        """Those of some hits in a text that the policy asks more evidence for than there is.

        The redactor saw each of them, as the same kind, and no finding of it reached the threshold
        of the role: an address of no one in an answer. What it did not see is never excused.
        """
        if self.detector is None or not hits:
            return []
        seen = pa.array([plain(text)], pa.string())
        data = seen[0].as_buffer().to_pybytes()
        found = self.detector.find(seen)
        weak: list[tuple[str, str, bool]] = []
        for start, end, at, score in zip(
            found.start, found.end, found.rule, found.score, strict=True
        ):
            rule = self.detector.rules[at]
            least = np.float32(self.rulings[rule.kind].thresholds(rule)[ROLES.index(role)])
            value = data[start:end].decode("utf-8", "ignore")
            weak.append((rule.kind, value, bool(score < least)))
        left = []
        for hit in hits:
            mine = [
                is_weak
                for kind, value, is_weak in weak
                if kind == hit.kind and (value in hit.value or hit.value in value)
            ]
            if mine and all(mine):
                left.append(hit)
        return left

    def bare(self, text: str, redactions: list[dict[str, Any]], conversation_id: str) -> str:
        """The text with gaps where placeholders, masks and our surrogates stand; plain (NFKC).

        A declared span is believed only if what stands there can be one of ours; without a key
        every surrogate is.
        """
        pieces: list[str] = []
        at = 0
        for span in sorted(redactions, key=lambda span: span["start"]):
            value = text[span["start"] : span["end"]]
            if span["start"] >= at and self._is_ours(span["kind"], value, conversation_id):
                pieces += (text[at : span["start"]], GAP)
                at = span["end"]
        made = plain("".join(pieces) + text[at:])
        return editing.LITERAL.sub(GAP, made)

    def _is_ours(self, kind: str, value: str, conversation_id: str) -> bool:
        bare = value.strip().strip('"')
        if editing.LITERAL.fullmatch(bare) or not any(sign.isalnum() for sign in bare):
            return True
        if self.rulings[kind].action != "surrogate":
            return False
        return self.key is None or surrogates.is_ours(kind, value, self.key, conversation_id)


def plain(text: str) -> str:
    """Compatibility forms unfolded, invisible characters left out."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return "".join(_visible(folded))


def _visible(text: str) -> Iterator[str]:
    at = 0
    for place, sign in enumerate(text):
        if sign > "\u007f" and unicodedata.category(sign) == "Cf":
            yield text[at:place]
            at = place + 1
    yield text[at:]
