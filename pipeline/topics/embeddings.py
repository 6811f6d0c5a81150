"""Vectors of words from elsewhere, in place of those that the sample teaches.

Only a fit needs them: what is frozen is a row of numbers for each known word, so a release is
tagged without the package and the files that they came from, and as fast. Vectors of several
languages in one space make topics that are not of one language.

    a text file       `word number number...` a line, as GloVe and fastText (.vec) are published
    a folder          of a sentence-transformers model whose package embeds each
                      word by itself, or, if it has no modules.json, of a model2vec model

Paths are local, and nothing is downloaded.
"""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.decomposition import PCA

from pipeline.errors import InputError

DECIMALS = 6


def of_words(known: pa.StringArray, path: str, dimensions: int) -> np.ndarray:
    """Vectors of some words: shape (words, dimensions); 0 for those that are not known there.

    Raises:
        InputError: there is no such file or folder, no package to read it, or no vector in it.
    """
    place = Path(path)
    if not place.exists():
        raise InputError(f"vectors: no such file or folder: {path}")
    found = _encoded(known, place) if place.is_dir() else _listed(known, place)
    is_there = np.abs(found).any(axis=1)
    if is_there.sum() < 2:  # noqa: PLR2004 (two words)
        raise InputError(f"vectors: {path} holds hardly any of the {len(known)} known words")
    if found.shape[1] > dimensions:
        least = min(dimensions, int(is_there.sum()))
        made = np.zeros((len(known), least))
        made[is_there] = PCA(least, svd_solver="full").fit_transform(found[is_there])
        found = made
    return np.round(found / np.abs(found).max(), DECIMALS)


def _listed(known: pa.StringArray, path: Path) -> np.ndarray:
    place = {word: at for at, word in enumerate(known.to_pylist())}
    found: dict[int, np.ndarray] = {}
    with path.open("rb") as lines:
        for line in lines:
            word, _, numbers = line.rstrip().partition(b" ")
            at = place.get(word.decode("utf-8", "replace").casefold())
            if at is not None and at not in found and b" " in numbers:
                found[at] = _numbers(numbers, path)
    if not found:
        return np.zeros((len(known), 1))
    width = len(next(iter(found.values())))
    made = np.zeros((len(known), width))
    for at, vector in found.items():
        if len(vector) != width:
            raise InputError(f"vectors: lines of {path} are not of one length")
        made[at] = vector
    return made


def _numbers(told: bytes, path: Path) -> np.ndarray:
    try:
        return np.array(told.split(), np.float64)
    except ValueError as error:
        raise InputError(f"vectors: a line of {path} holds what is no number") from error


def _encoded(known: pa.StringArray, folder: Path) -> np.ndarray:
    is_transformer = (folder / "modules.json").is_file()
    name = "sentence_transformers" if is_transformer else "model2vec"
    try:
        package: Any = importlib.import_module(name)
    except ImportError as error:
        raise InputError(f"vectors: {folder} needs the package {name}") from error
    if is_transformer:
        model = package.SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        return np.asarray(model.encode(known.to_pylist()), np.float64)
    return np.asarray(package.StaticModel.from_pretrained(folder).encode(known.to_pylist()), float)
