"""What happened to each conversation: from its lines over the ledger to the release."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tests import runs, said

BURST, BURST_S = 20, 60.0
"""Of `cap_user` in the release recipe."""


NEAR = "drop_near_duplicates"


def letters(texts: Sequence[str | None]) -> set[str]:
    """Runs of five letters and digits of some texts, in lower case; short ones are one run."""
    plain = "".join(sign for text in texts for sign in (text or "").casefold() if sign.isalnum())
    return {plain[at : at + 5] for at in range(max(1, len(plain) - 4))}


class Story:
    """What happened to conversations, from the lines, the ledger and the release."""

    def __init__(self, run: runs.Finished) -> None:
        self.run = run
        self.said = dict(said.all_of(run.ledger))
        self.drops: dict[str, dict[runs.Place, dict[str, Any]]] = defaultdict(dict)
        for place, row in run.ledger.dropped["conversations"].items():
            self.drops[row["conversation_id"]][place] = row
        self.released = {row["conversation_id"]: row for row in run.rows}
        self.kept = {r["conversation_id"]: at for at, r in run.ledger.kept().items()}
        self.chats = defaultdict(list)
        for place, what in self.said.items():
            if what.kind == "chat" and not what.is_vision:
                self.chats[what.ids[0]].append(place)

    def check_release(self) -> None:
        """No id twice; each row says what the last line that no rule of content drops says."""
        assert len(self.released) == len(self.run.rows)
        for name, row in self.released.items():
            place = self.kept[name]
            what = self.said[place]
            contents = [said.whole(text) for text in what.contents[0]]
            assert all(_says(row, at, text) for at, text in enumerate(contents)), name
            assert len(row["conversation"]) == len(contents)
            assert [m["role"] for m in row["conversation"]] == ["user", "assistant"] * row["turn"]
            drops = self.drops[name]
            rivals = {at for at in self.chats[name] if at not in drops}
            rivals |= {at for at in drops if drops[at]["dropped_by"] == "drop_superseded"}
            assert max(self.said[at].tstamp for at in rivals) == what.tstamp

    def check_missing(self, name: str, allowed: set[str]) -> None:
        """A conversation with a sound chat line is released, or dropped for a reason that holds."""
        if name in self.released or not self.chats[name]:
            return
        for place in self.chats[name]:
            drop = self.drops[name][place]
            match drop["dropped_by"]:
                case "drop_superseded":
                    assert drop["into"] == name
                case "drop_duplicates":
                    self.check_copy(place, drop["into"])
                case "drop_near_duplicates":
                    self.check_near_copy(place, drop["into"], drop["similarity"])
                case "cap_user":
                    self.check_burst(place)
                case by:
                    assert by in allowed, (name, by, drop["reason"])

    def check_copy(self, place: runs.Place, into: str) -> None:
        """A witness is released, is not younger, and says the same.

        Or it was dropped itself as nearly the same as a third one, which then stands for both.
        """
        if into not in self.released:
            assert {drop["dropped_by"] for drop in self.drops[into].values()} & {NEAR}
            return
        witness, copy = self.said[self.kept[into]], self.said[place]
        assert witness.tstamp <= copy.tstamp
        assert said.plain(witness.contents[0]) == said.plain(copy.contents[0])

    def check_near_copy(self, place: runs.Place, into: str, similarity: float) -> None:
        """A witness is released, is not younger, and shares most runs of letters, role by role."""
        witness, copy = self.said[self.kept[into]], self.said[place]
        assert into in self.released
        assert witness.tstamp <= copy.tstamp
        assert similarity >= 0.8
        for role in (0, 1):
            one, other = (letters(what.contents[0][role::2]) for what in (witness, copy))
            assert len(one & other) >= 0.6 * len(one | other), (place, into)

    def check_burst(self, place: runs.Place) -> None:
        """The same address has begun more than twenty conversations in the minute before."""
        it = self.said[place]
        near = {
            what.ids[0]
            for what in self.said.values()
            if what.kind == "chat"
            and what.address == it.address
            and it.tstamp - BURST_S <= what.tstamp <= it.tstamp
        }
        assert len(near) > BURST


def _says(row: dict[str, Any], at: int, logged: str) -> bool:
    """Whether a released message is the logged one, but for what its redactions name.

    Line ends inside a value stand behind its placeholder, and a bare number may be in quotes.
    """
    text = row["conversation"][at]["content"]
    ends, pattern = 0, ""
    for one in row.get("redactions") or ():
        if one["message"] == at:
            kept = text[ends : one["start"]]
            pattern += re.escape(kept.lstrip("\n") if ends else kept) + r"[\s\S]+?"
            ends = one["end"]
    rest = text[ends:]
    return (
        re.fullmatch(pattern + re.escape(rest.lstrip("\n") if ends else rest), logged) is not None
    )
