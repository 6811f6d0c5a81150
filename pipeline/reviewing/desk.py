"""What a reviewer works on: the drawn queue and duplicate pairs, and the verdicts so far.

Every verdict is written at once into the reviewer's own files in `run/review/`, which is private:
NAME.jsonl, as `curate review --verdicts` reads it, and NAME.pairs.jsonl. Nothing is lost with the
page.
"""

import re
from collections.abc import Sequence

import msgspec

from pipeline import files, review
from pipeline.audit import queue
from pipeline.audit.queue import Item
from pipeline.errors import InputError, RecipeError
from pipeline.folders import Folders
from pipeline.pii.kinds import KINDS
from pipeline.reviewing import pairs
from pipeline.reviewing.pairs import Drawn, Sides, Verdict

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
TAKEN = {"queue", "sample", "result"}
KIND_CHOICES = tuple(dict.fromkeys((*KINDS, "other")))
PAIRS = 50
MOST_NOTE = 2000


class Desk:
    """One reviewer's work on one release.

    Args:
        output: the output folder of a finished run, from which a queue was drawn.
        reviewer: small letters, digits, `-` and `_`: the name of the files.
        raw: whether raw values and texts are shown.

    Raises:
        RecipeError: the name cannot be one of a file.
        InputError: no queue was drawn, it is of another release, or the reviewer's file is of
            another queue.
    """

    def __init__(self, output: str, reviewer: str, *, raw: bool) -> None:
        if not NAME.fullmatch(reviewer) or reviewer in TAKEN:
            raise RecipeError(f"--reviewer {reviewer!r}: give 1 to 40 of a-z, 0-9, - and _")
        self.output, self.reviewer, self.raw = output, reviewer, raw
        told, self.items = review.sampled(output)
        if told.release != review.digest(output):
            raise InputError(f"{output}: the queue was drawn from another release; draw it again")
        folders = Folders(output)
        self.path = folders.at("review", f"{reviewer}.jsonl")
        self.pairs_path = folders.at("review", f"{reviewer}.pairs.jsonl")
        self.drawn: list[Drawn] = pairs.draw(output, PAIRS, told.seed)
        self._resume()

    def _resume(self) -> None:
        """Take over the verdicts that are there."""
        if files.exists(self.path):
            given = {_place(item): item for item in _items(self.path)}
            mine = {_place(item) for item in self.items}
            if given.keys() - mine or any(
                _spans(given[_place(item)]) != _spans(item)
                for item in self.items
                if _place(item) in given
            ):
                raise InputError(
                    f"{self.path} holds verdicts on another queue; give another --reviewer"
                )
            self.items = [given.get(_place(item), item) for item in self.items]
        if files.exists(self.pairs_path):
            said = {p.conversation_id: p for p in pairs.decoded(files.read_bytes(self.pairs_path))}
            for one in self.drawn:
                known = said.get(one.pair.conversation_id)
                if known is not None:
                    one.pair.verdict, one.pair.note = known.verdict, known.note

    @property
    def judged(self) -> int:
        """Items with a verdict on what is left."""
        return sum(item.left is not None for item in self.items)

    @property
    def compared(self) -> int:
        """Pairs with a verdict."""
        return sum(one.pair.verdict is not None for one in self.drawn)

    def open_item(self, after: int = -1) -> int | None:
        """The next item without a verdict, going round; None if there is none."""
        return _next([item.left is None for item in self.items], after)

    def open_pair(self, after: int = -1) -> int | None:
        """The next pair without a verdict, going round; None if there is none."""
        return _next([one.pair.verdict is None for one in self.drawn], after)

    def sides(self, number: int) -> Sides:
        """Both texts of a pair."""
        return pairs.sides(self.output, self.drawn[number], raw=self.raw)

    def judge(
        self, number: int, left: Sequence[str], rights: Sequence[bool | None], note: str
    ) -> None:
        """Record a verdict on an item, and write all of them.

        Raises:
            RecipeError: a kind that does not exist, or not one verdict a span.
        """
        item = self.items[number]
        unknown = sorted(set(left) - set(KIND_CHOICES))
        if unknown or len(rights) != len(item.spans):
            raise RecipeError("the form does not fit the message")
        item.left = sorted(set(left))
        for span, right in zip(item.spans, rights, strict=True):
            span.right = right
        item.note = note[:MOST_NOTE]
        files.write_bytes(self.path, queue.encoded(self.items))

    def compare(self, number: int, verdict: Verdict, note: str) -> None:
        """Record a verdict on a pair, and write all of them."""
        pair = self.drawn[number].pair
        pair.verdict, pair.note = verdict, note[:MOST_NOTE]
        held = [one.pair for one in self.drawn]
        files.write_bytes(self.pairs_path, pairs.encoded(held))


def _next(is_open: list[bool], after: int) -> int | None:
    order = [*range(after + 1, len(is_open)), *range(after + 1)]
    return next((number for number in order if is_open[number]), None)


def _items(path: str) -> list[Item]:
    try:
        return queue.decoded(files.read_bytes(path))
    except msgspec.MsgspecError as error:
        raise InputError(f"{path} holds no verdicts: {type(error).__name__}") from error


def _place(item: Item) -> tuple[str, int]:
    return item.conversation_id, item.message


def _spans(item: Item) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in item.spans]
