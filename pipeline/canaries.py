"""Plant known values in copies of logs, and count which of them a run has left in its release.

A canary hangs on the conversation, the place of the message in it and the message's text, so that
the same message gets the same canary in every cumulative line and in votes. A copy differs from
its log in nothing else; a line that holds no canary is copied byte for byte.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import orjson
import pyarrow as pa

from pipeline import api, files, plan
from pipeline.audit.bounds import lower
from pipeline.audit.origin import Origin
from pipeline.audit.planting import Canary, Planter
from pipeline.audit.queue import Share
from pipeline.audit.spelling import needles, squeezed
from pipeline.errors import InputError
from pipeline.folders import Folders
from pipeline.ingest import json_lines, lines
from pipeline.ingest.json_lines import Unreadable
from pipeline.ingest.lines import Limits, Lines, Span

TRUTH = "truth.jsonl"
CSAM = "vision-csam-"
"""Files that are not copied."""
PACKED_BY_NAME = (".gz", ".zst")
"""Endings for which a stream to a file compresses by itself."""


@dataclass
class Planted:
    """What a copy holds.

    Attributes:
        files: copied.
        lines: copied, and left out because they are over-long or their file is damaged.
        canaries: planted, each once, in the order of the logs.
    """

    files: int = 0
    lines: int = 0
    left_out: int = 0
    canaries: dict[Canary, None] = field(default_factory=dict)


def plant(inputs: Sequence[str], output: str, planter: Planter) -> Planted:
    """Copy logs into a private folder, with canaries; the truth beside them.

    Files keep their places below the folder that they have in common, and their compression.

    Raises:
        InputError: a pattern names nothing, or an input lies in the output folder.
    """
    paths = [path for path in plan.find(inputs) if CSAM not in path.rsplit("/", 1)[-1]]
    common = os.path.commonpath([path.rpartition("/")[0] for path in paths]) if paths else ""
    made = Planted(files=len(paths))
    files.make_folder(output, private=True)
    for path in paths:
        target = files.join(output, path.removeprefix(common).lstrip("/"))
        if files.resolve(target) == files.resolve(path):
            raise InputError(f"{path} would be overwritten by its copy")
        kind = lines.compression(path)
        with files.sink(target) as stream:
            if kind is None or target.endswith(PACKED_BY_NAME):
                _copy(path, stream, planter, made)
            else:
                with pa.CompressedOutputStream(stream, kind) as packed:
                    _copy(path, packed, planter, made)
    truth = b"".join(msgspec.json.encode(canary) + b"\n" for canary in made.canaries)
    files.write_bytes(files.join(output, TRUTH), truth)
    return made


def _copy(path: str, stream: Any, planter: Planter, made: Planted) -> None:
    for piece in lines.read(Span(path, 0), Limits()):
        if not isinstance(piece, Lines):
            made.left_out += 1
            continue
        for line in piece.lines:
            copied, canaries = planted(line, planter)
            made.canaries |= dict.fromkeys(canaries)
            made.lines += 1
            stream.write(copied + b"\n")


def planted(line: bytes, planter: Planter) -> tuple[bytes, list[Canary]]:
    """A log line with canaries in its messages, and which; a line that cannot be read stays."""
    try:
        packed = orjson.loads(line)
        record, _ = json_lines.parse(line)
    except (orjson.JSONDecodeError, Unreadable):
        return line, []
    found: list[Canary] = []
    for state in (record.get("state"), *_listed(record.get("states"))):
        found += _in_state(state, planter)
    if not found:
        return line, []
    for name in json_lines.PACKED:
        if isinstance(packed.get(name), str):
            record[name] = json.dumps(record[name])
    return json.dumps(record).encode("ascii"), found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _in_state(state: Any, planter: Planter) -> list[Canary]:
    match state:
        case {"conv_id": str(who), "messages": list(messages)} if who:
            offset = state.get("offset", 0)
            if type(offset) is not int or offset < 0:
                return []
            own = messages[offset:]
            return planter.plant(own, who)
        case _:
            return []


def truth(path: str) -> list[Canary]:
    """What was planted.

    Raises:
        InputError: the file holds no truth.
    """
    try:
        data = files.read_bytes(path)
        return [msgspec.json.decode(line, type=Canary) for line in data.split(b"\n") if line]
    except (OSError, msgspec.MsgspecError) as error:
        raise InputError(f"{path} holds no canaries: {type(error).__name__}") from error


class Recall(msgspec.Struct):
    """Which canaries of the release were found: found ones, of how many, lower bound.

    Attributes:
        planted: canaries of the truth.
        released: those whose message is in the release.
        left: places of those that are left there; no values.
        by: kind, language, cue, role -> name -> recall.
    """

    planted: int
    released: int
    left: list[tuple[str, int, str]]
    by: dict[str, dict[str, Share]]


def check(output: str, planted: Sequence[Canary]) -> Recall:
    """Look for the canaries in the release of an output folder.

    One counts if the run staged it in a released row (of a message that was regenerated only one
    text is released). It is left if its value stands in its message in any spelling.

    Raises:
        InputError: there is no release of a finished run.
    """
    of: dict[str, list[Canary]] = defaultdict(list)
    for canary in planted:
        of[canary.conversation_id].append(canary)
    folders = Folders(output)
    api.release_manifest(folders.release)
    origin = Origin(folders.run)
    outcomes = [
        outcome for path in origin.paths for outcome in _in_file(folders.release, path, origin, of)
    ]
    left = sorted((c.conversation_id, c.message, c.kind) for c, is_left in outcomes if is_left)
    return Recall(len(planted), len(outcomes), left, _recalls(outcomes))


def _in_file(
    release: str, path: str, origin: Origin, of: Mapping[str, Sequence[Canary]]
) -> Iterator[tuple[Canary, bool]]:
    """The canaries of a released file, and whether each is left; memory is that of a row group."""
    cut = origin.cut(path)
    columns = ["conversation_id", "conversation"]
    with files.open_parquet(files.join(release, path)) as source:
        first = 0
        for group in range(source.metadata.num_row_groups):
            rows = source.read_row_group(group, columns=columns, use_threads=False)
            ids = rows["conversation_id"].to_pylist()
            mine = [at for at, who in enumerate(ids) if who in of]
            raw = origin.staged(cut, [first + at for at in mine], "conversation")
            told = rows["conversation"].take(pa.array(mine, pa.int64())).to_pylist()
            for at, before, after in zip(mine, raw, told, strict=True):
                for canary in of[ids[at]]:
                    if _says(before, canary):
                        yield canary, _is_left(after[canary.message]["content"], canary)
            first += rows.num_rows


def _says(messages: Sequence[Mapping[str, Any]], canary: Canary) -> bool:
    """Whether a staged conversation holds a canary."""
    return canary.message < len(messages) and canary.value in (
        messages[canary.message]["content"] or ""
    )


def _is_left(text: str, canary: Canary) -> bool:
    said = squeezed(text)
    return any(needle in said for needle in needles(canary.kind, canary.value))


def _recalls(outcomes: Sequence[tuple[Canary, bool]]) -> dict[str, dict[str, Share]]:
    flags: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for canary, is_left in outcomes:
        for dimension in ("kind", "language", "cue", "role"):
            flags[dimension][getattr(canary, dimension)].append(not is_left)
        flags["kind and cue"][f"{canary.kind}, {canary.cue}"].append(not is_left)
    return {
        dimension: {
            name: Share(sum(found), len(found), lower(sum(found), len(found)))
            for name, found in sorted(names.items())
        }
        for dimension, names in flags.items()
    }
