"""Known values that were planted in logs are counted in the release, and stand nowhere else."""

import gzip
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import canaries, cli, recipe
from pipeline.audit import canary_values, canary_words, spelling
from pipeline.audit.planting import Canary, Planter
from pipeline.errors import InputError
from pipeline.ingest import json_lines
from pipeline.pii.kinds import KINDS
from tests import runs

SURE = ("card", "email", "iban", "ip", "phone", "secret", "url_secret", "wallet")
"""Kinds that no canary of may be left."""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of sample logs with canaries in a third of the messages."""
    folder = tmp_path_factory.mktemp("canaries")
    pattern = runs.sample(folder / "logs", 400)
    canaries.plant([pattern], str(folder / "planted"), Planter(seed=5, share=0.3))
    return folder / "planted"


@pytest.fixture(scope="module")
def done(planted: Path) -> subprocess.CompletedProcess[bytes]:
    """`curate run release` on the copy, in a process of its own; output beside it, in `out`."""
    arguments = ["--input", f"{planted}/**/*-conv.json", "--output", str(planted.parent / "out")]
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "run", "release", *arguments, "--workers", "1"],
        capture_output=True,
        check=True,
        env=os.environ | {"CURATE_ID_KEY": runs.KEY},
    )


def truth(planted: Path) -> list[Canary]:
    """What was planted."""
    return canaries.truth(str(planted / canaries.TRUTH))


def test_every_kind_and_language_has_its_values_and_words() -> None:
    """A kind that is added to the redactor needs a canary; words are there in all languages."""
    assert set(canary_values.MAKERS) == set(KINDS) - {"other"}
    assert set(canary_words.KINDS) == set(canary_values.MAKERS) - {"person"}
    languages = set(canary_words.GIVEN)
    for words in (canary_words.SURNAMES, canary_words.CALLED, canary_words.CARRIERS):
        assert set(words) == languages
    assert {len(nouns) for nouns in canary_words.NOUNS.values()} == {len(canary_words.KINDS)}


@pytest.mark.parametrize("kind", canary_values.MAKERS)
@given(seed=st.integers(0, 10**9), language=st.sampled_from(sorted(canary_words.GIVEN)))
def test_a_value_is_found_in_any_spelling(kind: str, seed: int, language: str) -> None:
    """A value, said again by an answer, in capitals or with other separators, is the same one."""
    value = canary_values.value(kind, Random(seed), language)  # noqa: S311
    again = canary_values.respelled(kind, value)
    needles = spelling.needles(kind, value)

    for said in (value, again, value.upper(), " ".join(value.split("-")), f"x: {value}."):
        assert any(needle in spelling.squeezed(said) for needle in needles)
    assert not any(needle in spelling.squeezed("NAME_1 EMAIL_2 and so on") for needle in needles)


def states(line: bytes) -> Iterator[dict[str, Any]]:
    """The states in a log line that can be read."""
    try:
        record, _ = json_lines.parse(line)
    except json_lines.Unreadable:
        return
    states = record.get("states")
    for state in (record.get("state"), *(states if isinstance(states, list) else [])):
        if isinstance(state, dict):
            yield state


def lines(folder: Path) -> list[bytes]:
    """All lines of the logs of a folder."""
    return runs.lines(f"{folder}/server*/*-conv.json")


def test_a_copy_differs_in_canaries_only(planted: Path) -> None:
    """As many lines; each is the same, or the same but for a planted sentence."""
    values: dict[str, list[Canary]] = {}
    for canary in truth(planted):
        values.setdefault(canary.conversation_id, []).append(canary)
    before, after = lines(planted.parent / "logs"), lines(planted)
    assert len(before) == len(after)
    changed = 0
    for old, new in zip(before, after, strict=True):
        for was, now in zip(states(old), states(new), strict=True):
            mine = values.get(str(was.get("conv_id")), [])
            for (_, one), (_, other) in zip(was["messages"], now["messages"], strict=True):
                if one != other:
                    assert one in other
                    assert any(canary.value in other for canary in mine)
                    changed += 1
            assert {**was, "messages": 0} == {**now, "messages": 0}
        assert old == new or any(states(old))
    assert changed > len(truth(planted)) > 300


def test_a_message_has_one_canary_wherever_it_is_logged(planted: Path) -> None:
    """Cumulative lines and votes repeat a message with the same canary in it."""
    seen: dict[tuple[str, int, str], str] = {}
    pairs = zip(lines(planted.parent / "logs"), lines(planted), strict=True)
    for old, new in pairs:
        for was, now in zip(states(old), states(new), strict=True):
            for place, (one, other) in enumerate(
                zip(was["messages"], now["messages"], strict=True)
            ):
                before = tuple(repr(text) for _, text in was["messages"][: place + 1])
                key = (str(was["conv_id"]), place, repr((before[-2:], one[1])))
                assert seen.setdefault(key, repr(other[1])) == repr(other[1])


def test_the_same_seed_plants_the_same(planted: Path, tmp_path: Path) -> None:
    """Byte for byte; nothing is planted of a share of none; the copy is private."""
    pattern = f"{planted.parent}/logs/server*/*-conv.json"
    canaries.plant([pattern], str(tmp_path / "again"), Planter(seed=5, share=0.3))
    canaries.plant([pattern], str(tmp_path / "none"), Planter(seed=5, share=0.0))
    canaries.plant([pattern], str(tmp_path / "other"), Planter(seed=6, share=0.3))

    assert runs.tree(tmp_path / "again") == runs.tree(planted)
    assert lines(tmp_path / "none") == lines(planted.parent / "logs")
    assert truth(tmp_path / "none") == []
    assert not set(truth(tmp_path / "other")) & set(truth(planted))
    assert stat.S_IMODE((tmp_path / "again").stat().st_mode) == 0o700


def test_every_form_of_a_log_is_kept(planted: Path, tmp_path: Path) -> None:
    """Files stay compressed, the remote logger's strings strings, damaged lines as they are."""
    state = {"conv_id": "c" * 32, "messages": [["user", "hi"], ["bot", "ho"]], "offset": 0}
    row = {"tstamp": 1.7e9, "type": "chat", "state": json.dumps(state), "ip": "198.18.0.1"}
    rows = [json.dumps(row).encode(), b"{truncated", b"", b'{"type": "chat", "state": 7}']
    (tmp_path / "logs").mkdir()
    log = tmp_path / "logs" / "2023-11-14-conv.json.gz"
    log.write_bytes(gzip.compress(b"\n".join(rows) + b"\n"))
    made = canaries.plant([str(log)], str(tmp_path / "copy"), Planter(seed=1, share=1.0))

    first, *rest = gzip.decompress((tmp_path / "copy" / log.name).read_bytes()).split(b"\n")
    assert isinstance(json.loads(first)["state"], str)
    assert [canary.message for canary in made.canaries] == [0, 1]
    assert rest == [*rows[1:], b""]
    with pytest.raises(InputError, match="overwritten"):
        canaries.plant([str(log)], str(log.parent), Planter(seed=1, share=1.0))
    with pytest.raises(InputError, match="no canaries"):
        canaries.truth(str(planted / "server0" / "2023-06-24-conv.json"))


@pytest.mark.usefixtures("done")
def test_the_release_recipe_finds_them(planted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of kinds with a proof none is left; the table names numbers only; exit codes gate."""
    output, told = str(planted.parent / "out"), str(planted / canaries.TRUTH)
    check = ["canaries", "check", output, "--truth", told]

    assert cli.main([*check, "--kinds", *SURE, "--least", "1"]) == 0
    assert cli.main([*check, "--least", "0", "--json"]) == 0
    said = capsys.readouterr()
    table, found = said.out.rsplit("\n", 2)[:2]
    assert json.loads(found)["released"] > 250
    assert "| email |" in table
    assert not [one for one in truth(planted) if one.value in said.out + said.err]
    with pytest.raises(SystemExit):
        cli.main(["canaries", "check", output])
    assert cli.main([*check, "--kinds", "shoe_size"]) == 2


def test_without_redaction_they_are_all_left(planted: Path, tmp_path: Path) -> None:
    """A recipe that redacts nothing has a recall of nothing, and the gate is shut."""
    made = recipe.build({"stages": ["drop_malformed_turns", "drop_superseded"]})
    runs.curate(f"{planted}/**/*-conv.json", tmp_path / "out", made)
    found = canaries.check(str(tmp_path / "out"), truth(planted))

    assert len(found.left) == found.released > 250
    assert {share.hits for share in found.by["kind"].values()} == {0}
    arguments = ["--truth", str(planted / canaries.TRUTH)]
    assert cli.main(["canaries", "check", str(tmp_path / "out"), *arguments]) == 1


def test_a_canary_stands_nowhere_outside_the_run_folder(
    planted: Path, done: subprocess.CompletedProcess[bytes]
) -> None:
    """Not in stdout, stderr, the bytes of any file or any column of the release but its texts.

    Those of kinds with a proof are in no text either, of whatever conversation.
    """
    output = planted.parent / "out"
    outside = {
        name: data for name, data in runs.tree(output).items() if not name.startswith("run/")
    }
    everything = b"\n".join([done.stdout, done.stderr, *outside.values()])
    rows = runs.rows(output)
    columns = repr([{**row, "conversation": None} for row in rows])
    texts = "\n".join(one["content"] for row in rows for one in row["conversation"])

    assert outside.keys() >= {"release/manifest.json"}
    for canary in truth(planted):
        for value in {canary.value, canary_values.respelled(canary.kind, canary.value)}:
            assert value.encode() not in everything
            assert json.dumps(value)[1:-1].encode() not in everything
            assert value not in columns
            assert canary.kind not in SURE or value not in texts, (canary.cue, canary.language)
