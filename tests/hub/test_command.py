"""`curate publish`, as a person meets it."""

import json
import re
import shutil
from pathlib import Path

import pytest

from pipeline import cli, files, review
from pipeline.audit import queue
from tests import runs
from tests.hub.loopback import NEXT, READER, TAG, WRITER, Loopback


@pytest.fixture(name="output")
def _output(outputs: tuple[Path, Path], tmp_path: Path) -> Path:
    """The output folder of a finished run, to publish from."""
    shutil.copytree(outputs[0], tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture(name="place")
def _place(place: Loopback, monkeypatch: pytest.MonkeyPatch) -> Loopback:
    """The Hub, where the command looks for it."""
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    return place


def publish(output: Path, *arguments: str) -> int:
    """The exit code of a publication under a tag."""
    return cli.main(["publish", str(output), "--tag", TAG, *arguments])


def test_stage_approve_promote(
    place: Loopback, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The way of a release; no token in any output, receipt or file of the run."""
    review_repo = ["--review-repo", place.review]
    promote = [*review_repo, "--repo", place.repo, "--promote", "--create"]
    assert publish(output, *review_repo) == 0
    assert publish(output, *promote) == 10
    assert "nobody approved" in capsys.readouterr().err
    assert cli.main(["publish", str(output), "--approved-by", "Ann Lee"]) == 0
    assert publish(output, *promote, "--json") == 0

    said = capsys.readouterr()
    receipt = json.loads(said.out.splitlines()[-1])
    assert receipt["oid"] == place.refs()[f"tags/{TAG}"]
    assert (receipt["tag"], receipt["approved_by"]) == (TAG, "Ann Lee")
    kept = [json.loads(p.read_bytes()) for p in (output / "run" / "published").glob("*@*.json")]
    assert sorted(one["place"] for one in kept) == sorted([place.repo, place.review])
    assert receipt in kept
    everything = [said.out.encode(), said.err.encode(), *runs.tree(output).values()]
    everything += runs.tree(place.folder / "home").values()
    assert not [text for text in everything if WRITER.encode() in text]


def test_an_approval_holds_for_one_release(
    place: Loopback, outputs: tuple[Path, Path], output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """When another release stands in the folder, the approval of the one before is refused."""
    assert cli.main(["publish", str(output), "--approved-by", "Ann Lee"]) == 0
    shutil.rmtree(output / "release")
    shutil.copytree(outputs[1] / "release", output / "release")

    assert publish(output, "--repo", place.repo, "--create") == 10
    assert "Ann Lee approved another release" in capsys.readouterr().err
    assert not place.store().exists()
    assert publish(output, "--repo", place.repo, "--create", "--approved-by", "Bob") == 0


def test_a_review_may_stand_for_an_approval(
    place: Loopback, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --most, what a finished review allows decides; without one nothing is published."""
    where = ["--repo", place.repo, "--create"]
    assert publish(output, *where, "--most", "0.5") == 10
    assert "none was finished" in capsys.readouterr().err

    _, items = review.draw(str(output), review.Asked(size=20, redacted=0))
    for item in items:
        item.left = []
        for span in item.spans:
            span.right = True
    files.write_bytes(str(output / "ann.jsonl"), queue.encoded(items))
    review.judge(str(output), [str(output / "ann.jsonl")])
    assert publish(output, *where, "--most", "0.01") == 10
    assert "it allows 0.1" in capsys.readouterr().err
    assert not place.store().exists()
    assert publish(output, *where, "--most", "0.5", "--json") == 0
    assert 0 < json.loads(capsys.readouterr().out)["bound"] <= 0.5


def test_a_recipe_may_demand_a_review(
    place: Loopback, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the manifest says so, neither a name nor --most stands for a review."""
    path = output / "release" / "manifest.json"
    manifest = json.loads(path.read_text())
    assert manifest["residual_rate"] is None
    path.write_text(json.dumps(manifest | {"residual_rate": 0.01}))
    where = ["--repo", place.repo, "--create"]

    assert publish(output, *where, "--approved-by", "Ann Lee", "--most", "0.5") == 10
    assert "demands a review that holds 0.01" in capsys.readouterr().err
    assert not place.store().exists()


@pytest.mark.parametrize("what", ["flipped", "stray", "missing"])
def test_what_fails_verify_is_not_even_staged(
    place: Loopback, output: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A flipped byte, a stray or missing file: nothing is asked of the Hub at all."""
    shard = next((output / "release" / "data" / "conversations").rglob("*.parquet"))
    if what == "flipped":
        data = bytearray(shard.read_bytes())
        data[len(data) // 2] ^= 1
        shard.write_bytes(data)
    elif what == "stray":
        (output / "release" / "notes.txt").write_text("x")
    else:
        shard.unlink()

    assert publish(output, "--review-repo", place.review) in {3, 10}
    assert re.search("fails `curate verify`|is missing", capsys.readouterr().err)
    assert not place.hub.requests()


def test_exit_codes_tell_what_went_wrong(
    place: Loopback,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A missing repository, no rights, no token, a taken tag, no Hub: one line each."""
    where = ["--repo", place.repo, "--approved-by", "Ann Lee"]
    assert publish(output, *where) == 13
    place.api().create_repo(place.repo, repo_type="dataset")
    monkeypatch.setenv("HF_TOKEN", READER)
    assert publish(output, *where) == 11
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setenv("HF_HOME", str(output / "nobody"))
    assert publish(output, *where) == 11
    monkeypatch.setenv("HF_TOKEN", WRITER)
    place.put("data/x/y/train-00000-of-00001.parquet", b"another's")
    place.api().create_tag(place.repo, tag=TAG, repo_type="dataset")
    assert publish(output, *where) == 12
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert publish(output, *where, "--timeout", "3") == 13

    said = [one for one in capsys.readouterr().err.splitlines() if one.startswith("curate:")]
    assert len(said) == 5
    assert not [line for line in said if READER in line or WRITER in line]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give --repo"),
        (["--repo", "x"], "no namespace/name"),
        (["--promote", "--repo", "a/b"], "--promote needs"),
        (["--repo", "a/b", "--review-repo", "a/c"], "give --promote"),
        (["--target", "x", "--repo", "a/b"], "--target is instead"),
        (["--repo", "a/b", "--tag", "main"], "cannot be a tag"),
    ],
)
def test_wrong_usage_is_told_before_all_else(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Options that make no sense together are code 2, whatever the release."""
    assert cli.main(["publish", "nowhere", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_dry_run_lists_every_file(
    place: Loopback, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each file with its bytes, nothing approved and nothing written."""
    assert publish(output, "--repo", place.repo, "--dry-run", "--approved-by", "Ann") == 0
    told = capsys.readouterr().out
    release = output / "release"
    for path in (path for path in release.rglob("*") if path.is_file()):
        assert f"+ {path.relative_to(release)}  {path.stat().st_size:,} bytes" in told
    assert not place.store().exists()
    assert not (output / "run" / "published").exists()


def test_a_folder_takes_the_same_rules(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unapproved is refused; approved is there, whole; a dry run of the same finds nothing."""
    target = ["--target", str(tmp_path / "hub")]
    assert publish(output, *target) == 10
    assert publish(output, *target, "--approved-by", "Ann Lee") == 0
    assert runs.tree(tmp_path / "hub" / "main") == runs.tree(output / "release")
    capsys.readouterr()
    assert cli.main(["publish", str(output), "--tag", NEXT, *target, "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"add": [], "change": [], "delete": []}


def test_the_tag_is_the_week_of_the_last_interval(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Year, ISO week, patch: the same for the same release, whenever it is published."""
    target = ["--target", str(tmp_path / "hub"), "--approved-by", "Ann Lee", "--json"]
    assert cli.main(["publish", str(output), *target]) == 0
    assert json.loads(capsys.readouterr().out)["tag"] == "2023.25.0"


def test_an_archive_is_published_again(output: Path, tmp_path: Path) -> None:
    """A tag of a folder is a release: rolling back needs no run, but a place for receipts."""
    target = ["--target", str(tmp_path / "hub"), "--approved-by", "Ann Lee"]
    assert publish(output, *target) == 0
    old = tmp_path / "hub" / "tags" / TAG
    again = ["publish", str(old), "--tag", NEXT, *target]
    assert cli.main(again) == 2
    assert cli.main([*again, "--run", str(tmp_path / "receipts")]) == 0
    assert not (tmp_path / "hub" / "tags" / "run").exists()
