"""Names of persons: quality on labelled sets, on planted truth, on chat; speed. Prints Markdown.

    python benchmarks/names.py [DATA]

DATA is ../shared/data unless said. A gold span counts as found by a span of at least half its
letters, half of whose own letters it covers; each span serves once.
"""

import collections
import gzip
import json
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.ingest import lines
from pipeline.ingest.lines import Limits, Span
from pipeline.ingest.rows import Ingest
from pipeline.messages import Messages
from pipeline.pii import names
from pipeline.pii.names import tagger

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
HALF = 0.5
LENGTH = 1_000_000
WORST = {"digits": "1", "a.a.": "a.", "capitals": "A", "Capitalised": "Anna ", "spaces": " "}
BESIDE = {"EMAIL", "PHONE", "USERNAME", "ADDRESS"}

Found = tuple[int, int, str]
"""Begin and end in letters, and the rule."""
Gold = list[tuple[int, int]]


def main(data: Path) -> None:
    """Print all tables."""
    labelled(data)
    chats = Chats(data / "raw_3k")
    planted(chats)
    chats = Chats(data / "raw_40k")
    altered(chats)
    speed(chats)


def spans(texts: Sequence[str], beside: names.Beside | None = None) -> list[list[Found]]:
    """What is found in each text, in letters."""
    made: list[list[Found]] = [[] for _ in texts]
    found = names.find(pa.array(texts, pa.string()), beside)
    for text, start, end, rule in zip(
        *(one.tolist() for one in (found.text, found.start, found.end, found.rule)), strict=True
    ):
        raw = texts[text].encode()
        begin = len(raw[:start].decode())
        length = len(raw[start:end].decode())
        made[text].append((begin, begin + length, names.NAME_RULES[rule][0]))
    return made


def sets(data: Path) -> Iterator[tuple[str, list[str], list[Gold]]]:
    """Labelled texts and their persons; handles of tweets are no names."""
    rows = json.loads((data / "pii/presidio_generated_large.json").read_text())
    yield (
        "presidio_generated_large",
        [row["full_text"] for row in rows],
        [
            [
                (span["start_position"], span["end_position"])
                for span in row["spans"]
                if span["entity_type"] == "PERSON"
            ]
            for row in rows
        ],
    )
    for name in ("uner_en_ewt_dev", "btc_dev", "wnut17_dev"):
        rows = [json.loads(line) for line in (data / f"pii/{name}.jsonl").open()]
        yield name, [row["text"] for row in rows], [_persons(row) for row in rows]


def _persons(row: dict[str, Any]) -> Gold:
    text = row["text"]
    people = [(begin, end) for begin, end, kind in row["spans"] if kind == "PER"]
    return [(b, e) for b, e in people if text[b] != "@" and text[max(0, b - 1) : b] != "@"]


def is_hit(gold: tuple[int, int], span: Found) -> bool:
    """Whether each covers half of the other."""
    both = min(gold[1], span[1]) - max(gold[0], span[0])
    return both >= HALF * (gold[1] - gold[0]) and both >= HALF * (span[1] - span[0])


def labelled(data: Path) -> None:
    """Precision, recall and F1 on each set, and the precision of each rule."""
    print("| set | persons | precision | recall | F1 |\n|---|---|---|---|---|")
    tables = []
    for name, texts, gold in sets(data):
        hits = spurious = 0
        rules: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
        for mine, want in zip(spans(texts), gold, strict=True):
            left = list(want)
            for span in mine:
                hit = next((one for one in left if is_hit(one, span)), None)
                rules[span[2]][0] += 1
                rules[span[2]][1] += hit is not None
                if hit is None:
                    spurious += 1
                else:
                    left.remove(hit)
                    hits += 1
        total = sum(map(len, gold))
        precision, recall = hits / (hits + spurious), hits / total
        both = 2 * precision * recall / (precision + recall)
        print(f"| {name} | {total} | {precision:.3f} | {recall:.3f} | {both:.3f} |")
        tables.append((name, rules))
    known = [rule for rule, _ in names.NAME_RULES]
    print("\n| rule |" + "".join(f" {name} |" for name, _ in tables))
    print("|---|" + "---|" * len(tables))
    for rule in known:
        cells = [_share(counts[rule]) for _, counts in tables]
        print(f"| {rule} | " + " | ".join(cells) + " |")


def _share(counts: list[int]) -> str:
    return f"{counts[1]} of {counts[0]}" if counts[0] else ""


class Chats:
    """Distinct conversations of a folder of raw logs, and the truth that was planted in them."""

    def __init__(self, folder: Path) -> None:
        self.texts: dict[str, list[str]] = {}
        for number, path in enumerate(sorted(folder.glob("server*/2*"))):
            read = lines.read(Span(str(path), number), Limits())
            for batch in Ingest(Limits(), None).batches(read, number):
                self._take(batch.conversations)
        self.truth: dict[tuple[str, int], list[dict[str, Any]]] = collections.defaultdict(list)
        for row in _rows(folder / "truth"):
            self.truth[row["conv_id"], row["message"]].append(row)

    def _take(self, rows: pa.Table) -> None:
        flat = Messages(rows["conversation"])
        texts = [text or "" for text in flat.texts.to_pylist()]
        for (begin, end), name in zip(
            flat.spans(), rows["conversation_id"].to_pylist(), strict=True
        ):
            if end - begin >= len(self.texts.get(name, ())):
                self.texts[name] = texts[begin:end]

    def found(self) -> dict[tuple[str, int], list[Found]]:
        """What is found in each message, other planted data being known."""
        keys = [(name, at) for name, texts in self.texts.items() for at in range(len(texts))]
        texts = [self.texts[name][at] for name, at in keys]
        near = [
            (place, *_bytes(texts[place], row))
            for place, key in enumerate(keys)
            for row in self.truth.get(key, ())
            if row["type"] in BESIDE
        ]
        columns = np.array(near, np.int64).reshape(-1, 3).T
        return dict(zip(keys, spans(texts, names.Beside(*columns)), strict=True))


def _rows(truth: Path) -> Iterator[dict[str, Any]]:
    path = next(truth.glob("pii.jsonl*"))
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        yield from map(json.loads, file)


def _bytes(text: str, row: dict[str, Any]) -> tuple[int, int]:
    start = len(text[: row["start"]].encode())
    return start, start + len(text[row["start"] : row["end"]].encode())


def _rules(at: int) -> tuple[str, ...]:
    return names.RELEASE_ASSISTANT if at % 2 else names.RELEASE_USER


def planted(chats: Chats) -> None:
    """Recall of planted names with the release's rules; a user's value counts where it recurs."""
    found = chats.found()
    said: dict[str, set[str]] = collections.defaultdict(set)
    for (name, at), mine in found.items():
        if at % 2 == 0:
            text = chats.texts[name][at]
            said[name] |= {text[b:e] for b, e, rule in mine if rule in names.RELEASE_USER}
    counts: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0, 0])
    for (name, at), rows in chats.truth.items():
        for row in rows if (name, at) in found else ():
            if row["type"] != "PERSON":
                continue
            gold = (row["start"], row["end"])
            mine = [one for one in found[name, at] if one[2] in _rules(at)]
            carried = row["value"] in said[name]
            count = counts[_script(row["value"])]
            count[0] += 1
            count[1] += carried or any(is_hit(gold, one) for one in mine)
            count[2] += carried or any(one[:2] == gold for one in mine)
    print("\n| script of planted names | planted | found | with exact ends |\n|---|---|---|---|")
    for script, (total, hits, exact) in sorted(counts.items()):
        print(f"| {script} | {total} | {hits} ({hits / total:.3f}) | {exact} |")


def _script(value: str) -> str:
    return next(unicodedata.name(sign).split()[0].title() for sign in value if sign.isalpha())


def altered(chats: Chats) -> None:
    """Share of distinct messages with a name of the release's rules outside planted data."""
    found = chats.found()
    seen: set[tuple[int, str]] = set()
    counts: dict[int, list[int]] = {0: [0, 0], 1: [0, 0]}
    rules: collections.Counter[tuple[int, str]] = collections.Counter()
    for (name, at), all_of in found.items():
        text, role = chats.texts[name][at], at % 2
        if (role, text) in seen:
            continue
        seen.add((role, text))
        truth = [(row["start"], row["end"]) for row in chats.truth.get((name, at), ())]
        values = {
            row["value"] for i in range(len(chats.texts[name])) for row in chats.truth[name, i]
        }
        mine = [
            (b, e, rule)
            for b, e, rule in all_of
            if not any(min(e, y) > max(b, x) for x, y in truth) and text[b:e] not in values
        ]
        rules.update((role, rule) for _, _, rule in mine)
        counts[role][0] += 1
        counts[role][1] += any(rule in _rules(at) for _, _, rule in mine)
    print("\n| role | messages | altered outside planted data | share |\n|---|---|---|---|")
    for role, (total, hits) in counts.items():
        print(f"| {('user', 'assistant')[role]} | {total:,} | {hits} | {hits / total:.3%} |")
    print("\n| rule | in user messages | in assistant messages |\n|---|---|---|")
    for rule, _ in names.NAME_RULES:
        print(f"| {rule} | {rules[0, rule]:,} | {rules[1, rule]:,} |")


def speed(chats: Chats) -> None:
    """MB a CPU second on distinct messages, and on texts made to be slow."""
    distinct = dict.fromkeys(text for texts in chats.texts.values() for text in texts)
    texts = pa.array(list(distinct)[:25_000], pa.string())
    names.find(texts.slice(0, 100))
    ordinary = _rate(texts)
    print(f"\n| text | MB/s a core |\n|---|---|\n| raw_40k, distinct | {ordinary:.1f} |")
    for name, part in WORST.items():
        print(f"| 1 MB of {name} | {_rate(pa.array([part * (LENGTH // len(part))])):.1f} |")
    print(f"\nModel: {tagger.place().stat().st_size:,} bytes.")


def _rate(texts: pa.StringArray) -> float:
    begun = time.process_time()
    names.find(texts)
    return texts.nbytes / 1e6 / (time.process_time() - begun)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
