"""Models are loaded before worker processes are forked, so that these share the pages.

Each stage of a recipe is shown one made-up conversation in the parent: whatever it loads or
compiles when it is first used is there when processes are forked. Python's garbage collector
would write to pages of objects that it looks at, so what exists by then is frozen out of its sight.
"""

import contextlib
import gc

import pyarrow as pa

from pipeline.recipe import Recipe
from pipeline.stage import BatchStage, EditingStage
from schemas.staged import CONVERSATIONS

EXAMPLE = (
    ("Hello, my name is Jane Miller, reach me at jane@example.org or +1 555 0100.", "user"),
    ("Nice to meet you.\n```python\nprint(1)\n```\nSee https://example.org/a", "assistant"),
    ("¿Dónde está la biblioteca? 图书馆在哪里? Где библиотека? أين المكتبة؟", "user"),
    ("I am sorry, I can not tell.", "assistant"),
)


def warm(recipe: Recipe, stack: contextlib.ExitStack) -> None:
    """Let each stage load what it needs; stages that would ask a server are left out.

    Args:
        recipe: its stages.
        stack: its end gives the collector its sight back.
    """
    batch = example()
    for stage in recipe.stages:
        if "conversations" not in stage.tables or stage.sends_text:
            continue
        if isinstance(stage, EditingStage):
            batch = stage.mark(batch)
        elif isinstance(stage, BatchStage):
            batch = stage.apply(batch)
    gc.collect()
    gc.freeze()
    stack.callback(gc.unfreeze)


def example() -> pa.RecordBatch:
    """One staged conversation, made up."""
    messages = [{"content": text, "role": role} for text, role in EXAMPLE]
    row: dict[str, object] = dict.fromkeys(CONVERSATIONS.names) | {
        "conversation_id": "0" * 32,
        "model": "example",
        "conversation": messages,
        "turn": len(messages) // 2,
        "tstamp": 0.0,
        "event_hash": bytes(16),
        "file": 0,
        "offset": 0,
    }
    return pa.RecordBatch.from_pylist([row], CONVERSATIONS)
