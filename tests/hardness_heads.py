"""Small heads of hardness, and the made-up prompts that they are trained on."""

import functools
import tempfile
from pathlib import Path
from random import Random

from pipeline.moderation import heads as training_heads
from pipeline.moderation import training
from pipeline.moderation.heads import Labelled
from schemas.judged import CRITERIA

CALM = ("tell", "weather", "garden", "river", "night", "please", "house", "bread", "cloud")
SIGNS = {name: f"{name.replace('_', '')}sign" for name in CRITERIA}
"""A made-up word that stands for each criterion."""


def prompts(count: int, seed: int = 0) -> dict[str, tuple[bool, ...]]:
    """Made-up prompts, and which criteria the words in each of them stand for."""
    rng = Random(seed)  # noqa: S311 (repeatable)
    made = {}
    for number in range(count):
        met = tuple(rng.random() < 0.5 for _ in CRITERIA)
        words = [*rng.choices(CALM, k=6), f"n{number}"]
        words += [sign for sign, is_met in zip(SIGNS.values(), met, strict=True) if is_met]
        rng.shuffle(words)
        made[" ".join(words)] = met
    return made


@functools.cache
def heads() -> str:
    """A file of heads, made once a process."""
    place = Path(tempfile.mkdtemp(prefix="heads-")) / "hard.npz"
    labelled = Labelled.of(prompts(300), CRITERIA)
    training.write(training_heads.fit(labelled, CRITERIA, {"chat:fake:0": 300}), place)
    return str(place)
