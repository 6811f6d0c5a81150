"""Every line of a log becomes one row, or one line of the quarantine, and says whose it is not."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import identity
from pipeline.ingest.lines import Damage, Limits, Lines, LongLine, Piece
from pipeline.ingest.rows import Batch, Ingest
from pipeline.sample import logs, people
from schemas.staged import QUARANTINE, TABLES
from tests.conftest import messages
from tests.ingest.test_events import (
    ID,
    OTHER,
    SHOTS,
    SYSTEM,
    TALK,
    VERSIONS,
    Json,
    chat,
    mutations,
    pairs,
    state,
    vote,
)

KEY = bytes(32)


def lines_of(records: Iterable[Json]) -> list[bytes]:
    """Records as lines."""
    return [json.dumps(record).encode() for record in records]


def pieces(*found: bytes, start: int = 0) -> list[Piece]:
    """Lines that follow each other, as they are read from a file."""
    offsets = [start]
    for line in found:
        offsets.append(offsets[-1] + len(line) + 1)
    return [Lines(list(found), offsets[:-1])]


def ingest(
    *records: Json | bytes, key: bytes | None = KEY, batch_rows: int = 99, **options: Any
) -> Batch:
    """The one batch that some records become."""
    found = [r if isinstance(r, bytes) else json.dumps(r).encode() for r in records]
    (batch,) = Ingest(Limits(), key, batch_rows).batches(iter(pieces(*found)), 3, **options)
    return batch


def tables(batches: Iterable[Batch]) -> dict[str, list[Json]]:
    """All rows by table, the quarantine too."""
    found: dict[str, list[Json]] = {name: [] for name in (*TABLES, "quarantine")}
    for batch in batches:
        for name, rows in (*batch.tables.items(), ("quarantine", batch.quarantine)):
            found[name] += rows.to_pylist()
    return found


def test_a_chat() -> None:
    """A chat is a row of conversations, with all that the contract says and no more."""
    record = chat(
        gen_params={"temperature": 0.7, "top_p": 1.0, "max_new_tokens": 512},
        start=1736599990.25,
        finish=1736600000.25,
    )
    line = json.dumps(record).encode()
    (row,) = ingest(line).conversations.to_pylist()

    assert row == {
        "conversation_id": ID,
        "model": "maple-13b",
        "conversation": messages(TALK),
        "turn": 2,
        "tstamp": 1736600000.25,
        "user_id": identity.handle(KEY, "user", "192.0.2.1"),
        "event_hash": hashlib.sha256(line).digest()[:16],
        "file": 3,
        "offset": 0,
        "repaired": None,
        "generation": {"temperature": 0.7, "top_p": 1.0, "max_new_tokens": 512},
        "seconds": 10.0,
        "dropped_by": None,
        "reason": None,
    }


def test_a_vote() -> None:
    """A vote is a row of battles, named by the conversation of side A."""
    states = [state(), state(conv_id=OTHER, model_name="birch-7b", messages=pairs(["hi"]))]
    (row,) = ingest(vote("tievote", states=states, models=["", None])).battles.to_pylist()

    assert (row["question_id"], row["conversation_id_a"], row["conversation_id_b"]) == (
        *(ID, ID, OTHER),
    )
    assert (row["label_a"], row["label_b"], row["vote"]) == ("", None, "tievote")
    assert (row["model_a"], row["model_b"]) == ("maple-13b", "birch-7b")
    assert row["conversation_a"] == messages(TALK)
    assert row["conversation_b"] == messages(["hi"])


@pytest.mark.parametrize("kind", ["upvote", "downvote", "flag", "share"])
def test_a_click(kind: str) -> None:
    """A click is a row of feedback, without any text; a shared battle is side A's."""
    record = vote(kind) if kind == "share" else chat(kind)
    (row,) = ingest(record).feedback.to_pylist()

    assert (row["conversation_id"], row["kind"]) == (ID, kind)
    assert row.keys().isdisjoint({"conversation", "model"})


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_the_contract(table: str) -> None:
    """All tables have their schemas, with rows or without."""
    for batch in (ingest(chat(), vote(), chat("flag"), b""), ingest(b"")):
        assert batch.tables[table].schema.equals(TABLES[table])
        assert batch.quarantine.schema.equals(QUARANTINE)


def test_quarantine() -> None:
    """A refused line leaves its place, length and hash, the reason and whose it was; no text."""
    refused = lines_of([chat("page_view"), chat(tstamp="soon")])
    long, damage = LongLine(9000, 10**8, bytes(16)), Damage(9999, "damaged_file", "it broke")
    found = [*pieces(b"not json", *refused, start=100), long, damage]
    (batch,) = Ingest(Limits(), KEY).batches(iter(found), 3)

    assert batch.lines == 5
    assert [tuple(row.values()) for row in batch.quarantine.to_pylist()] == [
        (3, 100, 8, hashlib.sha256(b"not json").digest()[:16], "garbage_prefix", None),
        (3, 109, *_known(refused[0]), "unknown_type", ID),
        (3, 110 + len(refused[0]), *_known(refused[1]), "wrong_type_tstamp", ID),
        (3, 9000, 10**8, bytes(16), "line_too_long", None),
        (3, 9999, 0, bytes(16), "damaged_file", None),
    ]


def _known(line: bytes) -> tuple[int, bytes]:
    return len(line), hashlib.sha256(line).digest()[:16]


def test_criminal_images_are_never_staged() -> None:
    """No row comes of a file with matches of PhotoDNA, whatever its lines say."""
    batch = ingest(chat(), vote(), chat("upvote"), is_csam=True)

    assert {row["reason"] for row in batch.quarantine.to_pylist()} == {"csam"}
    assert batch.quarantine.num_rows == batch.lines == 3


@pytest.mark.parametrize("record", VERSIONS.values(), ids=list(VERSIONS))
def test_what_never_leaves_a_log(record: Json) -> None:
    """No row holds an address, a system prompt or a few-shot message."""
    everything = repr(tables([ingest(record, {**record, "type": "flag"})]))

    assert "Name a river." in everything
    for secret in (SYSTEM, *SHOTS, "192.0.2.1"):
        assert secret not in everything


def test_users() -> None:
    """A user is the same handle for all spellings of an address, and nobody without a key."""
    addresses = ("192.0.2.1", "::ffff:192.0.2.1, 198.51.100.7", "198.51.100.7", "", None)
    records = [chat(ip=address) for address in addresses]
    one, same, other, *unknown = ingest(*records).conversations["user_id"].to_pylist()

    assert one == same != other
    assert unknown == [None, None]
    assert set(ingest(*records, key=None).conversations["user_id"].to_pylist()) == {None}


def test_ids_before_there_were_any() -> None:
    """All turns of a conversation without id share one that tells nothing without the key."""
    early: Json = {"state": None, "tstamp": 1679300000.5}
    turns = [chat(history=[TALK[:2]], **early), chat(history=[TALK[:2], ["so?", "so."]], **early)]
    other = chat(history=[TALK[:2]], **early | {"ip": "192.0.2.2"})
    first, second, third = ingest(*turns, other).conversations["conversation_id"].to_pylist()
    keyless = ingest(*turns, key=b"\1" * 32).conversations["conversation_id"].to_pylist()

    assert first == second != third
    assert len(first) == 32
    assert first not in keyless


def test_repairs_are_noted() -> None:
    """A row says what was mended in its line; U+0000 is noted, for few tools can bear it."""
    texts = ["half \ud83d", "nul \0", "plain"]
    records = [chat(state=state(messages=pairs([text, "so."]))) for text in texts]
    rows = ingest(*records).conversations.to_pylist()

    assert [row["repaired"] for row in rows] == ["lone_surrogate", "nul", None]
    assert rows[1]["conversation"][0]["content"] == "nul \0"


@cache
def sample() -> list[bytes]:
    """Lines of a synthetic log, with all that goes wrong in real ones."""
    return [line.data for line in logs.events(conversations=400)]


@given(batch_rows=st.integers(1, 400))
def test_batch_borders_do_not_matter(batch_rows: int) -> None:
    """Batches of any size hold the same rows in the same order, and no more than they may."""
    batches = list(Ingest(Limits(), KEY, batch_rows).batches(iter(pieces(*sample()[:120])), 0))

    assert tables(batches) == tables([ingest_sample()])
    assert {batch.lines for batch in batches[:-1]} <= {batch_rows}


@cache
def ingest_sample() -> Batch:
    """The same lines in one batch."""
    (batch,) = Ingest(Limits(), KEY, 10**6).batches(iter(pieces(*sample()[:120])), 0)
    return batch


def test_no_line_is_lost() -> None:
    """Of a whole log, each line is in one place: a table or the quarantine."""
    found = tables(Ingest(Limits(), KEY, 50).batches(iter(pieces(*sample())), 0))
    offsets = sorted(row["offset"] for rows in found.values() for row in rows)
    (whole,) = pieces(*sample())

    assert isinstance(whole, Lines)
    assert offsets == whole.offsets
    assert len({row["reason"] for row in found["quarantine"]}) > 2
    assert not [user for user in range(9) if people.address(user) in repr(found)]


@given(records=st.lists(mutations(), max_size=4))
def test_no_record_ends_a_run(records: list[Json]) -> None:
    """Whatever a record holds, it is a row or a refused line."""
    found = lines_of(records)
    batches = Ingest(Limits(), KEY).batches(iter(pieces(*found)), 0)

    assert sum(len(rows) for rows in tables(batches).values()) == len(found)


def test_an_empty_file() -> None:
    """No lines are no batches."""
    assert list(Ingest(Limits(), KEY).batches(iter([]), 0)) == []
