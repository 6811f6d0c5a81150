"""Text is found and edited in place; everything around it is left alone."""

import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import messages
from pipeline.messages import Form, Messages
from tests.conftest import conversations, staged, texts

narrow = st.text("ab▌\n", max_size=5) | st.none()


def column(*dialogues: list[str | None]) -> pa.ListArray:
    """A column of conversations that is a slice of a longer one."""
    return conversations(["not", "seen"], *dialogues, ["nor", "this"]).slice(1, len(dialogues))[
        "conversation"
    ]


@given(batch=staged("conversations"))
def test_take_out_and_put_back(batch: pa.RecordBatch) -> None:
    """Putting the same texts back changes nothing, even in a slice of a batch."""
    before = batch["conversation"]
    after = messages.with_texts(before, Messages(before).texts)

    assert after.to_pylist() == before.to_pylist()
    assert after.type == before.type


@given(batch=staged("conversations"))
def test_flat_messages_know_where_they_are(batch: pa.RecordBatch) -> None:
    """Row, place and role of each message are those of the nested column."""
    flat = Messages(batch["conversation"])
    wanted = [
        (row, place, message["content"], message["role"])
        for row, dialogue in enumerate(batch["conversation"].to_pylist())
        for place, message in enumerate(dialogue)
    ]
    roles = np.where(flat.by("user"), "user", np.where(flat.by("assistant"), "assistant", "none"))

    found = [flat.rows.tolist(), flat.place.tolist(), flat.texts.to_pylist(), roles.tolist()]
    assert list(zip(*found, strict=True)) == wanted
    assert flat.counts.tolist() == [len(d) for d in batch["conversation"].to_pylist()]


def test_from_messages_to_rows() -> None:
    """What is known of messages can be summed by row, and asked of any; empty rows have none."""
    flat = Messages(column(["a", "b"], [], ["c"]))

    assert flat.sum(np.array([1, 2, 4])).tolist() == [3, 0, 4]
    assert flat.rows_with(np.array([False, True, False])).tolist() == [True, False, False]


def test_no_rows_at_all() -> None:
    """An empty batch is a batch, too."""
    flat = Messages(column())

    assert (len(flat.rows), len(flat.counts), len(flat.texts)) == (0, 0, 0)
    assert flat.sum(np.array([])).tolist() == []
    assert messages.containing(flat.texts, ["a"]).tolist() == []
    assert messages.ends_with(flat.texts, "a").tolist() == []


def test_roles_alternate_from_the_user() -> None:
    """Whoever the log said had spoken, the first message of a row is the user's."""
    made = messages.build(texts("a", None, "c", "d"), np.array([3, 0, 1]))

    assert [[(m["role"], m["content"]) for m in row] for row in made.to_pylist()] == [
        [("user", "a"), ("assistant", None), ("user", "c")],
        [],
        [("user", "d")],
    ]


def test_lengths_are_bytes() -> None:
    """Lengths are of UTF-8; a null is as long as an empty text."""
    assert messages.lengths(texts("ab", "\xe9", "\U0001f642", "", None)).tolist() == [2, 2, 4, 0, 0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("so ▌", True),
        ("so ▌\n", True),
        ("so ▌ \n\n", True),
        ("so ▌ ", True),
        ("so ▌\t", True),
        ("▌", True),
        ("▌ so", False),
        ("so ▌.", False),
        ("so\n", False),
        ("", False),
        (None, False),
    ],
)
def test_endings(text: str | None, wanted: bool) -> None:  # noqa: FBT001 (a case)
    """A text ends with what stands before the white space at its end."""
    assert messages.ends_with(texts(text), "▌").tolist() == [wanted]


@given(found=st.lists(st.text(max_size=5) | st.none(), max_size=5))
def test_views_are_the_bytes(found: list[str | None]) -> None:
    """A view of a text holds its UTF-8 bytes; of a null, none."""
    views = [bytes(view) for view in messages.views(texts(*found))]

    assert views == [(text or "").encode() for text in found]


@given(
    found=st.lists(narrow, max_size=6),
    needles=st.lists(st.text("ab▌\n", min_size=1, max_size=3), max_size=3),
)
def test_containing_is_what_a_loop_finds(found: list[str | None], needles: list[str]) -> None:
    """A text holds any of some strings or none, whatever the texts beside it hold."""
    wanted = [any(needle in (text or "") for needle in needles) for text in found]

    assert messages.containing(texts(*found), needles).tolist() == wanted
    assert messages.containing(pa.array(found, pa.string()), needles).tolist() == wanted


@given(needle=st.text(min_size=1, max_size=5))
def test_strings_are_no_patterns(needle: str) -> None:
    """A string is looked for as it is, whatever its signs mean in a pattern."""
    found = messages.containing(texts(f"a {needle} b", "a  b"), [needle])

    assert found.tolist() == [True, needle in "a  b"]


def test_case_is_ignored_only_on_demand() -> None:
    """Letters of any script are the same in both cases, if that is asked for."""
    found = texts("OpenAI", "TÜLU", "open ai")

    assert messages.containing(found, ["openai", "tülu"]).tolist() == [False] * 3
    ignoring = messages.containing(found, ["openai", "tülu"], ignore_case=True)
    assert ignoring.tolist() == [True, True, False]


@given(found=st.lists(narrow, max_size=4))
def test_bytes_are_found_in_the_slice(found: list[str | None]) -> None:
    """A byte is found if a text holds it, not if one beside the slice does."""
    assert messages.has_byte(texts(*found), b"a") == any("a" in (text or "") for text in found)
    assert not messages.has_byte(texts(*found), b"f")


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
@given(found=st.lists(st.text(max_size=4) | st.none(), max_size=4))
def test_normal_forms(form: Form, found: list[str | None]) -> None:
    """Every text is brought to the form, whether it was in it or not; nulls stay."""
    wanted = [text and unicodedata.normalize(form, text) for text in found]

    assert messages.in_form(texts(*found), form).to_pylist() == wanted


def test_editing_leaves_the_rest_alone() -> None:
    """Texts are replaced; nulls, roles, rows and order stay."""
    before = column(["a", None], [], ["\0", ""])
    after = messages.map_texts(before, lambda text: text.upper() + "!")

    assert after.to_pylist() == column(["A!", None], [], ["\0!", "!"]).to_pylist()
