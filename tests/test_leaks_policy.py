"""A scan of a release knows what its policy leaves on purpose: what has too little evidence."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import cli, leaks, recipe
from pipeline.audit import checks
from pipeline.audit.knowledge import Policy
from pipeline.stages.redaction import RedactPii
from tests import runs
from tests.test_leaks import chat


def test_what_the_policy_wants_more_evidence_for_is_no_leak() -> None:
    """What the redactor saw below the threshold of a role may stand in it; unseen, it is a leak."""
    stage = RedactPii()
    told = Policy(stage.rulings, detector=stage.marker.detector)
    answer = "Set it to username@github-server.com first."
    (hit,) = checks.found(answer)

    assert told.leaves([hit], "assistant", answer) == [hit]
    assert told.leaves([hit], "user", answer) == []
    real = "Write to q.whitaker@mail.net first."
    assert told.leaves(list(checks.found(real)), "assistant", real) == []
    unseen = hit._replace(value="somebody.else@mail.net")
    assert told.leaves([unseen], "assistant", answer) == []
    assert Policy(stage.rulings).leaves([hit], "assistant", answer) == []


def test_examples_in_answers_are_no_leaks_and_others_are(tmp_path: Path) -> None:
    """A clean release passes with what its policy leaves in answers; with a real value it fails."""
    answer = "Put username@github-server.com and deine_email@adresse.de there, see test@test.org."
    log = tmp_path / "2023-11-14-conv.json"
    log.write_text(chat(1, "How do I set my address in git?").replace("Answer number 1.", answer))
    made = recipe.build({"stages": [{"redact_pii": {}}]})
    runs.curate(str(log), tmp_path / "out", made)
    release = tmp_path / "out" / "release"
    told = leaks.known(str(release), None, str(tmp_path / "out" / "run"), None)
    path = next((release / "data" / "conversations").rglob("*.parquet"))
    table = pq.read_table(path)
    rows = table.to_pylist()

    assert "github-server" in rows[0]["conversation"][1]["content"]
    assert [*leaks.scan(str(release), told)] == []
    assert cli.main(["leaks", str(tmp_path / "out")]) == 0
    rows[0]["conversation"][1]["content"] += " Or ask q.whitaker@mail.net."
    pq.write_table(pa.Table.from_pylist(rows, table.schema), path)
    assert [(hit.kind, hit.count) for hit in leaks.scan(str(release), told)] == [("email", 1)]
    assert cli.main(["leaks", str(release)]) == 1
