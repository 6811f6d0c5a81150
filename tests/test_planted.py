"""What was planted in logs is found, and whatever is missing from a release has its reason."""

import json
import logging
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import recipe
from pipeline.stages import votes
from tests import runs, said
from tests.story import Story

BY_NOISE = {
    "moderation_msg": "drop_moderation_sentinels",
    "api_error": "drop_errors",
    "server_error": "drop_errors",
    "unfinished": "drop_errors",
    "empty_reply": "drop_empty",
}
BY_FATE = {
    "error": "drop_errors",
    "unfinished": "drop_errors",
    "moderation_sentinel": "drop_moderation_sentinels",
    "empty_answer": "drop_empty",
    "null_message": "drop_malformed_turns",
}
"""What a truth says of a conversation -> who may drop rows of it for that."""
LOST = {"vision", "csam", "malformed", "duplicate"}
"""Fates that leave nothing to release."""
ADDRESS = re.compile(rb"198\.1[89](?:\.\d{1,3}){2}|203\.0\.113\.\d{1,3}|2001:db8:[0-9a-f:]+")
"""The ranges that clients of synthetic logs have."""


def with_users() -> recipe.Recipe:
    """The release recipe, with user ids."""
    made = recipe.load("release")
    return replace(made, release=replace(made.release, user_id=True))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> runs.Finished:
    """A run on three days of logs with planted truth."""
    pattern = f"{runs.data('raw_3k')}/server*/*-conv.json"
    return runs.Finished(pattern, tmp_path_factory.mktemp("planted"), with_users())


def truth(name: str) -> list[dict[str, Any]]:
    """One of the files of planted truth."""
    return runs.records("raw_3k", "truth", f"{name}.jsonl")


@pytest.fixture(scope="module")
def story(planted: runs.Finished) -> Story:
    """What happened to the conversations of that run."""
    return Story(planted)


def test_every_line_has_its_place(planted: runs.Finished) -> None:
    """4,082 lines: each staged, absorbed or quarantined; each row released, held or dropped."""
    assert planted.manifest.books.lines == len(planted.ledger.lines) == 4082
    planted.ledger.check(planted.output)
    feedback = planted.ledger.staged["feedback"].keys()
    assert feedback == planted.ledger.dropped["feedback"].keys()


def test_every_malformed_line_has_a_reason(planted: runs.Finished) -> None:
    """Planted faults are quarantined, mended with a note, or dropped; no address: no user."""
    users = user_ids(planted.output)
    for fault in truth("malformed"):
        path = str(runs.data("raw_3k", fault["file"]))
        offset = runs.offsets(said.log(path))[fault["line"] - 1]
        place, ledger = (path, offset), planted.ledger
        rows = [found[place] for found in ledger.staged.values() if place in found]
        is_dropped = any(place in found for found in ledger.dropped.values())
        is_noted = any(row["repaired"] or users[place] is None for row in rows)
        assert (place in ledger.quarantined) != bool(rows), fault
        assert place in ledger.quarantined or is_dropped or is_noted, fault


def user_ids(output: Path) -> dict[runs.Place, str | None]:
    """The user of each staged row."""
    manifest = json.loads((output / "run" / "plan.json").read_text())
    paths = [source["path"] for source in manifest["inputs"]]
    found = runs.read(output / "run" / "index")
    return {(paths[row["file"]], row["offset"]): row["user_id"] for row in found}


def test_the_release_says_what_was_logged(story: Story) -> None:
    """No id is released twice, and each conversation is its last whole state, word for word."""
    story.check_release()


def test_every_conversation_is_released_or_explained(story: Story) -> None:
    """What is missing was planted to be missed, or is a copy of a released witness."""
    planted = 0
    for row in truth("conversations"):
        noise = [what.split(":")[1] for what in row["planted"] if what.startswith("noise:")]
        allowed = {BY_NOISE[what] for what in noise if what in BY_NOISE}
        story.check_missing(row["conv_id"], allowed)
        planted += bool(allowed) and row["conv_id"] not in story.released
        assert not (row["vision"] and row["conv_id"] in story.released)
    assert planted > 20


def test_vision_is_never_staged(story: Story) -> None:
    """Every line with an image is quarantined, whatever its file is called."""
    vision = [place for place, what in story.said.items() if what.is_vision]
    assert len(vision) == 11
    assert all(place in story.run.ledger.quarantined for place in vision)


def test_planted_copies_have_their_witness(story: Story) -> None:
    """Of each family of exact copies the first stays, and the others name it."""
    family: dict[str, set[str]] = {}
    battles = [set(battle["conv_ids"]) for battle in truth("battles")]
    for row in truth("duplicates"):
        is_exact = row["kind"] in {"exact", "natural_exact"}
        if is_exact and {row["conv_id"], row["dup_of"]} not in battles:
            both = family.get(row["conv_id"], {row["conv_id"]})
            both |= family.get(row["dup_of"], {row["dup_of"]})
            family |= dict.fromkeys(both, both)
    assert len(family) > 60
    for name, both in family.items():
        alive = [other for other in both if other in story.released]
        by = {drop["dropped_by"] for drop in story.drops[name].values()}
        if name in story.released:
            assert alive == [name], both
        elif by & {"drop_near_duplicates"} or (by & {"drop_duplicates"} and not alive):
            continue  # `check_missing` has looked at the witness
        elif by & {"drop_duplicates"}:
            assert [
                drop["into"] for drop in story.drops[name].values() if drop["into"] != name
            ] == alive
        else:
            assert by & set(BY_NOISE.values()) or not story.chats[name], (name, by)


def test_lines_written_twice_count_once(story: Story) -> None:
    """Of a line that was logged twice, one row at most stays, and no feedback is counted twice."""
    twice = [row for row in truth("duplicates") if row["kind"] == "exact_line"]
    kept = {at for name in ("conversations", "battles") for at in story.run.ledger.kept(name)}
    for row in twice:
        path = str(runs.data("raw_3k", row["file"]))
        starts = runs.offsets(said.log(path))
        assert sum((path, starts[row[at] - 1]) in kept for at in ("line", "first_line")) <= 1
    assert len(twice) == 30


def test_battles_are_linked(story: Story) -> None:
    """Both sides name the battle of the truth and their side, if a vote on it can be read."""
    voted = {what.ids for what in story.said.values() if what.kind in votes.WINNERS}
    wanted = {
        name: (battle["conv_ids"][0], side)
        for battle in truth("battles")
        if tuple(battle["conv_ids"]) in voted
        for name, side in zip(battle["conv_ids"], "ab", strict=True)
    }
    found = {name: (row["battle_id"], row["side"]) for name, row in story.released.items()}
    assert found == {name: wanted.get(name, (None, None)) for name in found}
    assert len(wanted) > 990


def test_feedback_is_counted(story: Story) -> None:
    """Each conversation has the up-votes, down-votes and flags that were logged of it."""
    kinds = ("upvote", "downvote", "flag")
    lines = {
        (said.line(place), what.kind, what.ids[0])
        for place, what in story.said.items()
        if what.kind in kinds
    }
    wanted = Counter((name, kind) for _, kind, name in lines)
    for name, row in story.released.items():
        counts = {kind: wanted[name, kind] for kind in kinds}
        assert row["feedback"] == (counts if any(counts.values()) else None), name
    assert sum(row["feedback"] is not None for row in story.run.rows) > 50


def test_no_address_leaves_the_logs(
    planted: runs.Finished, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No client's address is in the release, in the run folder, or in what the run logs."""
    with caplog.at_level(logging.DEBUG):
        runs.curate([f"{runs.data('raw_3k')}/server0/*.json"], tmp_path, with_users())
    clients = {address.encode() for row in truth("users") for address in row["ips"]}
    sound = (what for _, what in said.all_of(planted.ledger))
    clients |= {what.address.encode() for what in sound if what.address}
    assert len(clients) > 600
    assert all(ADDRESS.fullmatch(address) for address in clients)
    for path, content in [*decoded(planted.output), ("log", caplog.text.encode())]:
        assert clients.isdisjoint(ADDRESS.findall(content)), path


def decoded(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The bytes of all files, and those of the columns of Parquet files."""
    for name, content in runs.tree(folder).items():
        yield name, content
        if name.endswith(".parquet"):
            sink = pa.BufferOutputStream()
            table = pq.read_table(pa.BufferReader(content))
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
            yield name, sink.getvalue().to_pybytes()


def test_user_ids_are_stable(story: Story, tmp_path: Path) -> None:
    """One id for each address, in every run with the same key; no id without an address."""
    addresses = {row["user"]: row["ips"] for row in truth("users")}
    by_truth = {row["conv_id"]: addresses[row["user"]] for row in truth("conversations")}
    pairs = set()
    for name, row in story.released.items():
        logged = story.said[story.kept[name]].address
        assert logged in {None, *by_truth[name]}
        assert (row["user_id"] is None) == (logged is None)
        pairs |= {(logged, row["user_id"])} if logged else set()
    assert len(pairs) == len({user for _, user in pairs}) == len({ip for ip, _ in pairs})
    again = runs.Finished(f"{runs.data('raw_3k')}/server1/*.json", tmp_path, with_users())
    users = {row["conversation_id"]: row["user_id"] for row in again.rows}
    both = users.keys() & story.released.keys()
    assert len(both) > 1000
    assert all(users[name] == story.released[name]["user_id"] for name in both)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    conversations=st.integers(0, 700),
    servers=st.integers(1, 3),
    gzipped=st.booleans(),
)
def test_samples_are_released_or_explained(
    seed: int, conversations: int, servers: int, *, gzipped: bool
) -> None:
    """In any synthetic log every conversation is released once, or dropped as its fate says."""
    with tempfile.TemporaryDirectory() as folder:
        options = {"seed": seed, "servers": servers, "gzipped": gzipped}
        logs = Path(folder) / "logs"
        pattern = runs.sample(logs, conversations, **options)
        if not any(logs.glob("server*/*")):
            return
        run = runs.Finished(pattern, Path(folder) / "out", "release")
        run.ledger.check(run.output)
        story = Story(run)
        story.check_release()
        for line in (logs / "truth.jsonl").read_text().splitlines():
            row = json.loads(line)
            name, fate = row["conversation_id"], row["fate"]
            story.check_missing(name, {BY_FATE[fate]} if fate in BY_FATE else set())
            assert not (fate in LOST and name in story.released), fate
        said.log.cache_clear()
