"""Labelled texts for training: JSON Lines of {"text": ..., "labels": {...}}.

`labels` holds 0 or 1 by the name of a category; a category that is not there is unknown, and no
head learns from a row whose label it does not know. A row without any 1 is taken as harmless,
unless it says `"any": null`. The labels of some public sets are read as they are:

    S H V HR SH S3 H2 V2        openai/moderation-api-release
    class: hate|offensive|...   Davidson et al. 2017; `offensive` is no hate, and may be harassment
    kind: hate|neutral          ToxiGen
    toxic: "False"              Wikipedia talk, harmless sentences about groups of people
    jailbreak: true             prompts that talk a model out of its rules: `any` is 1
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import InputError
from schemas.moderation import OMNI

ANY = "any"
COLUMNS = (*OMNI, ANY)
SHORT = {"S": "sexual", "H": "hate", "V": "violence", "HR": "harassment", "SH": "self-harm"}
SHORT |= {"S3": "sexual/minors", "H2": "hate/threatening", "V2": "violence/graphic"}
HARMLESS = dict.fromkeys(COLUMNS, 0)
HATE = {"hate": 1, ANY: 1}
SETS: dict[str, dict[str, Mapping[str, int | None]]] = {
    "class": {"hate": HATE, "offensive": {"hate": 0, ANY: None}, "neither": HARMLESS},
    "kind": {"hate": HATE, "neutral": HARMLESS},
    "toxic": {"False": HARMLESS, "True": {ANY: 1}},
    "jailbreak": {"True": {ANY: 1}, "False": {ANY: 0}},
}
UNKNOWN = -1
MAIN, BESIDE, CHAT = range(3)


@dataclass(frozen=True)
class Examples:
    """Texts and what is known of them.

    Attributes:
        texts: each once.
        labels: 0, 1 or UNKNOWN, columns as COLUMNS: shape (texts, 14) int8.
        kind: MAIN for texts as they will be judged, BESIDE, or harmless CHAT: shape (texts,) int8.
    """

    texts: list[str]
    labels: np.ndarray
    kind: np.ndarray

    @property
    def is_main(self) -> np.ndarray:
        """Whether a text is of the kind that will be judged."""
        return self.kind == MAIN

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: np.ndarray) -> "Examples":
        """Some of them."""
        return Examples([self.texts[at] for at in rows], self.labels[rows], self.kind[rows])


def read(
    main: Iterable[Path],
    beside: Iterable[Path] = (),
    harmless: Iterable[Path] = (),
    most: int = 0,
) -> Examples:
    """The examples of some files; of equal texts the first counts.

    Args:
        main: files of texts as they will be judged.
        beside: files of other texts, which weigh less.
        harmless: likewise, and all their labels count as 0, whatever they say.
        most: texts with the same labels taken of a file but the main, by their hash; 0 for all.

    Raises:
        InputError: a line is not as the format says; names file and line.
    """
    found: dict[str, tuple[list[int], int]] = {}
    for kind, paths in ((MAIN, main), (BESIDE, beside), (CHAT, harmless)):
        for path in paths:
            rows = _rows(path, is_harmless=kind == CHAT)
            for text, labels in rows if kind == MAIN or not most else _fewer(rows, most):
                found.setdefault(text, (labels, kind))
    known_of = np.array([labels for labels, _ in found.values()], np.int8)
    kinds = np.array([kind for _, kind in found.values()], np.int8)
    return Examples(list(found), known_of.reshape(-1, len(COLUMNS)), kinds)


def _fewer(rows: list[tuple[str, list[int]]], most: int) -> list[tuple[str, list[int]]]:
    """At most so many with the same labels, whatever the order of the file."""
    taken: dict[tuple[int, ...], int] = {}
    fewer = []
    for text, labels in sorted(rows, key=lambda row: hashlib.sha256(row[0].encode()).digest()):
        taken[tuple(labels)] = taken.get(tuple(labels), 0) + 1
        if taken[tuple(labels)] <= most:
            fewer.append((text, labels))
    return fewer


def _rows(path: Path, *, is_harmless: bool) -> list[tuple[str, list[int]]]:
    rows = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                labels = HARMLESS if is_harmless else row["labels"]
                rows.append((str(row["text"]), known(labels)))
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{path.name}:{number}: expected text and labels of 0 or 1 "
                    f"({type(error).__name__})"
                ) from error
    return rows


def known(labels: Mapping[str, Any]) -> list[int]:
    """What is known of a row, in the order of COLUMNS.

    Raises:
        ValueError: a label is not 0, 1 or null, or none of them is of a category.
    """
    told: dict[str, int | None] = {}
    for name, value in labels.items():
        if name in SETS:
            told |= SETS[name][str(value)]
        elif (category := SHORT.get(name, name)) in COLUMNS:
            told[category] = value
    if not told or not set(told.values()) <= {0, 1, None}:
        raise ValueError
    told.setdefault(ANY, int(1 in told.values()))
    return [UNKNOWN if told.get(name) is None else int(told[name] or 0) for name in COLUMNS]
