"""A sample of released messages for a person to look through, and what the verdicts say.

Messages fall into strata (language or script, role, length, cue). `proportional` gives every
message the same chance, so the plain Clopper-Pearson bound holds; `balanced` gives small strata
more, and each drawn message stands for more or fewer others: its `weight`. Beside the sample the
queue holds further messages with redactions, for precision only.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pyarrow as pa

from pipeline import api, files
from pipeline.audit import drawing, queue, reckoning, strata
from pipeline.audit.drawing import Place, Smallest
from pipeline.audit.origin import Origin
from pipeline.audit.queue import Allocation, Item, Marked, Part, Queue, Result
from pipeline.audit.strata import Stratum
from pipeline.errors import InputError
from pipeline.folders import Folders
from schemas.manifest import ReleaseManifest

QUEUE, SAMPLE, RESULT = "queue.jsonl", "sample.json", "result.json"
READ = ("conversation_id", "conversation", "redactions", "language_code", "language")
STEP_ROWS = 256
Chosen = dict[Place, tuple[Part, float]]
"""What was drawn: for which part, with which weight."""


@dataclass(frozen=True)
class Asked:
    """What sample is asked for.

    Attributes:
        size: messages for the residual rate.
        redacted: further messages with redactions.
        seed: another seed, another sample.
        allocation: how the strata share the sample.
        originals: whether to write what stood in the place of each redaction, raw.
    """

    size: int = 300
    redacted: int = 100
    seed: int = 0
    allocation: Allocation = "proportional"
    originals: bool = False


def draw(output: str, asked: Asked) -> tuple[Queue, list[Item]]:
    """Draw a queue from the release in an output folder and write it below `run/review/`.

    Two passes over the release; memory is that of a row group and the sample.

    Raises:
        InputError: there is no release in the folder.
    """
    folders = Folders(output)
    manifest = api.release_manifest(folders.release)
    found, with_redactions = _surveyed(folders.release, manifest, asked)
    seen = {name: kept.seen for name, kept in found.items()}
    counts = drawing.counts(
        seen, asked.size, asked.seed, is_balanced=asked.allocation == "balanced"
    )
    chosen: Chosen = {
        place: ("sample", weight)
        for name, (count, weight) in counts.items()
        for place in found[name].places[:count]
    }
    further = [place for place in with_redactions.places if place not in chosen]
    chosen |= dict.fromkeys(further[: asked.redacted], ("redacted", 0.0))
    items = [_item(place, chosen[place], row) for place, row in _rows(folders, manifest, chosen)]
    if asked.originals:
        _restore(folders, manifest, items, chosen)
    items.sort(key=lambda item: (item.part != "sample", item.conversation_id, item.message))
    told = Queue(
        release=digest(output),
        seed=asked.seed,
        size=asked.size,
        redacted=asked.redacted,
        allocation=asked.allocation,
        messages=sum(seen.values()),
        strata={"/".join(name): [seen[name], counts[name][0]] for name in sorted(seen)},
    )
    for folder in (folders.run, folders.at("review")):
        files.make_folder(folder, private=True)
    files.remove(folders.at("review", RESULT))
    files.write_bytes(folders.at("review", QUEUE), queue.encoded(items))
    files.write_record(folders.at("review", SAMPLE), told)
    return told, items


def digest(output: str) -> str:
    """What tells one release from another: SHA-256 of its manifest."""
    path = files.join(Folders(output).release, "manifest.json")
    return hashlib.sha256(files.read_bytes(path)).hexdigest()


def _surveyed(
    release: str, manifest: ReleaseManifest, asked: Asked
) -> tuple[dict[Stratum, Smallest], Smallest]:
    """The candidates of each stratum, and those among messages with redactions."""
    found: dict[Stratum, Smallest] = {}
    redacted = Smallest(asked.size + asked.redacted)
    for path, group, rows in _groups(release, manifest):
        for number, row in enumerate(_listed(rows)):
            marked = {span["message"] for span in row.get("redactions") or ()}
            for at in range(len(row["conversation"])):
                place = Place.of(row["conversation_id"], at, (path, group, number), asked.seed)
                found.setdefault(_stratum(row, at), Smallest(asked.size)).add(place)
                if at in marked:
                    redacted.add(place)
    return found, redacted


def _stratum(row: dict[str, Any], at: int) -> Stratum:
    message = row["conversation"][at]
    language = row.get("language_code") or row.get("language")
    return strata.stratum(message["content"] or "", message["role"], language)


def _groups(release: str, manifest: ReleaseManifest) -> Iterator[tuple[str, int, pa.Table]]:
    """The row groups of the released conversations: file, number, the columns we read."""
    columns = [name for name in READ if name in manifest.columns["conversations"]]
    for file in manifest.files:
        if file.config == "conversations":
            with files.open_parquet(files.join(release, file.path)) as source:
                for group in range(source.metadata.num_row_groups):
                    rows = source.read_row_group(group, columns=columns, use_threads=False)
                    yield file.path, group, rows


def _listed(rows: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in rows.to_batches(STEP_ROWS):
        yield from batch.to_pylist()


def _rows(
    folders: Folders, manifest: ReleaseManifest, chosen: Chosen
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Each chosen place with its row of the release."""
    wanted: dict[tuple[str, int], list[Place]] = defaultdict(list)
    for place in chosen:
        wanted[place.file, place.group].append(place)
    for path, group, rows in _groups(folders.release, manifest):
        mine = wanted[path, group]
        taken = rows.take(pa.array([place.row for place in mine], pa.int64()))
        yield from zip(mine, taken.to_pylist(), strict=True)


def _item(place: Place, drawn: tuple[Part, float], row: dict[str, Any]) -> Item:
    part, weight = drawn
    message = row["conversation"][place.message]
    return Item(
        conversation_id=place.conversation_id,
        message=place.message,
        role=message["role"],
        part=part,
        stratum=_stratum(row, place.message)._asdict(),
        weight=round(weight, 6),
        text=message["content"] or "",
        spans=[
            Marked(span["start"], span["end"], span["kind"], span["rule"])
            for span in row.get("redactions") or ()
            if span["message"] == place.message
        ],
    )


def _restore(
    folders: Folders, manifest: ReleaseManifest, items: Sequence[Item], chosen: Chosen
) -> None:
    """Write into each span what stood in its place, as far as the run folder tells."""
    origin = Origin(folders.run)
    of = {(item.conversation_id, item.message): item for item in items}
    for file in manifest.files:
        mine = [place for place in chosen if place.file == file.path]
        if not mine:
            continue
        with files.open_parquet(files.join(folders.release, file.path)) as source:
            sizes = [source.metadata.row_group(n).num_rows for n in range(source.num_row_groups)]
        cut = origin.cut(file.path)
        rows = [sum(sizes[: place.group]) + place.row for place in mine]
        texts = origin.staged(cut, rows, "conversation")
        marks = origin.staged(cut, rows, "pii")
        kept = cut["public"].to_pylist() if "public" in cut.column_names else [None] * cut.num_rows
        for place, row, before, spans in zip(mine, rows, texts, marks, strict=True):
            text = before[place.message]["content"] or ""
            values = [
                text[span["start"] : span["end"]]
                for span in spans or ()
                if span["message"] == place.message and span["entity"] not in (kept[row] or ())
            ]
            marked = of[place.conversation_id, place.message].spans
            for one, value in zip(marked, values, strict=False):
                one.was = value if len(values) == len(marked) else None


def sampled(output: str) -> tuple[Queue, list[Item]]:
    """The queue that was drawn from an output folder.

    Raises:
        InputError: none was.
    """
    folders = Folders(output)
    if not files.exists(folders.at("review", SAMPLE)):
        raise InputError(f"{output} has no review queue: `curate review {output}` draws one")
    items = queue.decoded(files.read_bytes(folders.at("review", QUEUE)))
    return files.read_record(folders.at("review", SAMPLE), Queue), items


def judge(output: str, verdicts: Sequence[str]) -> Result:
    """What one or two reviewers say; written to `run/review/result.json`.

    Of two, personal data is left if either says so, and a redaction is right if both do.

    Raises:
        InputError: a file holds no verdicts on this queue, or the release is another one now.
    """
    told, items = sampled(output)
    if told.release != digest(output):
        raise InputError(f"{output}: the queue was drawn from another release; draw it again")
    filled = [_filled(path, items) for path in verdicts]
    result = reckoning.result(told.release, list(zip(*filled, strict=True)))
    files.write_record(Folders(output).at("review", RESULT), result)
    return result


def _filled(path: str, items: Sequence[Item]) -> list[Item]:
    """A reviewer's items in the order of the queue; what is missing stays without verdicts."""
    try:
        given = queue.decoded(files.read_bytes(path))
    except (OSError, msgspec.MsgspecError) as error:
        raise InputError(f"{path} holds no verdicts: {type(error).__name__}") from error
    by_place = {(item.conversation_id, item.message): item for item in given}
    found = []
    for item in items:
        mine = by_place.pop((item.conversation_id, item.message), item)
        if [(s.start, s.end) for s in mine.spans] != [(s.start, s.end) for s in item.spans]:
            raise InputError(f"{path}: the spans of message {item.message} are not the queue's")
        mine.part, mine.weight, mine.stratum = item.part, item.weight, item.stratum
        found.append(mine)
    if by_place:
        raise InputError(f"{path}: {len(by_place)} verdicts on messages that are not in the queue")
    return found


def bound(output: str) -> float | None:
    """The upper bound of the residual rate of a release, as it was reviewed.

    None if it was not, or not to the end, or if another release stands there now.
    """
    folders = Folders(output)
    path = folders.at("review", RESULT)
    if not files.exists(path) or not files.exists(files.join(folders.release, "manifest.json")):
        return None
    result = files.read_record(path, Result)
    return result.bound if result.is_complete and result.release == digest(output) else None
