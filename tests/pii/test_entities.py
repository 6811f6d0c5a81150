"""Which spans are one entity, and where else values stand: hits and near misses."""
# ruff: noqa: RUF001 (other scripts, full-width digits)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pii import entities
from pipeline.pii.entities import Span
from pipeline.pii.kinds import KINDS
from pipeline.pii.recurrence import Recurrence

ALL = frozenset(KINDS)


def spans_of(messages: list[str], values: list[tuple[str, str]]) -> list[Span]:
    """The first place of each value."""
    spans = []
    for kind, value in values:
        message = next(at for at, text in enumerate(messages) if value in text)
        start = messages[message].index(value)
        spans.append(Span(message, start, start + len(value), kind, 0))
    return spans


def found(kind: str, value: str, text: str) -> list[str]:
    """What is found of a value in another message."""
    messages = [f"\n{value}\n", text]
    places = entities.elsewhere(messages, spans_of(messages, [(kind, value)]), ALL, 7)
    taken: list[tuple[int, int]] = []
    for place in places:
        is_free = not any(place.start < end and start < place.end for start, end in taken)
        if place.message == 1 and is_free:
            taken.append((place.start, place.end))
    return [text[start:end] for start, end in sorted(taken)]


HITS = [
    ("person", "Maria Silva", "Maria said that SILVA and maria silva agree", 3),
    ("person", "Maria Silva", "Maria's, Maria’s and the Silvas' ", 2),
    ("person", "Maria Silva", "Maria\n Silva", 1),
    ("person", "Dr. Maria Silva", "ask Maria Silva, or Dr. Maria Silva", 2),
    ("person", "Silva, Maria", "Maria, and Silva, Maria", 2),
    ("person", "Zoe\u0308 Silva", "Zo\u00eb called; ZOE\u0308 too", 2),
    ("person", "Ann", "Ann, ANN and (Ann)", 3),
    ("person", "maria", "maria and Maria", 2),
    ("person", "Mark Silva", "thanks, Mark!", 1),
    ("person", "O'Brien", "an O’Brien and O'BRIEN", 2),
    ("person", "Ma\u200bria Silva", "Maria Silva", 1),
    ("person", "Иван Петров", "ИВАН и Петров", 2),
    ("person", "محمد علي", "قال محمد علي نعم", 1),
    ("person", "דוד כהן", "אמר דוד כהן", 1),
    ("person", "मारिया सिल्वा", "मारिया ने कहा", 1),
    ("person", "王小明", "我叫王小明。王小明说", 2),
    ("person", "山田 太郎", "山田太郎さん、山田さん", 2),
    ("person", "김민수", "김민수는 갔다", 1),
    ("person", "マリア", "マリアさん", 1),
    ("person", "สมชาย", "คุณสมชายไป", 1),
    ("email", "Maria.Silva@example.org", "maria.silva@EXAMPLE.ORG, mail", 1),
    ("email", "maria at example dot com", "MARIA at example dot com", 1),
    ("phone", "+1 212 555 0123", "2125550123, (212) 555-0123 or 212.555.0123", 3),
    ("phone", "2125550123", "2 1 2 5 5 5 0 1 2 3", 1),
    ("phone", "212-555-0123", "+1 (212) 555-0123", 1),
    ("phone", "+44 20 7946 0018", "020 7946 0018 and +44 (0)20 79460018", 2),
    ("phone", "212-555-0123", "２１２-５５５-０１２３", 1),
    ("card", "4111 1111 1111 1111", "4111-1111-1111-1111 4111111111111111", 2),
    ("iban", "GB82 WEST 1234 5698 7654 32", "gb82west12345698765432", 1),
    ("username", "@maria_s", "maria_s or @Maria_S", 2),
    ("password", "Sesame!1?", "type Sesame!1? there", 1),
    ("url", "https://example.org/~maria", "at https://example.org/~maria/x", 1),
    ("ip", "192.0.2.7", "192.0.2.7:80 and 192.0.2.7.", 2),
    ("address", "12 Main Street", "12 main  street", 1),
]
MISSES = [
    ("person", "Ann", "Annual, Joann, ann, ann"),
    ("person", "Ann", "Ann-Marie"),
    ("person", "Maria Silva", "the Silvan maria"),
    ("person", "Mark Silva", "Mark the page. Mark it; mark my words, REMARK"),
    ("person", "Will", "I WILL. Will you? will"),
    ("person", "Maria de la Cruz", "de la De La"),
    ("person", "Dr. Ann Silva", "Dr. dr"),
    ("person", "Bo", "Bo knows"),
    ("person", "アン", "アンケート"),
    ("person", "수진", "김수진"),
    ("person", "Иван", "Иванов, Диван"),
    ("person", "मारिया", "मारियाना"),
    ("email", "maria@example.org", "maria@example.org.uk, x.maria@example.org, amaria@example.org"),
    ("phone", "555-0123", "212-555-0123 and 555-01234 and 5550-123-4"),
    ("phone", "2125550123", "12125550123999, 0x2125550123, 2125550123.5"),
    ("phone", "212-555-0123", "212\n\n\n\n555\n0123"),
    ("card", "4111 1111 1111 1111", "411111111111111 41111111111111112"),
    ("ip", "192.0.2.7", "192.0.2.70, 1.192.0.2.7, 192.0.2.7.1"),
    ("password", "Sesame!1?", "sesame!1? Sesame!1"),
    ("username", "abc", "abc"),
    ("username", "maria_s", "maria_s2, xmaria_s, maria_s@example.org"),
]


@pytest.mark.parametrize(("kind", "value", "text", "count"), HITS)
def test_values_recur(kind: str, value: str, text: str, count: int) -> None:
    """Another spelling of a value is found, in every script."""
    assert len(found(kind, value, text)) == count, found(kind, value, text)


@pytest.mark.parametrize(("kind", "value", "text"), MISSES)
def test_values_do_not_recur(kind: str, value: str, text: str) -> None:
    """A value is not found inside of words and numbers, nor as a common word."""
    assert found(kind, value, text) == []


@pytest.mark.parametrize(
    ("kind", "value", "text", "want"),
    [
        ("phone", "212-555-0123", "call +1 (212) 555-0123 now", "+1 (212) 555-0123"),
        ("phone", "212-555-0123", "call (212) 555-0123 now", "(212) 555-0123"),
        ("username", "@maria_s", "hi @maria_s!", "@maria_s"),
        ("person", "Maria Silva", "so Maria Silva's", "Maria Silva"),
    ],
)
def test_the_whole_value_is_found(kind: str, value: str, text: str, want: str) -> None:
    """What belongs to a value before and behind its words is part of it."""
    assert found(kind, value, text) == [want]


def test_kinds_that_do_not_propagate() -> None:
    """Only the kinds that the policy names are looked for."""
    messages = ["Maria Silva", "Maria"]
    spans = spans_of(messages, [("person", "Maria Silva")])
    assert list(entities.elsewhere(messages, spans, frozenset({"email"}), 7)) == []


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        ([("person", "Maria Silva"), ("person", "Maria"), ("person", "Silva")], [0, 0, 0]),
        ([("person", "Maria"), ("person", "Maria Silva")], [0, 0]),
        ([("person", "Maria Silva"), ("person", "Ann Silva")], [0, 1]),
        ([("person", "MARIA"), ("person", "Mrs. Maria")], [0, 0]),
        ([("person", "M. Silva"), ("person", "Maria Silva")], [0, 0]),
        ([("person", "Maria B. Silva"), ("person", "Maria Silva's")], [0, 0]),
        ([("person", "Maria Silva"), ("person", "Ann Gomez"), ("person", "Gomez")], [0, 1, 1]),
        ([("phone", "+1 212 555 0123"), ("phone", "(212) 555-0123")], [0, 0]),
        ([("phone", "212 555 0123"), ("phone", "212 555 0124")], [0, 1]),
        ([("email", "a@example.org"), ("email", "A@EXAMPLE.ORG")], [0, 0]),
        ([("email", "ann@example.com"), ("email", "ann at example dot com")], [0, 0]),
        ([("username", "@maria_s"), ("username", "maria_s")], [0, 0]),
        ([("secret", "abCD"), ("secret", "abcd")], [0, 1]),
        ([("url", "example.org/a"), ("url_secret", "example.org/b")], [0, 1]),
    ],
)
def test_entities(values: list[tuple[str, str]], numbers: list[int]) -> None:
    """All spellings of a value are one entity, numbered by first appearance."""
    messages = [value for _, value in values]
    spans = [Span(at, 0, len(value), kind, 0) for at, (kind, value) in enumerate(values)]
    made, named = entities.numbered(messages, spans[::-1])
    assert [span.entity for span in made] == numbers
    assert len(named) == max(numbers) + 1


def steps(count: int) -> int:
    """Comparisons for so many addresses, in a text that grows with them."""
    values = [("email", f"user{number}@example.org") for number in range(count)]
    known = Recurrence(values)
    text = " ".join(f"a word user {n} of 555 01{n % 100:02d} {values[n][1]}" for n in range(count))
    assert len(list(known.places(text))) == count
    return known.steps


def test_time_is_linear() -> None:
    """Ten times the values in ten times the text take ten times the comparisons."""
    assert steps(2000) <= 11 * steps(200)


def test_time_is_linear_in_runs_of_digits() -> None:
    """A table of numbers is not compared over and over."""
    known = Recurrence([("card", "1111 1111 1111 1111")])
    assert list(known.places("1 " * 10_000)) != []
    assert known.steps <= 20 * 10_000


@given(st.text("aAnM\u0301 -_.@1２王アn\u200d'", max_size=40), st.sampled_from(HITS))
def test_places_lie_in_the_text(noise: str, case: tuple[str, str, str, int]) -> None:
    """Whatever stands around, places are inside of the text, in order, and not empty."""
    kind, value, text, _ = case
    whole = noise + text + noise
    places = list(
        Recurrence([(kind, value), ("person", "Ann"), ("person", "王小明")]).places(whole)
    )
    assert all(0 <= start < end <= len(whole) for start, end, _ in places)
