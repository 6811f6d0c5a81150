"""A reviewer's sample is fair and reproducible, and its verdicts bound what is left."""

import json
import stat
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from pipeline import cli, review
from pipeline.audit import bounds, drawing, strata
from pipeline.audit.queue import Item
from pipeline.audit.strata import Stratum
from pipeline.errors import InputError
from pipeline.review import Asked
from tests import runs

SMALL = Asked(size=60, redacted=20)
NAMES = st.builds(
    Stratum, st.sampled_from(["en", "de", "han"]), st.sampled_from(["user", "assistant"]),
    st.sampled_from(["short", "long"]), st.sampled_from(["at", "none"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of sample logs in its output folder."""
    folder = tmp_path_factory.mktemp("review")
    runs.curate(runs.sample(folder / "logs", 300), folder / "out")
    return folder / "out"


@given(st.integers(0, 400), st.integers(1, 400), st.floats(0.5, 0.999))
def test_bounds_are_those_of_clopper_and_pearson(hits: int, more: int, sure: float) -> None:
    """Both one-sided bounds are the quantiles of the beta distribution that scipy gives."""
    trials = hits + more
    upper, lower = bounds.upper(hits, trials, sure), bounds.lower(hits, trials, sure)

    assert upper == pytest.approx(beta.ppf(sure, hits + 1, trials - hits), rel=1e-9)
    assert lower == pytest.approx(beta.ppf(1 - sure, hits, trials - hits + 1) if hits else 0)
    assert lower <= hits / trials <= upper


def test_nothing_in_300_is_under_one_per_cent() -> None:
    """No hit in 300 bounds the share by 0.00994; without trials nothing is known."""
    assert bounds.upper(0, 300) == pytest.approx(0.009936, abs=1e-6)
    assert (bounds.upper(0, 0), bounds.upper(5, 5)) == (1, 1)
    assert (bounds.lower(0, 0), bounds.lower(0, 5)) == (0, 0)


@given(st.lists(st.booleans(), min_size=1), st.floats(0.1, 1000))
def test_equal_weights_change_nothing(flags: list[bool], weight: float) -> None:
    """Where each verdict stands for as many messages, the weighted bound is the pooled one."""
    share, bound = bounds.weighted(flags, [weight] * len(flags))

    assert share == pytest.approx(sum(flags) / len(flags))
    assert bound == pytest.approx(bounds.upper(sum(flags), len(flags)), rel=1e-6)


def test_unequal_weights_are_worth_fewer_verdicts() -> None:
    """A share counts by weight; the bound of no hit is wider than the pooled one."""
    share, _ = bounds.weighted([True, False], [9, 1])
    _, bound = bounds.weighted([False] * 100, [9, 1] * 50)

    assert share == pytest.approx(0.9)
    assert bound > bounds.upper(0, 100)


def test_agreement_is_cohens() -> None:
    """Kappa is 1 for the same verdicts, 0 for chance, and the textbook's 0.4 for its table."""
    table = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15

    assert bounds.kappa([True, False], [True, False]) == 1
    assert bounds.kappa([True, True, False, False], [True, False, True, False]) == 0
    assert bounds.kappa(*zip(*table, strict=True)) == pytest.approx(0.4)
    assert bounds.kappa([False], [False]) is None


@given(
    st.dictionaries(NAMES, st.integers(1, 5000)), st.integers(0, 500), st.integers(), st.booleans()
)
def test_strata_share_the_sample(
    seen: dict[Stratum, int],
    size: int,
    seed: int,
    balanced: bool,  # noqa: FBT001
) -> None:
    """The sample is as large as asked for; weights of drawn ones tell how many there are."""
    made = drawing.counts(seen, size, seed, is_balanced=balanced)

    assert sum(count for count, _ in made.values()) == min(size, sum(seen.values()))
    for name, (count, weight) in made.items():
        assert count <= seen[name]
        if weight:
            assert abs(count - seen[name] / weight) < 1
    if not balanced and size and seen:
        assert len({round(weight, 6) for _, weight in made.values()}) == 1


@pytest.mark.parametrize(
    ("text", "script", "cue"),
    [
        ("Write to me: ann@example.org", "latin", "at"),
        ("Write to ann at example dot org", "latin", "at"),
        ("Dear Ann, it is 5", "latin", "name"),
        ("5 apples", "latin", "digit"),
        ("apples", "latin", "none"),
        ("меня зовут Анна", "cyrillic", "name"),
        ("我叫小明", "han", "name"),
        ("日本語の文です", "kana", "none"),
        ("안녕하세요", "hangul", "none"),
        ("مرحبا", "arabic", "none"),
        ("12 + 12", "none", "digit"),
        ("", "none", "none"),
    ],
)
def test_strata_know_scripts_and_cues(text: str, script: str, cue: str) -> None:
    """A message falls into a stratum by its script and the strongest sign of personal data."""
    found = strata.stratum(text, "user", None)

    assert (found.language, found.cue) == (script, cue)
    assert strata.stratum(text, "user", "eo").language == "eo"


def test_the_sample_is_reproducible(output: Path) -> None:
    """The same seed draws the same bytes, another one other messages; the release is untouched."""
    before = runs.tree(output / "release")
    review.draw(str(output), SMALL)
    first = runs.tree(output / "run" / "review")
    review.draw(str(output), SMALL)

    assert runs.tree(output / "run" / "review") == first
    assert places(review.draw(str(output), replace(SMALL, seed=1))[1]) != places_of(first)
    assert runs.tree(output / "release") == before


def places(items: list[Item]) -> set[tuple[str, int]]:
    """Which messages are in a queue."""
    return {(item.conversation_id, item.message) for item in items}


def places_of(files: dict[str, bytes]) -> set[tuple[str, int]]:
    """Which messages are in a queue that was written."""
    found = [json.loads(line) for line in files[review.QUEUE].splitlines()]
    return {(one["conversation_id"], one["message"]) for one in found}


@pytest.mark.parametrize("allocation", ["proportional", "balanced"])
def test_the_sample_is_stratified_and_without_duplicates(output: Path, allocation: Any) -> None:
    """Strata get their share within one, no message comes twice, texts are as released."""
    told, items = review.draw(str(output), replace(SMALL, allocation=allocation))
    sample = [item for item in items if item.part == "sample"]
    released = {row["conversation_id"]: row for row in runs.rows(output)}

    assert len(places(items)) == len(items)
    assert len(sample) == SMALL.size
    assert told.messages == sum(len(row["conversation"]) for row in released.values())
    counts = Counter("/".join(item.stratum.values()) for item in sample)
    for name, (seen, drawn) in told.strata.items():
        assert counts[name] == drawn
        if allocation == "proportional":
            assert abs(drawn - seen * SMALL.size / told.messages) < 1
    for item in items:
        row = released[item.conversation_id]
        spans = [span for span in row["redactions"] if span["message"] == item.message]
        assert item.text == row["conversation"][item.message]["content"]
        assert [(s.start, s.end, s.kind) for s in item.spans] == [
            (span["start"], span["end"], span["kind"]) for span in spans
        ]
        assert item.part == "sample" or spans


def test_the_queue_is_private(output: Path) -> None:
    """It lies below `run/`, in a folder for its owner alone; nothing is filled in yet."""
    _, items = review.draw(str(output), SMALL)

    assert stat.S_IMODE((output / "run" / "review").stat().st_mode) == 0o700
    assert all(item.left is None and all(s.right is None for s in item.spans) for item in items)


def test_originals_are_asked_for(output: Path) -> None:
    """Only with `originals` a span says what stood there."""
    _, plain = review.draw(str(output), SMALL)
    _, items = review.draw(str(output), replace(SMALL, originals=True))
    spans = [span for item in items for span in item.spans]

    assert not [span for item in plain for span in item.spans if span.was]
    assert {span.was is not None for span in spans} == {True}
    assert all("@" in (span.was or "") for span in spans if span.kind == "email")


def filled(output: Path, name: str, judge: Callable[[int, dict[str, Any]], None]) -> str:
    """A reviewer's copy of the queue, each line edited by `judge`."""
    path = output / "run" / "review" / "queue.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for number, line in enumerate(lines):
        judge(number, line)
    copy = output.parent / name
    copy.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return str(copy)


def clean(_: int, line: dict[str, Any]) -> None:
    """A reviewer who finds nothing left and everything right."""
    line["left"] = []
    for span in line["spans"]:
        span["right"] = True


def strict(number: int, line: dict[str, Any]) -> None:
    """A reviewer who finds something in the first message, and its like wrong."""
    clean(number, line)
    line["left"] = ["email"] if number == 0 else []
    if line["part"] == "redacted":
        line["spans"][0]["right"] = False


def all_but_first(number: int, line: dict[str, Any]) -> None:
    """A reviewer who passes over the first message."""
    if number:
        clean(number, line)


def test_verdicts_become_bounds(output: Path) -> None:
    """A clean review bounds the rate by its size; of two reviewers the stricter one counts."""
    review.draw(str(output), SMALL)
    one, other = filled(output, "a.jsonl", clean), filled(output, "b.jsonl", strict)
    alone = review.judge(str(output), [one])
    both = review.judge(str(output), [one, other])

    assert alone.bound == pytest.approx(bounds.upper(0, 60), rel=1e-6)
    assert alone.precision.hits == alone.precision.of > 0
    assert (both.left.hits, both.kinds, both.reviewers) == (1, {"email": 1}, 2)
    assert both.bound == pytest.approx(bounds.upper(1, 60), rel=1e-6)
    assert both.precision.hits < both.precision.of == alone.precision.of
    assert both.agreement["left"] == 0
    assert both.strata["role"]["user"].of + both.strata["role"]["assistant"].of == 60
    assert review.bound(str(output)) == both.bound


def test_an_unfinished_review_gives_no_bound(output: Path) -> None:
    """A message without a verdict leaves the gate shut, and so does another release."""
    review.draw(str(output), SMALL)
    assert review.bound(str(output)) is None
    done = review.judge(str(output), [filled(output, "a.jsonl", all_but_first)])

    assert (done.unjudged, review.bound(str(output))) == (1, None)
    review.judge(str(output), [filled(output, "a.jsonl", clean)])
    manifest = output / "release" / "manifest.json"
    before = manifest.read_bytes()
    manifest.write_bytes(before + b" ")
    assert review.bound(str(output)) is None
    with pytest.raises(InputError, match="another release"):
        review.judge(str(output), [filled(output, "a.jsonl", clean)])
    manifest.write_bytes(before)
    assert review.bound(str(output)) is not None


def test_verdicts_on_something_else_are_refused(output: Path, tmp_path: Path) -> None:
    """Foreign messages, moved spans and files of another kind are errors, not verdicts."""
    review.draw(str(output), SMALL)

    def foreign(_: int, line: dict[str, Any]) -> None:
        line["conversation_id"] += "x"

    def moved(_: int, line: dict[str, Any]) -> None:
        line["spans"] = [span | {"start": 0, "end": 1} for span in line["spans"]]

    for judge in (foreign, moved):
        with pytest.raises(InputError):
            review.judge(str(output), [filled(output, "wrong.jsonl", judge)])
    (tmp_path / "text.jsonl").write_text("My name is Ann\n")
    with pytest.raises(InputError, match="holds no verdicts"):
        review.judge(str(output), [str(tmp_path / "text.jsonl")])


def test_the_command_prints_numbers_and_no_text(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Drawing and reckoning print no message; the exit code is the gate's."""
    draw = ["review", str(output), "--size", "60", "--redacted", "20"]
    assert cli.main(draw) == 0
    one, other = filled(output, "a.jsonl", clean), filled(output, "b.jsonl", strict)
    verdicts = ["review", str(output), "--verdicts", one]

    assert cli.main([*verdicts, "--most", "0.05"]) == 0
    assert cli.main([*verdicts, "--most", "0.01"]) == 1
    assert cli.main([*verdicts, other, "--most", "0.9", "--json"]) == 0
    assert cli.main([*draw, "--show"]) == 2
    assert cli.main([*verdicts, one, other]) == 2
    said = capsys.readouterr()
    texts = [row["content"] for line in runs.rows(output) for row in line["conversation"]]
    assert "NOT PASSED" in said.out
    assert not [text for text in texts if len(text) > 30 and text[:30] in said.out + said.err]
