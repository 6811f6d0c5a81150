"""Moderation and jailbreaks: quality by cross-validation, on sets apart, on chat; speed. Markdown.

    python -m benchmarks.moderation folds      5 folds of openai_moderation_train, beside TF-IDF
    python -m benchmarks.moderation apart      XSTest, HateCheck, RealToxicityPrompts
    python -m benchmarks.moderation chat       share flagged of the prompts and answers of raw_40k
    python -m benchmarks.moderation jailbreak  5 folds; share flagged of the prompts of raw_40k
    python -m benchmarks.moderation speed      messages a CPU second of each stage, model sizes

The folds hold out texts of the main set, never of the others; equal texts are in one fold. Fit,
thresholds and scores are those of the product: `training.fit`, `linear.scores`.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold

from benchmarks.language_texts import last_states
from pipeline.messages import Messages, lengths
from pipeline.moderation import embedded, linear, minors, training
from pipeline.moderation.examples import ANY, COLUMNS, Examples, read
from pipeline.moderation.linear import Model
from pipeline.stages.jailbreaks import TagJailbreak
from pipeline.stages.moderation import DropFlagged, TagModeration

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
MODELS = Path(embedded.__file__).parent
MAIN = ("moderation/openai_moderation_train.jsonl",)
BESIDE = tuple(
    f"moderation/{name}.jsonl"
    for name in (*("davidson_hate_offensive", "toxigen_prompts", "wikipedia_toxicity_debiasing"),)
)
HARMLESS = tuple(
    f"topics/{name}.jsonl" for name in ("mt_bench_categories", "clinc150", "banking77")
)
JAILBREAKS = ("moderation/inthewild_jailbreak_prompts.jsonl",)
MOST = 1500
SEEDS = (0, 1)
KNOWN = embedded.LEAST_KNOWN
TOXIC = 0.5
"""Border of RealToxicityPrompts itself."""
APART: dict[str, tuple[str, str, Callable[[dict[str, Any]], bool]]] = {
    "xstest_v2": ("unsafe", "safe", lambda labels: bool(labels["unsafe"])),
    "hatecheck_en": ("hateful", "others", lambda labels: bool(labels["label"] == "hateful")),
    "realtoxicityprompts_sample": (
        "of toxicity 0.5 or more",
        "others",
        lambda labels: bool(labels["toxicity"] >= TOXIC),
    ),
}


def paths(names: tuple[str, ...]) -> list[Path]:
    """Where files of the shared data lie."""
    return [DATA / name for name in names]


def fitted(examples: Examples, benign: float = training.BENIGN) -> Model:
    """A model as the product reads it."""
    with tempfile.TemporaryDirectory() as folder:
        training.write(training.fit(examples, benign=benign), Path(folder) / "fold.npz")
        return linear.load(Path(folder) / "fold.npz")


def said(texts: list[str], model: Model, least_known: float = 0.0) -> np.ndarray:
    """Scores of some texts: shape (texts, heads)."""
    return linear.scores(pa.array(texts, pa.string()), model, least_known)[0]


def folds() -> None:
    """Area under the precision-recall curve of each category, ours and plain TF-IDF's."""
    examples = read(paths(MAIN), paths(BESIDE), paths(HARMLESS), MOST)
    heads = [*training.fit(examples).card["heads"], ANY]
    ours: dict[str, list[float]] = {name: [] for name in heads}
    plain: dict[str, list[float]] = {name: [] for name in heads}
    marks: dict[str, list[float]] = {name: [] for name in heads}
    for seed in SEEDS:
        truth, mine, theirs, flags = _out_of_fold(examples, heads, seed)
        for at, name in enumerate(heads):
            known = truth[:, at] >= 0
            ours[name].append(average_precision_score(truth[known, at], mine[known, at]))
            plain[name].append(average_precision_score(truth[known, at], theirs[known, at]))
            marks[name].append(_f1(truth[known, at] == 1, flags[known, at]))
    print("| category | positives / known | AUPRC | TF-IDF + LR | F1 at the threshold |")
    print("|---|---|---|---|---|")
    labels = examples.labels[examples.is_main]
    for name in heads:
        column = labels[:, COLUMNS.index(name)]
        row = [float(np.mean(held[name])) for held in (ours, plain, marks)]
        print(f"| {name} | {(column == 1).sum()} / {(column >= 0).sum()} | "
              f"{row[0]:.3f} | {row[1]:.3f} | {row[2]:.3f} |")  # fmt: skip
    means = [np.mean([np.mean(held[n]) for n in heads[:-1]]) for held in (ours, plain, marks)]
    print("| macro of the categories | | " + " | ".join(f"{mean:.3f}" for mean in means) + " |")


def _out_of_fold(
    examples: Examples, heads: list[str], seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Truth, our scores, TF-IDF's scores and our flags of the main texts, by folds."""
    main = np.flatnonzero(examples.is_main)
    others = np.flatnonzero(~examples.is_main)
    truth = examples.labels[main][:, [COLUMNS.index(name) for name in heads]]
    mine, theirs = np.zeros(truth.shape), np.zeros(truth.shape)
    flags = np.zeros(truth.shape, bool)
    for seen, held in StratifiedKFold(5, shuffle=True, random_state=seed).split(main, truth[:, -1]):
        model = fitted(examples.take(np.concatenate([main[seen], others])))
        texts = [examples.texts[at] for at in main[held]]
        scores = np.nan_to_num(said(texts, model))
        for at, name in enumerate(model.heads):
            mine[held, heads.index(name)] = scores[:, at]
            flags[held, heads.index(name)] = scores[:, at] >= model.card["thresholds"][name]
        mine[held, -1] = 1 - np.prod(1 - mine[held, :-1], axis=1)
        flags[held, -1] = flags[held, :-1].any(axis=1)
        theirs[held] = _plain(examples.take(main[seen]), texts, heads)
    return truth, mine, theirs, flags


def _plain(seen: Examples, texts: list[str], heads: list[str]) -> np.ndarray:
    """Words and pairs by TF-IDF, logistic regression of balanced classes."""
    vectors = TfidfVectorizer(ngram_range=(1, 2))
    rows, others = vectors.fit_transform(seen.texts), vectors.transform(texts)
    found = []
    for name in heads:
        label = seen.labels[:, COLUMNS.index(name)]
        model = LogisticRegression(C=10, class_weight="balanced", max_iter=1000)
        model.fit(rows[label >= 0], label[label >= 0])
        found.append(model.decision_function(others))
    return np.array(found).T


def _f1(truth: np.ndarray, flags: np.ndarray) -> float:
    return float(2 * (truth & flags).sum() / max(truth.sum() + flags.sum(), 1))


def rows_of(name: str) -> list[dict[str, Any]]:
    """The rows of a labelled file."""
    return [json.loads(line) for line in (DATA / "moderation" / name).open()]


def apart() -> None:
    """What the shipped model says of sets that nothing was fitted to."""
    model = embedded.loaded("", "moderation")
    least = np.array([model.card["thresholds"][name] for name in model.heads])
    print("| set | of | flagged | of | flagged | ROC AUC |\n|---|---|---|---|---|---|")
    for name, (bad, good, is_bad) in APART.items():
        rows = rows_of(f"{name}.jsonl")
        if name.startswith("real"):
            rows = [row for row in rows if "toxicity" in row["labels"]]
        scores = np.nan_to_num(said([row["text"] for row in rows], model, KNOWN))
        flags = (scores >= least).any(axis=1)
        truth = np.array([is_bad(row["labels"]) for row in rows])
        area = roc_auc_score(truth, 1 - np.prod(1 - scores, axis=1))
        print(f"| {name} | {truth.sum()} {bad} | {flags[truth].mean():.1%} | "
              f"{(~truth).sum()} {good} | {flags[~truth].mean():.1%} | {area:.3f} |")  # fmt: skip


def texts_of_chat(names: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """Distinct prompts and answers of raw_40k, but for texts of the files that were trained on."""
    trained = {text.strip() for text in read((), (), paths(names)).texts}
    held: dict[str, set[str]] = {"user": set(), "assistant": set()}
    for batch in last_states():
        flat = Messages(batch["conversation"])
        for role, found in held.items():
            found.update(flat.texts.filter(pa.array(flat.by(role))).drop_null().to_pylist())
    for role, name in (("user", "prompts"), ("assistant", "answers")):
        yield name, sorted(text for text in held[role] if text.strip() not in trained)


def chat() -> None:
    """Share of real messages that the shipped model flags, and of those it says nothing of."""
    model = embedded.loaded("", "moderation")
    least = np.array([model.card["thresholds"][name] for name in model.heads])
    print(
        "| texts of raw_40k | distinct | not told | flagged, of told | of all | rule for minors |"
    )
    print("|---|---|---|---|---|---|")
    shares = {}
    for name, texts in texts_of_chat((*MAIN, *HARMLESS)):
        scores = said(texts, model, KNOWN)
        told = ~np.isnan(scores[:, 0])
        flags = np.asarray(scores >= least)
        any_flag: np.ndarray = np.any(flags, axis=1)
        shares[name] = flags[told].mean(axis=0)
        ruled = minors.found(pa.array(texts), flags[:, model.heads.index("sexual")]).sum()
        print(f"| {name} | {len(texts)} | {(~told).mean():.1%} | {any_flag[told].mean():.2%} | "
              f"{any_flag.mean():.2%} | {ruled} |")  # fmt: skip
    print("\n| flagged, of told | " + " | ".join(shares) + " |")
    print("|---" * (1 + len(shares)) + "|")
    for at, head in enumerate(model.heads):
        print(f"| {head} | " + " | ".join(f"{share[at]:.2%}" for share in shares.values()) + " |")


def jailbreak() -> None:
    """Quality of the jailbreak head: by folds of openings, and on real prompts by length."""
    others = (*HARMLESS, *MAIN, *BESIDE)
    examples = read(paths(JAILBREAKS), (), paths(others), MOST)
    truth = examples.labels[:, COLUMNS.index(ANY)]
    opening = np.unique([text[:40].casefold() for text in examples.texts], return_inverse=True)[1]
    scores, flags = np.zeros(len(examples)), np.zeros(len(examples), bool)
    for seen, held in KFold(5, shuffle=True, random_state=0).split(np.unique(opening)):
        mine = np.flatnonzero(np.isin(opening, held))
        model = fitted(examples.take(np.flatnonzero(np.isin(opening, seen))), benign=0.0003)
        scores[mine] = np.nan_to_num(said([examples.texts[at] for at in mine], model)[:, -1])
        flags[mine] = scores[mine] >= model.card["thresholds"][ANY]
    area, recall, wrong = (
        average_precision_score(truth, scores),
        flags[truth == 1].mean(),
        flags[truth == 0].mean(),
    )
    print(f"5 folds: AUPRC {area:.3f}, recall {recall:.3f}, false positives {wrong:.2%}\n")
    shipped = embedded.loaded("", "jailbreak")
    prompts = dict(texts_of_chat((*HARMLESS, *MAIN)))["prompts"]
    found: np.ndarray = said(prompts, shipped, KNOWN)[:, -1]
    size, told = np.array([len(text) for text in prompts]), ~np.isnan(found)
    print("| prompts of raw_40k of characters | told | flagged |\n|---|---|---|")
    for low, high in ((0, 200), (200, 600), (600, 1500), (1500, 10**9), (0, 10**9)):
        some = told & (size >= low) & (size < high)
        share = (found[some] >= shipped.card["thresholds"][ANY]).mean()
        print(f"| {low} to {high} | {some.sum()} | {share:.2%} |")


def speed() -> None:
    """Messages a CPU second of each stage over raw_40k, reading not counted; sizes."""
    batches = list(last_states())
    texts = [batch["conversation"].flatten().field("content") for batch in batches]
    messages = sum(map(len, texts))
    size = np.concatenate([lengths(one) for one in texts])
    print(f"{messages} messages, {size.mean():.0f} bytes on average, {size.max()} at most\n")
    print("| stage | messages a CPU second |\n|---|---|")
    tagger = TagModeration()
    tagged = [tagger.apply(batch) for batch in batches]
    for stage, given in (
        (tagger, batches),
        (DropFlagged(), tagged),
        (TagJailbreak(), batches),
    ):
        stage.apply(given[0])
        began = time.process_time()
        for batch in given:
            stage.apply(batch)
        print(f"| `{stage.name}` | {messages / (time.process_time() - began):.0f} |")
    for name in ("moderation.npz", "jailbreak.npz"):
        print(f"\n{name}: {(MODELS / name).stat().st_size / 1e6:.2f} MB")


PARTS = {f.__name__: f for f in (folds, apart, chat, jailbreak, speed)}


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=[*PARTS, "all"])
    asked = parser.parse_args().part
    for name, part in PARTS.items():
        if asked in {name, "all"}:
            print(f"\n### {name}\n")
            part()


if __name__ == "__main__":
    main()
