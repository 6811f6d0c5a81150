"""What `redact_pii` does to conversations: found once, decided by key, replaced in all turns."""

import typing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import recipe, trial
from pipeline.errors import RecipeError
from pipeline.pii.kinds import KINDS, KindName
from pipeline.stages.redaction import RedactPii
from tests import runs
from tests.conftest import built, conversations, judge, staged

KEY = bytes(range(32))
CARD = "4111 1111 1111 1111"
MAIL = "ann.lee@example.org"
TWENTY = [f"user {number}" for number in range(20)]


def redacted(
    batch: pa.RecordBatch, options: dict[str, Any] | None = None, key: bytes | None = KEY
) -> pa.RecordBatch:
    """A batch after all three steps of the stage."""
    stage = built("redact_pii", options)
    (state,) = judge(stage, batch)
    marked = stage.mark(batch).append_column("public", pa.array(_public(state, batch)))
    return stage.edit(marked, key)


def _public(state: dict[str, list[Any]], batch: pa.RecordBatch) -> pa.Array:
    given = state.get("public", [None] * batch.num_rows)
    return pa.array(given, pa.list_(pa.int16()))


def texts(batch: pa.RecordBatch) -> list[list[str | None]]:
    """The texts of each row."""
    return [[m["content"] for m in row] for row in batch["conversation"].to_pylist()]


def test_a_value_is_replaced_in_every_turn_and_spelling() -> None:
    """One entity has one placeholder, whoever writes it and however."""
    turns = ["My name is Maria Silva, +1 (202) 555-0143.", "Hello Maria!"]
    turns += ["I said MARIA's number is +1 202 555 0143", "Right, 2025550143 it was, Ms Silva."]
    (said,) = texts(redacted(conversations(turns)))

    whole = "\n".join(text or "" for text in said)
    assert not {"Maria", "MARIA", "Silva", "0143"} & set(whole.replace("'", " ").split())
    assert said[0] == "My name is NAME_1, PHONE_1."
    assert said[1] == "Hello NAME_1!"
    assert "NAME_1's number is PHONE_1" in (said[2] or "")


def test_numbers_begin_behind_those_that_stand_there() -> None:
    """A placeholder that a user wrote is never taken for one of ours."""
    ((said, _),) = texts(redacted(conversations([f"EMAIL_7 is not {MAIL}", "ok"])))

    assert said == "EMAIL_7 is not EMAIL_8"


def test_redactions_say_where_replacements_stand() -> None:
    """Message, start and end in code points of the released text, whatever stands before."""
    batch = redacted(conversations(["\U0001f600 e\N{COMBINING ACUTE ACCENT} שלום " + MAIL, "ok"]))
    ((found,),) = batch["redactions"].to_pylist()
    text = texts(batch)[0][0] or ""

    assert (found["message"], found["kind"]) == (0, "email")
    assert text[found["start"] : found["end"]] == "EMAIL_1"
    assert batch["redacted"].to_pylist() == [True]


def test_what_holds_nothing_stays_as_it_is() -> None:
    """A row without findings keeps its very bytes, nulls included."""
    batch = conversations(["hi", None], ["x = a[4111]", "1.2.3.4 of the library"])
    after = redacted(batch)

    assert after["conversation"].equals(batch["conversation"])
    assert after["redactions"].to_pylist() == [[], []]


def test_json_in_a_message_still_parses() -> None:
    """A bare number becomes a string where JSON has values."""
    ((said, _),) = texts(redacted(conversations(['{"card": 4111111111111111, "a": [1]}', "ok"])))

    assert said == '{"card": "CARD_1", "a": [1]}'


@pytest.mark.parametrize(
    ("action", "want"),
    [
        ("placeholder", "mail EMAIL_1"),
        ("mask", "mail ***.***@*******.***"),
        ("keep", f"mail {MAIL}"),
    ],
)
def test_the_policy_decides_by_kind(action: str, want: str) -> None:
    """An action of one kind leaves the others as the preset has them."""
    options = {"kinds": {"email": {"action": action}}}
    ((said, card),) = texts(redacted(conversations([f"mail {MAIL}", f"card {CARD}"]), options))

    assert (said, card) == (want, "card CARD_1")


def test_a_keyed_hash_links_a_value_across_conversations() -> None:
    """`hmac` gives equal values equal tokens under one key, and others under another."""
    batch = conversations([f"mail {MAIL}", "ok"], [f"to {MAIL.upper()}", "ok"])
    options = {"kinds": {"email": {"action": "hmac"}}}
    one, two = (texts(redacted(batch, options, key)) for key in (KEY, KEY[::-1]))

    tokens = [(row[0] or "").split()[-1] for row in one]
    assert tokens[0] == tokens[1]
    assert tokens[0].startswith("EMAIL_")
    assert one != two


def test_strict_drops_conversations_with_numbers_of_persons() -> None:
    """The reason is the kind, and it is given before copies are judged."""
    batch = conversations([f"my card is {CARD}", "ok"], [f"mail {MAIL}", "ok"])
    (state,) = judge(built("redact_pii", {"preset": "strict"}), batch)

    assert state["reason"] == ["card", None]


def test_a_value_of_many_users_is_public() -> None:
    """From the twentieth distinct user of an interval on, in that interval and later ones."""
    dialogues = [[f"mail {MAIL}", "ok"]] * 20
    batch = conversations(*dialogues, user_id=TWENTY)

    assert redacted(batch)["redacted"].to_pylist() == [False] * 20
    assert redacted(batch.slice(1))["redacted"].to_pylist() == [True] * 19


def test_one_heavy_user_unlocks_nothing() -> None:
    """Users count, not conversations; rows without a user count as one together."""
    dialogues = [[f"mail {MAIL}", "ok"]] * 60
    batch = conversations(*dialogues, user_id=["ann"] * 30 + [None] * 30)

    assert set(redacted(batch, {"public_users": 3})["redacted"].to_pylist()) == {True}


def test_numbers_of_persons_are_never_public() -> None:
    """Twenty users may share a card number; it is redacted all the same."""
    batch = conversations(*[[f"my card is {CARD}", "ok"]] * 20, user_id=TWENTY)

    assert set(redacted(batch)["redacted"].to_pylist()) == {True}


@given(batch=staged("conversations", 1))
def test_redacting_again_changes_nothing(batch: pa.RecordBatch) -> None:
    """A released text that is redacted again stays as it is."""
    columns = ["conversation_id", "conversation", "tstamp", "event_hash", "user_id"]
    once = redacted(batch)
    again = redacted(pa.RecordBatch.from_pylist(once.to_pylist(), batch.schema))

    assert texts(again) == texts(once)
    assert set(columns) <= set(again.schema.names)


@given(batch=staged("conversations", 1), cut=st.integers(0, 6))
def test_batches_do_not_matter(batch: pa.RecordBatch, cut: int) -> None:
    """Marks and edits of two halves equal those of the whole."""
    stage = RedactPii()
    parts = [stage.mark(half) for half in (batch.slice(0, cut), batch.slice(cut))]
    whole = stage.mark(batch)

    assert pa.Table.from_batches(parts).to_pylist() == whole.to_pylist()
    edited = [stage.edit(part, KEY) for part in parts]
    assert pa.Table.from_batches(edited).to_pylist() == stage.edit(whole, KEY).to_pylist()


@pytest.mark.parametrize("detector", ["presidio", "both"])
def test_presidio_finds_too(detector: str) -> None:
    """Its recognizers can take the place of ours, or stand beside them."""
    batch = conversations([f"card {CARD}, mail {MAIL}", "ok"])
    ((said, _),) = texts(redacted(batch, {"detector": detector}))

    assert said == "card CARD_1, mail EMAIL_1"


def test_a_key_is_asked_for_where_it_is_used() -> None:
    """Surrogates without an identity key are refused before anything runs."""
    options = {"kinds": {"person": {"action": "surrogate"}}}
    content = {"identity": "none", "stages": [{"redact_pii": options}]}
    with pytest.raises(RecipeError, match="identity: none"):
        recipe.build(content)


@pytest.mark.parametrize("options", [{}, {"preset": "strict"}])
def test_it_can_be_tried_on_a_log(options: dict[str, Any], tmp_path: Path) -> None:
    """`curate try redact_pii` shows what it changes, also where the judge has nothing to say."""
    runs.sample(tmp_path / "logs", 400)
    log = min((tmp_path / "logs").glob("server*/*-conv.json"))
    tried = trial.attempt(built("redact_pii", options), str(log), 1000, 5)

    assert tried.changed["conversation"] == tried.changed["redacted"] > 0
    assert all("redacted" in change.what or "dropped_by" in change.what for change in tried.changes)


def test_every_kind_has_its_options() -> None:
    """The kinds that a recipe may name are those that there are."""
    assert typing.get_args(KindName) == tuple(KINDS)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"kinds": {"e-mail": {}}}, "e-mail"),
        ({"kinds": {"email": {"acton": "mask"}}}, "acton"),
        ({"kinds": {"email": {"threshold": 2}}}, "2"),
        ({"public_users": 1}, "public_users"),
    ],
)
def test_faulty_policies_are_refused(options: dict[str, Any], fault: str) -> None:
    """A misspelt kind or option is named before anything runs."""
    with pytest.raises(RecipeError, match=fault):
        built("redact_pii", options)
