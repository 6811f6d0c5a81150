"""What was redacted, in numbers: by kind, rule, role, language and action; never a value."""

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.pii import editing
from pipeline.pii.kinds import KINDS
from pipeline.recipe import Recipe
from schemas.manifest import Redactions

ROLES = pa.array(["user", "assistant"])
LITERALS = rf"\b(?:{'|'.join(editing.TOKENS)})_(?:[0-9a-f]{{16}}|[0-9]{{1,9}})\b"


class Counted:
    """Counts over the tables of a shard.

    Attributes:
        literals: what looks like a placeholder in the texts and is none of ours.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._actions = {kind: to for stage in recipe.editing for kind, to in stage.actions.items()}
        self._counts: Counter[tuple[str, str, str, str]] = Counter()
        self.literals = 0

    def add(self, table: pa.Table) -> None:
        """Count the redactions of some released rows."""
        if "redactions" not in table.column_names:
            return
        column = table["redactions"].combine_chunks()
        flat = pc.list_flatten(column)
        role = ROLES.take(pc.bit_wise_and(flat.field("message"), 1))
        language = pa.array([""] * len(flat), pa.string())
        if "language_code" in table.column_names:
            of_row = table["language_code"].combine_chunks().take(pc.list_parent_indices(column))
            language = pc.fill_null(of_row, "")
        names = [flat.field("kind"), flat.field("rule"), role, language]
        rows = pa.table(names, ["kind", "rule", "role", "language"])
        grouped = rows.group_by(rows.column_names).aggregate([([], "count_all")]).to_pydict()
        for *key, count in zip(
            *(grouped[n] for n in (*rows.column_names, "count_all")), strict=True
        ):
            self._counts[tuple(key)] += count
        self.literals += self._written(table, len(flat), flat.field("kind"))

    def _written(self, table: pa.Table, redacted: int, kinds: pa.Array) -> int:
        texts = table["conversation"].combine_chunks().flatten().field("content")
        standing = pc.sum(pc.count_substring_regex(texts, LITERALS)).as_py() or 0
        ours = {kind for kind in KINDS if self._actions.get(kind) in {"placeholder", "hmac"}}
        is_ours = pc.is_in(kinds, pa.array(sorted(ours), pa.string()))
        return max(0, standing - (pc.sum(is_ours).as_py() or 0)) if redacted else standing

    def redactions(self) -> list[Redactions]:
        """The counts, in order."""
        return [
            Redactions(kind, rule, role, language, self._actions[kind], count)
            for (kind, rule, role, language), count in sorted(self._counts.items())
        ]
