"""FastAnalyzer against Presidio's own engine: the same findings, messages per CPU second.

Each configuration runs in processes of its own, one for each engine, cold: the clock starts when
recognizers are loaded and no text was seen. Both sides get the same registry with the same
offline list of public suffixes.

    python -m benchmarks.presidio [--messages 10000] [--data ../shared/data/raw_40k]
    python -m benchmarks.presidio --short    # 1,000 messages; fails on any difference
"""

import argparse
import gc
import gzip
import hashlib
import itertools
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BATCH = 1_000
REGISTRIES = {"all 17 defaults": "default_registry", "sane subset": "sane_registry"}
ENGINES = ("no-op", "blank + context")


def main() -> int:
    """Print a Markdown table; 1 if any message has other findings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/raw_40k"))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--run", nargs=4, metavar=("KIND", "REGISTRY", "ENGINE", "FOLDER"))
    options = parser.parse_args()
    if options.run:
        _run(*options.run)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        texts = sample(options.data, 1_000 if options.short else options.messages)
        (Path(folder) / "texts").write_bytes(pickle.dumps(texts))
        size = sum(len(text.encode()) for text in texts)
        print(f"{len(texts):,} messages, {len(set(texts)):,} different, {size / 1e6:.1f} MB\n")
        print(
            "| recognizers | NLP engine | Presidio, msg/CPU s | ours, msg/CPU s | ratio | ", end=""
        )
        print("identical messages | findings |\n|---|---|--:|--:|--:|--:|--:|")
        rows = [
            _compared(registry, engine, folder, texts)
            for registry, engine in itertools.product(REGISTRIES, ENGINES)
        ]
    return int(not all(rows))


def sample(root: Path, count: int) -> list[str]:
    """Messages of the raw logs, chosen by a hash of conversation and turn."""
    ranked = []
    for conversation, turns in sorted(conversations(root).items()):
        for turn, text in enumerate(turns):
            key = hashlib.sha256(f"{conversation}/{turn}".encode()).digest()
            if text:
                ranked.append((key, text.encode("utf-8", "replace").decode()))
    return [text for _, text in sorted(ranked)[:count]]


def conversations(root: Path) -> dict[str, list[str]]:
    """The longest state of each conversation in the logs of a chatbot arena."""
    longest: dict[str, list[str]] = {}
    for path in sorted(root.glob("server*/*")):
        opened: Any = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", errors="replace") as lines:
            for state in itertools.chain.from_iterable(map(_states, lines)):
                turns = [_text(m) for m in state["messages"][int(state.get("offset") or 0) :]]
                if len(turns) > len(longest.get(state["conv_id"], [])):
                    longest[state["conv_id"]] = turns
    return longest


def _states(line: str) -> Iterator[dict[str, Any]]:
    try:
        event = json.loads(line)
    except ValueError:
        return
    if isinstance(event, dict):
        for state in (event.get("state"), *(event.get("states") or ())):
            if not isinstance(state, dict) or not isinstance(state.get("messages"), list):
                continue
            if isinstance(state.get("conv_id"), str):
                yield state


def _text(message: Any) -> str:
    content = message[1] if isinstance(message, list) and len(message) > 1 else ""
    content = content[0] if isinstance(content, list) and content else content
    return content if isinstance(content, str) else ""


def _compared(registry: str, engine: str, folder: str, texts: list[str]) -> bool:
    found, seconds = {}, {}
    for kind in ("presidio", "fast"):
        command = [sys.executable, "-m", "benchmarks.presidio", "--run"]
        subprocess.run([*command, kind, registry, engine, folder], check=True)
        answer = pickle.loads((Path(folder) / "answer").read_bytes())  # noqa: S301 - our own
        found[kind], seconds[kind] = answer
    pairs = list(zip(found["presidio"], found["fast"], strict=True))
    same = sum(theirs == ours for theirs, ours in pairs)
    rates = {kind: len(texts) / seconds[kind] for kind in seconds}
    ratio = rates["fast"] / rates["presidio"]
    count = sum(map(len, found["presidio"]))
    print(f"| {registry} | {engine} | {rates['presidio']:,.0f} | {rates['fast']:,.0f} ", end="")
    print(f"| {ratio:.1f} | {same:,} of {len(pairs):,} | {count:,} |", flush=True)
    return same == len(pairs)


def _run(kind: str, registry: str, engine: str, folder: str) -> None:
    """One engine over all texts, in this process; findings and CPU seconds go to a file."""
    from presidio_analyzer import AnalyzerEngine  # noqa: PLC0415
    from presidio_analyzer.nlp_engine import NoOpNlpEngine  # noqa: PLC0415

    from pipeline.pii.presidio import registries  # noqa: PLC0415
    from pipeline.pii.presidio.analyzer import FastAnalyzer  # noqa: PLC0415
    from pipeline.pii.presidio.blank import BlankNlpEngine  # noqa: PLC0415

    recognizers = getattr(registries, REGISTRIES[registry])()
    nlp: Any = BlankNlpEngine()
    if engine == "no-op":
        nlp = NoOpNlpEngine([{"lang_code": "en", "model_name": ""}])
    texts: list[str] = pickle.loads((Path(folder) / "texts").read_bytes())  # noqa: S301 - our own
    if kind == "fast":
        fast = FastAnalyzer(recognizers, nlp, languages=("en",))
    else:
        slow = AnalyzerEngine(registry=recognizers, nlp_engine=nlp)
    gc.collect()
    gc.freeze()  # both: what is loaded is not walked again
    results: list[Any] = []
    started = time.process_time()
    if kind == "fast":
        for at in range(0, len(texts), BATCH):
            results += fast.analyze(texts[at : at + BATCH])
    else:
        results = [slow.analyze(text, "en") for text in texts]
    seconds = time.process_time() - started
    found = [[(r.entity_type, r.start, r.end, r.score) for r in each] for each in results]
    (Path(folder) / "answer").write_bytes(pickle.dumps((found, seconds)))


if __name__ == "__main__":
    sys.exit(main())
