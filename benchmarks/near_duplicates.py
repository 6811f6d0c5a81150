"""Near-duplicates: quality against exact all-pairs Jaccard, speed beside peers, flatness.

    python benchmarks/near_duplicates.py quality     20,000 rows of ../shared/data/raw_40k
    python benchmarks/near_duplicates.py speed       100,000 documents, peers in build/peers
    python benchmarks/near_duplicates.py flat        10,000 to 300,000 documents

CPU seconds (user + system), one process each, all in one run; prints Markdown.
"""

import argparse
import json
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks import near_path
from benchmarks.documents import PEER, answers, documents
from benchmarks.near_path import Measured
from pipeline import allocation, minhash, shingles

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "build" / "peers"
FOLDER = ROOT / "build" / "near_duplicates"
THRESHOLD, SIZE, SALT = 0.8, 5, near_path.SALT
REPEATS = 3
REQUIREMENTS = ("rensa==0.5.0", "datasketch==2.0.0", "datatrove[processing]==0.10.1", "spacy<4")


def ours(texts: list[str]) -> tuple[np.ndarray, Measured]:
    """The witness of each document by the stage as in a run, or -1; and what it cost."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    near_path.write(iter(texts), FOLDER / "ours.arrow")
    near_path.warm_up()
    return near_path.run(FOLDER / "ours.arrow", len(texts))


def exact_pairs(texts: list[str]) -> Iterator[tuple[int, int, float]]:
    """All pairs at or above the threshold, by our own sets and an inverted index: no sampling.

    Two sets are that near only if they share one of the first (1 - t) * n + 1 elements of any
    fixed order (the prefix filter of Bayardo, Ma and Srikant 2007); rarest first.
    """
    part = pa.array(texts)
    sets = shingles.of(part, np.arange(len(texts)), len(texts), SIZE, 7)
    unique, counts = np.unique(sets.hashes, return_counts=True)
    rarity = counts[np.searchsorted(unique, sets.hashes)]
    holders: dict[int, list[int]] = defaultdict(list)
    as_sets = []
    for document, (begin, end) in enumerate(zip(sets.begins, sets.ends, strict=True)):
        mine = sets.hashes[begin:end]
        as_sets.append(set(mine.tolist()))
        rare = mine[np.lexsort([mine, rarity[begin:end]])]
        prefix = rare[: len(rare) - int(np.ceil(THRESHOLD * len(rare))) + 1].tolist()
        candidates = {other for key in prefix for other in holders[key]}
        for other in candidates:
            shared = len(as_sets[document] & as_sets[other])
            near = shared / (len(as_sets[document]) + len(as_sets[other]) - shared)
            if round(near, 6) >= THRESHOLD:
                yield other, document, near
        for key in prefix:
            holders[key].append(document)


def quality(count: int) -> None:
    """Precision, recall, groups and witnesses against all pairs."""
    texts = answers(count)
    truth = list(exact_pairs(texts))
    witness, _ = ours(texts)
    dropped = set(np.flatnonzero(witness >= 0).tolist())
    near = {(a, b) for a, b, _ in truth}
    justified = {b for _, b in near} | {a for a, _ in near}
    kept_witness = sum(
        (min(d, witness[d]), max(d, witness[d])) in near and witness[d] not in dropped
        for d in dropped
    )
    found = sum(bool({a, b} & dropped) for a, b in near)
    groups = _groups(near, len(texts))
    wiped = sum(all(member in dropped for member in group) for group in groups)
    print(f"\nExact all-pairs Jaccard of {len(texts):,} answers of raw_40k, word 5-grams, >= 0.8\n")
    print("| figure | value |\n|---|---|")
    print(f"| pairs at or above the threshold | {len(near):,} |")
    print(f"| rows dropped | {len(dropped):,} |")
    print(f"| precision | {len(dropped & justified) / max(len(dropped), 1):.4f} |")
    print(f"| pair recall | {found / max(len(near), 1):.4f} |")
    print(f"| groups wiped out | {wiped} of {len(groups):,} |")
    print(f"| dropped rows with a kept witness | {kept_witness / max(len(dropped), 1):.4f} |")


def _groups(pairs: set[tuple[int, int]], count: int) -> list[list[int]]:
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in pairs:
        parent[root(a)] = root(b)
    members: dict[int, list[int]] = defaultdict(list)
    for node in {node for pair in pairs for node in pair}:
        members[root(node)].append(node)
    return list(members.values())


def speed(count: int, peers: list[str]) -> None:
    """CPU per document, ours and each peer's, in one run."""
    texts = documents(count)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "texts.json").write_text(json.dumps(texts))
    (FOLDER / "few.json").write_text(json.dumps(texts[: count // 20]))
    size = sum(len(text.encode()) for text in texts) / len(texts)
    print(f"\n{count:,} documents of {size:,.0f} bytes\n")
    tokens, kernels = _limits(texts)
    near_path.write(iter(texts), FOLDER / "ours.arrow")
    found = min(
        (near_path.apart(FOLDER / "ours.arrow", count) for _ in range(REPEATS)),
        key=lambda one: one.cpu_s,
    )
    mine = found.cpu_s / count * 1e3
    print("| method | documents | CPU ms a document | times ours | dropped | MB |")
    print("|---|---|---|---|---|---|")
    _row("each byte tokenised and hashed once", count, tokens, tokens / mine, 0, 0)
    _row("the limit: sets and signatures of that", count, kernels, kernels / mine, 0, 0)
    _row("ours: index files, exact check, star rule", count, mine, 1.0, found.dropped, found.mb)
    _install()
    for peer in peers:
        number = count // 20 if peer == "datatrove" else count
        file = FOLDER / ("texts.json" if number == count else "few.json")
        done = subprocess.run(
            [str(PEERS / "bin" / "python"), "-c", PEER, peer, str(file)],
            capture_output=True,
            text=True,
            check=True,
        )
        told = json.loads(done.stdout.splitlines()[-1])
        each = told["cpu"] / number * 1e3
        _row(peer, number, each, each / mine, told["removed"], told["rss"])


def _row(what: str, count: int, each: float, times: float, dropped: int, rss: float) -> None:
    print(f"| {what} | {count:,} | {each:.4f} | {times:.2f} | {dropped:,} | {rss:.0f} |")


def _install() -> None:
    if not (PEERS / "bin" / "python").exists():
        uv = ROOT / ".tools" / "bin" / "uv"
        command = str(uv) if uv.exists() else "uv"
        subprocess.run([command, "venv", "--quiet", str(PEERS)], check=True)
        subprocess.run(
            [
                command,
                "pip",
                "install",
                "--quiet",
                "--python",
                str(PEERS / "bin" / "python"),
                *REQUIREMENTS,
            ],
            check=True,
        )


def _limits(texts: list[str]) -> list[float]:
    """CPU ms a document of our kernels alone: tokens; and sets and signatures on top of them."""
    bands, size = minhash.bands_and_rows(THRESHOLD, 0.998, 1)
    spent = []
    for kernel in (
        lambda part, row: shingles.tokens(part, row, SALT),
        lambda part, row: minhash.signatures(
            shingles.of(part, row, len(row), SIZE, SALT), bands * size
        ),
    ):
        least = []
        for _ in range(REPEATS):
            began = time.process_time()
            for at in range(0, len(texts), 1000):
                part = pa.array(texts[at : at + 1000])
                kernel(part, np.arange(len(part)))
            least.append(time.process_time() - began)
        spent.append(min(least) / len(texts) * 1e3)
    return spent


def flat(counts: list[int], edition: int | None) -> None:
    """CPU per document as the corpus grows, the least of some rounds over all sizes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / "flat.arrow"
    near_path.write(iter(documents(max(counts), edition=edition)), file)
    rounds = [[near_path.apart(file, count) for count in counts] for _ in range(REPEATS)]
    each = []
    print(f"\nBeyond a warm-up of {near_path.WARM_UP:,} documents; least of {REPEATS} rounds\n")
    print("| documents | CPU ms a document | of it staging | dropped | peak MB |")
    print("|---|---|---|---|---|")
    for count, found in zip(counts, zip(*rounds, strict=True), strict=True):
        least = min(found, key=lambda one: one.cpu_s)
        each.append(least.cpu_s / count * 1e3)
        share, mb = least.stage_s / count * 1e3, max(one.mb for one in found)
        print(f"| {count:,} | {each[-1]:.4f} | {share:.4f} | {least.dropped:,} | {mb:.0f} |")
    print(f"\nthe most is {max(each) / min(each):.3f} times the least, ", end="")
    print(f"and the last {each[-1] / each[0]:.3f} times the first")


def main() -> None:
    """Run what is asked for."""
    allocation.keep_freed()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["quality", "speed", "flat"])
    parser.add_argument("--count", type=int)
    parser.add_argument("--edition", type=int, default=10_000, help="flat: documents.py; 0: none")
    parser.add_argument("--peers", nargs="*", default=["rensa", "datasketch", "datatrove"])
    args = parser.parse_args()
    asked: dict[str, Callable[[], None]] = {
        "quality": lambda: quality(args.count or 20_000),
        "speed": lambda: speed(args.count or 100_000, args.peers),
        "flat": lambda: flat(
            [10_000, 30_000, 100_000, args.count or 300_000], args.edition or None
        ),
    }
    asked[args.what]()


if __name__ == "__main__":
    main()
