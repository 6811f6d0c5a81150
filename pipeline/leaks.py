"""Look through a finished release for personal data that the redactor left.

Two independent looks: at every text by the checks of `pipeline/audit/checks.py`, and, where the
run folder is there, for values that were redacted in a conversation and stand in it once more.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow.compute as pc

from pipeline import api, files, recipe
from pipeline.audit import checks
from pipeline.audit.check import Found
from pipeline.audit.knowledge import Policy
from pipeline.audit.origin import Origin
from pipeline.identity import KeySource
from pipeline.pii import policy
from pipeline.stages.redaction import KIND_NAMES, RedactPii
from schemas.manifest import ReleaseManifest

READ = ("conversation_id", "conversation", "redactions")
STEP_ROWS = 256
AGAIN = "redacted elsewhere"
LEAST_CHARS = 7
"""Letters and digits of a value that is looked for once more; shorter ones are words too."""


@dataclass(frozen=True)
class Hit:
    """A kind of value that a check found in one message, so many times.

    Attributes:
        file: of the release.
        row: in the file, from 0.
        message: in the conversation, from 0.
        values: raw; never printed but on a terminal.
    """

    file: str
    row: int
    message: int
    role: str
    check: str
    kind: str
    count: int
    values: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Known:
    """What is known of a release beside its files.

    Attributes:
        policy: what may stand in it.
        origin: its run folder, if it is there.
        is_sure: whether the policy is the release's own, by the digest of its recipe.
    """

    policy: Policy
    origin: Origin | None
    is_sure: bool

    @property
    def is_believing(self) -> bool:
        """Whether there are surrogates and no key to check them."""
        rulings = self.policy.rulings.values()
        return self.policy.key is None and any(one.action == "surrogate" for one in rulings)


def known(release: str, config: str | None, run: str | None, key_file: str | None) -> Known:
    """Learn the policy of a release, its public values, and the key of its surrogates.

    Args:
        release: the release folder.
        config: its recipe; None: the shipped one of the name in its manifest.
        run: its run folder, or None.
        key_file: the identity key, or None.

    Raises:
        CurationError: the folder is no release, or the recipe, run folder or key is none.
    """
    manifest = api.release_manifest(release)
    origin = Origin(run) if run is not None else None
    made = None
    if config or manifest.recipe_name in recipe.shipped():
        made = recipe.load(config or manifest.recipe_name)
    stages = [stage for stage in made.stages if isinstance(stage, RedactPii)] if made else []
    rulings = stages[0].rulings if stages else policy.rulings("release", {})
    public = frozenset(_public(origin)) if origin else frozenset()
    key = KeySource(file=key_file).load() if key_file else None
    is_sure = made is not None and made.digest() == manifest.recipe
    detector = (stages[0] if stages else RedactPii()).marker.detector
    return Known(Policy(rulings, public, key, detector), origin, is_sure)


def scan(release: str, told: Known) -> Iterator[Hit]:
    """All leaks of a release in released order; memory is that of a row group.

    Raises:
        InputError: the folder is no release.
    """
    manifest: ReleaseManifest = api.release_manifest(release)
    columns = [name for name in READ if name in manifest.columns["conversations"]]
    for file in manifest.files:
        if file.config != "conversations":
            continue
        again = _Again(file.path, told)
        with files.open_parquet(files.join(release, file.path)) as source:
            row = 0
            for batch in source.iter_batches(STEP_ROWS, columns=columns):
                redacted = again.values(row, batch.num_rows)
                for number, one in enumerate(batch.to_pylist()):
                    yield from _in_row(file.path, row + number, one, redacted[number], told.policy)
                row += batch.num_rows


def _in_row(
    file: str, number: int, row: dict[str, Any], redacted: Sequence[tuple[str, str]], know: Policy
) -> Iterator[Hit]:
    texts = []
    for at, message in enumerate(row["conversation"]):
        spans = [span for span in row.get("redactions") or () if span["message"] == at]
        texts.append(know.bare(message["content"] or "", spans, row["conversation_id"]))
    for at, text in enumerate(texts):
        role = row["conversation"][at]["role"]
        found = [hit for hit in checks.found(text) if know.forbids(hit, role)]
        left = know.leaves(found, role, row["conversation"][at]["content"] or "")
        found = [hit for hit in found if hit not in left]
        found += _once_more(text, redacted)
        counts = Counter((hit.check, hit.kind) for hit in found)
        for (check, kind), count in counts.items():
            values = tuple(hit.value for hit in found if hit.check == check)
            yield Hit(file, number, at, role, check, kind, count, values)


def _once_more(text: str, redacted: Sequence[tuple[str, str]]) -> Iterator[Found]:
    """Redacted values that stand in a text of their own conversation."""
    if not redacted:
        return
    lower = " ".join(text.casefold().split())
    for kind, value in redacted:
        said = value.casefold()
        if said in lower and re.search(rf"(?<!\w){re.escape(said)}(?!\w)", lower):
            yield Found(AGAIN, kind, value)


class _Again:
    """What was redacted in the rows of a released file, as its run folder says."""

    def __init__(self, path: str, told: Known) -> None:
        self._origin = told.origin
        self._cut = told.origin.cut(path) if told.origin else None
        self._wanted = {
            kind
            for kind, ruling in told.policy.rulings.items()
            if ruling.propagate and ruling.action != "keep"
        }

    def values(self, first: int, count: int) -> list[list[tuple[str, str]]]:
        """Kinds and values of some rows, public ones aside."""
        if self._cut is None or self._origin is None:
            return [[] for _ in range(count)]
        part = self._cut.slice(first, count)
        public = part["public"].to_pylist() if "public" in part.column_names else [None] * count
        held = self._origin.staged(part, range(count), "pii_entities")
        return [
            [
                pair
                for number, pair in enumerate(_pairs(entities))
                if number not in (kept or ()) and self._is_long(*pair)
            ]
            for entities, kept in zip(held, public, strict=True)
        ]

    def _is_long(self, kind: str, value: str) -> bool:
        is_whole = kind != "person" or " " in value
        enough = sum(sign.isalnum() for sign in value) >= LEAST_CHARS
        return kind in self._wanted and is_whole and enough


def _pairs(entities: list[dict[str, Any]] | None) -> list[tuple[str, str]]:
    return [(KIND_NAMES[one["kind"]], one["value"]) for one in entities or ()]


def _public(origin: Origin) -> Iterator[tuple[str, str]]:
    """Kinds and folded values that the judge of a run let stand."""
    for path in origin.paths:
        cut = origin.cut(path)
        if "public" in cut.column_names:
            cut = cut.filter(pc.is_valid(cut["public"]))
            held = origin.staged(cut, range(cut.num_rows), "pii_entities")
            for entities, kept in zip(held, cut["public"].to_pylist(), strict=True):
                yield from (_pairs(entities)[number] for number in kept)
