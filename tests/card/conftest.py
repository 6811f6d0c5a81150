"""A release with its card, made once; and the same with other words of the recipe."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from pipeline import documents, files
from pipeline.card_options import Card
from pipeline.folders import Folders
from pipeline.job import Job
from pipeline.recipe import Recipe
from schemas.statistics import Statistics
from tests import runs
from tests.card.page import Page


class Carded:
    """A finished run, its rows, and the documents of its release."""

    def __init__(self, folder: Path, made: Recipe) -> None:
        self.run = runs.Finished(runs.sample(folder / "logs", 600), folder / "out", made)
        self.made = made
        self.folder = folder / "out" / "release"
        self.rows = self.run.rows
        self.release = self.run.manifest.release
        self.books = self.run.manifest.books
        self.job = Job(Folders(str(folder / "out")), made, self.run.manifest.plan)
        self.page = Page((self.folder / "README.md").read_text("utf-8"))

    def whole(self) -> Statistics:
        """The private statistics that the run left."""
        return files.read_record(self.job.folders.at(documents.STATISTICS), Statistics)

    def documents(self, statistics: Statistics | None = None, **options: Any) -> dict[str, str]:
        """The documents with other options of the recipe's sections `card` and `release`."""
        words = {f.name for f in dataclasses.fields(Card)} & options.keys()
        card = dataclasses.replace(self.made.card, **{name: options[name] for name in words})
        rest = {name: value for name, value in options.items() if name not in words}
        release = dataclasses.replace(self.made.release, **rest)
        made = dataclasses.replace(self.made, card=card, release=release)
        job = dataclasses.replace(self.job, recipe=made)
        contents = documents.made(self.release, statistics or self.whole(), job)
        return {path: content.decode() for path, content in contents.items()}


@pytest.fixture(scope="session")
def carded(tmp_path_factory: pytest.TempPathFactory) -> Carded:
    """A release of the shipped recipe, in many small shards."""
    return Carded(tmp_path_factory.mktemp("carded"), runs.small("release"))


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Carded:
    """A release of a recipe without tags and without redaction, that releases user ids."""
    return Carded(tmp_path_factory.mktemp("bare"), runs.small("rich"))


@pytest.fixture(scope="session", params=[1, 10])
def page(carded: Carded, request: pytest.FixtureRequest) -> tuple[Page, int]:
    """The card with every cell, and as it is published."""
    minimum: int = request.param
    return Page(carded.documents(minimum=minimum)["README.md"]), minimum
