"""A sample becomes a frozen model: the same one each time, and nothing of few people in it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError, SampleError
from pipeline.topics import fitting, model, sampling, vectors
from pipeline.topics.spaces import Options
from tests import topic_models
from tests.conftest import conversations
from tests.topic_models import fitted, prompts, sample

RARE = "quagga zebra okapi tapir lemur"
"""Words of a theme that few people ask about."""


def written(made: model.Model, place: Path) -> list[bytes]:
    """The bytes of a model's files."""
    model.write(made, place)
    return [path.read_bytes() for path in sorted(place.iterdir())]


def texts_of(*prompts_given: str) -> pa.StringArray:
    """Prompts as a model sees them."""
    return sampling.prose_of(prompts_given)


def test_the_same_sample_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two fits to equal samples are equal files; another seed or text is another id."""
    first, again = (written(fitted(prompts(240)), tmp_path / name) for name in "ab")
    others = [written(fitted(prompts(240), seed=1), tmp_path / "c")]
    others.append(written(fitted(prompts(243)), tmp_path / "d"))

    assert first == again
    assert len({json.loads(one[0])["id"] for one in (first, *others)}) == 3


def test_there_is_no_pickle_in_a_model() -> None:
    """A model is read without unpickling anything."""
    with np.load(Path(topic_models.folder()) / model.ARRAYS, allow_pickle=False) as held:
        assert {held[name].dtype.kind for name in held} <= {"i", "u", "f"}


@given(order=st.permutations(range(12)), size=st.integers(1, 12), cut=st.integers(1, 11))
def test_the_order_of_rows_does_not_matter(order: list[int], size: int, cut: int) -> None:
    """The sample is drawn by a hash of the id: in any order, in any batches, it is the same."""
    batch = conversations(*([text, "a"] for text in prompts(12)))
    moved = batch.take(pa.array(order))
    one = sampling.draw([batch], size)
    other = sampling.draw([moved.slice(0, cut), moved.slice(cut)], size)

    assert one.ids.equals(other.ids)
    assert one.texts.equals(other.texts)
    assert one.fingerprint == other.fingerprint
    assert (one.users[:, None] == one.users).tolist() == (
        other.users[:, None] == other.users
    ).tolist()


@given(cut=st.integers(0, 30))
def test_a_batch_is_the_sum_of_its_parts(cut: int) -> None:
    """What is said of a text does not depend on the texts beside it."""
    frozen = model.load(topic_models.folder())
    texts = texts_of(*prompts(30, seed=9), "nothing known")
    parts = [frozen.assign(texts.slice(0, cut)), frozen.assign(texts.slice(cut))]
    whole = frozen.assign(texts)

    assert np.concatenate([part.topics for part in parts]).tolist() == whole.topics.tolist()
    assert np.concatenate([part.scores for part in parts]).tolist() == whole.scores.tolist()


def test_ids_stay_when_new_data_come(tmp_path: Path) -> None:
    """A frozen model says the same of a text before and after models of later data are made."""
    texts = texts_of(*prompts(60, seed=5))
    model.write(fitted(prompts(240)), tmp_path / "m")
    before = model.load(str(tmp_path / "m")).assign(texts).topics.tolist()
    model.write(fitted(prompts(300, seed=3, themes=("travel", "code"))), tmp_path / "later")
    after = model.load(str(tmp_path / "m")).assign(texts).topics.tolist()

    assert after == before
    assert len(set(before)) == 3


def test_topics_are_numbered_by_size() -> None:
    """Topic 0 is the largest one."""
    uneven = prompts(60) + prompts(80, themes=("code",))
    sizes = [topic["conversations"] for topic in fitted(uneven).card["topics"]]

    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 3


@pytest.mark.parametrize(("count", "users"), [(12, 30), (40, 3)])
def test_small_topics_are_folded(count: int, users: int) -> None:
    """A topic of too few conversations, or of too few users, is `other`, and nothing tells of it.

    Neither its words nor its size are in the model, however clear the topic is. Words of too few
    users are not even known, so that there is no topic of them to fold.
    """
    common = sample(prompts(240))
    rare = [" ".join(np.random.default_rng(n).permutation(RARE.split())) for n in range(count)]
    both = sampling.Sample(
        pa.array([f"{number:032x}" for number in range(240 + count)]),
        pa.concat_arrays([common.texts, texts_of(*rare)]),
        np.concatenate([common.users, 100 + np.arange(count) % users]),
        240 + count,
    )
    options = Options(topics=4, dimensions=8, others=0.0)
    made = fitting.fit(both, options)
    all_of_it = fitting.fit(
        both, Options(**vars(options) | {"min_users": 1, "min_conversations": 1})
    )

    assert len(all_of_it.labels) == 4
    assert made.card["other"]["folded_topics"] == (users >= 5)
    assert made.assign(texts_of(*rare)).topics.tolist() == [-1] * count
    assert not set(RARE.split()) & set(" ".join(made.labels).replace(",", "").split())
    if users < 5:
        assert not set(RARE.split()) & set(made.words.to_pylist())


def test_without_users_nothing_is_counted_silently() -> None:
    """If no user is known, a model that promises users is refused; one that does not is made."""
    bare = sample(prompts(240))
    bare = sampling.Sample(bare.ids, bare.texts, np.full(240, -1), 240)
    with pytest.raises(SampleError, match="--min-users 0"):
        fitting.fit(bare, Options())

    made = fitting.fit(bare, Options(topics=3, dimensions=8, min_users=0, others=0.0))
    assert made.card["sample"]["users"] is None


def test_a_sample_too_small_is_said_so() -> None:
    """No words, or no topic that is large enough: an error, never an empty model."""
    for texts in ([], ["hello there"], prompts(9)):
        with pytest.raises(SampleError, match="too"):
            fitted(texts)


def test_a_changed_model_is_refused(tmp_path: Path) -> None:
    """The id is a digest: a card that was edited by hand is told."""
    model.write(fitted(prompts(240)), tmp_path)
    card = tmp_path / model.CARD
    card.write_text(card.read_text("utf-8").replace('"threshold": 0', '"threshold": 1'), "utf-8")

    with pytest.raises(InputError, match="id does not match"):
        model.load(str(tmp_path))


def test_a_model_of_an_earlier_format_is_refused(tmp_path: Path) -> None:
    """A model whose arrays do not fit each other is told by one line, before it tags anything."""
    made = fitted(prompts(240))
    model.write(replace(made, table=made.table[:, :2]), tmp_path)

    with pytest.raises(InputError, match="earlier format"):
        model.load(str(tmp_path))


def test_languages_are_no_topics() -> None:
    """The same themes in two languages that share technical words: topics are not the languages."""
    rng = np.random.default_rng(0)
    english = "please tell me how to write the code for this and explain"
    german = "bitte sag mir wie man den das und erkläre es für mich"
    shared = ["python pandas numpy dataframe jupyter", "docker nginx linux ubuntu kubernetes"]
    texts, spoken, themes = [], [], []
    for number in range(400):
        language, theme = number % 2, number // 2 % 2
        own = rng.permutation((english, german)[language].split())[:7]
        texts.append(" ".join([*own, *rng.permutation(shared[theme].split())[:3]]))
        spoken.append(language)
        themes.append(theme)
    given = {"topics": 2, "dimensions": 6}
    made = fitted(texts, **given).assign(texts_of(*texts)).topics
    plain = fitted(texts, **given, languages=False).assign(texts_of(*texts)).topics

    assert _agreement(made, themes) > 0.95
    assert _agreement(made, spoken) < 0.6
    assert _agreement(plain, spoken) > 0.95


def _agreement(topics: np.ndarray, truth: list[int]) -> float:
    """Share of texts on which two halves agree, whatever they are called."""
    same = float(np.mean(topics == np.array(truth)))
    return max(same, 1 - same)


def test_words_of_one_company_are_alike() -> None:
    """Words that stand with the same words have near vectors, though they never meet."""
    texts = texts_of(
        *(f"{a} {b}" for a in ("tea", "coffee") for b in ["cup", "sugar", "milk"]),
        *(f"{a} {b}" for a in ("car", "truck") for b in ["road", "wheel", "fuel"]),
    )
    known = pa.array(
        [*("tea", "coffee", "car", "truck"), *("cup", "sugar", "milk", "road", "wheel")]
    )
    held = model.known(texts, known)
    found = vectors.of_words(held, np.zeros(len(texts), int), 4, 0)
    tea, coffee, car, _ = vectors.unit(found[:4])

    assert tea @ coffee > 0.9
    assert abs(tea @ car) < 0.5
