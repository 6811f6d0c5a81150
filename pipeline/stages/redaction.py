"""Take personal data out of conversations."""

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import groups, intervals
from pipeline.messages import Messages, with_texts
from pipeline.pii import replacing, settling
from pipeline.pii.editing import Edited
from pipeline.pii.entities import Span
from pipeline.pii.kinds import KINDS, KindName
from pipeline.pii.marking import Marker
from pipeline.pii.policy import KindOptions, Preset, Ruling, rulings, sought
from pipeline.pii.settling import Draft, Place
from pipeline.stage import EditingStage, put
from schemas.column import REDACTIONS

KIND_NAMES = tuple(KINDS)
KIND_BITS = 8
PROPAGATED = "propagated"
SPANS = pa.list_(
    pa.struct(
        [
            pa.field("message", pa.int32()),
            pa.field("start", pa.int32()),
            pa.field("end", pa.int32()),
            pa.field("rule", pa.int16()),
            pa.field("entity", pa.int32()),
        ]
    )
)
ENTITIES = pa.list_(pa.struct([pa.field("kind", pa.int8()), pa.field("value", pa.string())]))


@dataclass(frozen=True)
class RedactPii(EditingStage):
    """Replace names, contact data, numbers of persons, and secrets, the same in all turns.

    A conversation is looked through once, as a whole; a value found in one turn is replaced in
    every turn, in every spelling. Numbers count by first appearance: NAME_1, EMAIL_1. A value
    that many distinct users wrote is public and may be kept. See docs/redaction.md for the kinds
    and the rules.

    Options:
        preset: `release`; `strict` asks for less evidence and drops conversations that hold
            numbers of persons or secrets; `minimal` looks for contact data and secrets only.
        kinds: kind -> action, threshold, threshold_assistant, roles, languages, allow, propagate;
            what is not given is as in the preset.
        names: `embedded` is the shipped detector; `off` finds no names.
        detector: `own` rules, `presidio`'s recognizers with its own findings, or `both`.
        presidio: which of them: `sane`, `default`, or a no-code file of AnalyzerEngineProvider,
            which may name models that you have.
        public_users: a value of this many distinct users up to the end of a row's interval is
            kept, where its kind may be public; null keeps none.

    Adds:
        redacted (bool): whether anything was replaced.
        redactions (list): message, start, end in code points of the released text, kind, rule.
    """

    name: ClassVar[str] = "redact_pii"
    reads: ClassVar[tuple[str, ...]] = ("conversation", "dropped_by")
    writes: ClassVar[tuple[str, ...]] = ("conversation", "redacted", "redactions")
    reasons: ClassVar[tuple[str, ...]] = KIND_NAMES
    index: ClassVar[tuple[str, ...]] = ("conversation_id", "tstamp", "event_hash", "user_id")
    marks: ClassVar[tuple[pa.Field, ...]] = (
        pa.field("pii", SPANS),
        pa.field("pii_entities", ENTITIES),
    )
    adds: ClassVar[tuple[pa.Field, ...]] = (pa.field("public", pa.list_(pa.int16())),)

    preset: Preset = "release"
    kinds: dict[KindName, KindOptions] = field(default_factory=dict)
    names: Literal["embedded", "off"] = "embedded"
    detector: Literal["own", "presidio", "both"] = "own"
    presidio: str = "sane"
    public_users: Annotated[int, msgspec.Meta(ge=2)] | None = 20

    @property
    def rulings(self) -> dict[str, Ruling]:
        """What is done about each kind."""
        return _rulings(self.preset, _frozen(self.kinds))

    @property
    def marker(self) -> Marker:
        """The detector under this policy."""
        return _marker(
            self.preset,
            _frozen(self.kinds),
            has_names=self.names == "embedded",
            source=self.detector,
            presidio=self.presidio,
        )

    @property
    def fingerprint(self) -> str:
        path = Path(self.presidio)
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""

    @property
    def rules_digest(self) -> str:
        return self.marker.detector.digest

    @property
    def actions(self) -> dict[str, str]:
        return {kind: ruling.action for kind, ruling in self.rulings.items()}

    @property
    def needs_key(self) -> bool:
        """Whether a replacement is made with the identity key."""
        return any(ruling.action in {"surrogate", "hmac"} for ruling in self.rulings.values())

    def mark(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        alive = np.ones(batch.num_rows, bool)
        if "dropped_by" in batch.schema.names:
            alive = pc.is_null(batch["dropped_by"]).to_numpy(zero_copy_only=False)
        found = self.marker.marked(Messages(batch["conversation"]), alive)
        spans: list[list[dict[str, Any]] | None] = [None] * batch.num_rows
        named: list[list[dict[str, Any]] | None] = [None] * batch.num_rows
        for row, made in found.items():
            spans[row] = [_span(span) for span in made.spans]
            kind_of = {span.entity: KIND_NAMES.index(span.kind) for span in made.spans}
            named[row] = [
                {"kind": kind_of[entity], "value": value}
                for entity, value in enumerate(made.values)
            ]
        batch = put(batch, "pii", pa.array(spans, SPANS))
        return put(batch, "pii_entities", pa.array(named, ENTITIES))

    def keys(self, batch: pa.RecordBatch, table: str) -> pa.RecordBatch:
        return self.salted(batch, table, 0)

    def salted(self, batch: pa.RecordBatch, table: str, salt: int) -> pa.RecordBatch:
        """A key for each entity of a row: a hash keyed by the salt, the kind in its last bits."""
        del table
        entities = batch["pii_entities"]
        flat = entities.flatten()
        kinds = flat.field("kind").to_numpy(zero_copy_only=False).astype(np.uint64)
        secret = (salt & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little")
        hashes = np.frombuffer(
            b"".join(
                hashlib.blake2b(value.encode(), digest_size=8, key=secret).digest()
                for value in flat.field("value").to_pylist()
            ),
            np.uint64,
        )
        key = hashes >> np.uint64(KIND_BITS) << np.uint64(KIND_BITS) | kinds
        counts = pc.fill_null(pc.list_value_length(entities), 0).to_numpy(zero_copy_only=False)
        ends = np.append(0, np.cumsum(counts))
        lists = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(key))
        return pa.RecordBatch.from_pydict({"key": lists})

    def choose(self, rows: pa.Table, context: object = None) -> pa.Table:
        """Which values are public, and which conversations hold what must not be released."""
        del context
        found = groups.by(rows, "key")
        kind = groups.ints(found.rows, "key") & np.uint64((1 << KIND_BITS) - 1)
        may_be, drops = (
            np.array(flags)[kind.astype(np.int64)]
            for flags in (
                [KINDS[name].may_be_public for name in KIND_NAMES],
                [self.rulings[name].action == "drop_conversation" for name in KIND_NAMES],
            )
        )
        is_public = may_be & (_users(found) >= (self.public_users or np.inf))
        is_dropped = drops & ~is_public
        names = pa.array(KIND_NAMES).take(pa.array(kind))
        place = found.rows["place"].combine_chunks()
        columns = {
            "reason": pc.if_else(pa.array(is_dropped), names, pa.scalar(None, pa.string())),
            "place": place,
            "public": pc.if_else(pa.array(is_public), place, pa.scalar(None, place.type)),
        }
        return groups.decisions(found.rows, is_public | is_dropped, columns)

    def edit(self, batch: pa.RecordBatch, key: bytes | None) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        starts = (np.cumsum(flat.counts) - flat.counts).tolist()
        texts: dict[int, str] = {}
        told: list[list[dict[str, Any]]] = [[] for _ in range(batch.num_rows)]
        drafts: dict[int, Draft] = {}
        for row, who, spans, public in self._marked(batch):
            mine = flat.texts.slice(starts[row], flat.counts[row]).to_pylist()
            said = [text or "" for text in mine]
            editor = replacing.Editor(self.rulings, key, who)
            edits = editor.edited(said, spans)
            for at, edit in edits.items():
                said[at] = edit.text
            drafts[row] = Draft(editor, said, _places(edits, spans), public)
        if key is not None and self.needs_key:
            settling.settle(self.marker, [draft for draft in drafts.values() if draft.places])
        for row, draft in drafts.items():
            places = {starts[row] + place.message for place in draft.places}
            texts |= {at: draft.texts[at - starts[row]] for at in places}
            told[row] = self._told(draft.places)
        batch = put(batch, "conversation", _with(batch["conversation"], flat, texts))
        batch = put(batch, "redacted", pa.array([bool(spans) for spans in told], pa.bool_()))
        return put(batch, "redactions", pa.array(told, REDACTIONS))

    def _marked(
        self, batch: pa.RecordBatch
    ) -> Iterator[tuple[int, str, list[Span], set[tuple[str, str]]]]:
        """The rows that hold spans: those of values that are not public, and what is."""
        found = np.flatnonzero(pc.is_valid(batch["pii"]).to_numpy(zero_copy_only=False))
        small = batch.take(pa.array(found))
        public = [None] * len(found)
        if "public" in small.schema.names:
            public = small["public"].to_pylist()
        columns = (small[n].to_pylist() for n in ("conversation_id", "pii", "pii_entities"))
        for row, who, spans, entities, kept in zip(found.tolist(), *columns, public, strict=True):
            yield (
                row,
                who,
                [
                    Span(**span, kind=KIND_NAMES[entities[span["entity"]]["kind"]])
                    for span in spans
                    if span["entity"] not in (kept or ())
                ],
                {(KIND_NAMES[entities[at]["kind"]], entities[at]["value"]) for at in kept or ()},
            )

    def _told(self, places: Sequence[Place]) -> list[dict[str, Any]]:
        """Where replacements stand in the released texts, as the released column has it."""
        rules = self.marker.detector.rules
        ids = [rules[one.rule].id if one.rule < len(rules) else PROPAGATED for one in places]
        return [one._asdict() | {"rule": rule} for one, rule in zip(places, ids, strict=True)]


def _places(edits: Mapping[int, Edited], spans: Sequence[Span]) -> list[Place]:
    """Where each span's replacement stands."""
    found = {at: iter(edit.places) for at, edit in edits.items()}
    return [Place(one.message, *next(found[one.message]), one.kind, one.rule) for one in spans]


def _with(conversations: pa.ListArray, flat: Messages, texts: dict[int, str]) -> pa.ListArray:
    """The conversations with some of their texts replaced, by place among all."""
    if not texts:
        return conversations
    mask = np.zeros(len(flat.texts), bool)
    order = sorted(texts)
    mask[order] = True
    edited = pa.array([texts[at] for at in order], pa.string())
    return with_texts(conversations, pc.replace_with_mask(flat.texts, pa.array(mask), edited))


def _span(span: Span) -> dict[str, int]:
    names = ("message", "start", "end", "rule", "entity")
    return {name: getattr(span, name) for name in names}


def _users(found: groups.Groups) -> np.ndarray:
    """Distinct users of each row's value up to the end of the row's interval: (rows,) int64.

    Rows without a user count as one user together.
    """
    rows = found.rows
    user = pc.fill_null(rows["user_id"].combine_chunks().dictionary_encode().indices, -1)
    order = np.lexsort([np.arange(rows.num_rows), user.to_numpy(), found.group])
    is_new = np.ones(rows.num_rows, bool)
    who = user.to_numpy()[order]
    is_new[1:] = (who[1:] != who[:-1]) | (found.group[order][1:] != found.group[order][:-1])
    is_first = np.zeros(rows.num_rows, bool)
    is_first[order] = is_new
    so_far = np.cumsum(is_first)
    so_far -= (so_far - is_first)[found.starts][found.group]
    return so_far[intervals.last_of(found.group, groups.ints(rows, "interval"))]


def _frozen(kinds: Mapping[KindName, KindOptions]) -> tuple[tuple[str, KindOptions], ...]:
    return tuple(sorted(kinds.items()))


@functools.cache
def _rulings(preset: Preset, kinds: tuple[tuple[str, KindOptions], ...]) -> dict[str, Ruling]:
    return rulings(preset, dict(kinds))


@functools.cache
def _marker(
    preset: Preset,
    kinds: tuple[tuple[str, KindOptions], ...],
    **options: Any,
) -> Marker:
    from pipeline.pii import ruleset  # noqa: PLC0415 (half a second, for runs that redact)

    ruled = _rulings(preset, kinds)
    return Marker(ruleset.detector(sought(ruled), **options), ruled)
