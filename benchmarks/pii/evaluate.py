"""Precision and recall of detectors, ours beside naive Presidio, as Markdown.

    python -m benchmarks.pii.evaluate [--short] [--sets labelled ...] [--detectors ours ...]
    python -m benchmarks.pii.evaluate precision

The first prints tables: our labelled set by kind, language and kind of negative;
presidio_generated_large by kind; recall of the planted truth of raw_3k by kind, script and locale,
and how many phrasings it rests on.
Sets of the developers are left out where they are absent. `--part held_out` takes the quarter of
our set that rules were not written by, `--part open` the rest. `--short` takes each fourth
conversation of our set, and the first detector alone. The second writes precision.json: hits and
wrong hits of every rule.
"""

import argparse
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.pii.adapters import DETECTORS
from benchmarks.pii.labelled import KINDS, Conversation, labelled
from benchmarks.pii.scores import HALF, POLICY, Detect, Scores, Tally, covered, hits, place, scored
from benchmarks.pii.sets import DATA, SETS

PRECISION = Path(__file__).parent / "precision.json"
COLUMNS = ("labels", "recall", "exact", "any kind", "findings", "precision", "F1", "F2")
SHORT = 4
PHRASING = 8
"""Code points before a value that tell one phrasing from another."""


def share(number: float) -> str:
    """Three digits; a dash for not a number."""
    return f"{number:.3f}" if number == number else "-"  # noqa: PLR0124 (not a number)


def cells(tally: Tally, *, has_hits: bool = True) -> list[str]:
    """One row of figures."""
    of = tally.labels or float("nan")
    found = [str(tally.labels), share(tally.recall), share(tally.exact / of)]
    found.append(share(tally.touched / of))
    if has_hits:
        found += [str(tally.hits), share(tally.precision), share(tally.f(1)), share(tally.f(2))]
    return found


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print Markdown."""
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print()


def ordered(names: Iterable[str]) -> list[str]:
    """Kinds in their own order, then the rest."""
    return sorted(names, key=lambda name: (KINDS.index(name) if name in KINDS else 99, name))


def beside(title: str, parts: dict[str, dict[str, Tally]], *, has_hits: bool) -> None:
    """One table: a row per key and detector."""
    names = ordered({key for tallies in parts.values() for key in tallies})
    width = len(COLUMNS) if has_hits else 4
    table(
        (title, "detector", *COLUMNS[:width]),
        (
            (key, name, *cells(tallies.get(key, Tally()), has_hits=has_hits))
            for key in names
            for name, tallies in parts.items()
        ),
    )


def script(text: str) -> str:
    """Whether a text is in Latin letters, by its first letter; figures count as Latin."""
    letter = next((one for one in text if one.isalpha()), "a")
    return "Latin" if unicodedata.name(letter, "LATIN").startswith("LATIN") else "other"


def by_script(conversations: Iterable[Conversation]) -> Iterable[Conversation]:
    """The labels of each script apart, the script as the language."""
    for one in conversations:
        texts = {span: one.messages[span.message][span.start : span.end] for span in one.spans}
        for kind in sorted({script(text) for text in texts.values()}):
            mine = tuple(s for s, text in texts.items() if script(text) == kind)
            yield replace(one, spans=mine, language=kind)


def report_alarms(parts: dict[str, Scores]) -> None:
    """Conversations without a label in which anything was found."""
    names = sorted({tag for scores in parts.values() for tag in scores.alarmed})
    table(
        ("conversations without label", "detector", "of", "altered", "share"),
        (
            (tag, name, str(of), str(some), share(some / of))
            for tag in names
            for name, scores in parts.items()
            for some, of in [scores.alarmed[tag]]
        ),
    )


def report_variety(conversations: Sequence[Conversation]) -> None:
    """How much a recall rests on: values of few phrasings say little of how people write."""
    values: dict[str, set[str]] = defaultdict(set)
    phrasings: dict[str, set[str]] = defaultdict(set)
    labels: Counter[str] = Counter()
    for one in conversations:
        for span in one.spans:
            text = one.messages[span.message]
            labels[span.kind] += 1
            values[span.kind].add(text[span.start : span.end])
            phrasings[span.kind].add(text[max(0, span.start - PHRASING) : span.start])
    table(
        ("kind", "labels", "different values", f"different {PHRASING} signs before"),
        ((k, str(labels[k]), str(len(values[k])), str(len(phrasings[k]))) for k in ordered(labels)),
    )


def report_recall(conversations: Sequence[Conversation], detectors: dict[str, Detect]) -> None:
    """Recall by kind and script, and by locale: of sets that are not labelled throughout."""
    report_variety(conversations)
    for kind in ("Latin", "other"):
        mine = [one for one in by_script(conversations) if one.language == kind]
        parts = {name: scored(mine, detect).by_kind for name, detect in detectors.items()}
        labelled_kinds = {n: {k: t for k, t in ts.items() if t.labels} for n, ts in parts.items()}
        beside(f"values in {kind} script", labelled_kinds, has_hits=False)
    parts = {name: scored(conversations, detect).by_language for name, detect in detectors.items()}
    beside("locale", parts, has_hits=False)


def report(name: str, conversations: Sequence[Conversation], detectors: dict[str, Detect]) -> None:
    """The tables of one set."""
    print(f"## {name}: {len(conversations):,} conversations\n")
    if name == "planted":
        report_recall(conversations, detectors)
        return
    parts = {detector: scored(conversations, detect) for detector, detect in detectors.items()}
    kinds = {detector: scores.by_kind | {"all": scores.whole} for detector, scores in parts.items()}
    beside("kind", kinds, has_hits=True)
    if name == "labelled":
        languages = {detector: scores.by_language for detector, scores in parts.items()}
        beside("language", languages, has_hits=True)
        report_alarms(parts)


def part_of(conversations: Sequence[Conversation], part: str) -> Sequence[Conversation]:
    """All of a set, what rules may be written by, or what is held out to judge them."""
    if part == "all":
        return conversations
    return [one for one in conversations if one.is_held_out == (part == "held_out")]


def precision_of_rules(detect: Detect) -> dict[str, dict[str, float]]:
    """Hits of every rule on our set, wrong ones, and its precision.

    `elsewhere` are the wrong hits that stand on a label of another kind, which overlaps settle.
    What only a policy can forgive is left out.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in labelled():
        if POLICY in one.tags:
            continue
        labels = [place(label) for label in one.spans]
        for hit, is_right in hits(one.spans, detect(one.messages, one.roles)):
            count = counts[hit.rule]
            count["hits"] += 1
            count["wrong"] += not is_right
            count["elsewhere"] += not is_right and covered(place(hit), labels) >= HALF
    return {
        rule: {**count, "precision": round(1 - count["wrong"] / count["hits"], 4)}
        for rule, count in sorted(counts.items())
    }


def main(given: Sequence[str] | None = None) -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", nargs="?", choices=("tables", "precision"), default="tables")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--detectors", nargs="+", choices=DETECTORS, default=["ours", "presidio"])
    parser.add_argument("--part", choices=("all", "open", "held_out"), default="all")
    parser.add_argument("--short", action="store_true", help="a quarter of our set, ours alone")
    options = parser.parse_args(given)
    if options.what == "precision":
        measured = precision_of_rules(DETECTORS["rules"]())
        PRECISION.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
        table(
            ("rule", "hits", "wrong", "elsewhere", "precision"),
            ((rule, *map(str, counts.values())) for rule, counts in measured.items()),
        )
        return
    names = options.detectors if not options.short else options.detectors[:1]
    detectors = {name: DETECTORS[name]() for name in names}
    for name in options.sets if not options.short else ["labelled"]:
        if name == "labelled" or DATA.exists():
            whole = part_of(SETS[name](), options.part if name == "labelled" else "all")
            report(name, whole[:: SHORT if options.short else 1], detectors)


if __name__ == "__main__":
    main()
