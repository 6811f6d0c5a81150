"""The planted personal data of the developers' logs is gone from a release of them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests import runs

NAMES, LATIN_NAMES = 0.85, 0.92
EXACT = {"EMAIL", "PHONE", "CREDIT_CARD", "IBAN", "IP_ADDRESS", "API_KEY"}
LEAST = {"PERSON": NAMES} | dict.fromkeys(EXACT, 0.995)
OTHERS = 0.9


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> runs.Finished:
    """The shipped recipe on the logs in which personal data was planted."""
    pattern = f"{runs.data('raw_3k')}/server*/*"
    return runs.Finished(pattern, tmp_path_factory.mktemp("planted"), "release")


def planted(released: runs.Finished) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each planted value of a released conversation, and whether it is still there."""
    texts = {
        row["conversation_id"]: "\n".join(message["content"] for message in row["conversation"])
        for row in released.rows
    }
    for one in runs.records("raw_3k", "truth", "pii.jsonl"):
        if one["conv_id"] in texts:
            yield one, one["value"] in texts[one["conv_id"]]


def test_planted_values_are_gone(released: runs.Finished) -> None:
    """Recall of each kind, over all turns of a conversation."""
    found: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for one, is_left in planted(released):
        found[one["type"]] += 1
        left[one["type"]] += is_left

    recall = {kind: 1 - left[kind] / count for kind, count in found.items()}
    assert recall.keys() >= EXACT
    assert {k: r for k, r in recall.items() if r < LEAST.get(k, OTHERS)} == {}


def test_planted_latin_names_are_gone(released: runs.Finished) -> None:
    """Names in Latin letters, whatever their language."""
    fates = [left for one, left in planted(released) if one["type"] == "PERSON" and _is_latin(one)]

    assert len(fates) > 50
    assert 1 - sum(fates) / len(fates) >= LATIN_NAMES


def _is_latin(one: dict[str, Any]) -> bool:
    return all(letter < "\u0250" for letter in one["value"])


def test_redacted_conversations_say_so(released: runs.Finished) -> None:
    """Every released conversation with a planted value has its flag and its spans."""
    rows = {row["conversation_id"]: row for row in released.rows}
    with_values = {one["conv_id"] for one, is_left in planted(released) if not is_left}

    assert all(rows[conversation]["redacted"] for conversation in with_values)
    for conversation in with_values:
        row = rows[conversation]
        for one in row["redactions"]:
            text = row["conversation"][one["message"]]["content"]
            token, _, number = text[one["start"] : one["end"]].partition("_")
            assert token.isupper()
            assert number.strip('"').isdigit()


def test_the_manifest_counts_what_the_rows_say(released: runs.Finished) -> None:
    """Counters by kind, rule and role equal the released column."""
    said = Counter(
        (one["kind"], one["rule"], ("user", "assistant")[one["message"] % 2])
        for row in released.rows
        for one in row["redactions"]
    )
    counted: Counter[tuple[str, str, str]] = Counter()
    for one in released.manifest.release.redactions:
        counted[one.kind, one.rule, one.role] += one.count

    assert counted == said
