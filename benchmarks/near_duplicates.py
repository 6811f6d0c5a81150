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

from benchmarks.documents import PEER, answers, documents
from pipeline import minhash, shingles, similarity

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "build" / "peers"
THRESHOLD, SIZE = 0.8, 5
REQUIREMENTS = ("rensa==0.5.0", "datasketch==2.0.0", "datatrove[processing]==0.10.1", "spacy<4")


def ours(texts: list[str]) -> np.ndarray:
    """The witness of each document by our kernels, or -1: shape (documents,)."""
    bands, rows = minhash.bands_and_rows(THRESHOLD, 0.998, 1)
    keys, values, ends, total = [], [], [], 0
    for begin in range(0, len(texts), 2048):
        part = pa.array(texts[begin : begin + 2048])
        sets = shingles.of(part, np.arange(len(part)), len(part), SIZE, 7)
        signature = minhash.signatures(sets, bands * rows)
        keys.append(minhash.band_keys([signature], bands, rows, np.full(len(part), 7, np.uint64)))
        values.append(sets.hashes)
        ends.append(sets.ends + total)
        total += len(sets.hashes)
    flat, stops = np.concatenate(values).astype(np.int64), np.concatenate(ends)
    return _star(np.concatenate(keys), flat, stops).witness


def _star(keys: np.ndarray, flat: np.ndarray, stops: np.ndarray) -> similarity.Star:
    count, bands = keys.shape
    begins = np.concatenate([[0], stops[:-1]])

    def fetch(nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        lengths = stops[nodes] - begins[nodes]
        ends = np.cumsum(lengths)
        at = np.repeat(begins[nodes] - (ends - lengths), lengths) + np.arange(ends[-1])
        return flat[at], ends

    return similarity.star(
        keys.reshape(-1),
        np.repeat(np.arange(count), bands),
        count,
        lambda left, right: similarity.jaccard(left, right, fetch),
        threshold=THRESHOLD,
        is_fixed=np.zeros(count, bool),
        partner=np.full(count, -1),
    )


def shingle_sets(texts: list[str]) -> list[set[tuple[str, ...]]]:
    """Word 5-grams in plain Python: what the truth is made of."""
    found = []
    for text in texts:
        words = text.split()
        found.append({tuple(words[i : i + SIZE]) for i in range(max(1, len(words) - SIZE + 1))})
    return found


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
    witness = ours(texts)
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
    folder = ROOT / "build" / "near_duplicates"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "texts.json").write_text(json.dumps(texts))
    (folder / "few.json").write_text(json.dumps(texts[: count // 20]))
    size = sum(len(text.encode()) for text in texts) / len(texts)
    print(f"\n{count:,} documents of {size:,.0f} bytes\n")
    print("| method | documents | CPU ms a document | times ours | dropped | MB |")
    print("|---|---|---|---|---|---|")
    began = time.process_time()
    dropped = int((ours(texts) >= 0).sum())
    mine = (time.process_time() - began) / count * 1e3
    _row("ours, exact check and star rule included", count, mine, 1.0, dropped, _rss())
    _install()
    for peer in peers:
        number = count // 20 if peer == "datatrove" else count
        file = folder / ("texts.json" if number == count else "few.json")
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
    print(f"| {what} | {count:,} | {each:.3f} | {times:.1f} | {dropped:,} | {rss:.0f} |")


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


def flat(counts: list[int]) -> None:
    """CPU per document as the corpus grows."""
    texts = documents(max(counts))
    print("\n| documents | CPU ms a document | peak MB of this process |\n|---|---|---|")
    for count in counts:
        began = time.process_time()
        ours(texts[:count])
        each = (time.process_time() - began) / count * 1e3
        print(f"| {count:,} | {each:.4f} | {_rss():.0f} |")


def _rss() -> float:
    """Peak memory of this process in MB."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["quality", "speed", "flat"])
    parser.add_argument("--count", type=int)
    parser.add_argument("--peers", nargs="*", default=["rensa", "datasketch", "datatrove"])
    args = parser.parse_args()
    asked: dict[str, Callable[[], None]] = {
        "quality": lambda: quality(args.count or 20_000),
        "speed": lambda: speed(args.count or 100_000, args.peers),
        "flat": lambda: flat([10_000, 30_000, 100_000, args.count or 300_000]),
    }
    asked[args.what]()


if __name__ == "__main__":
    main()
