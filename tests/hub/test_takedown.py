"""After a take-down no revision of a repository gives what was forgotten."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline import cli, forgetting, run
from pipeline.contract import verify
from pipeline.errors import CurationError, UnfitError
from pipeline.forgetting import Request
from pipeline.hub import candidate, takedown
from pipeline.hub.candidate import Candidate
from pipeline.hub.publisher import Place
from pipeline.hub.takedown import Affected, TakeDown
from tests import runs
from tests.hub import faults
from tests.hub.loopback import EITHER, NEXT, TAG, WRITER, Loopback

PATCH = "2023.26.2"
ERASE, UNTAG = r"POST .*/lfs-files/batch", r"DELETE .*/tag/"


@dataclass
class Story:
    """Two releases, the later one patched, and what that forgot.

    Attributes:
        first, second: as they were published.
        patched: the later one without a conversation.
        output: its folder.
        gone: the id of the conversation, which both have.
        text: that only this conversation has.
    """

    first: Candidate
    second: Candidate
    patched: Candidate
    output: Path
    gone: str
    text: str


@pytest.fixture(name="story", scope="module")
def _story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A release, one that goes on from it, and a conversation of both that is forgotten."""
    folder = tmp_path_factory.mktemp("takedown")
    made = runs.small("rich", shard_mb=96.0)
    logs = runs.sample(folder / "logs", conversations=90, days=3)
    days = sorted({path.name[-20:-10] for path in (folder / "logs").glob("server*/*.json")})
    runs.curate(f"{folder}/logs/server*/*{days[0]}-conv.json", folder / "one", made)
    runs.curate(logs, folder / "two", made, after=str(folder / "one"))
    runs.curate([], folder / "patched", made, after=str(folder / "two"))
    before, after = (runs.rows(folder / name) for name in ("one", "two"))
    told = [message["content"] for row in after for message in row["conversation"]]
    both = {row["conversation_id"] for row in after}
    row, text = next(
        (row, message["content"])
        for row in before
        for message in row["conversation"]
        if row["conversation_id"] in both and told.count(message["content"]) == 1
    )
    gone = row["conversation_id"]
    with runs.keyed():
        request = Request(conversations=[gone])
        settings = run.Settings(1, "plain")
        forgetting.forget(made, "tested", str(folder / "patched"), request, settings)
    one, two, patched = (candidate.read(str(folder / name)) for name in ("one", "two", "patched"))
    return Story(one, two, patched, folder / "patched", gone, text)


def carry_out(place: Loopback, story: Story, run_folder: Path, repo: str = "") -> Affected:
    """The take-down of the patched release."""
    where = Place(repo or place.repo, TAG)
    return TakeDown(place.client(), story.patched, where).carry_out(str(run_folder))


def content(folder: Path) -> Iterator[str]:
    """Every file below a folder, decoded."""
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            yield json.dumps(pq.ParquetFile(path).read().to_pylist(), default=str)
        elif path.is_file():
            yield path.read_bytes().decode("utf-8", "replace")


def check_gone(place: Loopback, story: Story) -> None:
    """All that readers can name: no tag and no commit gives the id or the text."""
    refs = place.refs()
    assert refs.keys() == {"heads/main", f"tags/{PATCH}"}
    assert refs["heads/main"] == refs[f"tags/{PATCH}"]
    for revision in (PATCH, *place.trees()):
        for text in content(place.downloaded(revision)):
            assert story.gone not in text
            assert json.dumps(story.text)[1:-1] not in text
    assert verify(str(place.downloaded(PATCH))).is_kept
    assert story.patched.is_held(place.trees()[refs["heads/main"]])


@EITHER
def test_no_revision_gives_what_was_forgotten(
    place: Loopback, story: Story, tmp_path: Path
) -> None:
    """Before, both tags give it; after, neither tag nor any commit that was ever made does."""
    place.publish(story.first, TAG)
    place.publish(story.second, NEXT)
    for tag in (TAG, NEXT):
        assert any(story.gone in text for text in content(place.downloaded(tag)))
    before = place.refs()
    done = carry_out(place, story, tmp_path / "run")

    assert done.tag == PATCH
    assert done.tags == {tag: before[f"tags/{tag}"] for tag in (TAG, NEXT)}
    assert not set(done.shards) & {one.sha256 for one in story.patched.wanted.values()}
    for path in (place.folder / place.repo).iterdir():
        path.rename(path.with_name(f"before-{path.name}"))
    check_gone(place, story)
    kept = json.loads(
        Path(takedown.record(str(tmp_path / "run"), story.patched, place.repo)).read_bytes()
    )
    assert kept["tags"] == done.tags
    assert kept["finished"]
    assert story.gone not in json.dumps(kept)


def test_order_and_again(place: Loopback, story: Story, tmp_path: Path) -> None:
    """The patch is there before anything goes; a second time nothing is done but to look."""
    place.publish(story.second, NEXT)
    place.hub.clear()
    carry_out(place, story, tmp_path / "run")
    steps = [
        next(
            at for at, one in enumerate(place.hub.requests("")) if one in place.hub.requests(match)
        )
        for match in (r"POST .*/commit/main", r"POST .*/tag/", ERASE, UNTAG)
    ]
    assert steps == sorted(steps)
    place.hub.clear()
    again = carry_out(place, story, tmp_path / "run")

    assert again.tag == PATCH
    assert again.tags.keys() == {NEXT}
    assert not place.hub.requests(rf"(POST .*/commit/|{ERASE}|{UNTAG}|POST .*/tag/)")


@pytest.mark.parametrize(
    "match",
    [r"POST .*/commit/main", r"POST .*/tag/", ERASE, UNTAG],
    ids=["commit", "name", "erase", "unname"],
)
@pytest.mark.parametrize("action", ["unanswered", pytest.param("cut", marks=pytest.mark.proof)])
def test_a_lost_answer(
    place: Loopback, story: Story, tmp_path: Path, match: str, action: str
) -> None:
    """Each step may be done without an answer, or not be done: it ends in the same."""
    place.publish(story.first, TAG)
    place.publish(story.second, NEXT)
    made = faults.put(place.hub, lambda number: number == 1, action, match)
    done = carry_out(place, story, tmp_path / "run")

    assert made.seen
    assert done.tags.keys() == {TAG, NEXT}
    check_gone(place, story)


@pytest.mark.parametrize(
    "match", [r"POST .*/commit/main", ERASE, UNTAG], ids=["commit", "erase", "unname"]
)
def test_killed_at_a_step(place: Loopback, story: Story, tmp_path: Path, match: str) -> None:
    """Ended at a step that was done, another process goes on; the record has all that went."""

    class Ended(Exception):  # noqa: N818 (no error, the end of a process)
        """Stands for the end of the process."""

    place.publish(story.first, TAG)
    place.publish(story.second, NEXT)
    client = place.own_client()
    asked = client.ask

    def ask(request: Any) -> Any:
        answer = asked(request)
        if made.seen:
            raise Ended
        return answer

    made = faults.put(place.hub, lambda number: number == 1, None, match)
    client.ask = ask  # type: ignore[method-assign]
    with client, pytest.raises(Ended):
        TakeDown(client, story.patched, Place(place.repo, TAG)).carry_out(str(tmp_path / "run"))
    place.hub.faults.clear()
    done = carry_out(place, story, tmp_path / "run")

    assert done.tags.keys() == {TAG, NEXT}
    assert set(done.shards) >= {
        one.sha256
        for path, one in story.second.wanted.items()
        if path.startswith("data/") and one.sha256 not in _hashes(story.patched)
    }
    check_gone(place, story)


def test_a_release_that_forgot_the_same_stays(
    place: Loopback, story: Story, tmp_path: Path
) -> None:
    """Only what may hold forgotten rows goes: not an earlier patch, not somebody's own file."""
    place.publish(story.patched, TAG)
    place.put("notes.bin", bytes(range(256)) * 100)
    place.publish(story.second, NEXT)
    done = carry_out(place, story, tmp_path / "run")

    assert done.tag == PATCH
    assert done.tags.keys() == {NEXT}
    assert "notes.bin" in place.trees()[place.refs()["heads/main"]]
    assert place.refs().keys() == {"heads/main", f"tags/{TAG}", f"tags/{PATCH}"}
    assert story.patched.is_held(place.trees()[place.refs()[f"tags/{TAG}"]])


def test_a_release_that_forgot_nothing_is_refused(place: Loopback, story: Story) -> None:
    """Nothing is erased by a release that does not say that it leaves something out."""
    place.publish(story.first, TAG)
    before = place.refs()
    with pytest.raises(UnfitError, match="forgot nothing"):
        TakeDown(place.client(), story.second, Place(place.repo, NEXT)).carry_out("run")

    assert place.refs() == before


def test_the_command_line(
    place: Loopback,
    story: Story,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It asks for a name, lists what would go, does it, and says where the record is."""
    place.publish(story.second, NEXT)
    for name, value in place.environment(WRITER).items():
        monkeypatch.setenv(name, value)
    command = ["publish", str(story.output), "--repo", place.repo, "--take-down"]

    assert cli.main([*command, "--dry-run"]) == 0
    assert f"- tag {NEXT}" in capsys.readouterr().out
    assert cli.main(command) == 10
    assert f"tags/{NEXT}" in place.refs()
    assert cli.main([*command, "--approved-by", "Ann Lee"]) == 0
    told = capsys.readouterr().out
    assert f"{place.repo} {PATCH}: " in told
    assert Path(told.splitlines()[-1].removeprefix("record: ")).is_file()
    assert cli.main([*command[:2], "--target", "x", "--take-down"]) == CurationError.exit_code + 1
    assert place.refs().keys() == {"heads/main", f"tags/{PATCH}"}


def _hashes(release: Candidate) -> set[str]:
    return {one.sha256 for one in release.wanted.values()}
