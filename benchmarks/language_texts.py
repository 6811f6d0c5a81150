"""Texts in known languages: sentences, a few words, paragraphs, chat with code; and real logs."""

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator

import pyarrow as pa

from benchmarks.documents import DATA
from pipeline.ingest import lines
from pipeline.ingest.lines import Limits, Span
from pipeline.ingest.rows import Ingest
from pipeline.language.names import COMMON, FOLDED

TEXTS = DATA.parent / "language"
LANGUAGES = "python|java|javascript|cpp|c|sql|csharp|go|rust"
FENCE = re.compile(rf"```(?:{LANGUAGES})\n([^`]{{60,}})```")
UNSPACED = {"ja", "th", "zh"}
CODE = (
    """\
def total(items):
    result = 0
    for item in items:
        result += item.price
    return result

print(total(load_items('cart.json')))
""",
    """\
import numpy as np

values = np.linspace(0, 1, 100)
mask = values > 0.5
# keep the upper half of the values
print(values[mask].mean())
""",
    """\
const app = express();
app.get('/users', async (req, res) => {
  const users = await db.find({ active: true });
  res.json(users);
});
""",
    """\
SELECT u.name, COUNT(o.id) AS orders
FROM users u
JOIN orders o ON o.user_id = u.id
WHERE o.created_at > '2023-01-01'
GROUP BY u.name;
""",
    """\
#include <stdio.h>

int main(void) {
    int sum = 0;
    for (int i = 0; i < 10; i++) {
        sum += i;
    }
    printf("the sum is %d\\n", sum);
    return 0;
}
""",
    """\
class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        \"\"\"Put an item on top of the stack.\"\"\"
        self.items.append(item)
""",
)
"""Written for this, to stand beside sentences."""
Labelled = list[tuple[str, str]]


def labelled(name: str) -> Labelled:
    """Texts of a labelled set and the code of their language."""
    rows = (TEXTS / f"{name}.jsonl").read_bytes().split(b"\n")
    found = [json.loads(row) for row in rows if row]
    return [(row["text"], folded(row["labels"]["lang"])) for row in found]


def folded(code: str) -> str:
    """A label as all detectors are compared by."""
    code = code.partition("-")[0]
    return FOLDED.get(code, code)


def sample(texts: Labelled, most: int) -> Labelled:
    """So many texts of each language, drawn."""
    by_code = defaultdict(list)
    for text, code in texts:
        by_code[code].append((text, code))
    draw = random.Random(0)  # noqa: S311 (repeatable)
    return [pair for mine in by_code.values() for pair in draw.sample(mine, min(most, len(mine)))]


def words(texts: Labelled, count: int) -> Labelled:
    """A few words from the middle of sentences in scripts that space them."""
    found = []
    for text, code in texts:
        if code not in UNSPACED:
            said = re.findall(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}-][^\W\d_]+)*", text)
            middle = said[len(said) // 3 :][:count]
            if len(middle) == count:
                found.append((" ".join(middle), code))
    return found


def sets(most: int) -> dict[str, Labelled]:
    """All sets that detectors are asked about."""
    known = labelled("lingua_sentences")
    common = sample([pair for pair in known if pair[1] in COMMON], most)
    foreign = [pair for pair in common if pair[1] != "en"]
    draw = random.Random(1)  # noqa: S311 (repeatable)
    code = [draw.choice(CODE) for _ in foreign]
    pairs = list(zip(foreign, code, strict=True))
    return {
        "sentences, 24": common,
        "sentences, 75": sample(known, most // 2),
        "four words": words(common, 4),
        "two words": words(common, 2),
        "paragraphs, 12": sample(labelled("xquad_paragraphs"), most // 2),
        "upper case": [(text.upper(), label) for text, label in foreign],
        "above fenced code": [(f"{t}\n\n```\n{c}\n```", label) for (t, label), c in pairs],
        "below fenced code": [(f"```\n{c}\n```\n\n{t}", label) for (t, label), c in pairs],
        "above bare code": [(f"{t}\n\n{c}", label) for (t, label), c in pairs],
        "below bare code": [(f"{c}\n\n{t}", label) for (t, label), c in pairs],
    }


def last_states() -> Iterator[pa.RecordBatch]:
    """The last logged state of each conversation in raw_40k, 2,048 rows a batch."""
    batches = [
        batch.conversations.select(["conversation_id", "conversation"])
        for number, path in enumerate(sorted(DATA.glob("server*/2*.gz")))
        for batch in Ingest(Limits(), None).batches(
            lines.read(Span(str(path), number), Limits()), number
        )
    ]
    table = pa.Table.from_batches(batches)
    last = {name: row for row, name in enumerate(table["conversation_id"].to_pylist())}
    yield from table.take(pa.array(sorted(last.values()))).combine_chunks().to_batches(2048)


def truth() -> dict[str, str]:
    """The language of the conversations of raw_40k where it is known, by id."""
    packed = (DATA / "truth" / "conversations.jsonl.gz").read_bytes()
    rows = [json.loads(line) for line in gzip.decompress(packed).split(b"\n") if line]
    return {row["conv_id"]: row["lang"] for row in rows if row["lang"]}


def code_blocks(batches: list[pa.RecordBatch], most: int) -> list[str]:
    """Blocks of code that stand in fences in real messages, without their fences."""
    found = []
    for batch in batches:
        for text in batch["conversation"].flatten().field("content").to_pylist():
            found += FENCE.findall(text or "")
            if len(found) >= most:
                return found[:most]
    return found
