"""One pass over the released shards: what the report shows and `run/statistics.json` does not hold.

No text is read. Counts grow with models, intervals and categories, not with rows; moderation's
scores are counted in fixed bins.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files
from schemas.manifest import ReleaseManifest

ROLES = ("user", "assistant")
BINS = 50
"""Of scores from 0 to 1; a score of 1 has a bin of its own."""
COLUMNS = ("model", "turn", "timestamp", "duplicates", "near_duplicates", "openai_moderation",
           "redactions", "language_code", "topic_id", "topic")  # fmt: skip
EDGE = 1e-6
"""So that 0.58 is in the bin that begins at 0.58, which binary fractions leave open."""
MOST_DAYS = 92
"""From here on time is shown by the intervals of the release."""
ANY = "any"
"""What the row of all categories together is called."""


class Survey:
    """What the row groups add up to.

    Attributes:
        rows: released conversations.
        messages: role -> messages with a moderation verdict.
        models: model -> conversations.
        times: (interval or day, model) -> conversations.
        scores: (category, role) -> messages by bin: shape (BINS + 1,).
        flags: (category, model) -> conversations with a flagged message.
        clusters: (kind of copies, conversations a released one stands for, itself too) -> rows.
        redactions: (kind, role, language) -> values; the same with conversations.
        topics: (id, name) -> conversations.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.messages: Counter[str] = Counter()
        self.models: Counter[str] = Counter()
        self.intervals: Counter[tuple[str, str]] = Counter()
        self.days: Counter[tuple[str, str]] = Counter()
        self.scores: dict[tuple[str, str], np.ndarray] = {}
        self.flags: Counter[tuple[str, str]] = Counter()
        self.flagged: Counter[tuple[str, str]] = Counter()
        self.clusters: Counter[tuple[str, int]] = Counter()
        self.redactions: Counter[tuple[str, str, str]] = Counter()
        self.redacted: Counter[tuple[str, str]] = Counter()
        self.topics: Counter[tuple[int, str]] = Counter()

    def add(self, interval: str, rows: pa.Table) -> None:
        """Count a row group of an interval."""
        self.rows += rows.num_rows
        models = rows["model"].combine_chunks()
        self.models.update(_counted(models))
        for name, count in _counted(models).items():
            self.intervals[interval, name] += count
        if "timestamp" in rows.column_names:
            days = pc.strftime(rows["timestamp"].combine_chunks(), "%Y-%m-%d")
            self.days.update(_pairs(days, models))
        for name in ("duplicates", "near_duplicates"):
            if name in rows.column_names:
                sizes = _counted(pc.add(rows[name].combine_chunks(), 1))
                self.clusters.update({(name, size): n for size, n in sizes.items()})
        if "openai_moderation" in rows.column_names:
            self._moderation(rows["openai_moderation"].combine_chunks(), models)
        if "redactions" in rows.column_names:
            self._redactions(rows)
        if "topic_id" in rows.column_names:
            known = rows.filter(pc.is_valid(rows["topic_id"]))
            ids, names = known["topic_id"].combine_chunks(), known["topic"].combine_chunks()
            self.topics.update(_pairs(ids, names))

    @property
    def times(self) -> Counter[tuple[str, str]]:
        """Days where there are few of them, else the release's intervals."""
        days = {day for day, _ in self.days}
        return self.days if 1 < len(days) <= MOST_DAYS else self.intervals

    def _moderation(self, lists: pa.ListArray, models: pa.StringArray) -> None:
        entries, role = pc.list_flatten(lists), _places(lists) % 2
        of_row = pc.list_parent_indices(lists).to_numpy()
        for number, name in enumerate(ROLES):
            self.messages[name] += int((role == number).sum())
        scores, verdicts = (pc.struct_field(entries, n) for n in ("category_scores", "categories"))
        for at, field in enumerate(scores.type):
            self._binned(field.name, pc.struct_field(scores, [at]), role)
            self._hits(field.name, pc.struct_field(verdicts, [at]), (role, of_row), models)
        self._hits(ANY, pc.struct_field(entries, "flagged"), (role, of_row), models)

    def _binned(self, category: str, scores: pa.Array, role: np.ndarray) -> None:
        values = scores.to_numpy(zero_copy_only=False).astype(float)
        is_told = ~np.isnan(values)
        bins = np.clip((values[is_told] * BINS + EDGE).astype(np.int64), 0, BINS)
        for number, name in enumerate(ROLES):
            found = np.bincount(bins[role[is_told] == number], minlength=BINS + 1)
            self.scores[category, name] = self.scores.get((category, name), 0) + found

    def _hits(
        self,
        category: str,
        verdicts: pa.Array,
        at: tuple[np.ndarray, np.ndarray],
        models: pa.StringArray,
    ) -> None:
        role, of_row = at
        hit = pc.fill_null(verdicts, fill_value=False).to_numpy(zero_copy_only=False)
        for number, name in enumerate(ROLES):
            mine = hit & (role == number)
            self.flagged[category, name] += int(mine.sum())
        rows = np.unique(of_row[hit & (role == 1)])
        for model, count in _counted(models.take(pa.array(rows))).items():
            self.flags[category, model] += count

    def _redactions(self, rows: pa.Table) -> None:
        lists = rows["redactions"].combine_chunks()
        flat, of_row = pc.list_flatten(lists), pc.list_parent_indices(lists)
        languages = pa.array([""] * len(flat), pa.string())
        if "language_code" in rows.column_names:
            languages = rows["language_code"].combine_chunks().take(of_row)
        roles = pa.array(ROLES).take(pc.bit_wise_and(pc.struct_field(flat, "message"), 1))
        kinds = pc.struct_field(flat, "kind")
        table = pa.table({"kind": kinds, "role": roles, "language": languages, "row": of_row})
        grouped = table.group_by(["kind", "role", "language"]).aggregate([([], "count_all")])
        for one in grouped.to_pylist():
            self.redactions[one["kind"], one["role"], one["language"]] += one["count_all"]
        distinct = table.group_by(["kind", "language", "row"]).aggregate([])
        found = distinct.group_by(["kind", "language"]).aggregate([([], "count_all")])
        for one in found.to_pylist():
            self.redacted[one["kind"], one["language"]] += one["count_all"]


def survey(release: str, manifest: ReleaseManifest) -> Survey:
    """Walk through a release, row group by row group.

    Args:
        release: its folder.
        manifest: its record.
    """
    found = Survey()
    for interval, rows in _groups(release, manifest):
        found.add(interval, rows)
    return found


def _groups(release: str, manifest: ReleaseManifest) -> Iterator[tuple[str, pa.Table]]:
    for file in manifest.files:
        if file.config == "conversations":
            with files.open_parquet(files.join(release, file.path)) as source:
                columns = [name for name in COLUMNS if name in source.schema_arrow.names]
                for group in range(source.metadata.num_row_groups):
                    rows = source.read_row_group(group, columns=columns, use_threads=False)
                    yield file.interval, rows


def _places(lists: pa.ListArray) -> np.ndarray:
    """The place of each element in its own list, from 0: shape (elements,)."""
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    return np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def _counted(values: pa.Array) -> dict[Any, int]:
    found = pc.value_counts(values)
    names, counts = found.field("values").to_pylist(), found.field("counts").to_pylist()
    return {name: count for name, count in zip(names, counts, strict=True) if name is not None}


def _pairs(one: pa.Array, other: pa.Array) -> dict[tuple[Any, Any], int]:
    table = pa.table({"one": one, "other": other})
    grouped = table.group_by(["one", "other"]).aggregate([([], "count_all")]).to_pydict()
    keys = zip(grouped["one"], grouped["other"], strict=True)
    return dict(zip(keys, grouped["count_all"], strict=True))
