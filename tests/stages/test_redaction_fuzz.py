"""Whatever the text: redaction never fails, lets no card or address through, and costs no more."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.messages import Messages
from pipeline.stages.redaction import RedactPii
from tests.conftest import conversations
from tests.stages.test_redaction import KEY, redacted, texts

CARDS = ("4111111111111111", "5555555555554444", "378282246310005", "6011111111111117")
SIGNS = st.text(st.characters(exclude_categories=["Cs", "Nd", "Nl", "No"]), max_size=40)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
LOCAL = st.text("abcdefghijklmnopqrstuvwxyz0123456789._-+", min_size=1, max_size=20).filter(
    lambda local: local[0].isalnum() and local[-1].isalnum() and ".." not in local
)


@given(dialogue=st.lists(ANY, min_size=2, max_size=4), action=st.sampled_from(["mask", "hmac"]))
def test_any_text_can_be_redacted(dialogue: list[str], action: str) -> None:
    """No text makes a detector, an editor or a policy fail, under any action."""
    options = {"preset": "strict", "kinds": {"person": {"action": action}}}
    for given_options in (None, options):
        after = redacted(conversations(dialogue), given_options)

        assert len(after["conversation"][0]) == len(dialogue)


@given(before=SIGNS, after=SIGNS, card=st.sampled_from(CARDS), grouped=st.booleans())
def test_no_card_gets_through(before: str, after: str, card: str, *, grouped: bool) -> None:
    """A card with a valid check digit between signs that are no digits is always found."""
    written = " ".join(card[i : i + 4] for i in range(0, len(card), 4)) if grouped else card
    ((said, _),) = texts(redacted(conversations([f"{before} {written} {after}", "ok"])))

    assert card not in (said or "").replace(" ", "")


@given(before=ANY, after=ANY, local=LOCAL)
def test_no_address_gets_through(before: str, after: str, local: str) -> None:
    """A mail address between spaces is always found, example addresses aside."""
    address = f"{local}.k7q@posteo.de"
    ((said, _),) = texts(redacted(conversations([f"{before} {address} {after}", "ok"])))

    assert address not in (said or "")


@pytest.mark.parametrize(
    "kind", ["person", "email", "phone", "card", "iban", "ip", "address", "secret", "password"]
)
def test_surrogates_are_left_alone_the_second_time(kind: str) -> None:
    """A value that we made for a conversation is recognised there and stays."""
    said = [
        "My name is Maria Silva, write to maria.silva@posteo.de or call +1 202 555 0143.",
        "Card 4111 1111 1111 1111, IBAN GB82 WEST 1234 5698 7654 32, server 203.1.13.77.",
        "I live at 12 Baker Street, London. The password is Xk3!pq9Z.",
        "Noted, Maria.",
    ]
    options = {"kinds": {kind: {"action": "surrogate"}}}
    once = redacted(conversations(said), options)
    again = redacted(conversations([text or "" for text in texts(once)[0]]), options)

    assert texts(again) == texts(once)


def test_surrogates_differ_by_conversation_and_key() -> None:
    """The same value has one surrogate in a conversation, another in the next."""
    line = "Write to maria.silva@posteo.de, I said maria.silva@posteo.de"
    batch = conversations([line, "ok"], [line, "ok"])
    options = {"kinds": {"email": {"action": "surrogate"}}}
    first, second = (row[0] or "" for row in texts(redacted(batch, options)))
    (other, _) = (row[0] or "" for row in texts(redacted(batch, options, KEY[::-1])))

    made = {word.strip(",") for word in first.split() if "@" in word}
    assert len(made) == 1
    assert made.pop().endswith(("example.com", "example.org", "example.net"))
    assert len({first, second, other}) == 3


def test_many_findings_are_found_in_one_pass_each() -> None:
    """Looking again stops when nothing is new: rounds do not grow with findings."""
    rng = Random(0)  # noqa: S311 (repeatable)
    mails = " ".join(f"u{rng.randrange(10**9)}@host{n}.de" for n in range(2000))
    flat = Messages(conversations([mails, "ok"])["conversation"])
    (made,) = RedactPii().marker.marked(flat, np.ones(1, bool)).values()

    assert len(made.spans) == len(made.values) == 2000
