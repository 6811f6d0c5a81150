"""Run rules over texts of case files, and draw keys that stand in no file."""

import re
from collections.abc import Sequence
from pathlib import Path
from random import Random
from string import ascii_letters, ascii_uppercase, digits
from typing import Any

import pyarrow as pa
import pytest
import yaml

from pipeline.pii.rule import Rule
from pipeline.pii.scanner import Scanner

CASES = Path(__file__).parent.parent / "cases" / "pii"
THRESHOLD = 0.5
DRAWN = {
    "A": ascii_letters + digits,
    "U": ascii_uppercase + digits,
    "X": "0123456789abcdef",
    "D": digits,
    "B": ascii_letters + digits + "+/",
}


def cases(*kinds: str) -> list[Any]:
    """All cases of the kinds' files, named by kind and reason."""
    return [
        pytest.param(kind, case["text"], case["want"], id=f"{kind}: {case['why']}")
        for kind in kinds
        for case in yaml.safe_load((CASES / f"{kind}.yaml").read_text("utf-8"))
    ]


def drawn(text: str) -> str:
    """A text with its `{ghp_|A36}` put in, the same for the same braces."""
    return re.sub(r"\{([^{}\n]*[A-Z]\d[^{}\n]*|[^{}\n]*\|[^{}\n]*)\}", _key, text)


def _key(match: re.Match[str]) -> str:
    random = Random(match[1])  # noqa: S311 (no secret)
    pieces = (re.fullmatch(r"([AUXDB])(\d+)", piece) or piece for piece in match[1].split("|"))
    return "".join(
        piece
        if isinstance(piece, str)
        else "".join(random.choices(DRAWN[piece[1]], k=int(piece[2])))
        for piece in pieces
    )


def values(rules: Sequence[Rule], text: str, kind: str) -> list[str]:
    """What the rules find of a kind, outermost spans in order, each once."""
    scanner = _scanner(tuple(rules))
    found = scanner.find(pa.array([text]))
    spans = sorted(
        {
            (start, -end)
            for start, end, rule, score in zip(
                found.start.tolist(), found.end.tolist(), found.rule.tolist(),
                found.score.tolist(), strict=True,
            )
            if scanner.rules[rule].kind == kind and score >= THRESHOLD
        }
    )  # fmt: skip
    data, last, outermost = text.encode(), 0, []
    for start, minus_end in spans:
        if -minus_end > last:
            outermost.append(data[start:-minus_end].decode())
            last = -minus_end
    return outermost


SCANNERS: dict[tuple[str, ...], Scanner] = {}


def _scanner(rules: tuple[Rule, ...]) -> Scanner:
    return SCANNERS.setdefault(tuple(rule.id for rule in rules), Scanner(rules))
