"""A rate that jumps is an alarm; what always varied is none."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import anomalies, cli
from pipeline.errors import InputError
from tests import runs
from tests.growing.conftest import World

DAYS = ["2023-04-24", "2023-04-25", "2023-04-26", "2023-04-27"]


def rate(shares: list[float], rows: int = 5000) -> anomalies.Rate:
    """The last of some days beside the others."""
    of = Counter(dict.fromkeys(DAYS[: len(shares)], rows))
    counts = Counter({day: round(share * rows) for day, share in zip(DAYS, shares, strict=False)})
    return anomalies._rate("any", counts, of, DAYS[: len(shares)], 4.0, 0.02)


@pytest.mark.parametrize(
    ("shares", "is_alarm"),
    [
        ([0.10, 0.11, 0.09, 0.10], False),
        ([0.10, 0.11, 0.09, 0.30], True),
        ([0.10, 0.11, 0.09, 0.00], True),
        ([0.10, 0.40, 0.20, 0.45], False),
        ([0.001, 0.001, 0.001, 0.009], False),
        ([0.10, 0.25], True),
        ([0.10, 0.11], False),
    ],
)
def test_a_jump_is_an_alarm(shares: list[float], is_alarm: bool) -> None:  # noqa: FBT001
    """Up or down, beside days that hardly vary; not where they always did, nor below two points."""
    assert rate(shares).is_alarm is is_alarm


def test_few_rows_are_no_alarm() -> None:
    """Three of ten rows, where a tenth is usual, may well be chance."""
    assert not rate([0.1, 0.1, 0.1, 0.3], rows=10).is_alarm


def test_rates_are_those_of_the_run(world: World) -> None:
    """Drops over staged rows, and tags over released rows, of the last day."""
    found = {one.name: one for one in anomalies.rates(str(world.whole))}
    released = runs.rows(world.whole, "metadata")
    last = max(
        path.parent.name for path in (world.whole / "release/data/metadata").rglob("*.parquet")
    )
    of_last = runs.read(world.whole / "release" / "data" / "metadata" / last)

    assert released
    for name, column in (("redacted", "redacted"), ("with code", "has_code")):
        if name in found:
            wanted = sum(row[column] for row in of_last) / len(of_last)
            assert found[name].newest == pytest.approx(wanted, abs=1e-6)
    dropped = json.loads((world.whole / "run" / "manifest.json").read_text())["books"]["dropped"]
    assert {name for name in found if name.startswith("dropped by ")} == {
        f"dropped by {why}" for why in dropped["conversations"]
    }


def test_the_command_fails_on_an_alarm(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half of the last day's rows newly flagged: exit 1, and the rate is named."""
    if not runs.rows(world.whole)[0].get("moderation_model"):
        names = [one.name for one in anomalies.rates(str(world.whole))]
        assert all(name.startswith("dropped by ") for name in names)
        return
    shutil.copytree(world.whole, tmp_path / "out")
    assert cli.main(["anomalies", str(tmp_path / "out")]) == 0
    last = max((tmp_path / "out" / "release" / "data" / "metadata").iterdir())
    for path in last.rglob("*.parquet"):
        table = pq.read_table(path)
        at = table.schema.get_field_index("flagged_user")
        table = table.set_column(at, "flagged_user", pa.array([True] * table.num_rows))
        pq.write_table(table, path)
    capsys.readouterr()

    assert cli.main(["anomalies", str(tmp_path / "out")]) == 1
    assert "flagged prompts  <- ALARM" in capsys.readouterr().out


def test_one_interval_has_nothing_to_compare_with(small: Path, tmp_path: Path) -> None:
    """One clear message, no figure out of nothing."""
    runs.curate(runs.sample(tmp_path / "day", 60, days=1), tmp_path / "out", runs.small())
    with pytest.raises(InputError, match="one interval"):
        anomalies.rates(str(tmp_path / "out"))
    assert anomalies.rates(str(small))
