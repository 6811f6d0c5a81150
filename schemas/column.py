"""What a released column is, and the types of those that are neither numbers nor strings."""

from dataclasses import dataclass

import pyarrow as pa

from schemas import moderation

FEEDBACK = pa.struct([("upvote", pa.int32()), ("downvote", pa.int32()), ("flag", pa.int32())])

HEADERS = pa.struct([(f"h{level}", pa.int32()) for level in range(1, 7)])
LISTS = pa.struct([("ordered", pa.int32()), ("unordered", pa.int32())])
BOLD = pa.struct([("**", pa.int32()), ("__", pa.int32())])

REDACTIONS = pa.list_(
    pa.struct(
        [
            pa.field("message", pa.int32()),
            pa.field("start", pa.int32()),
            pa.field("end", pa.int32()),
            pa.field("kind", pa.string()),
            pa.field("rule", pa.string()),
        ]
    )
)

TAG_ERRORS = pa.list_(
    pa.struct(
        [
            pa.field("tag", pa.string()),
            pa.field("message", pa.int32()),
            pa.field("reason", pa.string()),
        ]
    )
)


@dataclass(frozen=True)
class Column:
    """One released column: its Arrow field, what it means, the stage that makes it."""

    field: pa.Field
    meaning: str
    by: str | None = None
    """The stage that makes the column; None: every release has it."""
    or_by: tuple[str, ...] = ()
    """Other stages that make it."""
    asked: str | None = None
    """The switch of the recipe's `release` section that asks for the column."""

    @property
    def types(self) -> tuple[pa.DataType, ...]:
        """The types that it may have, by what the recipe asks for."""
        if self.field.name == "openai_moderation":
            return (moderation.column("text"), moderation.column("omni"))
        return (self.field.type,)
