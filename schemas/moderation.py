"""The categories of OpenAI's moderation models, and the columns that hold them.

Names and order are those of LMSYS-Chat-1M, slashes included; WildChat-1M shows what happens
otherwise: both `harassment/threatening` and `harassment_threatening`.
"""

from typing import Literal

import pyarrow as pa

Category = Literal[
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
    "illicit",
    "illicit/violent",
]
Taxonomy = Literal["text", "omni"]

OMNI: tuple[Category, ...] = Category.__args__  # type: ignore[attr-defined]
"""The 13 categories of omni-moderation."""
TEXT = OMNI[:11]
"""The 11 categories of text-moderation, as LMSYS-Chat-1M has them."""
CATEGORIES: dict[Taxonomy, tuple[Category, ...]] = {"text": TEXT, "omni": OMNI}


def column(taxonomy: Taxonomy) -> pa.DataType:
    """The type of `openai_moderation`: one entry a message."""
    names = CATEGORIES[taxonomy]
    return pa.list_(
        pa.struct(
            [
                pa.field("categories", pa.struct([(name, pa.bool_()) for name in names])),
                pa.field("category_scores", pa.struct([(name, pa.float64()) for name in names])),
                pa.field("flagged", pa.bool_()),
            ]
        )
    )
