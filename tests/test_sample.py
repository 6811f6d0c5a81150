"""Synthetic logs hold what their truth says."""

import gzip
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import sha256
from ipaddress import ip_address, ip_network
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline.sample import logs, people, plan, writing
from pipeline.sample.faults import CURSOR, ERRORS, SENTINEL
from pipeline.sample.languages import BOOKS
from pipeline.sample.lines import Line
from pipeline.sample.phrasebook import Phrasebook

CLIENTS = [ip_network(net) for net in ("198.18.0.0/15", "203.0.113.0/24", "2001:db8::/32")]
FATES = {trait.fate for trait in plan.TRAITS.values()}
DIGEST = "6eb80ca044ea190115ee023705b49a6e4eec073c23f6576d10148ab37ceefa2a"


@cache
def sample(conversations: int = 600) -> logs.Sample:
    """A sample of three days."""
    return logs.draw(conversations=conversations)


@cache
def fates() -> dict[str, str]:
    """Fate of each conversation id."""
    return {planted.conversation_id: planted.fate for planted in sample().truth}


@cache
def readable() -> list[dict[str, Any]]:
    """Records as they were written, without those that are obviously none."""
    found = []
    for line in sample().lines:
        with suppress(ValueError):
            found.append(json.loads(line.data))
    rows = [row for row in found if isinstance(row, dict) and {"type", "ip"} <= row.keys()]
    return [row for row in rows if isinstance(row.get("tstamp"), float)]


def records(*types: str) -> list[dict[str, Any]]:
    """Records of these types, with nested JSON strings opened."""
    return [
        {key: _opened(value) for key, value in row.items()}
        for row in readable()
        if row["type"] in types
    ]


def _opened(value: object) -> object:
    return json.loads(value) if isinstance(value, str) and value[:1] in {"{", "["} else value


@cache
def chats() -> dict[str, list[dict[str, Any]]]:
    """Readable chat rows of each conversation id, oldest first."""
    rows = defaultdict(list)
    for row in sorted(records("chat"), key=lambda row: row["tstamp"]):
        if isinstance(row["state"], dict):
            rows[row["state"]["conv_id"]].append(row)
    return rows


def messages(row: dict[str, Any]) -> list[Any]:
    """Contents after the few-shot messages."""
    return [content for _, content in row["state"]["messages"][row["state"]["offset"] :]]


def of(fate: str) -> list[list[Any]]:
    """Final messages of the readable conversations with that fate."""
    return [messages(rows[-1]) for name, rows in chats().items() if fates()[name] == fate]


def plain(contents: list[str]) -> str:
    """Text of a conversation without white space, composed."""
    return unicodedata.normalize("NFC", "|".join("".join(text.split()) for text in contents))


def digest(lines: list[Line]) -> str:
    """Hash of everything that is written."""
    return sha256(b"\n".join(line.file.encode() + b"\t" + line.data for line in lines)).hexdigest()


def files(directory: Path) -> dict[str, bytes]:
    """Bytes of each file below a directory."""
    found = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in found}


def test_same_bytes_on_any_machine() -> None:
    """The digest of a small sample is known; it changes only when texts or plans do."""
    assert digest(logs.draw(conversations=60, seed=1).lines) == DIGEST


@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_hash_seed_does_not_matter(hash_seed: str) -> None:
    """Another process with another order of sets writes the same lines."""
    code = "from tests import test_sample as t; print(t.digest(t.sample(500).lines))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=True,
    )

    assert done.stdout.decode().strip() == digest(sample(500).lines)


@pytest.mark.parametrize("gzipped", [False, True])
def test_same_arguments_same_files(tmp_path: Path, *, gzipped: bool) -> None:
    """Two directories written with the same arguments are equal, byte by byte."""
    for name in "ab":
        logs.write(tmp_path / name, conversations=80, seed=3, gzipped=gzipped)

    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_another_seed_another_sample() -> None:
    """The seed matters."""
    one, other = (logs.draw(conversations=20, seed=seed).lines for seed in (1, 2))
    assert digest(one) != digest(other)


def test_files_hold_the_lines(tmp_path: Path) -> None:
    """Files are the lines of `events` in order, compressed or not, and the truth."""
    truth = logs.write(tmp_path / "plain", conversations=100)
    logs.write(tmp_path / "packed", conversations=100, gzipped=True)
    expected: dict[str, bytes] = defaultdict(bytes)
    for line in logs.events(conversations=100):
        expected[line.file] += line.data + b"\n"

    found = files(tmp_path / "plain")
    rows = [json.loads(row) for row in found.pop("truth.jsonl").splitlines()]
    packed = files(tmp_path / "packed")
    packed.pop("truth.jsonl")

    assert found == expected
    assert {name.removesuffix(".gz"): gzip.decompress(data) for name, data in packed.items()} == (
        found
    )
    assert [logs.Planted(**row) for row in rows] == truth


@pytest.mark.parametrize("conversations", [0, 1, 2, 10, 33, 499, 500])
@pytest.mark.parametrize("days", [1, 2])
def test_any_size(conversations: int, days: int) -> None:
    """There are as many conversation ids as asked for, all within their days."""
    small = logs.draw(conversations=conversations, days=days, servers=3)

    assert len({planted.conversation_id for planted in small.truth}) == conversations
    assert len({line.file[8:] for line in small.lines if "vision" not in line.file}) <= days


@pytest.mark.parametrize(("conversations", "days", "servers"), [(-1, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_impossible_sizes(conversations: int, days: int, servers: int) -> None:
    """What cannot be drawn is refused."""
    with pytest.raises(ValueError, match="no sample of"):
        logs.draw(conversations=conversations, days=days, servers=servers)


def test_lines_are_in_order() -> None:
    """Within a file lines are in the order of their times."""
    assert all(
        one.tstamp <= two.tstamp for one, two in pairwise(sample().lines) if one.file == two.file
    )


def test_files_are_of_their_day() -> None:
    """The name of a file tells the day, and vision events have files of their own."""
    names = {line.file.partition("/")[2] for line in sample().lines}
    days = {f"2023-06-{day}-conv.json" for day in (24, 25, 26)}
    assert days <= names <= days | {f"vision-tmp-{day}" for day in days}


def test_lines_are_ascii() -> None:
    """All lines but the one with invalid UTF-8 are pure ASCII."""
    assert [line.data.isascii() for line in sample().lines].count(False) == 1


def test_every_fate_is_planted() -> None:
    """A sample of 500 has every fate, and most conversations are intact."""
    counts = Counter(planted.fate for planted in sample(500).truth)
    assert counts.keys() == FATES
    assert counts["intact"] > 0.85 * 500
    assert counts["csam"] == 1


def test_every_event_is_there() -> None:
    """Every type of event that FastChat writes occurs."""
    types = {
        *("chat", "upvote", "downvote", "flag", "share"),
        *("leftvote", "rightvote", "tievote", "bothbad_vote"),
    }
    assert {row["type"] for row in records(*types)} == types


def test_line_counts_are_true() -> None:
    """The truth counts the chat lines of each conversation whose lines can be read."""
    expected = {p.conversation_id: p.lines for p in sample().truth if p.fate != "malformed"}
    found = {name: len(rows) for name, rows in chats().items() if fates()[name] != "malformed"}
    assert found == expected


def test_truth_counts_all_chat_lines() -> None:
    """Clicks apart, every line belongs to a conversation."""
    clicks = len(sample().lines) - sum(planted.lines for planted in sample().truth)
    types = ("upvote", "downvote", "flag", "leftvote", "rightvote", "tievote", "bothbad_vote")
    assert clicks == len(records(*types, "share"))


def test_users_are_addresses() -> None:
    """One reserved address for each user, about one user for three conversations."""
    users = {planted.conversation_id: planted.user for planted in sample().truth}
    pairs = {(users[name], row["ip"]) for name, rows in chats().items() for row in rows}

    assert len(pairs) == len({user for user, _ in pairs}) == len({ip for _, ip in pairs})
    assert all(any(ip_address(ip) in net for net in CLIENTS) for _, ip in pairs)
    assert 0.25 < len(pairs) / 600 < 0.42


def test_rows_are_cumulative() -> None:
    """Each row begins with the prompts and final answers of the row before, or replaces one."""
    for rows in chats().values():
        for one, two in pairwise(messages(row) for row in rows):
            assert len(two) - len(one) in {0, 2}
            assert two[: len(one) - 1] == one[:-1]


def test_rows_repeat_for_each_turn() -> None:
    """Plain conversations have a row for each turn; regenerated and repeated ones have more."""
    surplus = Counter(
        len(rows) - len(messages(rows[-1])) // 2
        for name, rows in chats().items()
        if fates()[name] == "intact"
    )
    assert min(surplus) == 0
    assert surplus[0] > 0.95 * surplus.total()
    assert surplus[1] > 0


def test_repeated_lines() -> None:
    """Some line is there twice, byte by byte."""
    assert max(Counter(line.data for line in sample().lines if line.data.strip()).values()) == 2


def test_some_go_on_after_midnight() -> None:
    """Intact conversations lie in the files of two days."""
    days = {name: {row["tstamp"] // 86_400 for row in rows} for name, rows in chats().items()}
    assert "intact" in {fates()[name] for name, both in days.items() if len(both) == 2}


def test_duplicates_have_an_earlier_original() -> None:
    """A duplicate reads like an intact conversation that had ended before it began."""
    ended = {
        plain(messages(rows[-1])): rows[-1]["tstamp"]
        for name, rows in chats().items()
        if fates()[name] == "intact" and isinstance(messages(rows[-1])[0], str)
    }
    copies = [rows for name, rows in chats().items() if fates()[name] == "duplicate"]

    assert all(ended[plain(messages(rows[-1]))] < rows[0]["start"] for rows in copies)


def test_some_duplicates_are_in_disguise() -> None:
    """Some copies are exact, some have decomposed accents, some more white space."""
    intact = {json.dumps(contents) for contents in of("intact")}
    copies = [contents for contents in of("duplicate") if json.dumps(contents) not in intact]
    decomposed = [unicodedata.normalize("NFC", text) != text for text, *_ in copies]

    assert 0 < len(copies) < len(of("duplicate"))
    assert {True, False} == set(decomposed)


def test_intact_conversations_are_different() -> None:
    """No two intact conversations have the same text by accident."""
    texts = [plain(contents) for contents in of("intact")]
    assert len(texts) == len(set(texts))


def test_spoiled_answers() -> None:
    """Errors are the whole answer of the only turn, and so are empty and missing answers."""
    assert {answer for _, answer in of("error")} == set(ERRORS)
    assert {answer for _, answer in of("empty_answer")} == {""}
    assert {answer for _, answer in of("null_message")} == {None}
    assert all(answer.endswith(CURSOR) for _, answer in of("unfinished"))
    assert all(SENTINEL in contents[::2] for contents in of("moderation_sentinel"))


def test_intact_answers_are_sound() -> None:
    """No intact conversation holds an error, a cursor, a sentinel or an empty answer."""
    for contents in of("intact"):
        assert all(isinstance(text, str) and text.strip() for text in contents)
        assert not {*ERRORS, SENTINEL} & set(contents)
        assert CURSOR not in "".join(contents)


def test_pictures() -> None:
    """Vision prompts are a text and a list of hashes, and one image is criminal."""
    for fate in ("vision", "csam"):
        assert all(len(image) == 32 for (_, [image]), *_ in of(fate))
    states = [rows[-1]["state"] for rows in chats().values()]
    flagged = [state["conv_id"] for state in states if state.get("has_csam_image")]
    assert [fates()[name] for name in flagged] == ["csam"]


def test_malformed_lines_lose_their_conversation() -> None:
    """No sound chat row tells of a conversation whose line is malformed."""
    for name, rows in chats().items():
        assert fates()[name] != "malformed" or not rows[0]["state"].get("messages")
    assert Counter(fates().values())["malformed"] == 9
    assert b"" in {line.data.strip() for line in sample().lines}


def test_frequent_prompt_and_bot() -> None:
    """Many users say hi, and one user starts many conversations in a minute."""
    users = {planted.conversation_id: planted.user for planted in sample().truth}
    greeters = {users[name] for name, rows in chats().items() if messages(rows[0])[0] == "hi"}
    burst = [rows[0]["start"] for name, rows in chats().items() if users[name] == 0]

    assert len(greeters) >= 10
    assert len(burst) >= 12
    assert max(burst) - min(burst) <= 60


def test_votes_carry_final_states() -> None:
    """The states of a vote are those of the last rows, and both sides had the same prompts."""
    final = {name: rows[-1]["state"] for name, rows in chats().items()}
    for row in records("leftvote", "rightvote", "tievote", "bothbad_vote", "share"):
        left, right = row["states"]
        assert row["states"] == [final[left["conv_id"]], final[right["conv_id"]]]
        assert messages({"state": left})[::2] == messages({"state": right})[::2]
        assert left["model_name"] != right["model_name"]


def test_labels_of_votes() -> None:
    """Anonymous votes have empty labels, named ones names, late ones the revealed names."""
    votes = records("leftvote", "rightvote", "tievote", "bothbad_vote")
    labels = Counter(row["models"][0].partition(":")[0] for row in votes)
    assert labels[""] > labels["### Model A"] > 0
    assert len(labels) > 5


def test_versions_of_records() -> None:
    """States and rows carry the keys of several years."""
    states = [rows[-1]["state"] for rows in chats().values()]
    keys = {key for state in states for key in state}
    assert keys >= {
        *("system", "system_message", "name", "template_name", "sep", "sep2", "model_name"),
        *("ans_models", "router_outputs", "has_csam_image"),
    }
    assert {state["offset"] for state in states} == {0, 2}
    assert any(isinstance(row.get("state"), str) for row in readable())
    lengths = {len(row.get("gen_params", ())) for rows in chats().values() for row in rows}
    assert lengths == {0, 2, 3}


def test_personal_data_is_reserved() -> None:
    """Every address in the texts belongs to nobody, and there are some."""
    texts = " ".join(text for contents in of("intact") for text in contents)
    domains = Counter(re.findall(r"@([a-z.]*[a-z])", texts))
    networks = Counter(re.findall(r"\b(\d+\.\d+\.\d+)\.\d+\b", texts))
    phones = Counter(re.findall(r"\+1([ -]555[ -]01)?", texts))

    assert domains.keys() == {"example.org", "example.com"}
    assert set() < networks.keys() <= {"192.0.2", "198.51.100"}
    assert "" not in phones
    assert phones


def test_sizes() -> None:
    """Conversations have about 1.5 kB of text on average, some more than 5 kB."""
    sizes = [sum(len(text.encode()) for text in contents) for contents in of("intact")]
    assert 1200 < sum(sizes) / len(sizes) < 1900
    assert sum(size > 5000 for size in sizes) > 0.02 * len(sizes)


def test_languages() -> None:
    """Every language is spoken, English most."""
    counts = Counter(planted.language for planted in sample().truth)
    assert counts.keys() == BOOKS.keys()
    assert counts.most_common(1)[0][0] == "en"


@pytest.mark.parametrize("book", BOOKS.values(), ids=list(BOOKS))
def test_every_template_can_be_filled(book: Phrasebook) -> None:
    """No template asks for a slot that does not exist, or leaves a brace."""
    rng = Random(0)  # noqa: S311 -- repeatable
    texts = (*book.openers, *book.remarks, *book.closers, *book.contexts, *book.follow_ups)
    for topic in book.topics:
        about = replace(writing.talk(rng, book), personal=people.personal_data(rng, book))
        for text in (*texts, *topic.prompts, *topic.sentences, *book.personal, *book.replies):
            assert "{" not in writing.fill(rng, about, text.replace("{listing}", ""))
