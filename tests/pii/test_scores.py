"""The evaluation counts as it says."""

import json
import math
from pathlib import Path

import pytest

from benchmarks.pii import adapters, altered, evaluate, sets
from benchmarks.pii.labelled import IGNORED, Conversation, Span
from benchmarks.pii.scores import Found, compared, scored

LABEL = Span(0, 10, 20, "phone")


def found(start: int, end: int, kind: str = "phone", message: int = 0) -> Found:
    """A finding of a rule that does not matter."""
    return Found(message, start, end, kind, "rule")


def test_half_a_label_is_found() -> None:
    """Half of a label suffices, less does not, nor another kind or message."""
    for hit, is_found in (
        (found(10, 15), True),
        (found(10, 14), False),
        (found(10, 20, "card"), False),
        (found(10, 20, message=1), False),
    ):
        assert compared([LABEL], [hit])["phone"].found == is_found


def test_pieces_add_up() -> None:
    """A label that is found in two pieces is found once, and both pieces are right."""
    tally = compared([LABEL], [found(10, 13), found(14, 18)])["phone"]

    assert (tally.labels, tally.found, tally.hits, tally.right) == (1, 1, 2, 2)
    assert tally.exact == 0


def test_a_bloated_finding_is_wrong() -> None:
    """A finding most of which is not labelled is wrong, though it covers the label."""
    tally = compared([LABEL], [found(0, 40)])["phone"]

    assert (tally.found, tally.right) == (1, 0)


def test_another_kind_touches() -> None:
    """A label under a finding of another kind is not found, but it would not be released."""
    tallies = compared([LABEL], [found(10, 20, "card")])

    assert tallies["phone"].touched == 1
    assert tallies["card"].precision == 0


def test_ignored_labels_neither_help_nor_hurt() -> None:
    """A finding on an ignored label does not count."""
    assert not compared([Span(0, 10, 20, IGNORED)], [found(10, 20)])


def test_what_may_be_taken_along() -> None:
    """A title with a name is right; the name alone is right too, and both are exact."""
    label = Span(0, 10, 13, "person", before=4)
    for hit in (found(6, 13, "person"), found(10, 13, "person")):
        tally = compared([label], [hit])["person"]
        assert (tally.found, tally.right, tally.exact) == (1, 1, 1)


def test_credentials_are_one_kind() -> None:
    """A password that is called a secret is found."""
    tallies = compared([Span(0, 0, 5, "password")], [found(0, 5, "secret")])

    assert tallies["password"].found == tallies["secret"].right == 1


def test_measures() -> None:
    """F2 lies nearer to recall than F1; measures of nothing are not numbers."""
    labels = [Span(0, at, at + 5, "phone") for at in range(0, 40, 10)]
    tally = compared(labels, [found(0, 5), found(100, 105)])["phone"]

    assert (tally.precision, tally.recall) == (0.5, 0.25)
    assert tally.f(1) == pytest.approx(1 / 3)
    assert tally.f(2) == pytest.approx(5 * 0.125 / 2.25)
    assert math.isnan(compared([], [found(0, 5)])["phone"].recall)


def test_a_toy_on_a_tiny_set() -> None:
    """Scores are kept by kind, by language, and for conversations without a label by tag."""
    some = [
        Conversation(("call +49 30 23125 001",), ("user",), (Span(0, 5, 21, "phone"),), "de", ()),
        Conversation(("npm i a@b.cd",), ("user",), (), "en", ("code",)),
        Conversation(("nothing",), ("user",), (), "en", ("code",)),
    ]

    scores = scored(some, adapters.toy)

    assert scores.by_language["de"].found == 1
    assert scores.by_kind["email"].right == 0
    assert scores.alarmed == {"code": (1, 2)}
    assert scores.whole.hits == 2


def test_roles_keep_their_places() -> None:
    """An answer alone goes to an odd place."""
    assert adapters.paired(["a", "b"], ["assistant", "assistant"]) == (["", "a", "", "b"], [1, 3])
    assert adapters.paired(["a", "b"], ["user", "assistant"]) == (["a", "b"], [0, 1])


def test_logs_are_read_as_the_truth_wants(tmp_path: Path) -> None:
    """Preset turns and images are left out, the longest version stays, malformed lines do not."""
    state = {"conv_id": "c", "offset": 1, "messages": [["S", "x"], ["U", ["hi", []]], ["A", None]]}
    longer = {**state, "messages": [*state["messages"], ["U", "\ud800"]]}  # type: ignore[misc]
    lines = [{"states": [longer, None]}, {"state": state}, {"state": {"messages": []}}]
    (tmp_path / "server0").mkdir()
    text = "\n".join(["{", "null", *map(json.dumps, lines)])
    (tmp_path / "server0" / "log.json").write_text(text, "utf-8")

    assert sets.logged(tmp_path) == {"c": ("hi", "", "?")}


def test_the_tables_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The short form prints our set alone."""
    evaluate.main(["--short", "--detectors", "toy"])
    out = capsys.readouterr().out

    assert out.startswith("## labelled: ")
    assert "| email | toy |" in out
    assert "generated_large" not in out


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    """No bad message of 300 leaves 1 % (the rule of three); all bad leaves no bound."""
    assert altered.upper_bound(0, 300) == pytest.approx(1 - 0.05 ** (1 / 300))
    assert altered.upper_bound(3, 3) == 1


def test_text_of_users_stays_out_of_repositories(tmp_path: Path) -> None:
    """What is judged is not written into a repository."""
    assert altered.outside_repositories(tmp_path / "judging").is_dir()
    with pytest.raises(ValueError, match="lies in a repository"):
        altered.outside_repositories(Path(altered.__file__).parent / "judging")


def test_verdicts_hold_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verdicts are hashes; a word that is none of the two is refused."""
    monkeypatch.setattr(altered, "VERDICTS", tmp_path / "verdicts.json")
    message = altered.Message("my mail is maria@example.org", "user", "en")
    said = altered.line(message, found(11, 28, "email")) | {"verdict": "personal"}
    judged = tmp_path / "judged.jsonl"
    judged.write_text(json.dumps(said), "utf-8")

    altered.take(judged)

    assert "maria" not in altered.VERDICTS.read_text("utf-8")
    assert list(altered.verdicts()) == [message.digest]
    judged.write_text(json.dumps(said | {"verdict": "maybe"}), "utf-8")
    with pytest.raises(ValueError, match="none of"):
        altered.take(judged)
