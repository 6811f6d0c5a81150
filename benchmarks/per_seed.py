"""Speed of `score_overthinking` and of the heads of `tag_hardness` over raw_40k. Markdown.

    python -m benchmarks.per_seed

No labels of hardness come with the project, so that the heads here learn a rule of length and
words that stands for a judge: their tables have the size of real ones, and their quality says
nothing. Reading is not counted.
"""

import hashlib
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from benchmarks.language_texts import last_states
from pipeline.messages import counts, lengths
from pipeline.moderation import heads, training
from pipeline.moderation.heads import Labelled
from pipeline.stage import BatchStage
from pipeline.stages.hardness import TagHardness, first_prompts
from pipeline.stages.overthinking import ScoreOverthinking
from schemas.judged import CRITERIA

TAUGHT = 5000
MET = 80
"""Of 256: how often a rule is met besides by length."""


def ruled(prompt: str) -> tuple[bool, ...]:
    """Labels by length and by words; one a criterion."""
    said = prompt.lower()
    return tuple(
        len(prompt) > 40 * (at + 1)
        or hashlib.sha256(f"{name}{said[:1]}".encode()).digest()[0] < MET
        for at, name in enumerate(CRITERIA)
    )


def seconds(stage: BatchStage, batches: list[pa.RecordBatch]) -> float:
    """CPU seconds over all batches; what is loaded once is loaded before."""
    stage.apply(batches[0])
    began = time.process_time()
    for batch in batches:
        stage.apply(batch)
    return time.process_time() - began


def main() -> None:
    """Print the table."""
    batches = list(last_states())
    prompts = pa.concat_arrays([first_prompts(one["conversation"]) for one in batches]).drop_null()
    messages = sum(int(counts(one["conversation"]).sum()) for one in batches)
    taught = list(dict.fromkeys(prompts.to_pylist()))[:TAUGHT]
    found = Labelled.of({text: ruled(text) for text in taught}, CRITERIA)
    began = time.process_time()
    made = heads.fit(found, CRITERIA, {"rule": len(taught)})
    fit_s = time.process_time() - began
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "heads.npz"
        training.write(made, place)
        told = seconds(TagHardness(backend="heads", model=str(place)), batches)
        size = place.stat().st_size
    scored = [ScoreOverthinking().apply(one)["overthinking"] for one in batches]
    trajectories = sum(len(one) - one.null_count for one in scored)
    looked = seconds(ScoreOverthinking(), batches)
    chars = float(lengths(prompts).mean())
    print(f"{len(prompts)} first prompts of {chars:.0f} bytes on average, {messages} messages\n")
    print("| what | figure |\n|---|---:|")
    print(f"| `tag_hardness` by heads, prompts a CPU second | {len(prompts) / told:.0f} |")
    print(f"| fit of the heads to {len(taught)} prompts, CPU s | {fit_s:.1f} |")
    print(f"| size of the heads, MB | {size / 1e6:.2f} |")
    print(f"| `score_overthinking`, messages a CPU second | {messages / looked:.0f} |")
    print(f"| conversations of raw_40k taken for trajectories | {trajectories} |")


if __name__ == "__main__":
    main()
