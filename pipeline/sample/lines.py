"""Lines of log files: the chats of a conversation, and what was clicked afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from pipeline.sample import faults, records
from pipeline.sample.arena import Session
from pipeline.sample.records import Conversation, Json

VOTES = {"leftvote": 35, "rightvote": 35, "tievote": 15, "bothbad_vote": 15}  # per cent
FEEDBACK = ("upvote",) * 6 + ("downvote",) * 3 + ("flag",)  # of 100 plain chats
# Of 50 battles, by their number:
NAMED = range(4, 50, 5)
SHARED = (14, 44)  # named
UNVOTED = range(3, 50, 10)
REVEALED = range(0, 50, 10)  # anonymous, and voted on again when the names are shown


@dataclass(frozen=True)
class Line:
    """One line of a log file."""

    file: str  # relative to the directory of the logs, without `.gz`
    tstamp: float  # when it was written, seconds since the epoch
    data: bytes  # without its line feed


def of_chats(rng: Random, conversation: Conversation) -> list[Line]:
    """The `chat` lines of a conversation, with what its trait does to lines."""
    rows = list(conversation.chats())
    if conversation.trait == "malformed":
        spoil = faults.MALFORMED[conversation.ordinal % len(faults.MALFORMED)]
        return [_line(conversation, conversation.finish, spoil(rows[0], rng))]
    times = [span.finish for spans in conversation.spans for span in spans]
    lines = [
        _line(conversation, tstamp, records.encode(row, conversation.version))
        for tstamp, row in zip(times, rows, strict=True)
    ]
    return [*lines, rng.choice(lines)] if conversation.trait == "repeated_line" else lines


def of_clicks(rng: Random, session: Session) -> Iterator[Line]:
    """Votes and feedback: 9 battles in 10 are voted on, 1 plain chat in 10 gets feedback."""
    latest = max(side.finish for side in session)
    clicks = _feedback(session[0]) if len(session) == 1 else _votes(rng, session)
    for number, row in enumerate(clicks):
        tstamp = round(latest + 3 + 20 * (number + rng.random()), 4)
        data = records.encode({"tstamp": tstamp} | row, session[0].version)
        yield _line(session[0], tstamp, data)


def _feedback(chat: Conversation) -> Iterator[Json]:
    place = chat.ordinal % 100
    if chat.trait == "plain" and place < len(FEEDBACK):
        yield records.feedback(chat, FEEDBACK[place])


def _votes(rng: Random, sides: Session) -> Iterator[Json]:
    """One battle in five is named; some vote once more when the names are revealed."""
    place = sides[0].ordinal % 50
    names = [side.model for side in sides]
    if place not in UNVOTED:
        yield records.vote(sides, _drawn(rng), names if place in NAMED else ["", ""])
    if place in REVEALED:
        labels = [f"### Model {letter}: {name}" for letter, name in zip("AB", names, strict=True)]
        yield records.vote(sides, _drawn(rng), labels)
    if place in SHARED:
        yield records.vote(sides, "share", names)


def _drawn(rng: Random) -> str:
    return rng.choices(tuple(VOTES), tuple(VOTES.values()))[0]


def _line(conversation: Conversation, tstamp: float, data: bytes) -> Line:
    day = datetime.fromtimestamp(tstamp, UTC).date()
    prefix = "" if conversation.has_csam_image is None else "vision-tmp-"
    return Line(f"server{conversation.server}/{prefix}{day}-conv.json", tstamp, data)
