"""Prose is what is left when code, addresses, placeholders, markup and numbers are taken out."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import prose
from tests.conftest import texts

LATE = "x = 1;\n" * 1000 + "Por fin una frase en español."


def prose_of(text: str) -> str:
    """The prose of one text."""
    found: str = prose.of(pa.array([text]))[0].as_py()
    return found


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("See `os.path` and os.path.join() or my_name", "see and or"),
        ("Mail ann.lee+x@example.org, or https://example.org/a?b=c#d now", "mail or now"),
        ("请看https://example.org/a。谢谢", "请看 谢谢"),
        ("NAME_1 called PHONE_12 at 10:30", "called at"),
        ("<p class='x'>Hello&nbsp;there</p>", "hello there"),
        ("# Title\n\n- **one**\n- _two_", "title one two"),
        ("C'est l'été", "c'est l'été"),
        ("ΑΒΓ ЖЩ", "αβγ жщ"),
        ("The set $\\{x\\}$ is \\emph{open}", "the set is"),
        ("I paid $5 and you paid $10", "i paid and you paid"),
        (
            "if you want to know more, ask:\nfor example this:",
            "if you want to know more ask for example this",
        ),
        ("else:\n    go_on()\nfinally:", ""),
        ("a < b and b > c", "a b and b c"),
    ],
)
def test_what_is_left(text: str, want: str) -> None:
    """Words stay, in order; what is written for machines goes."""
    assert prose_of(text) == want


def test_prose_far_behind_code() -> None:
    """A text that begins with little prose is read to its end."""
    assert prose_of(LATE) == "por fin una frase en español"


def test_long_prose_is_cut() -> None:
    """Some hundred letters are enough."""
    assert len(prose_of("palabra " * 10_000)) <= prose.ENOUGH_CHARS


@given(st.lists(st.none() | st.text() | st.sampled_from([LATE, "`a` b", "```x"]), max_size=5))
def test_texts_do_not_touch(drawn: list[str | None]) -> None:
    """The prose of a text is its own, is lower case and trimmed, and null has none."""
    found = prose.of(texts(*drawn)).to_pylist()

    assert found == [prose_of(text or "") for text in drawn]
    assert all(one == one.strip(" ") and "  " not in one for one in found)


@pytest.mark.parametrize(
    "piece", ["a@", "`", "```", "<a", "$x^", "\\a{", "{;", "(=", "x_", "1.", "'"]
)
def test_nothing_is_too_long(piece: str) -> None:
    """A megabyte of what patterns begin with is read, whole, and holds no prose to speak of."""
    assert len(prose_of(piece * (1_000_000 // len(piece)))) <= prose.ENOUGH_CHARS
