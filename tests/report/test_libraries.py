"""The scripts of others are those of the packages they claim to be, and speak our Vega-Lite."""

import hashlib
import json
from pathlib import Path

import altair as alt
import pytest

from pipeline.report import page

ASSETS = Path(page.__file__).parent / "assets"
SOURCES = json.loads((ASSETS / "SOURCES.json").read_text("utf-8"))


@pytest.mark.parametrize("name", page.LIBRARIES)
def test_a_library_is_as_it_was_published(name: str) -> None:
    """Its bytes have the digest that SOURCES.json pins, and its licence is beside it."""
    assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == SOURCES[name]["sha256"]
    assert name in (ASSETS / "LICENSES.txt").read_text("utf-8")


def test_charts_are_of_the_version_that_draws_them() -> None:
    """Altair writes for the minor version of Vega-Lite that is inlined."""
    written = alt.SCHEMA_VERSION.lstrip("v").split(".")[:2]
    drawn = SOURCES["vega-lite.min.js"]["package"].partition("@")[2].split(".")[:2]

    assert written == drawn


def test_libraries_are_plain_scripts() -> None:
    """Nothing in them ends a script element, imports a module, or names a source map."""
    for text in page.libraries():
        assert "</script" not in text.lower()
        assert "<!--" not in text
        assert "sourceMappingURL" not in text
    assert "vega-util" not in page.libraries()[-1]
    assert "export" not in page.libraries()[-1]
