"""Documents to measure on, and the peers that are measured beside us."""

import random
from pathlib import Path

from pipeline.ingest import lines
from pipeline.ingest.lines import Limits, Span
from pipeline.ingest.rows import Ingest
from pipeline.messages import Messages

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "raw_40k"
BYTES = 2100


def answers(count: int) -> list[str]:
    """The answers of the last states in raw_40k, in the order of its files."""
    found: dict[str, str] = {}
    for number, path in enumerate(sorted(DATA.glob("server*/2*.gz"))):
        for batch in Ingest(Limits(), None).batches(
            lines.read(Span(str(path), number), Limits()), number
        ):
            rows = batch.conversations
            flat = Messages(rows["conversation"])
            texts = flat.texts.to_pylist()
            for (begin, end), name in zip(
                flat.spans(), rows["conversation_id"].to_pylist(), strict=True
            ):
                found[name] = "\n".join(text or "" for text in texts[begin + 1 : end : 2])
        if len(found) >= 2 * count:
            break
    return [text for text in found.values() if text][:count]


def documents(count: int, seed: int = 0, edition: int | None = None) -> list[str]:
    """Texts of about 2.1 kB: pieces of real answers, put together anew, a tenth nearly equal.

    In ASCII only: peers that split at spaces have nothing to do on Chinese, and look fast.

    Args:
        count: how many.
        seed: of the draw.
        edition: as many documents share pieces; the next ones have another word in each four.
            Otherwise more documents have more pieces in common, and so more near copies each.
    """
    draw = random.Random(seed)  # noqa: S311 (an experiment, not a secret)
    paragraphs = (p for text in answers(20_000) for p in text.split("\n\n"))
    pieces = [p for p in paragraphs if len(p) > 80 and p.isascii()]  # noqa: PLR2004
    made: list[str] = []
    for number in range(count):
        if made and draw.random() < 0.1:  # noqa: PLR2004
            words = made[draw.randrange(len(made))].split(" ")
            for _ in range(draw.randrange(1, 8)):
                words[draw.randrange(len(words))] = draw.choice(["so", "then", "yes"])
            made.append(" ".join(words))
            continue
        text = ""
        while len(text.encode()) < BYTES:
            text += draw.choice(pieces) + "\n\n"
        made.append(_of_edition(text[:BYTES], number // edition if edition else 0))
    return made


def _of_edition(text: str, number: int) -> str:
    if not number:
        return text
    words = text.split(" ")
    words[::4] = [f"{word}{number}" for word in words[::4]]
    return " ".join(words)[:BYTES]


PEER = """
import json, sys, time
which, path = sys.argv[1:3]
texts = json.load(open(path))
def grams(text):
    words = text.split()
    return [" ".join(words[i:i + 5]) for i in range(max(1, len(words) - 4))]
def rensa():
    from rensa import RMinHash, RMinHashLSH
    lsh = RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    removed = 0
    for number, text in enumerate(texts):
        made = RMinHash(num_perm=128, seed=42)
        made.update(grams(text))
        if lsh.query(made):
            removed += 1
        lsh.insert(number, made)
    return removed
def datasketch():
    from datasketch import MinHash, MinHashLSH
    lsh = MinHashLSH(num_perm=128, params=(16, 8))
    removed = 0
    for number, text in enumerate(texts):
        made = MinHash(num_perm=128)
        made.update_batch([gram.encode() for gram in grams(text)])
        if lsh.query(made):
            removed += 1
        lsh.insert(number, made)
    return removed
def datatrove():
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    config = MinhashConfig(num_buckets=14, hashes_per_bucket=8)
    step = MinhashDedupSignature("/dev/null", config=config)
    for text in texts:
        step.get_signature(step.get_shingles(text))
    return 0
began = time.process_time()
removed = globals()[which]()
cpu = time.process_time() - began
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"cpu": cpu, "removed": removed, "rss": peak}))
"""
