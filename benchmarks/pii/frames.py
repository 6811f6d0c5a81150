"""Frames of conversations, written by hand: text with holes for values, in `frames/*.txt`.

A line that starts with `## ` opens a section: language, tags, how often each frame is filled. Every
other line starts a conversation, except that `| ` continues a message, `< ` starts the assistant's
turn and `> ` another one of the user. A hole is `⟦kind.variant#reference/form|literal⟧`, all but
the kind optional; `⟦~kind⟧` is filled but not labelled; `⟪200B⟫` is a code point. A backslash
before the first sign of a line that would mean something is left out.
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "frames"
HOLE = re.compile(r"⟦(~?)(\w+)(?:\.(\w+))?(?:#(\w+))?(?:/(\w+))?(?:\|([^⟧]*))?⟧")
ESCAPED = re.compile(r"^\\(?=[|<>#])")
POINT = re.compile(r"⟪([0-9A-F]{2,6})⟫")


@dataclass(frozen=True)
class Hole:
    """A place for a value.

    Attributes:
        is_label: whether the value is personal.
        reference: holes of one kind and reference hold the same value.
        form: how the value is written: see `labelled.FORMS` and `people.in_form`.
        literal: the value itself, if it is written in the frame.
    """

    is_label: bool
    kind: str
    variant: str
    reference: str
    form: str
    literal: str | None


@dataclass(frozen=True)
class Frame:
    """A conversation with holes.

    Attributes:
        turns: role and text of each message.
        fills: how often it is filled, with other values each time.
    """

    turns: tuple[tuple[str, str], ...]
    language: str
    tags: tuple[str, ...]
    fills: int


@dataclass(frozen=True)
class Section:
    """What holds for the frames behind a `## ` line."""

    language: str = "en"
    tags: tuple[str, ...] = ()
    fills: int = 1


def pieces(text: str) -> list[str | Hole]:
    """Text between holes, and holes."""
    found: list[str | Hole] = []
    at = 0
    for hit in HOLE.finditer(text):
        found.append(text[at : hit.start()])
        veto, kind, variant, reference, form, literal = hit.groups()
        found.append(Hole(not veto, kind, variant or "", reference or "", form or "", literal))
        at = hit.end()
    return [*found, text[at:]]


def section(line: str) -> Section:
    """`## de | tags: code, form | fills: 3`."""
    language, *options = (part.strip() for part in line[3:].split("|"))
    named = dict(option.split(":", 1) for option in options)
    tags = tuple(tag.strip() for tag in named.get("tags", "").split(",") if tag.strip())
    return Section(language, tags, int(named.get("fills", "1")))


def turn(line: str) -> tuple[str, str] | None:
    """Role and first line of a further message, None if the line does not start one."""
    roles = {"< ": "assistant", "> ": "user"}
    return (roles[line[:2]], line[2:]) if line[:2] in roles else None


def parsed(text: str) -> list[Frame]:
    """The frames of a file."""
    now, found = Section(), list[tuple[Section, list[tuple[str, str]]]]()
    for line in text.split("\n"):
        if line.startswith("## "):
            now = section(line)
        elif line.startswith("|"):
            role, before = found[-1][1].pop()
            found[-1][1].append((role, f"{before}\n{line[2:]}"))
        elif (more := turn(line)) is not None:
            found[-1][1].append(more)
        elif line:
            found.append((now, [("user", ESCAPED.sub("", line))]))
    return [
        Frame(
            tuple((role, unescaped(words)) for role, words in turns),
            one.language,
            one.tags,
            one.fills,
        )
        for one, turns in found
    ]


def unescaped(text: str) -> str:
    """Text with its `⟪200B⟫` as code points."""
    return POINT.sub(lambda hit: chr(int(hit[1], 16)), text)


@functools.cache
def frames() -> tuple[Frame, ...]:
    """All frames, in the order of the files' names."""
    return tuple(
        frame for path in sorted(FOLDER.glob("*.txt")) for frame in parsed(path.read_text("utf-8"))
    )
