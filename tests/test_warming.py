"""What workers need is loaded before they are forked."""

import contextlib
import gc
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pytest

from pipeline import recipe, warming
from pipeline.language import ngrams
from pipeline.moderation import embedded
from pipeline.pii.names import tagger
from pipeline.recipe import Recipe
from pipeline.stage import BatchStage

LOADERS = (ngrams.model, tagger.shipped, embedded.loaded)


@pytest.fixture
def _forgotten() -> None:
    for loader in LOADERS:
        loader.cache_clear()


@pytest.mark.usefixtures("_forgotten")
def test_models_of_the_release_recipe_are_loaded() -> None:
    """The detector of languages, the tagger of names and the heads are there before any fork."""
    with contextlib.ExitStack() as stack:
        warming.warm(recipe.load("release"), stack)
    loaded = [loader.cache_info().currsize for loader in LOADERS]
    assert all(loaded)


def test_collector_sees_again_afterwards() -> None:
    """What is frozen while workers live is given back when they end: no process leaks by runs."""
    before = gc.get_freeze_count()
    with contextlib.ExitStack() as stack:
        warming.warm(Recipe(()), stack)
        assert gc.get_freeze_count() > before
    assert gc.get_freeze_count() == 0


@dataclass(frozen=True)
class _Asks(BatchStage):
    """Asks a server about each batch."""

    name: ClassVar[str] = "tag_asked"
    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ()

    @property
    def sends_text(self) -> bool:
        return True

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        raise AssertionError(f"a server was asked about {batch.num_rows} conversations")


def test_no_server_is_asked() -> None:
    """The made-up conversation is sent nowhere, so it costs nothing and shows in no budget."""
    with contextlib.ExitStack() as stack:
        warming.warm(Recipe((_Asks(),)), stack)
