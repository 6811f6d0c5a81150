"""Conversations as they are released, for the reviewer's eye: sampled by a seeded rule.

The rule: of the row groups of the release those with the smallest hashes of path and number, of
their rows those with the smallest hashes of path, group and row, both keyed with the seed. Rows in
which the independent checks find something are passed over.
"""

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import xxhash

from pipeline import files
from pipeline.report import texts
from schemas.manifest import ReleaseManifest

GROUPS = 3
"""Row groups that are read: the cost does not grow with the release."""
PLAIN, FLAGGED = 8, 6
FLAGS = ("flagged_user", "flagged_assistant", "jailbreak", "injection")
SHOWN = ("conversation_id", "model", "language", "turn", "conversation", "redactions", *FLAGS)


class Said(NamedTuple):
    """A message: who said it, in runs of text, each with the kind of its redaction or ""."""

    role: str
    pieces: list[tuple[str, str]]


class Example(NamedTuple):
    """A conversation that is shown.

    Attributes:
        why: the flags it has; none of them: it is shown openly.
        rest: messages that are not shown.
    """

    conversation_id: str
    model: str
    language: str
    why: list[str]
    messages: list[Said]
    rest: int


class Drawn(NamedTuple):
    """What was drawn, and how many rows were passed over for what the checks found in them."""

    plain: list[Example]
    flagged: list[Example]
    passed_over: int


def draw(release: str, manifest: ReleaseManifest, seed: int) -> Drawn:
    """Draw from a release; the same seed draws the same.

    Args:
        release: its folder.
        manifest: its record.
        seed: another one, other rows.
    """
    drawn = Drawn([], [], 0)
    for path, group in _groups(release, manifest, seed):
        with files.open_parquet(files.join(release, path)) as source:
            names = [name for name in SHOWN if name in source.schema_arrow.names]
            rows = source.read_row_group(group, columns=names, use_threads=False)
        drawn = _taken(drawn, rows, (path, group), seed)
        if len(drawn.plain) >= PLAIN and len(drawn.flagged) >= FLAGGED:
            break
    return drawn


def _groups(release: str, manifest: ReleaseManifest, seed: int) -> list[tuple[str, int]]:
    found = []
    for file in manifest.files:
        if file.config == "conversations":
            with files.open_parquet(files.join(release, file.path)) as source:
                found += [(file.path, group) for group in range(source.num_row_groups)]
    return sorted(found, key=lambda place: _hash(f"{place[0]}|{place[1]}", seed))[:GROUPS]


def _taken(drawn: Drawn, rows: pa.Table, place: tuple[str, int], seed: int) -> Drawn:
    """What is drawn with the rows of one more group."""
    flags = [name for name in FLAGS if name in rows.column_names]
    is_flagged = np.zeros(rows.num_rows, bool)
    for name in flags:
        is_flagged |= np.array([bool(value) for value in rows[name].to_pylist()], bool)
    order = sorted(range(rows.num_rows), key=lambda at: _hash(f"{place[0]}|{place[1]}|{at}", seed))
    passed = drawn.passed_over
    for kind, most, held in ((False, PLAIN, drawn.plain), (True, FLAGGED, drawn.flagged)):
        for at in order:
            if len(held) >= most:
                break
            if bool(is_flagged[at]) is kind:
                row = rows.slice(at, 1).to_pylist()[0]
                if texts.is_clean(row):
                    held.append(_example(row, flags))
                else:
                    passed += 1
    return drawn._replace(passed_over=passed)


def _example(row: dict[str, Any], flags: list[str]) -> Example:
    shown = min(len(row["conversation"]), texts.MESSAGES)
    return Example(
        row["conversation_id"],
        row["model"],
        row.get("language") or "",
        [name for name in flags if row[name]],
        [
            Said(row["conversation"][at]["role"], texts.pieces(row, at, texts.MESSAGE_CHARS))
            for at in range(shown)
        ],
        len(row["conversation"]) - shown,
    )


def _hash(text: str, seed: int) -> int:
    return xxhash.xxh3_64_intdigest(text.encode(), seed % 2**64)
