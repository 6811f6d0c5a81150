"""The model of names is fitted the same way each time, from what its card says."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline import cli
from pipeline.errors import InputError
from pipeline.pii.names import features, sentences, tagger, training, words

ROWS = [
    {"text": f"{first} met {last} in {place}.", "spans": [[0, len(first), "PER"]]}
    for first in ("Anna", "Peter", "Maria")
    for last in ("Smith", "Jones")
    for place in ("Paris", "London")
]
PROGRAM = """
import hashlib, sys
from pathlib import Path
from pipeline.pii.names import training
training.train(Path(sys.argv[1]), Path(sys.argv[2]), made=80, rounds=3)
print(hashlib.sha256(Path(sys.argv[2]).read_bytes()).hexdigest())
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a few labelled sentences under the names of the real files."""
    for file in training.FILES:
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return tmp_path


def test_the_same_files_give_the_same_bytes(data: Path) -> None:
    """Two fits in processes of other hash seeds give one digest."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(data), str(data / f"{seed}.npz")],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in (0, 1)
    }

    assert len(digests) == 1


def test_a_fitted_model_tags(data: Path) -> None:
    """What was just fitted can be loaded and finds the names that it was fitted to."""
    training.train(data, data / "model.npz", made=400, rounds=20)
    model = tagger.load(data / "model.npz")
    found = words.of(pa.array(["Anna met Smith in Paris."]))
    tagged, _ = tagger.tag(found, features.segments(found, model.lexicon), model)

    assert 0 in tagged.first.tolist()


def test_sentences_are_the_same_each_time() -> None:
    """One seed makes one list of sentences, with spans inside the texts."""
    made = sentences.made(300)

    assert made == sentences.made(300)
    assert made != sentences.made(300, seed=5)
    assert all(0 <= b < e <= len(one.text) for one in made for b, e, _ in one.spans)


def test_the_command_writes_a_model_and_its_sizes(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`curate train-names` writes the model and model.json, and needs its files."""
    output = data / "made.npz"
    command = ["train-names", "--data", str(data), "--output", str(output), "--sentences", "60"]

    assert cli.main(command) == 0
    assert json.loads(output.with_suffix(".json").read_text())["real_sentences"] == 2 * len(ROWS)
    assert json.loads(capsys.readouterr().out)["bytes"] == output.stat().st_size
    assert cli.main(["train-names", "--data", str(data / "none")]) == InputError.exit_code
    assert "lacks" in capsys.readouterr().err


def test_the_shipped_model_is_the_recorded_one() -> None:
    """model.json holds the digest of model.npz, so a model and its card cannot drift apart."""
    recorded = json.loads(tagger.place().with_suffix(".json").read_text())

    assert hashlib.sha256(tagger.place().read_bytes()).hexdigest() == recorded["sha256"]
