"""`curate train-hardness`: labels of a judge -> linear heads for `tag_hardness`."""

import argparse
import collections
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import api, files, hashing
from pipeline.errors import InputError, OutputError
from pipeline.folders import Folders
from pipeline.judges import options
from pipeline.moderation import heads, training
from pipeline.moderation.heads import Labelled
from pipeline.stages.hardness import MOST_CHARS, first_prompts
from schemas.judged import CRITERIA

Labels = dict[str, tuple[bool, ...]]
BY_CHAT = "chat:"
"""How the name of a judge begins; what heads said teaches no heads."""


def run(args: argparse.Namespace) -> int:
    """Gather labels, fit the heads, write them and their card, print the card."""
    output = Path(args.output)
    if output.suffix != ".npz":
        raise OutputError(f"{output}: must end in .npz; its card is written beside it")
    if not args.release and not args.data:
        raise InputError("nothing to learn from: give a release, --data, or both")
    begun = time.perf_counter()
    labels: Labels = {}
    source: collections.Counter[str] = collections.Counter()
    for release in args.release:
        asked = _asked(release, args) if args.judge else _released(release)
        for model, found in asked:
            source[model] += len(found)
            labels |= found
    for path in args.data:
        found = _read(Path(path))
        source["file"] += len(found)
        labels |= found
    try:
        made = heads.fit(Labelled.of(labels, CRITERIA), CRITERIA, dict(sorted(source.items())))
    except ValueError as error:
        raise InputError(str(error)) from error
    training.write(made, output)
    print(json.dumps(made.card, indent=2))
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return 0


def _batches(place: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Some columns of a release, or of that of an output folder."""
    own = Folders(place.rstrip("/")).release
    place = own if files.exists(files.join(own, "manifest.json")) else place
    yield from api.iterate_release(place, columns=columns)


def _released(release: str) -> Iterator[tuple[str, Labels]]:
    """The labels that a release has from a judge, by judge."""
    try:
        for batch in _batches(release, ["conversation", "hardness_criteria", "hardness_model"]):
            is_told = pc.and_(
                pc.is_valid(batch["hardness_criteria"]),
                pc.starts_with(batch["hardness_model"], BY_CHAT),
            )
            told = batch.filter(is_told)
            texts = first_prompts(told["conversation"]).to_pylist()
            met = told["hardness_criteria"].to_pylist()
            for text, one, model in zip(
                texts, met, told["hardness_model"].to_pylist(), strict=True
            ):
                yield model, {text: tuple(one[name] for name in CRITERIA)}
    except (KeyError, pa.ArrowInvalid) as error:
        raise InputError(
            f"{release} has no labels: no tag_hardness; --judge FILE asks for some"
        ) from error


def _asked(release: str, args: argparse.Namespace) -> Iterator[tuple[str, Labels]]:
    """The labels that a judge gives to a sample of a release, drawn by the hash of its prompts."""
    from pipeline.judges import hardness, questions  # noqa: PLC0415 (the client takes a second)

    found: dict[int, str] = {}
    for batch in _batches(release, ["conversation"]):
        texts = first_prompts(batch["conversation"]).drop_null()
        texts = texts.filter(pc.not_equal(pc.utf8_trim_whitespace(texts), ""))
        found |= dict(zip(hashing.narrow(texts).tolist(), texts.to_pylist(), strict=True))
        lowest = sorted(found)[: args.sample]
        found = {key: found[key] for key in lowest}
    asked = questions.Asked(hardness.QUESTION, options.read(args.judge))
    told = asked.about(list(found.values()))
    lost = collections.Counter(one for one in told if isinstance(one, str))
    if lost:
        print(f"prompts without labels: {dict(sorted(lost.items()))}", file=sys.stderr)
    yield (
        asked.model,
        {
            text: tuple(getattr(one, name) for name in CRITERIA)
            for text, one in zip(found.values(), told, strict=True)
            if not isinstance(one, str)
        },
    )


def _read(path: Path) -> Labels:
    """JSON lines of `text` and `labels`, which holds each criterion as true or false."""
    found: Labels = {}
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row: Any = json.loads(line)
                met = tuple(row["labels"][name] for name in CRITERIA)
                text = row["text"][:MOST_CHARS]
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{path.name}:{number}: expected text and {len(CRITERIA)} labels"
                ) from error
            if any(type(one) is not bool for one in met):
                raise InputError(f"{path.name}:{number}: a label is true or false")
            found[text] = met
    return found
