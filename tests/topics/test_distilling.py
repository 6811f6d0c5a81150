"""Labels of a sample become a linear model that labels everything."""

import json
import sys
import types
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pipeline.errors import InputError
from pipeline.topics import distilling, embeddings, fitting, model, sampling, spaces
from pipeline.topics.spaces import Options
from tests.topic_models import COMMON, THEMES, prompts, sample

OPTIONS = Options(dimensions=8)
NAMES = list(THEMES)


def labelled(count: int, tmp_path: Path) -> distilling.Labelled:
    """The first prompts of the sample, labelled by their theme: half by id, half by text."""
    lines = [
        json.dumps(
            {"label": NAMES[number % 3], "text": text}
            if number % 2
            else {"label": NAMES[number % 3], "conversation_id": f"{number:032x}"}
        )
        for number, text in enumerate(prompts(count))
    ]
    (tmp_path / "labels.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return distilling.read(tmp_path / "labels.jsonl", sample(prompts(240)))


@pytest.mark.parametrize("themes", [3, 2])
def test_few_labels_are_enough(tmp_path: Path, themes: int) -> None:
    """Nine labelled prompts label the others; topics bear the labels; two labels are a case."""
    given = labelled(12, tmp_path)
    kept = [at for at, label in enumerate(given.labels) if label in NAMES[:themes]]
    given = distilling.Labelled(given.texts.take(kept), [given.labels[at] for at in kept])
    made = distilling.fit(sample(prompts(240)), given, OPTIONS)
    model.write(made, tmp_path / "m")
    again = model.load(str(tmp_path / "m"))
    new = prompts(90, seed=7, themes=tuple(NAMES[:themes]))
    found = again.assign(sampling.prose_of(new))

    right = [again.labels[at] == NAMES[n % themes] for n, at in enumerate(found.topics)]
    assert np.mean(right) > 0.9
    assert ((found.scores > 0) & (found.scores <= 1)).all()


def test_rare_labels_and_other_are_folded(tmp_path: Path) -> None:
    """A label that few conversations get is not in the model; `other` is what it says."""
    given = labelled(60, tmp_path)
    labels = ["other" if label == "travel" else label for label in given.labels]
    made = distilling.fit(sample(prompts(240)), distilling.Labelled(given.texts, labels), OPTIONS)
    few = Options(dimensions=8, min_conversations=100)
    uneven = sample(prompts(60) + prompts(120, themes=("code",)))

    assert sorted(made.labels) == ["code", "kitchen"]
    assert distilling.fit(uneven, given, few).labels == ["code"]


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "secret"}', '{"label": "a"}'])
def test_a_faulty_line_is_told_by_its_number(tmp_path: Path, line: str) -> None:
    """The error names the file and the line, and shows no text."""
    (tmp_path / "x.jsonl").write_text('{"label": "a", "text": "b"}\n' + line, "utf-8")
    with pytest.raises(InputError, match=r"x\.jsonl:2: ") as caught:
        distilling.read(tmp_path / "x.jsonl", sample([]))

    assert "secret" not in str(caught.value)


def test_one_label_is_none(tmp_path: Path) -> None:
    """There must be something to tell apart."""
    (tmp_path / "x.jsonl").write_text('{"label": "a", "text": "bread"}\n', "utf-8")
    drawn = sample(prompts(240))
    with pytest.raises(InputError, match="two kinds"):
        distilling.fit(drawn, distilling.read(tmp_path / "x.jsonl", drawn), OPTIONS)


def test_vectors_may_come_from_elsewhere(tmp_path: Path) -> None:
    """A file of word vectors, as GloVe and fastText publish them, decides what is alike."""
    lines = [
        f"{word} {' '.join(str(float(at == place)) for place in range(3))}"
        for at, words in enumerate(THEMES.values())
        for word in words.split()
    ]
    (tmp_path / "some.vec").write_text("\n".join(["30 3", *lines]), "utf-8")
    drawn = sample(prompts(240))
    options = Options(topics=3, others=0.0)
    known = spaces.space(drawn, options).words
    found = embeddings.of_words(known, str(tmp_path / "some.vec"), 100)
    made = fitting.fit(drawn, options, found)
    topics = made.assign(drawn.texts).topics

    assert all(not found[known.index(word).as_py()].any() for word in COMMON.split())
    assert [len(set(topics[at::3].tolist())) for at in range(3)] == [1, 1, 1]


def test_a_transformer_embeds_each_word_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A local folder is all that is loaded; its vectors are cut to the dimensions asked for."""
    (tmp_path / "modules.json").write_text("[]", "utf-8")
    asked = []

    class SentenceTransformer:
        """Stands for the package's."""

        def __init__(self, *given: object, **options: object) -> None:
            asked.append((given, options))

        def encode(self, words: list[str]) -> np.ndarray:
            """Vectors by which words of equal length are equal."""
            return np.array([[len(word), 1.0, -len(word), 2.0] for word in words])

    package = types.ModuleType("sentence_transformers")
    package.SentenceTransformer = SentenceTransformer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", package)
    found = embeddings.of_words(pa.array(["a", "bb", "cc", "ddd"]), str(tmp_path), 2)

    assert asked == [((str(tmp_path),), {"device": "cpu", "local_files_only": True})]
    assert found.shape == (4, 2)
    assert found[1].tolist() == found[2].tolist() != found[0].tolist()


def test_vectors_that_are_not_there_are_told(tmp_path: Path) -> None:
    """No such path, an absent package, a file of other words or of no numbers: an error."""
    known = pa.array(["bread", "flour"])
    (tmp_path / "modules.json").write_text("[]", "utf-8")
    (tmp_path / "other.vec").write_text("quagga 1 2\n", "utf-8")
    (tmp_path / "words.vec").write_text("bread 1 two\n", "utf-8")
    for name, says in (
        ("no", "no such"),
        ("", "sentence_transformers"),
        ("other.vec", "hardly any"),
        ("words.vec", "no number"),
    ):
        with pytest.raises(InputError, match=says):
            embeddings.of_words(known, str(tmp_path / name), 8)
