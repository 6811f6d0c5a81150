"""A rule of the contract: its name, what it says, and the check that finds what breaks it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec
import pyarrow as pa

Seen = TypeVar("Seen")
DAMAGE = (OSError, pa.ArrowException, UnicodeDecodeError)
"""What reading a damaged file may raise."""
MOST_OF_A_FILE = 50
MOST = 1000
"""Faults that are listed; of more it is only said how many there are."""


class Fault(msgspec.Struct, frozen=True, order=True):
    """One way in which a release breaks the contract; tells of no text.

    Attributes:
        file: path in the release.
        rule: name of the rule.
        what: what was found, in one line.
    """

    file: str
    rule: str
    what: str

    def __str__(self) -> str:
        return plain(f"{self.file}: {self.rule}: {self.what}")


@dataclass(frozen=True)
class Rule(Generic[Seen]):
    """A rule on what is seen at once: a whole listing, a footer, some rows.

    Attributes:
        name: as faults call it.
        says: what holds in a release that keeps it.
        check: what breaks it.
        needs: the columns that it looks at; without one of them it says nothing.
    """

    name: str
    says: str
    check: Callable[[Seen], Iterator[Fault]]
    needs: tuple[str, ...] = ()


def unreadable(path: str, error: Exception) -> Fault:
    """The fault of a file that cannot be read; what the error says may hold data."""
    return Fault(path, "readable", f"is no Parquet file that can be read: {type(error).__name__}")


class Faults:
    """The faults found so far: all that there is room for, and how many."""

    def __init__(self) -> None:
        self.listed: list[Fault] = []
        self.count = 0
        self._of_file: dict[str, int] = {}

    def add(self, fault: Fault) -> None:
        """Note a fault."""
        self.count += 1
        mine = self._of_file.get(fault.file, 0)
        self._of_file[fault.file] = mine + 1
        if mine < MOST_OF_A_FILE and len(self.listed) < MOST:
            self.listed.append(fault)


def plain(text: str) -> str:
    """A text in one line of printable signs, for names of files and columns may hold anything."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)[:400]
