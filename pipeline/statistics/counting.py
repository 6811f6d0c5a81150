"""One pass over the released conversations: which columns are counted, and how.

No text is read; of moderation only the verdicts, not the scores. Memory is that of a row group's
columns and of the counts, whose number grows with distinct models, topics, days and lengths.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import files
from pipeline.statistics.cells import ordered
from pipeline.statistics.crowds import NOBODY, Crowds
from pipeline.statistics.distributions import Values
from schemas.manifest import ReleasedFile, ReleaseManifest
from schemas.statistics import Cells, Distribution, Flag, Replaced

ROLES = ("user", "assistant")
PARTITIONS = (
    "model",
    "language",
    "language_code",
    "topic",
    "tokenizer",
    "moderation_model",
    "side",
)
"""Columns whose values are cells."""
QUESTIONS = ("redacted", "flagged_user", "flagged_assistant", "jailbreak", "injection", "has_code",
             "high_frequency")  # fmt: skip
"""Boolean columns."""
POSITIVE = ("refusals", "regenerated", "branched")
"""Counts that are asked whether there is any."""
COPIES = ("duplicates", "near_duplicates")
FEEDBACK = ("upvote", "downvote", "flag")
NESTED = {
    "conversation": (".role",),
    "openai_moderation": (".categories.", ".flagged"),
    "redactions": (".kind", ".rule", ".message"),
}
"""Of these columns only the leaves whose path holds one of those."""
LISTS = ("message_tokens", "feedback")
PLAIN = (*PARTITIONS, *QUESTIONS, *POSITIVE, *COPIES, "turn", "timestamp", "prompt_frequency")


def groups(release: str, manifest: ReleaseManifest) -> Iterator[tuple[ReleasedFile, pa.Table]]:
    """The row groups of the released conversations, the counted columns only, and their file.

    Args:
        release: the folder that holds the shards.
        manifest: lists them.
    """
    for file in manifest.files:
        if file.config == "conversations":
            with files.open_parquet(files.join(release, file.path)) as source:
                columns = _leaves(source)
                for group in range(source.metadata.num_row_groups):
                    rows = source.read_row_group(group, columns=columns, use_threads=False)
                    yield file, rows


def _leaves(source: pq.ParquetFile) -> list[str]:
    """The Parquet paths of what is counted."""
    paths = [source.schema.column(at).path for at in range(len(source.schema))]
    found = []
    for path in paths:
        top = path.split(".", 1)[0]
        ends = NESTED.get(top, ("",) if top in {*PLAIN, *LISTS} else ())
        if any(end in path for end in ends):
            found.append(path)
    return found


class Counts:
    """What the row groups of a release add up to.

    Held are, beyond the counts, 8 bytes a distinct user.

    Attributes:
        everyone: all distinct users, sorted; None: it is not known who wrote the rows.
        redacted: the users behind redactions, by `cells.who`; of nobody, if they are not known.
    """

    def __init__(self, *, is_known: bool = False) -> None:
        self.everyone = np.empty(0, np.uint64) if is_known else None
        self.conversations = 0
        self.messages = 0
        self.turns = Values()
        self.prompt_tokens = Values()
        self.answer_tokens = Values()
        self.prompt_frequency = Values()
        self._partitions: dict[str, Counter[str]] = {}
        self._shares: dict[str, Counter[str]] = {}
        self._copies: Counter[str] = Counter()
        self._flags: Counter[tuple[str, str, str]] = Counter()
        self._values: Counter[str] = Counter()
        self._conversations: Counter[str] = Counter()
        self._crowds: defaultdict[tuple[str, str], Crowds] = defaultdict(Crowds)
        self._users: np.ndarray | None = None
        self.redacted = Crowds()

    def add(self, interval: str, rows: pa.Table, users: np.ndarray | None = None) -> None:
        """Count a row group.

        Args:
            interval: of its file.
            rows: the counted columns.
            users: who wrote each row: shape (rows,) uint64; None: nobody knows.
        """
        self._meet(users)
        self.conversations += rows.num_rows
        self._cell("interval", pa.array([interval]).take(pa.array(np.zeros(rows.num_rows, int))))
        for name in PARTITIONS:
            if name in rows.column_names:
                self._cell(name, rows[name])
        if "timestamp" in rows.column_names:
            self._cell("day", pc.strftime(rows["timestamp"], "%Y-%m-%d"))
        self._questions(rows)
        for name in COPIES:
            if name in rows.column_names:
                self._copies[name] += pc.sum(rows[name]).as_py() or 0
        self.turns.add(rows["turn"].to_numpy(), users)
        self.messages += pc.sum(pc.list_value_length(rows["conversation"])).as_py() or 0
        if "prompt_frequency" in rows.column_names:
            self.prompt_frequency.add(rows["prompt_frequency"].to_numpy(), users)
        for name, count in (
            ("message_tokens", self._tokens),
            ("openai_moderation", self._moderation),
        ):
            if name in rows.column_names:
                count(rows[name])
        if "redactions" in rows.column_names:
            self._redactions(rows)

    def _meet(self, users: np.ndarray | None) -> None:
        self._users = users
        if self.everyone is not None and users is not None:
            self.everyone = np.union1d(self.everyone, users[users != NOBODY])

    def _cell(self, name: str, column: Any) -> None:
        self._partitions.setdefault(name, Counter()).update(_value_counts(column))
        self._crowd("partition", name, column)

    def _crowd(self, what: str, name: str, column: Any) -> None:
        if self._users is not None:
            self._crowds[what, name].add(column.cast(pa.string()), self._users)

    def _questions(self, rows: pa.Table) -> None:
        asked = {name: rows[name] for name in QUESTIONS if name in rows.column_names}
        for name in POSITIVE:
            if name in rows.column_names:
                asked[name] = pc.greater(rows[name], 0)
        if "feedback" in rows.column_names:
            feedback = rows["feedback"].combine_chunks()
            for name in FEEDBACK:
                # the struct's own nulls count: `field` alone would look through them
                votes = pc.fill_null(pc.struct_field(feedback, name), 0)
                asked[name] = pc.greater(votes, 0)
        if "side" in rows.column_names:
            asked["battle"] = pc.is_valid(rows["side"])
        for name, column in asked.items():
            self._shares.setdefault(name, Counter()).update(_value_counts(column))
            self._crowd("share", name, column)

    def _tokens(self, column: pa.ChunkedArray) -> None:
        lists = column.combine_chunks()
        tokens, place = pc.list_flatten(lists).to_numpy(), _place(lists)
        users = self._of(pc.list_parent_indices(lists).to_numpy())
        for values, is_mine in (
            (self.prompt_tokens, place % 2 == 0),
            (self.answer_tokens, place % 2 == 1),
        ):
            values.add(tokens[is_mine], None if users is None else users[is_mine])

    def _moderation(self, column: pa.ChunkedArray) -> None:
        lists = column.combine_chunks()
        entries, place = pc.list_flatten(lists), _place(lists)
        row = pc.list_parent_indices(lists).to_numpy()
        categories = pc.struct_field(entries, "categories")
        named = {f.name: pc.struct_field(categories, [at]) for at, f in enumerate(categories.type)}
        for name, verdicts in {"": pc.struct_field(entries, "flagged"), **named}.items():
            is_told = pc.is_valid(verdicts).to_numpy(zero_copy_only=False)
            hit = pc.fill_null(verdicts, fill_value=False).to_numpy(zero_copy_only=False)
            for number, role in enumerate(ROLES):
                self._flags[name, role, "told"] += int((is_told & (place % 2 == number)).sum())
                of_role = hit & (place % 2 == number)
                self._flags[name, role, "messages"] += int(of_role.sum())
                self._flags[name, role, "conversations"] += len(np.unique(row[of_role]))
                if (users := self._of(row[of_role])) is not None:
                    self._crowds["flag", name].put(role, users)

    def _redactions(self, rows: pa.Table) -> None:
        lists = rows["redactions"].combine_chunks()
        flat, row = pc.list_flatten(lists), pc.list_parent_indices(lists)
        kinds = pc.struct_field(flat, "kind")
        self._values.update(_value_counts(kinds))
        distinct = pa.table({"kind": kinds, "row": row}).group_by(["kind", "row"]).aggregate([])
        self._conversations.update(_value_counts(distinct["kind"]))
        users = self._of(row.to_numpy())
        if users is None:
            return
        self._crowds["redaction", ""].add(kinds, users)
        roles = pa.array(ROLES).take(pc.bit_wise_and(pc.struct_field(flat, "message"), 1))
        spoken = pa.nulls(len(row), pa.string())
        if "language_code" in rows.column_names:
            spoken = rows["language_code"].combine_chunks().take(row)
        parts = (kinds, pc.struct_field(flat, "rule"), roles, pc.fill_null(spoken, ""))
        named = [part.cast(pa.string()) for part in parts]
        self.redacted.add(pc.binary_join_element_wise(*named, "\0"), users)

    def _of(self, row: np.ndarray) -> np.ndarray | None:
        """The users of some rows of the group."""
        return None if self._users is None else self._users[row]

    @property
    def partitions(self) -> dict[str, Cells]:
        """All partitions by name."""
        return {name: self._ordered("partition", name) for name in self._partitions}

    @property
    def shares(self) -> dict[str, Cells]:
        """All questions by name."""
        return {name: self._ordered("share", name) for name in self._shares}

    def _ordered(self, what: str, name: str) -> Cells:
        counts = (self._partitions if what == "partition" else self._shares)[name]
        crowds = self._crowds.get((what, name))
        found = ordered(counts)
        return msgspec.structs.replace(found, users=crowds.together(counts)) if crowds else found

    @property
    def copies(self) -> dict[str, int | None]:
        """How many rows that are not released the released ones stand for."""
        return dict(self._copies)

    @property
    def flags(self) -> list[Flag]:
        """Categories by role; the category "" is any of them."""
        names = sorted({(category, role) for category, role, _ in self._flags})
        counted = ("told", "messages", "conversations")
        found = [Flag(*name, *(self._flags[*name, what] for what in counted)) for name in names]
        if not any(what == "flag" for what, _ in self._crowds):
            return found
        return [
            msgspec.structs.replace(one, users=self._crowds["flag", one.category].of(one.role))
            for one in found
        ]

    @property
    def redactions(self) -> list[Replaced]:
        """Kinds, the most frequent first."""
        crowds = self._crowds.get(("redaction", ""))
        users = crowds.together(self._conversations) if crowds else {}
        found = [
            Replaced(kind, count, self._conversations[kind], users.get(kind, msgspec.UNSET))
            for kind, count in self._values.items()
        ]
        return sorted(found, key=lambda one: (-one.values, one.kind))

    def tokens(self, values: Values) -> Distribution | None:
        """A distribution that only a recipe with `score_tokens` has."""
        return values.distribution() if "tokenizer" in self._partitions else None


def _value_counts(column: Any) -> dict[str, int]:
    """Value -> rows; null is "", a Boolean is `true` or `false`."""
    found = pc.value_counts(column)
    names = found.field("values").cast(pa.string()).to_pylist()
    counts = found.field("counts").to_pylist()
    return {name or "": count for name, count in zip(names, counts, strict=True)}


def _place(lists: pa.ListArray) -> np.ndarray:
    """The place of each element in its list, from 0: shape (elements,)."""
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy().astype(np.int64)
    return np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
