"""Synthetic raw logs with planted truth, for a first run and for tests."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from random import Random

from pipeline.sample import lines as log_lines
from pipeline.sample import plan
from pipeline.sample.arena import Arena
from pipeline.sample.lines import Line
from pipeline.sample.records import Conversation

START = date(2023, 6, 24)


@dataclass(frozen=True)
class Planted:
    """What was written of one conversation: one line of `truth.jsonl`."""

    conversation_id: str
    kind: str  # "chat" or "battle"
    fate: str  # "intact", or why it must not be released as it is (`plan.TRAITS`)
    lines: int  # chat log lines
    user: int
    language: str  # ISO 639-1 code of the prompts


@dataclass(frozen=True)
class Sample:
    """All lines, sorted by file and time, and the truth, sorted by time."""

    lines: list[Line]
    truth: list[Planted]


def write(
    directory: Path,
    *,
    conversations: int = 2000,
    days: int = 3,
    servers: int = 2,
    seed: int = 0,
    start: date = START,
    gzipped: bool = False,
) -> list[Planted]:
    """Write `server{n}/{date}-conv.json` files and `truth.jsonl`; the truth is returned, too.

    The same arguments give the same bytes on any machine (compressed: with the same zlib). Files
    of an earlier sample are overwritten, not removed.

    Args:
        directory: made if it does not exist.
        conversations: conversation ids; both sides of a battle count.
        days: every conversation begins and ends within them, UTC.
        servers: directories.
        seed: any integer.
        start: first day.
        gzipped: write `.json.gz`.

    Raises:
        ValueError: `conversations` is negative, or `days` or `servers` less than one.
        OSError: a file cannot be written.
    """
    sample = draw(conversations=conversations, days=days, servers=servers, seed=seed, start=start)
    directory.mkdir(parents=True, exist_ok=True)
    for file, lines in groupby(sample.lines, key=attrgetter("file")):
        _write_file(
            directory / file, b"".join(line.data + b"\n" for line in lines), gzipped=gzipped
        )
    truth = "".join(json.dumps(asdict(planted)) + "\n" for planted in sample.truth)
    (directory / "truth.jsonl").write_bytes(truth.encode("ascii"))
    return sample.truth


def draw(
    *,
    conversations: int = 2000,
    days: int = 3,
    servers: int = 2,
    seed: int = 0,
    start: date = START,
) -> Sample:
    """Lines and truth in memory; arguments and errors as of `write`."""
    if conversations < 0 or days < 1 or servers < 1:
        raise ValueError(f"no sample of {conversations=} over {days=} on {servers=}")
    rng = Random(seed)  # noqa: S311 -- it has to be repeatable, and nothing here is secret
    arena = Arena(
        rng=rng,
        begin=int(datetime.combine(start, time(), UTC).timestamp()),
        days=days,
        servers=servers,
        people=max(3, conversations // 2),
    )
    lines: list[Line] = []
    truth: list[tuple[float, Planted]] = []
    for session in arena.sessions(plan.items(conversations, days, rng)):
        for conversation in session:
            chats = log_lines.of_chats(rng, conversation)
            lines += chats
            truth.append((conversation.start, _planted(conversation, len(chats))))
        lines += log_lines.of_clicks(rng, session)
    lines.sort(key=attrgetter("file", "tstamp"))
    truth.sort(key=lambda pair: pair[0])
    return Sample(lines, [planted for _, planted in truth])


def events(
    *,
    conversations: int = 2000,
    days: int = 3,
    servers: int = 2,
    seed: int = 0,
    start: date = START,
) -> Iterator[Line]:
    """Lines of `draw`, without the truth."""
    sample = draw(conversations=conversations, days=days, servers=servers, seed=seed, start=start)
    yield from sample.lines


def _write_file(path: Path, data: bytes, *, gzipped: bool) -> None:
    path.parent.mkdir(exist_ok=True)
    if not gzipped:
        path.write_bytes(data)
        return
    with (
        path.with_name(f"{path.name}.gz").open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
    ):
        packed.write(data)


def _planted(conversation: Conversation, lines: int) -> Planted:
    return Planted(
        conversation_id=conversation.identity,
        kind=conversation.kind,
        fate=plan.fate(conversation.trait),
        lines=lines,
        user=conversation.user,
        language=conversation.language,
    )
