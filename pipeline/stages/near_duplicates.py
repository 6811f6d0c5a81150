"""Drop conversations that say nearly what another one says, with the proof for each."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import groups, hashing, minhash, prefixes, shingles, similarity
from pipeline.messages import Messages
from pipeline.similarity import Star
from pipeline.stage import Evidence, PairedStage

NEAR, PREFIX = "near_duplicate", "prefix"
PARTS = {"prompts": ("prompts",), "conversation": ("prompts", "answers")}
ROLES = {"prompts": "user", "answers": "assistant"}


@dataclass(frozen=True)
class DropNearDuplicates(PairedStage):
    """Keep the first of the conversations that are nearly equal, by exact Jaccard similarity.

    Candidates come from MinHash bands; each is checked on its whole shingle sets, and a row is
    dropped only for a row that is kept (the star rule), which is named with the similarity. So
    no chain of small changes drops a row, and no group of copies vanishes. Texts shorter than a
    shingle are near only if they are equal. The two sides of a battle are never compared with
    each other, and one is not dropped without the other.

    Options:
        over: `conversation` (prompts and answers must both be near, each for itself),
            `prompts` (the user's messages), or `prefix`: a conversation is dropped if another
            one begins with all its turns; exact, by chained hashes of normalised turns.
        threshold: the least Jaccard similarity of shingle sets.
        shingle: tokens of a shingle: words, or characters where words are not spaced.
        recall: share of the pairs at the threshold that bands must find; the number of bands
            and rows is solved for it.
        bands, rows: instead of solving for them.
        keep: who stays: the `first`, the `longest`, or the one with `most_feedback`; of those
            of the same interval, for what was released stays released.
        within: whose copies count: of `all`, of the same `model`, of the same `user`.

    Adds:
        near_duplicates (int32): near copies of the same interval that this row stands for.
        similarity (float64): of a dropped row to the row it was dropped for.
    """

    name: ClassVar[str] = "drop_near_duplicates"
    reads: ClassVar[tuple[str, ...]] = ("conversation", "model", "user_id", "dropped_by")
    writes: ClassVar[tuple[str, ...]] = ("near_duplicates", "similarity")
    reasons: ClassVar[tuple[str, ...]] = (NEAR, PREFIX)
    index: ClassVar[tuple[str, ...]] = (*("conversation_id", "tstamp", "event_hash", "text_bytes"),)
    uses: ClassVar[tuple[str, ...]] = ("battle_id", "feedback")
    adds: ClassVar[tuple[pa.Field, ...]] = (
        pa.field("near_duplicates", pa.int32()),
        pa.field("similarity", pa.float64()),
    )
    defaults: ClassVar[dict[str, object]] = {"near_duplicates": 0}
    evidence: ClassVar[tuple[str, ...]] = ("prompts", "answers")
    follows: ClassVar[tuple[str, ...]] = ("drop_duplicates",)
    judges_copies: ClassVar[bool] = True

    over: Literal["conversation", "prompts", "prefix"] = "conversation"
    threshold: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.8
    shingle: Annotated[int, msgspec.Meta(ge=1, le=32)] = 5
    recall: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.998
    bands: Annotated[int, msgspec.Meta(ge=1)] | None = None
    rows: Annotated[int, msgspec.Meta(ge=1)] | None = None
    keep: Literal["first", "longest", "most_feedback"] = "first"
    within: Literal["all", "model", "user"] = "all"

    def banding(self) -> tuple[int, int]:
        """Bands, and rows of each part in a band."""
        solved = minhash.bands_and_rows(self.threshold, self.recall, len(PARTS[self.over]))
        return self.bands or solved[0], self.rows or solved[1]

    def salted(self, batch: pa.RecordBatch, table: str, salt: int) -> pa.RecordBatch:
        del table
        if self.over == "prefix":
            key, turns = prefixes.keys(batch["conversation"], self._owner(batch, salt))
            return pa.RecordBatch.from_pydict({"key": key, "turns": turns})
        bands, rows = self.banding()
        sets = {part: self._sets(batch, part, salt) for part in PARTS[self.over]}
        signatures = [minhash.signatures(found, bands * rows) for found in sets.values()]
        keys = minhash.band_keys(signatures, bands, rows, self._owner(batch, salt))
        flat = pa.array(keys.reshape(-1))
        ends = np.arange(batch.num_rows + 1, dtype=np.int32) * bands
        columns = {"key": pa.ListArray.from_arrays(pa.array(ends), flat)}
        return pa.RecordBatch.from_pydict(
            columns | {part: shingles.packed(found) for part, found in sets.items()}
        )

    def _sets(self, batch: pa.RecordBatch, part: str, salt: int) -> shingles.Sets:
        """The shingles of one part of each row; rows that are dropped already have one."""
        flat = Messages(batch["conversation"])
        wanted = flat.by(ROLES[part])
        if "dropped_by" in batch.schema.names:
            wanted &= pc.is_null(batch["dropped_by"]).to_numpy(zero_copy_only=False)[flat.rows]
        texts = flat.texts.take(pa.array(np.flatnonzero(wanted)))
        return shingles.of(texts, flat.rows[wanted], batch.num_rows, self.shingle, salt)

    def _owner(self, batch: pa.RecordBatch, salt: int) -> np.ndarray:
        """What else must be equal for two rows to meet: shape (rows,) uint64."""
        column = {"model": "model", "user": "user_id"}.get(self.within)
        start = np.full(batch.num_rows, salt & 0xFFFFFFFFFFFFFFFF, np.uint64)
        if column is None:
            return start
        return hashing.mix(start, hashing.pair(pc.fill_null(batch[column], ""))[0])

    @property
    def travels(self) -> tuple[str, ...]:
        return ("turns",) if self.over == "prefix" else ()

    def keys_per_row(self) -> int:
        return 2 if self.over == "prefix" else self.banding()[0]

    def distinct(self, members: pa.Table) -> pa.Table:
        return members if self.over == "prefix" else _distinct(members)

    def resolve(self, rows: pa.Table, members: pa.Table, evidence: Evidence) -> pa.Table:
        order = self._order(rows)
        unit, row, weight = (groups.ints(rows, name) for name in ("unit", "row", "text_bytes"))
        rows = rows.take(pa.array(order)).combine_chunks()
        node = _nodes(rows, members)
        battle, partner = _partners(rows)
        if self.over == "prefix":
            return self._decided(rows, _longest(rows, members, node, partner))

        def compare(left: np.ndarray, right: np.ndarray) -> np.ndarray:
            near = np.ones(len(left))
            for part in PARTS[self.over]:
                sides = order[left], order[right]
                near = np.minimum(near, similarity.jaccard(*sides, weight, fetch(part)))
            return np.where(battle[left] == battle[right], 0, near)

        def fetch(part: str) -> similarity.Fetch:
            return lambda given: evidence(unit[given], row[given], part)

        alone = partner == np.arange(rows.num_rows)
        star = similarity.star(
            groups.ints(members, "key"),
            node,
            rows.num_rows,
            compare,
            threshold=self.threshold,
            is_fixed=groups.ints(rows, "former") | alone,
            partner=np.where(alone, -1, partner),
        )
        return self._decided(rows, star)

    def _order(self, rows: pa.Table) -> np.ndarray:
        preference = np.zeros(rows.num_rows, np.int64)
        if self.keep == "longest":
            preference = -groups.ints(rows, "text_bytes")
        elif self.keep == "most_feedback" and "feedback" in rows.column_names:
            votes = [pc.struct_field(rows["feedback"], at) for at in range(3)]
            preference = -sum(pc.fill_null(vote, 0).to_numpy().astype(np.int64) for vote in votes)
        keyed = rows.append_column("preference", pa.array(preference))
        keyed = keyed.append_column("newer", pc.invert(rows["former"]))
        names = ("newer", "interval", "preference", *groups.ORDER, "unit", "row")
        at = pc.sort_indices(keyed, sort_keys=[(name, "ascending") for name in names])
        return at.to_numpy()

    def _decided(self, rows: pa.Table, star: Star) -> pa.Table:
        is_dropped = star.witness >= 0
        witness = np.maximum(star.witness, 0)
        interval = groups.ints(rows, "interval")
        counted = is_dropped & (interval == interval[witness])
        stands_for = np.bincount(witness[counted], minlength=rows.num_rows)
        ids = rows["conversation_id"].combine_chunks()
        columns = {
            "reason": groups.chosen(is_dropped, PREFIX if self.over == "prefix" else NEAR),
            "into": pc.if_else(
                pa.array(is_dropped), ids.take(pa.array(witness)), pa.scalar(None, pa.string())
            ),
            "near_duplicates": pa.array(stands_for, pa.int32()),
            "similarity": pa.array(star.similarity, mask=~is_dropped),
        }
        is_told = is_dropped | ((stands_for > 0) & ~groups.ints(rows, "former"))
        return groups.decisions(rows, is_told, columns)


@dataclass(frozen=True)
class TagNearDuplicates(DropNearDuplicates):
    """Name the first of the conversations that a conversation is nearly equal to; drop none.

    Options: as `drop_near_duplicates`.

    Adds:
        near_duplicates (int32), similarity (float64): as there.
        near_duplicate_of (string): id of the conversation it would have been dropped for.
    """

    name: ClassVar[str] = "tag_near_duplicates"
    writes: ClassVar[tuple[str, ...]] = ("near_duplicates", "similarity", "near_duplicate_of")
    reasons: ClassVar[tuple[str, ...]] = ()
    adds: ClassVar[tuple[pa.Field, ...]] = (
        *DropNearDuplicates.adds,
        pa.field("near_duplicate_of", pa.string()),
    )
    judges_copies: ClassVar[bool] = False

    def _decided(self, rows: pa.Table, star: Star) -> pa.Table:
        made = super()._decided(rows, star)
        made = made.append_column("near_duplicate_of", made["into"])
        for name in ("reason", "into"):
            empty = pa.nulls(made.num_rows, pa.string())
            made = made.set_column(made.schema.get_field_index(name), name, empty)
        return made


def _distinct(members: pa.Table) -> pa.Table:
    """One key for each set of rows that meet: equal copies meet in every band."""
    members = members.take(pc.sort_indices(members, sort_keys=[("key", "ascending")]))
    key = groups.ints(members, "key")
    if not len(key):
        return members
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    address = groups.ints(members, "unit").astype(np.uint64) << np.uint64(32)
    address |= groups.ints(members, "row").astype(np.uint64)
    who = np.add.reduceat(hashing.mix(address, 1), starts)
    _, first = np.unique(who, return_index=True)
    is_first = np.zeros(len(starts), bool)
    is_first[first] = True
    sizes = np.diff(np.append(starts, len(key)))
    return members.filter(pa.array(np.repeat(is_first, sizes)))


def _nodes(rows: pa.Table, members: pa.Table) -> np.ndarray:
    """The place among the rows of each membership: shape (memberships,) int64."""
    mine, theirs = (
        groups.ints(table, "unit").astype(np.int64) << 32 | groups.ints(table, "row")
        for table in (rows, members)
    )
    order = np.argsort(mine)
    return order[np.searchsorted(mine, theirs, sorter=order)]


def _longest(rows: pa.Table, members: pa.Table, node: np.ndarray, partner: np.ndarray) -> Star:
    """The longest conversation that begins with all turns of each; a battle is not split."""
    turns = groups.ints(members, "turns")
    witness = prefixes.longest(
        key=groups.ints(members, "key"),
        node=node,
        interval=np.where(groups.ints(rows, "former"), -1, groups.ints(rows, "interval"))[node],
        turns=turns,
        is_whole=groups.ints(members, "place") == turns - 1,
        nodes=rows.num_rows,
    )
    witness[groups.ints(rows, "former")] = -1
    is_split = (partner >= 0) & (witness[np.maximum(partner, 0)] < 0)
    witness[is_split] = -1
    return Star(witness, np.where(witness >= 0, 1.0, 0.0))


def _partners(rows: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """The battle of each row as a number, and the row of its other side.

    A row without a battle has partner -1. One whose other side is no candidate is its own
    partner: it cannot be dropped, for the other side stays.
    """
    count = rows.num_rows
    nothing = -1 - np.arange(count)
    if "battle_id" not in rows.column_names:
        return nothing, np.full(count, -1)
    column = rows["battle_id"].combine_chunks()
    battle = pc.fill_null(column.dictionary_encode().indices, -1).to_numpy().astype(np.int64)
    battle = np.where(battle < 0, nothing, battle)
    order = np.argsort(battle, kind="stable")
    same = battle[order][1:] == battle[order][:-1]
    partner = np.where(pc.is_valid(column).to_numpy(zero_copy_only=False), np.arange(count), -1)
    one, other = order[:-1][same], order[1:][same]
    partner[one], partner[other] = other, one
    return battle, partner
