"""What stands for a value: by the action of its kind."""

from pipeline.pii import editing
from pipeline.pii.entities import Span
from pipeline.pii.kinds import KINDS
from pipeline.pii.policy import Ruling
from pipeline.pii.replacing import Editor

KEY = b"k" * 32


def test_hmac_links_spellings() -> None:
    """A keyed hash is the same for all spellings, and a placeholder by its form."""
    text = "a@example.org and A@EXAMPLE.ORG"
    spans = [Span(0, 0, 13, "email", 0, 0), Span(0, 18, 31, "email", 0, 0)]
    rulings = {kind: Ruling("hmac") for kind in KINDS}
    one, _, other = Editor(rulings, KEY, "c").edited([text], spans)[0].text.partition(" and ")
    assert one == other
    assert editing.LITERAL.fullmatch(one)


def test_a_number_may_stand_bare() -> None:
    """A surrogate that is a number of JSON stays one, without quotes."""
    text = '{"a": 4111111111111111}'
    rulings = {kind: Ruling("surrogate") for kind in KINDS}
    found = Editor(rulings, KEY, "c").edited([text], [Span(0, 6, 22, "card", 0, 0)])[0]
    assert found.text[6:22].isdigit()
    assert found.text[:6] + found.text[22:] == '{"a": }'
