"""What redaction costs: bytes a CPU second, rule by rule, and on texts made to be slow.

    python -m benchmarks.pii.speed [--repeat 3] [--logs FOLDER] [--conversations N]

Prints Markdown. `first pass` is the first of a fresh process over texts it has never seen, with the
building of all automata; `unseen` are other texts, once those are warm; `warm` is the first texts
again. Each repetition has a process of its own, and the figure is the median. Without the
developers' raw_40k, generated logs are measured.

Texts made to be slow are 1 MB of one piece again and again. Those that hold nothing may cost five
times as much a byte as chat does. In those that are full of values, each one is found, filtered,
numbered and replaced; they stand apart, with what a value costs.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa

from benchmarks.pii.evaluate import table
from benchmarks.pii.sets import DATA, logged
from pipeline import messages
from pipeline.pii.gates import Gates
from pipeline.pii.marking import Marker
from pipeline.pii.ruleset import RULES
from pipeline.pii.scanner import Scanner
from pipeline.sample import logs
from pipeline.stages.redaction import RedactPii

MB = 1_000_000
SEED = 3
STEP = 2048
"""Texts of a batch, about as in a run."""
COSTLY = 20
MOST = 5.0
"""Times the cost of chat that a text without values may have."""
DENSE = 1_000
"""Values in 1 MB from which on a text is full of them."""
SLOW = {
    "digits": "1",
    "digits and blanks": "1 ",
    "digits and zero-width": "1\u200b",
    "a@": "a@",
    "a.": "a.",
    "brackets": "(",
    "square brackets": "[]",
    "zero-width": "\u200b",
    "password: ": "password: ",
    "password": "password ",
    "a password's shape": "password: a1! ",
    "quotes": '"',
    "apostrophes": "'",
    "backslashes": "\\",
    "cells": "|",
    "a table of names": "user|password|\n",
    "name=": "name=",
    "user: ": "user: ",
    "key=": "key=",
    "born": "born ",
    "address: ": "address: ",
    "an IBAN's shape": "DE00 0000 ",
    "points and digits": "1.",
    "colons and digits": "ab:",
    "spelled-out e-mail": "a at b dot ",
    "hexadecimal": "0123456789abcdef",
    "prefixes of keys": "AKIA",
    "eyJ": "eyJhbGciOi",
    "JSON": '{"a":1},',
    "fences": "```\n",
    "line ends": "\n",
    "blanks": " ",
    "my name is": "my name is ",
    "Dear": "Dear ",
    "honorifics": "Mr. ",
    "passwords in Chinese": "\u5bc6\u7801",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "combining marks": "a\u0301",
    "placeholders": "NAME_1 ",
    "addresses of e-mail": "a@a.com ",
    "street addresses": "12 Main St ",
    "cards": "4111 1111 1111 1111 ",
    "greetings": "Hi Anna,\n",
    "names in Chinese": "\u6211\u53eb",
}
"""Pieces of which texts are made that an automaton, a check or a loop could be slow on."""


def conversations(folder: Path, most: int) -> list[list[str]]:
    """The texts of conversations of a log, mixed; lone surrogates left out."""
    found = {name: texts for name, texts in logged(folder).items() if name}
    names = sorted(found)
    Random(SEED).shuffle(names)  # noqa: S311 (an order)
    return [[_clean(text) for text in found[name]] for name in names[: most or None]]


def _clean(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


def size(chats: Sequence[Sequence[str]]) -> int:
    """Bytes of UTF-8."""
    return sum(len(text.encode()) for chat in chats for text in chat)


def marking(marker: Marker, chats: Sequence[Sequence[str]]) -> tuple[float, int]:
    """CPU seconds to mark some conversations, and how many values were marked."""
    built = messages.build(
        pa.array([text for chat in chats for text in chat], pa.string()),
        np.array([len(chat) for chat in chats]),
    )
    begin = time.process_time()
    found = marker.marked(messages.Messages(built), np.ones(len(chats), bool))
    return time.process_time() - begin, sum(len(one.spans) for one in found.values())


def _batches(chats: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    return (chats[at : at + STEP // 2] for at in range(0, len(chats), STEP // 2))


def finding(scanner: Scanner, chats: Sequence[Sequence[str]]) -> float:
    """CPU seconds of all rules and gates over the texts of conversations."""
    texts = pa.array([text for chat in chats for text in chat], pa.string())
    begin = time.process_time()
    for at in range(0, len(texts), STEP):
        scanner.find(texts.slice(at, STEP))
    return time.process_time() - begin


def measured(chats: Sequence[Sequence[str]]) -> dict[str, float]:
    """MB a CPU second of this process, which must be fresh."""
    half = len(chats) // 2
    seen, unseen = chats[:half], chats[half:]
    scanner = Scanner(RULES)
    rates = {
        "patterns, first pass": size(seen) / MB / finding(scanner, seen),
        "patterns, unseen": size(unseen) / MB / finding(scanner, unseen),
        "patterns, warm": size(seen) / MB / finding(scanner, seen),
    }
    for name, stage in (
        ("redaction without names", RedactPii(names="off")),
        ("redaction", RedactPii()),
    ):
        marker = stage.marker
        rates[f"{name}, first pass"] = size(seen) / MB / _all(marker, seen)
        rates[f"{name}, unseen"] = size(unseen) / MB / _all(marker, unseen)
    return rates


def _all(marker: Marker, chats: Sequence[Sequence[str]]) -> float:
    return sum(marking(marker, batch)[0] for batch in _batches(chats))


def by_rule(chats: Sequence[Sequence[str]]) -> list[tuple[str, float, int, int, int]]:
    """Each rule's second pass, alone: CPU seconds, texts, bytes, confirmed values; costly first."""
    texts = [text.encode() for chat in chats for text in chat]
    views = [memoryview(text) for text in texts]
    opened: dict[str, list[int]] = defaultdict(list)
    for rules, numbers in Gates([rule.gate for rule in RULES]).open(views):
        for place in rules:
            opened[RULES[place].id] += numbers
    costs = []
    for rule in RULES:
        if numbers := opened[rule.id]:
            scanner = Scanner([rule])
            mine = [texts[number] for number in numbers]
            begin = time.process_time()
            hits = sum(len(list(scanner.confirmed(0, text))) for text in mine)
            spent = time.process_time() - begin
            costs.append((rule.id, spent, len(mine), sum(map(len, mine)), hits))
    return sorted(costs, key=lambda cost: -cost[1])


def slow(chats: Sequence[Sequence[str]]) -> list[tuple[str, float, float, int]]:
    """Texts made to be slow: cost a byte in that of chat, CPU seconds for 1 MB, values marked."""
    marker = RedactPii().marker
    _all(marker, chats)
    ordinary = _all(marker, chats) / size(chats)
    rows = []
    for name, piece in SLOW.items():
        text = piece * (MB // len(piece.encode()))
        spent, values = marking(marker, [[text, "ok"]])
        rows.append((name, spent / len(text.encode()) / ordinary, spent, values))
    return sorted(rows, key=lambda row: -row[1])


def _source(given: Path | None) -> Path:
    if given is not None:
        return given
    if (DATA / "raw_40k").exists():
        return DATA / "raw_40k"
    folder = Path(tempfile.mkdtemp(prefix="speed-"))
    logs.write(folder)
    return folder


def report(folder: Path, most: int, repeat: int) -> None:
    """Print all tables."""
    chats = conversations(folder, most)
    print(f"## Speed of redaction: {size(chats) / MB:.0f} MB of {folder.name}\n")
    command = [sys.executable, "-m", "benchmarks.pii.speed", "--rates"]
    command += ["--logs", str(folder), "--conversations", str(most)]
    runs = [json.loads(subprocess.check_output(command, text=True)) for _ in range(repeat)]
    rows = []
    for name in runs[0]:
        rates = sorted(run[name] for run in runs)
        spread = f"{rates[0]:.1f} to {rates[-1]:.1f}"
        rows.append((name, f"{statistics.median(rates):.1f}", spread))
    table(("of one core", "MB a CPU second", "spread"), rows)
    costs = by_rule(chats)
    total = sum(cost[1] for cost in costs)
    print(f"Second pass of all rules: {total:.2f} CPU seconds. The costliest:\n")
    table(
        ("rule", "CPU s", "texts", "MB", "values"),
        (
            (name, f"{spent:.3f}", str(count), f"{held / MB:.1f}", str(hits))
            for name, spent, count, held, hits in costs[:COSTLY]
        ),
    )
    rows_of_slow = slow(chats[:STEP])
    held = [row for row in rows_of_slow if row[3] < DENSE]
    worst = max(ratio for _, ratio, _, _ in held)
    print(f"1 MB made to be slow, without values: at most {worst:.1f} times chat; limit {MOST}.\n")
    table(
        ("text", "times chat", "CPU s"),
        ((name, f"{ratio:.1f}", f"{spent:.2f}") for name, ratio, spent, _ in held),
    )
    table(
        ("1 MB full of values", "times chat", "values", "CPU us a value"),
        (
            (name, f"{ratio:.1f}", f"{values:,}", f"{1e6 * spent / values:.0f}")
            for name, ratio, spent, values in rows_of_slow
            if values >= DENSE
        ),
    )


def main(given: Sequence[str] | None = None) -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--logs", type=Path, help="a folder of raw logs")
    parser.add_argument("--conversations", type=int, default=0, help="0: all")
    parser.add_argument("--rates", action="store_true", help="one repetition, as JSON")
    options = parser.parse_args(given)
    folder = _source(options.logs)
    if options.rates:
        print(json.dumps(measured(conversations(folder, options.conversations))))
    else:
        report(folder, options.conversations, options.repeat)


if __name__ == "__main__":
    main()
