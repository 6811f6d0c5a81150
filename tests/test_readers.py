"""A release as its users read it: datasets, polars, duckdb, pandas; whole, streamed, by column."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from tests import runs

CONFIGS = ("conversations", "metadata", "sample")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run with all columns that need no model."""
    folder = tmp_path_factory.mktemp("read")
    logs = runs.sample(folder / "logs", 200)
    made = runs.small(sample=10, user_id=True, generation=True)
    runs.curate(logs, folder / "out", made)
    return folder / "out"


@pytest.fixture(scope="module")
def release(output: Path) -> Path:
    """The release folder."""
    return output / "release"


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The library, offline, with a cache of its own."""
    cache = tmp_path_factory.mktemp("cache")
    told = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(cache), "HF_HOME": str(cache)}
    with mock.patch.dict(os.environ, told):
        import datasets  # noqa: PLC0415 (it reads its environment once)

        datasets.disable_progress_bars()
        yield datasets


def files(release: Path, config: str) -> str:
    """The pattern of the files of a config."""
    return f"{release}/data/{config}/*/*.parquet"


def inferred(release: Path, config: str, datasets: Any) -> Any:
    """The features that Arrow types alone stand for."""
    schema = pa.parquet.read_schema(next((release / "data" / config).rglob("*.parquet")))
    return datasets.Features.from_arrow_schema(schema.with_metadata(None))


@pytest.mark.parametrize("config", CONFIGS)
def test_datasets_loads_the_folder(
    config: str, output: Path, datasets: Any, tmp_path: Path
) -> None:
    """`load_dataset(folder, config)` gives every row, typed, lists as plain lists of structs."""
    release = output / "release"
    loaded = datasets.load_dataset(str(release), config, split="train", cache_dir=str(tmp_path))
    assert loaded.to_list() == runs.rows(output, config)
    assert loaded.features == inferred(release, config, datasets)
    if config != "metadata":
        message = {"content": datasets.Value("string"), "role": datasets.Value("string")}
        assert loaded.features["conversation"] == datasets.List(message)
    scores = loaded.features["openai_moderation"].feature["category_scores"]
    assert scores["self-harm/intent"] == datasets.Value("float64")


def test_the_default_config_is_the_whole(output: Path, datasets: Any, tmp_path: Path) -> None:
    """Without a name, `load_dataset(folder)` gives the conversations."""
    loaded = datasets.load_dataset(str(output / "release"), split="train", cache_dir=str(tmp_path))
    assert loaded["conversation_id"][:] == runs.table(output)["conversation_id"].to_pylist()


@pytest.mark.parametrize("config", CONFIGS)
def test_datasets_streams_it(config: str, output: Path, datasets: Any) -> None:
    """Streamed, the first rows come with the same types, without a table being built."""
    release = output / "release"
    streamed = datasets.load_dataset(str(release), config, split="train", streaming=True)
    assert list(streamed.take(3)) == runs.rows(output, config)[:3]
    assert streamed.features == inferred(release, config, datasets)


@pytest.mark.parametrize("config", CONFIGS)
def test_files_alone_are_typed(config: str, release: Path, datasets: Any, tmp_path: Path) -> None:
    """The types are in the files: without the card, by `data_files=`, they are the same."""
    loaded = datasets.load_dataset(
        "parquet", data_files=files(release, config), split="train", cache_dir=str(tmp_path)
    )
    assert loaded.features == inferred(release, config, datasets)


@pytest.mark.parametrize("config", CONFIGS)
def test_polars_reads_it(config: str, output: Path) -> None:
    """A lazy scan by polars reads the files, with nested columns as lists of structs."""
    held = pl.scan_parquet(files(output / "release", config), hive_partitioning=False).collect()
    assert held["conversation_id"].to_list() == ids(output, config)
    if config != "metadata":
        last = held["conversation"].list.last().struct.field("role").unique().to_list()
        assert last == ["assistant"]


@pytest.mark.parametrize("config", CONFIGS)
def test_duckdb_reads_it(config: str, output: Path) -> None:
    """A query of duckdb reaches into lists and structs with slashes in their names."""
    pattern = files(output / "release", config)
    query = f"""select conversation_id, openai_moderation[1].category_scores['hate/threatening'],
        openai_moderation[1].category_scores.sexual from read_parquet('{pattern}')"""  # noqa: S608
    wanted = [
        (row["conversation_id"], scores["hate/threatening"], scores["sexual"])
        for row in runs.rows(output, config)
        for scores in [row["openai_moderation"][0]["category_scores"]]
    ]
    assert sorted(duckdb.connect().execute(query).fetchall()) == sorted(wanted)
    assert any(sexual > 0 for _, _, sexual in wanted)


@pytest.mark.parametrize("config", CONFIGS)
def test_pandas_reads_it(config: str, output: Path) -> None:
    """A frame of pandas is made of single columns, with the times of day in UTC."""
    columns = ["conversation_id", "model", "timestamp", "turn"]
    paths = sorted((output / "release" / "data" / config).rglob("*.parquet"))
    held = pd.concat([pd.read_parquet(path, columns=columns) for path in paths])
    assert held["conversation_id"].tolist() == ids(output, config)
    assert str(held["timestamp"].dt.tz) == "UTC"
    assert held["turn"].dtype == "int64"


def ids(output: Path, config: str) -> list[str]:
    """The ids of a config in released order."""
    found: list[str] = runs.table(output, config)["conversation_id"].to_pylist()
    return found


def test_the_sample_is_of_the_whole(output: Path) -> None:
    """The sample has the asked rows of each interval, and they are rows of the whole."""
    whole = {row["conversation_id"]: row for row in runs.rows(output)}
    sample = runs.rows(output, "sample")
    intervals = len(list((output / "release" / "data" / "sample").iterdir()))
    assert len(sample) == 10 * intervals > 10
    assert all(whole[row["conversation_id"]] == row for row in sample)


def test_metadata_is_the_whole_without_texts(output: Path) -> None:
    """`metadata` has all rows and columns in the same order, but for the texts."""
    whole, narrow = runs.table(output), runs.table(output, "metadata")
    assert narrow.column_names == [n for n in whole.column_names if n != "conversation"]
    assert narrow.equals(whole.select(narrow.column_names))


def test_a_release_without_a_sample(tmp_path: Path) -> None:
    """`sample: 0` leaves the config out, of the folder and of the manifest."""
    manifest = runs.curate(runs.sample(tmp_path / "logs", 30), tmp_path, runs.small(sample=0))
    assert manifest.release.configs.keys() == {"conversations", "metadata"}
    assert not (tmp_path / "release" / "data" / "sample").exists()
