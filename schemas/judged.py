"""What is said of a trajectory or of a prompt: the names and columns of two tags."""

import pyarrow as pa

CRITERIA = (
    *("specificity", "domain_knowledge", "complexity", "problem_solving", "creativity"),
    *("technical_accuracy", "real_world"),
)
"""The criteria of a hard prompt, as BenchBuilder and `criteria_v0.1` of the Arena name them."""
MET = pa.struct([(name, pa.bool_()) for name in CRITERIA])
PATTERNS = ("analysis_paralysis", "rogue_actions", "premature_disengagement")
"""Of overthinking, as Cuadron et al. 2025 name them."""
OVERTHINKING = pa.struct(
    [
        *((name, pa.int32()) for name in ("steps", "actions", "observations")),
        *((f"{name}_actions", pa.int32()) for name in ("repeated", "unobserved")),
        *((f"{name}_chars", pa.int64()) for name in ("reasoning", "longest_reasoning")),
        ("reasoning_share", pa.float64()),
    ]
)
JUDGED = pa.struct(
    [*((name, pa.bool_()) for name in PATTERNS), ("score", pa.int32()), ("model", pa.string())]
)
