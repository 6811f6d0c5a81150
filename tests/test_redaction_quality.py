"""The figures that redaction promises hold on sets that nobody wrote rules by."""

import subprocess
import sys

import pytest

from benchmarks.pii import adapters, altered, sets
from benchmarks.pii.labelled import labelled
from benchmarks.pii.scores import Scores, scored
from tests import runs

pytestmark = pytest.mark.slow
NOT_PERSONAL = 0.01
SAMPLE = 6000
LEAST = {"email": 0.97, "card": 0.99, "iban": 0.99, "ip": 0.97, "secret": 0.93, "national_id": 0.93}
ALARMS = 0.05


@pytest.fixture(scope="module")
def ours() -> Scores:
    """Our detector under the default policy on our labelled set, public figures aside."""
    return scored(labelled(), adapters.ours())


def test_generated_sentences() -> None:
    """presidio-research's sentences: telephone numbers and persons."""
    runs.data("pii")
    kinds = scored(sets.generated_large(), adapters.ours()).by_kind

    assert kinds["phone"].recall >= 0.85
    assert kinds["phone"].precision >= 0.95
    assert kinds["person"].f(1) >= 0.87


def test_our_labelled_set(ours: Scores) -> None:
    """Kinds with a shape of their own are found nearly always, and nothing else is taken."""
    recall = {kind: ours.by_kind[kind].recall for kind in LEAST}

    assert {kind: share for kind, share in recall.items() if share < LEAST[kind]} == {}
    assert ours.whole.precision >= 0.95
    assert ours.whole.recall >= 0.75


def test_messages_without_personal_data_stay_as_they_are() -> None:
    """Of messages without planted data at most 1 % are altered for anything not personal."""
    runs.data("raw_40k")
    known = altered.verdicts()
    messages = altered.sampled(altered.LOGS, SAMPLE)
    bad = 0
    for message, spans in altered.altered(messages, adapters.ours()):
        said = known.get(message.digest, {})
        bad += any(said.get(altered.span_digest(message, one)) != "personal" for one in spans)

    assert len(messages) == SAMPLE
    assert altered.upper_bound(bad, SAMPLE) <= NOT_PERSONAL


def test_presidio_is_matched_exactly() -> None:
    """Its own recognizers, ours to run: every finding of 1,000 messages is the same."""
    runs.data("raw_40k")
    command = [sys.executable, "-m", "benchmarks.presidio", "--short"]
    done = subprocess.run(command, cwd=runs.ROOT, check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("1,000 of 1,000") == 4
