"""The prompts that most conversations share, as they are released, and who wrote them: how many.

A prompt is shown only if enough conversations and enough distinct users have it, and only if the
independent checks of `pipeline/audit` find nothing personal in it.
"""

from typing import NamedTuple

import numpy as np

from pipeline import files
from pipeline.report import people, texts
from pipeline.report.people import Index

KEY = "frequent_prompts.key"
FREQUENCY = "prompt_frequency"
CANDIDATES, SHOWN = 200, 15


class Repeated(NamedTuple):
    """A prompt that many wrote.

    Attributes:
        text: as its first released conversation has it, cut.
        conversations: that share it, up to the last interval it is released in.
        users: distinct ones.
    """

    text: str
    conversations: int
    users: int


class Candidate(NamedTuple):
    """A key, how often it was seen, and where the first released row with it is."""

    key: int
    conversations: int
    path: str
    row: int


def repeated(index: Index, release: str, minimum: int) -> list[Repeated]:
    """The most repeated prompts, the most frequent first; none if no stage counts them.

    Reads one column chunk of text for each prompt that is shown.

    Args:
        index: of the run.
        release: the folder.
        minimum: conversations and distinct users that each must have.
    """
    name = index.named(KEY)
    if name is None:
        return []
    found = _candidates(index, name, minimum)
    keys = np.array(sorted(one.key for one in found), np.uint64)
    users = dict(zip(keys.tolist(), people.users_of(index, name, keys).tolist(), strict=True))
    shown: list[Repeated] = []
    for one in found:
        if users[one.key] >= minimum and len(shown) < SHOWN:
            text = _text(release, one)
            if text is not None:
                shown.append(Repeated(text, one.conversations, users[one.key]))
    return shown


def _candidates(index: Index, name: str, minimum: int) -> list[Candidate]:
    """The keys of the highest counts among released rows, by the count of their last interval."""
    best: dict[int, Candidate] = {}
    for file, shard in index.shards:
        cut = index.cut(shard, ["unit", "row", FREQUENCY])
        for mine, rows in index.of_rows(cut, [name]):
            frequency = cut[FREQUENCY].to_numpy()[mine]
            keys = people.unsigned(rows[name])
            for at in np.flatnonzero(frequency >= minimum).tolist():
                key, count = int(keys[at]), int(frequency[at])
                known = best.get(key)
                place = known or Candidate(key, count, file.path, int(mine[at]))
                best[key] = place._replace(conversations=max(count, place.conversations))
        best = {one.key: one for one in _top(best)}
    return _top(best)


def _top(best: dict[int, Candidate]) -> list[Candidate]:
    ranked = sorted(best.values(), key=lambda one: (-one.conversations, one.path, one.row))
    return ranked[:CANDIDATES]


def _text(release: str, one: Candidate) -> str | None:
    path = files.join(release, one.path)
    names = [n for n in texts.COLUMNS if n in _names(path)]
    row = {n: files.read_rows(path, np.array([one.row]), n).to_pylist()[0] for n in names}
    if not texts.is_clean(row):
        return None
    prompts = [m["content"] or "" for m in row["conversation"] if m["role"] == "user"]
    return texts.cut("\n".join(prompts), texts.PROMPT_CHARS)


def _names(path: str) -> list[str]:
    with files.open_parquet(path) as source:
        return list(source.schema_arrow.names)
