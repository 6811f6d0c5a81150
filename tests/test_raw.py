"""The contract of the raw event fits what the log writers write."""

import json

import msgspec
import orjson

from pipeline.ingest import json_lines
from pipeline.sample import logs
from schemas import raw


def test_generated_lines_keep_the_contract() -> None:
    """Every line that ingest can read as an event is one of the three structs."""
    kept = 0
    for line in logs.draw(conversations=600).lines:
        try:
            record, _ = json_lines.parse(line.data.rstrip(b"\n"))
        except json_lines.Unreadable:
            continue
        struct = raw.EVENTS.get(record.get("type", ""))
        if struct and isinstance(record.get("tstamp"), float) and _has_states(record):
            msgspec.convert(record, struct)
            kept += 1

    assert kept > 900


def _has_states(record: dict[str, object]) -> bool:
    states = record.get("states", [record.get("state")])
    return isinstance(states, list) and all(isinstance(state, dict) for state in states)


def test_the_json_schema_names_all_types() -> None:
    """The schema that is handed out covers every `type` that ingest reads."""
    text = orjson.dumps(raw.json_schema()).decode()

    assert all(json.dumps(kind) in text for kind in raw.EVENTS)
    assert set(raw.EVENTS) == {
        *("chat", "upvote", "downvote", "flag", "share"),
        *("leftvote", "rightvote", "tievote", "bothbad_vote"),
    }
