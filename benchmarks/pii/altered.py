"""Judge by hand what is altered in messages without planted values.

    python -m benchmarks.pii.altered sample FOLDER [--messages 6000]
    python -m benchmarks.pii.altered take FOLDER/judged.jsonl
    python -m benchmarks.pii.altered

`sample` draws messages of raw_40k (fixed seed; each role and language in proportion; equal texts
once), runs our detector under the default policy, and writes to FOLDER, which must not lie in a
repository, what to judge: `to_judge.jsonl`, a span a line with its surroundings, without those
that have a verdict already. A judge fills in `verdict`: `personal` or `not`. `take` adds the
verdicts to verdicts.json: hashes alone, no text. Without words it samples again and prints the
share of messages altered for anything that is not personal, with the upper bound of Clopper and
Pearson; a span without verdict counts as not personal.

Conversations with planted values and those that share a text with them are left out.
"""

import argparse
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from scipy.stats import beta

from benchmarks.pii.adapters import ours
from benchmarks.pii.scores import Detect, Found
from benchmarks.pii.sets import DATA, logged, roles, truth

LOGS = DATA / "raw_40k"
VERDICTS = Path(__file__).parent / "verdicts.json"
WORDS = ("personal", "not")
SEED = 20
AROUND = 160
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Message:
    """A message of the logs and what it belongs to."""

    text: str
    role: str
    language: str

    @property
    def digest(self) -> str:
        """What verdicts call it."""
        return digest(self.text)


def digest(*parts: object) -> str:
    """64 bits of SHA-256 as hexadecimal digits."""
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:16]


def span_digest(message: Message, found: Found) -> str:
    """What verdicts call a span: its place, kind and text, not its rule."""
    return digest(found.start, found.end, found.kind, message.text[found.start : found.end])


def unplanted(folder: Path) -> Iterator[Message]:
    """Messages of conversations without planted values, equal texts of a role once."""
    texts = logged(folder)
    planted = {one["conv_id"] for one in truth(folder, "pii")}
    tainted = {text for name in planted for text in texts.get(name, ())}
    language = {one["conv_id"]: one["lang"] or "?" for one in truth(folder, "conversations")}
    seen: set[tuple[str, str]] = set()
    for name in sorted(texts.keys() - planted):
        if tainted.isdisjoint(texts[name]):
            for role, text in zip(roles(texts[name]), texts[name], strict=True):
                if text.strip() and (role, text) not in seen:
                    seen.add((role, text))
                    yield Message(text, role, language.get(name, "?"))


def sampled(folder: Path, size: int) -> list[Message]:
    """A sample in which each role and language has its share: each n-th of the ordered messages.

    A proportional sample weighs itself, and the bound of a simple one is safe for it.
    """
    order = sorted(unplanted(folder), key=lambda one: (one.role, one.language, one.digest))
    step = max(1.0, len(order) / size)
    first = Random(SEED).random() * step  # noqa: S311 (a fixed seed)
    places = (int(first + at * step) for at in range(size))
    return [order[at] for at in places if at < len(order)]


def altered(messages: Sequence[Message], detect: Detect) -> list[tuple[Message, list[Found]]]:
    """Messages in which anything is found, and what."""
    pairs = ((one, detect([one.text], [one.role])) for one in messages)
    return [(one, found) for one, found in pairs if found]


def outside_repositories(folder: Path) -> Path:
    """A folder that may hold text of users.

    Raises:
        ValueError: it lies in a repository.
    """
    folder = folder.resolve()
    if any((one / ".git").exists() for one in (folder, *folder.parents)):
        raise ValueError(f"{folder} lies in a repository: text of users may not")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def verdicts() -> dict[str, dict[str, str]]:
    """Verdicts by message and span."""
    found: dict[str, dict[str, str]] = (
        json.loads(VERDICTS.read_text("utf-8")) if VERDICTS.exists() else {}
    )
    return found


def line(message: Message, found: Found) -> dict[str, str]:
    """What a judge sees of a span."""
    return {
        "message": message.digest,
        "span": span_digest(message, found),
        "kind": found.kind,
        "rule": found.rule,
        "role": message.role,
        "language": message.language,
        "before": message.text[max(0, found.start - AROUND) : found.start],
        "value": message.text[found.start : found.end],
        "after": message.text[found.end : found.end + AROUND],
        "verdict": "",
    }


def sample(folder: Path, size: int) -> None:
    """Write what is to be judged."""
    folder = outside_repositories(folder)
    known = verdicts()
    messages = sampled(LOGS, size)
    changed = altered(messages, ours())
    lines = [
        line(message, found)
        for message, spans in changed
        for found in spans
        if span_digest(message, found) not in known.get(message.digest, {})
    ]
    path = folder / "to_judge.jsonl"
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), "utf-8")
    whole = "".join(json.dumps(vars(one), ensure_ascii=False) + "\n" for one, _ in changed)
    (folder / "altered.jsonl.gz").write_bytes(gzip.compress(whole.encode("utf-8", "replace")))
    print(f"{len(messages):,} messages, {len(changed):,} altered")
    print(f"{len(lines):,} spans to judge in {path}")


def take(path: Path) -> None:
    """Add a judge's verdicts.

    Raises:
        ValueError: a verdict is neither of the two words.
    """
    known = verdicts()
    for text in path.read_text("utf-8").splitlines():
        one = json.loads(text)
        if one["verdict"] not in WORDS:
            raise ValueError(f"span {one['span']}: {one['verdict']!r} is none of {WORDS}")
        known.setdefault(one["message"], {})[one["span"]] = one["verdict"]
    VERDICTS.write_text(json.dumps(known, indent=0, sort_keys=True) + "\n", "utf-8")


def upper_bound(bad: int, of: int) -> float:
    """Clopper and Pearson's one-sided upper bound of a share.

    Source:
        Clopper, Pearson 1934, "The use of confidence or fiducial limits illustrated in the case
        of the binomial", Biometrika 26.
    """
    return 1.0 if bad == of else float(beta.ppf(CONFIDENCE, bad + 1, of - bad))


def report(size: int) -> None:
    """Print shares by role and language, and which rules are to blame."""
    known = verdicts()
    messages = sampled(LOGS, size)
    of = Counter(name for one in messages for name in ("all", one.role, one.language))
    some: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    blamed: Counter[str] = Counter()
    for message, spans in altered(messages, ours()):
        said = known.get(message.digest, {})
        wrong = [one for one in spans if said.get(span_digest(message, one)) != "personal"]
        blamed.update(f"{one.kind} {one.rule}" for one in wrong)
        for name in ("all", message.role, message.language):
            some[name] += 1
            bad[name] += bool(wrong)
    print("| messages | of | altered | not personal | share | at most (95 %) |")
    print("|---|---|---|---|---|---|")
    for name, count in sorted(of.items(), key=lambda pair: (-pair[1], pair[0])):
        bound = upper_bound(bad[name], count)
        share = bad[name] / count
        print(f"| {name} | {count} | {some[name]} | {bad[name]} | {share:.2%} | {bound:.2%} |")
    print("\n| kind and rule | spans that are not personal |\n|---|---|")
    for name, count in blamed.most_common():
        print(f"| {name} | {count} |")


def main() -> None:
    """Sample, take verdicts, or report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", nargs="?", choices=("sample", "take", "report"), default="report")
    parser.add_argument("path", nargs="?", type=Path, help="for all but report")
    parser.add_argument("--messages", type=int, default=6000)
    options = parser.parse_args()
    if options.what != "report" and options.path is None:
        parser.error(f"{options.what} needs a path")
    if options.what == "sample":
        sample(options.path, options.messages)
    elif options.what == "take":
        take(options.path)
    else:
        report(options.messages)


if __name__ == "__main__":
    main()
