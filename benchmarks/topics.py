"""Topics: clusters against labelled sets, distilled labels, languages, speed. Markdown.

    python -m benchmarks.topics clusters     NMI, purity, ARI on CLINC-150, banking77, MT-bench
    python -m benchmarks.topics labels       accuracy by 500, 2,000, 5,000 labels on CLINC's domains
    python -m benchmarks.topics languages    NMI of topics and languages on the prompts of raw_40k
    python -m benchmarks.topics speed        prompts a CPU second, fit and assignment

Clusters are fitted to the training split (15,000 prompts of CLINC-150) and are assigned to the
rest by the product; all seeds are shown as a mean. `all` is all of them.
"""

import argparse
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import yaml
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import normalize

from benchmarks.language_texts import last_states
from pipeline.messages import Messages
from pipeline.stages.topics import Fit
from pipeline.topics import distilling, fitting, model, sampling, words
from pipeline.topics.model import Model
from pipeline.topics.sampling import Sample
from pipeline.topics.spaces import Options

DOMAINS = Path(__file__).parent / "clinc_domains.yaml"
DATA = Path(__file__).parent.parent.parent / "shared" / "data"
SEEDS = (0, 1, 2)
LEAST_SPOKEN = 150
FREE = {"min_users": 0, "min_conversations": 1, "others": 0.0}
Texts = tuple[list[str], list[str]]


def records(name: str, splits: set[str] | None = None) -> Texts:
    """Texts and categories of a labelled set."""
    lines = (DATA / "topics" / f"{name}.jsonl").read_bytes().split(b"\n")
    found = [json.loads(line) for line in lines if line]
    found = [one for one in found if splits is None or one["meta"]["split"] in splits]
    return [one["text"] for one in found], [one["labels"]["category"] for one in found]


def domains(texts: Texts) -> Texts:
    """The domain of each intent."""
    named = yaml.safe_load(DOMAINS.read_text("utf-8"))
    by_intent = {intent: name for name, intents in named.items() for intent in intents}
    return texts[0], [by_intent[label] for label in texts[1]]


def sample(texts: list[str]) -> Sample:
    """Texts as a sample of no known users."""
    ids = pa.array([f"{number:032x}" for number in range(len(texts))])
    return Sample(ids, sampling.prose_of(texts), np.full(len(texts), -1), len(texts))


def purity(truth: np.ndarray, found: np.ndarray) -> float:
    """Share of texts that are of the most frequent label of their cluster."""
    _, code = np.unique(truth, return_inverse=True)
    held = [np.bincount(code[found == one]).max() for one in np.unique(found)]
    return float(sum(held) / len(truth))


def clusters() -> None:
    """Clusters against labels."""
    seen, held = {"train"}, {"val", "test"}
    clinc = records("clinc150", seen), records("clinc150", held)
    sets: dict[str, tuple[Texts, Texts, int]] = {
        "CLINC-150, 10 domains": (domains(clinc[0]), domains(clinc[1]), 10),
        "CLINC-150, 150 intents": (*clinc, 150),
        "banking77": (records("banking77", seen), records("banking77", {"test"}), 77),
        "MT-bench, 13 categories": (
            records("mt_bench_categories"),
            records("mt_bench_categories"),
            16,
        ),
    }
    print("| set | features | NMI | purity | ARI |\n|---|---|---|---|---|")
    for name, (fit, told, count) in sets.items():
        for how, found in (("LSA of 100, k-means", _plain), ("ours", _ours)):
            marks = []
            for seed in SEEDS:
                topics = found(fit[0], told[0], count, seed)
                truth = np.array(told[1])
                marks.append((normalized_mutual_info_score(truth, topics), purity(truth, topics),
                              adjusted_rand_score(truth, topics)))  # fmt: skip
            means = " | ".join(f"{mean:.3f}" for mean in np.mean(marks, axis=0))
            print(f"| {name} | {how} | {means} |", flush=True)


def _plain(fit: list[str], told: list[str], count: int, seed: int) -> np.ndarray:
    spelled = TfidfVectorizer(min_df=2).fit(fit)
    space = TruncatedSVD(100, random_state=seed).fit(spelled.transform(fit))
    rows = [normalize(space.transform(spelled.transform(texts))) for texts in (fit, told)]
    found: np.ndarray = KMeans(count, n_init=3, random_state=seed).fit(rows[0]).predict(rows[1])
    return found


def _ours(fit: list[str], told: list[str], count: int, seed: int) -> np.ndarray:
    made = fitting.fit(sample(fit), Options(topics=count, seed=seed, **FREE))  # type: ignore[arg-type]
    return made.assign(sampling.prose_of(told)).topics


def labels() -> None:
    """Accuracy on held-out prompts of models distilled from few labels."""
    fit = domains(records("clinc150", {"train"}))
    told = domains(records("clinc150", {"val", "test"}))
    drawn, truth = sample(fit[0]), np.array(told[1])
    print("| labels | ours | TF-IDF and logistic regression |\n|---|---|---|")
    for count in (500, 2000, 5000):
        ours, plain = [], []
        for seed in SEEDS:
            chosen = np.random.default_rng(seed).permutation(len(drawn))[:count]
            names = [fit[1][at] for at in chosen]
            given = distilling.Labelled(drawn.texts.take(pa.array(chosen)), names)
            made = distilling.fit(drawn, given, Options(**FREE))  # type: ignore[arg-type]
            found = np.array([*made.labels, model.OTHER])[
                made.assign(sampling.prose_of(told[0])).topics
            ]
            ours.append(np.mean(found == truth))
            spelled = TfidfVectorizer(ngram_range=(1, 2)).fit([fit[0][at] for at in chosen])
            rows = spelled.transform([fit[0][at] for at in chosen])
            line = LogisticRegression(C=10, max_iter=300).fit(rows, names)
            plain.append(np.mean(line.predict(spelled.transform(told[0])) == truth))
        print(f"| {count:,} | {np.mean(ours):.3f} | {np.mean(plain):.3f} |", flush=True)


def _chats() -> tuple[Sample, np.ndarray, np.ndarray]:
    """Prompts of raw_40k, as many as a run fits to.

    Beside them the language of each if known, and whether an answer has code.
    """
    spoken = {}
    with gzip.open(DATA / "raw_40k" / "truth" / "conversations.jsonl.gz") as lines:
        for line in lines:
            one = json.loads(line)
            spoken[one["conv_id"]] = one["lang"] or ""
    ids: list[str] = []
    texts, code = [], []
    for batch in last_states():
        flat = Messages(batch["conversation"])
        has = pa.compute.match_substring(flat.texts, "```").fill_null(fill_value=False)
        code.append(flat.rows_with(has.to_numpy(zero_copy_only=False) & flat.by("assistant")))
        texts.append(words.of_prompts(batch["conversation"]))
        ids += batch["conversation_id"].to_pylist()
    whole = pa.concat_arrays(texts)
    kept = np.flatnonzero(np.array([bool(text) for text in whole.to_pylist()]))
    names = pa.array(ids).take(pa.array(kept))
    language = np.array([spoken.get(name, "") for name in names.to_pylist()])
    some = np.sort(np.random.default_rng(0).permutation(len(kept))[: Fit().sample])
    at = pa.array(some)
    made = Sample(
        names.take(at), whole.take(pa.array(kept[some])), np.full(len(some), -1), len(ids)
    )
    return made, language[some], np.concatenate(code)[kept][some]


def languages() -> None:
    """Do topics follow languages, and do they follow what answers hold?"""
    drawn, spoken, code = _chats()
    known = spoken != ""
    print(
        "| vectors | NMI with language | NMI with code in the answer, within a language | largest |"
    )
    print("|---|---|---|---|")
    for name, is_out in (("as they are", False), ("languages taken out", True)):
        made = fitting.fit(drawn, Options(languages=is_out, **FREE))  # type: ignore[arg-type]
        topics = made.assign(drawn.texts).topics
        with_language = normalized_mutual_info_score(spoken[known], topics[known])
        within = [
            normalized_mutual_info_score(code[spoken == one], topics[spoken == one])
            for one in np.unique(spoken[known])
            if (spoken == one).sum() >= LEAST_SPOKEN
        ]
        with_code = float(np.mean(within))
        largest = np.bincount(topics[topics >= 0]).max() / len(topics)
        print(f"| {name} | {with_language:.3f} | {with_code:.3f} | {largest:.1%} |", flush=True)


def speed() -> None:
    """Conversations and prompts a CPU second."""
    batches = list(last_states())
    begun = time.process_time()
    drawn = sampling.draw(batches, Fit().sample)
    read = time.process_time() - begun
    begun = time.process_time()
    made: Model = fitting.fit(drawn, Options(**FREE))  # type: ignore[arg-type]
    fitted = time.process_time() - begun
    prompts = sum(int(Messages(batch["conversation"]).by("user").sum()) for batch in batches)
    begun = time.process_time()
    for batch in batches:
        made.assign(words.of_prompts(batch["conversation"]))
    assigned = time.process_time() - begun
    rows = sum(batch.num_rows for batch in batches)
    print("| step | CPU seconds | conversations a second | prompts a second |\n|---|---|---|---|")
    print(f"| draw a sample | {read:.1f} | {rows / read:,.0f} | {prompts / read:,.0f} |")
    print(f"| fit | {fitted:.1f} | {len(drawn) / fitted:,.0f} | |")
    print(f"| assign | {assigned:.1f} | {rows / assigned:,.0f} | {prompts / assigned:,.0f} |")


def main() -> None:
    """Run one of them."""
    actions: dict[str, Callable[[], None]] = {
        "clusters": clusters,
        "labels": labels,
        "languages": languages,
        "speed": speed,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=[*actions, "all"])
    asked = parser.parse_args().what
    for name, action in actions.items():
        if asked in {name, "all"}:
            print(f"\n### {name}\n")
            action()


if __name__ == "__main__":
    main()
