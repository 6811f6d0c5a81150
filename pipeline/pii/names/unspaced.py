"""Names in Korean, Japanese and Chinese, where words do not show where a name ends: by patterns.

The patterns are in data/unspaced.txt. One RE2 pass over the texts that hold such letters says
which of them hold a cue at all; only those are looked at.
"""

import functools
import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.pii.names import gazetteer
from pipeline.pii.names.cues import KINDS
from pipeline.pii.names.words import SCRIPT, Words

IS_MEANT = np.isin(SCRIPT, ("han", "hiragana", "katakana", "hangul"))


@dataclass(frozen=True)
class Patterns:
    """Every text with a name matches the gate; each rule is a kind of cue and its pattern."""

    gate: str
    rules: tuple[tuple[str, re.Pattern[str]], ...]


@functools.cache
def patterns() -> Patterns:
    """The patterns of unspaced.txt, their pieces put in."""
    pieces: dict[str, str] = {}
    rules = []
    for name, pattern in gazetteer.rows("unspaced.txt"):
        whole = re.sub(r"<([A-Z_]+)>", lambda slot: pieces[slot[1]], pattern)
        if name in KINDS:
            rules.append((name, re.compile(whole)))
        else:
            pieces[name] = whole
    return Patterns(pieces["gate"], tuple(rules))


def find(
    texts: pa.StringArray, found: Words, known: frozenset[str]
) -> list[tuple[int, int, int, str]]:
    """Names behind cues but the `known`: text, first byte, behind the last byte, kind of cue."""
    suspects = np.unique(found.text[IS_MEANT[found.script]])
    if not len(suspects):
        return []
    held = patterns()
    some = texts.take(pa.array(suspects))
    has_cue = pc.match_substring_regex(some, held.gate).to_numpy(zero_copy_only=False)
    names = []
    kept = some.filter(pa.array(has_cue)).to_pylist()
    for at, text in zip(suspects[has_cue].tolist(), kept, strict=True):
        for kind, pattern in held.rules:
            for match in pattern.finditer(text):
                begin, end = match.span("n")
                if begin < end and match["n"] not in known:
                    start = len(text[:begin].encode())
                    names.append((at, start, start + len(match["n"].encode()), kind))
    return names
