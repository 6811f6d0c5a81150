"""Small models of topics, and the made-up prompts that they are fitted to."""

import functools
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipeline.topics import fitting, model, sampling
from pipeline.topics.model import Model
from pipeline.topics.sampling import Sample
from pipeline.topics.spaces import Options

THEMES = {
    "kitchen": "bake bread flour oven dough yeast butter sugar recipe cake",
    "code": "python function loop variable compile debug list string class error",
    "travel": "flight hotel visa train luggage beach ticket airport museum passport",
}
"""Ten words each; a prompt has some of one theme, and some of all."""
COMMON = "please the how what me tell about and"


def prompts(count: int, seed: int = 0, themes: tuple[str, ...] = tuple(THEMES)) -> list[str]:
    """Made-up prompts, of each theme in turn."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        own = rng.choice(THEMES[themes[number % len(themes)]].split(), 5)
        made.append(" ".join([*rng.choice(COMMON.split(), 3), *own]))
    return made


def sample(texts: list[str], users: int = 30) -> Sample:
    """Texts as a sample, of users in turn."""
    numbers = np.arange(len(texts))
    ids = pa.array([f"{number:032x}" for number in numbers])
    return Sample(ids, sampling.prose_of(texts), numbers % users, len(texts))


def fitted(texts: list[str], users: int = 30, **options: object) -> Model:
    """A model of three topics, unless said so, fitted to texts."""
    given = {"topics": 3, "dimensions": 8, "others": 0.0} | options
    return fitting.fit(sample(texts, users), Options(**given))  # type: ignore[arg-type]


@functools.cache
def folder() -> str:
    """A folder with a model of the three themes, made once a process."""
    place = Path(tempfile.mkdtemp(prefix="topics-")) / "model"
    model.write(fitted(prompts(240)), place)
    return str(place)
