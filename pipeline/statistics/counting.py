"""One pass over the released conversations: which columns are counted, and how.

No text is read; of moderation only the verdicts, not the scores. Memory is that of a row group's
columns and of the counts, whose number grows with distinct models, topics, days and lengths.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import files
from pipeline.statistics.cells import ordered
from pipeline.statistics.distributions import Values
from schemas.manifest import ReleaseManifest
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
    "redactions": (".kind",),
}
"""Of these columns only the leaves whose path holds one of those."""
LISTS = ("message_tokens", "feedback")
PLAIN = (*PARTITIONS, *QUESTIONS, *POSITIVE, *COPIES, "turn", "timestamp", "prompt_frequency")


def groups(release: str, manifest: ReleaseManifest) -> Iterator[tuple[str, pa.Table]]:
    """The row groups of the released conversations, the counted columns only, and their interval.

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
                    yield file.interval, rows


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
    """What the row groups of a release add up to."""

    def __init__(self) -> None:
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

    def add(self, interval: str, rows: pa.Table) -> None:
        """Count a row group."""
        self.conversations += rows.num_rows
        self._cell("interval", {interval: rows.num_rows})
        for name in PARTITIONS:
            if name in rows.column_names:
                self._cell(name, _value_counts(rows[name]))
        if "timestamp" in rows.column_names:
            self._cell("day", _value_counts(pc.strftime(rows["timestamp"], "%Y-%m-%d")))
        self._questions(rows)
        for name in COPIES:
            if name in rows.column_names:
                self._copies[name] += pc.sum(rows[name]).as_py() or 0
        self.turns.add(rows["turn"].to_numpy())
        self.messages += pc.sum(pc.list_value_length(rows["conversation"])).as_py() or 0
        if "prompt_frequency" in rows.column_names:
            self.prompt_frequency.add(rows["prompt_frequency"].to_numpy())
        if "message_tokens" in rows.column_names:
            self._tokens(rows["message_tokens"])
        if "openai_moderation" in rows.column_names:
            self._moderation(rows["openai_moderation"])
        if "redactions" in rows.column_names:
            self._redactions(rows["redactions"])

    def _cell(self, name: str, found: dict[str, int]) -> None:
        self._partitions.setdefault(name, Counter()).update(found)

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

    def _tokens(self, column: pa.ChunkedArray) -> None:
        lists = column.combine_chunks()
        tokens, place = pc.list_flatten(lists).to_numpy(), _place(lists)
        self.prompt_tokens.add(tokens[place % 2 == 0])
        self.answer_tokens.add(tokens[place % 2 == 1])

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

    def _redactions(self, column: pa.ChunkedArray) -> None:
        lists = column.combine_chunks()
        kinds = pc.struct_field(pc.list_flatten(lists), "kind")
        self._values.update(_value_counts(kinds))
        found = pa.table({"kind": kinds, "row": pc.list_parent_indices(lists)})
        distinct = found.group_by(["kind", "row"]).aggregate([])
        self._conversations.update(_value_counts(distinct["kind"]))

    @property
    def partitions(self) -> dict[str, Cells]:
        """All partitions by name."""
        return {name: ordered(found) for name, found in self._partitions.items()}

    @property
    def shares(self) -> dict[str, Cells]:
        """All questions by name."""
        return {name: ordered(found) for name, found in self._shares.items()}

    @property
    def copies(self) -> dict[str, int | None]:
        """How many rows that are not released the released ones stand for."""
        return dict(self._copies)

    @property
    def flags(self) -> list[Flag]:
        """Categories by role; the category "" is any of them."""
        names = sorted({(category, role) for category, role, _ in self._flags})
        counted = ("told", "messages", "conversations")
        return [Flag(*name, *(self._flags[*name, what] for what in counted)) for name in names]

    @property
    def redactions(self) -> list[Replaced]:
        """Kinds, the most frequent first."""
        found = [Replaced(k, n, self._conversations[k]) for k, n in self._values.items()]
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
