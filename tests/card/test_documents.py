"""The documents of a release work: tools of others read them, and no text of data breaks them."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import mlcroissant
import pyarrow.parquet as pq
import pytest
import rdflib
from datasets import Features
from huggingface_hub import DatasetCard

from tests import runs
from tests.card.conftest import Carded

LOAD = """
import sys
from datasets import get_dataset_config_names, load_dataset
folder = sys.argv[1]
names = get_dataset_config_names(folder)
for name in [None, *names]:
    rows = load_dataset(folder, name, split="train")
    first = next(iter(load_dataset(folder, name, split="train", streaming=True)))
    assert first == rows[0]
    print(name, rows.num_rows, len(rows.column_names))
"""
RDF = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
"""rdflib's own parser uses what rdflib deprecates."""


def test_datasets_loads_every_config_by_the_card(carded: Carded, tmp_path: Path) -> None:
    """Offline, by the globs, features and exact counts of the YAML: the default, and each name."""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(carded.folder)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )

    assert done.returncode == 0, done.stderr
    configs, columns = carded.release.configs, carded.release.columns
    first = next(iter(configs))
    assert done.stdout.splitlines() == [
        f"{name} {configs[name or first]} {len(columns[name or first])}"
        for name in [None, *configs]
    ]


def test_a_wrong_count_in_the_card_would_be_noticed(carded: Carded, tmp_path: Path) -> None:
    """One row more in the YAML, and no one can load it: so the test above proves the counts."""
    copy = tmp_path / "release"
    subprocess.run(["cp", "-r", str(carded.folder), str(copy)], check=True)
    card = (copy / "README.md").read_text("utf-8")
    rows = carded.release.configs["conversations"]
    (copy / "README.md").write_text(
        card.replace(f"num_examples: {rows}", f"num_examples: {rows + 1}"), "utf-8"
    )
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(copy)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )

    assert "NonMatchingSplitsSizesError" in done.stderr


def test_the_hub_reads_the_card(carded: Carded) -> None:
    """huggingface_hub loads it; its data are those that the Hub asks for."""
    card = DatasetCard.load(carded.folder / "README.md")
    data = card.data.to_dict()

    assert data["configs"][0]["default"]
    assert [config["config_name"] for config in data["configs"]] == list(carded.release.configs)
    assert data["size_categories"] == ["n<1K"]
    assert {"en", "zh"} <= set(data["language"])
    assert data["license"] == "other"
    for told in data["dataset_info"]:
        found = next(f for f in carded.release.files if f.config == told["config_name"])
        features = Features.from_arrow_schema(pq.read_schema(carded.folder / found.path))
        assert Features._from_yaml_list(told["features"]) == features


def test_sha256sum_accepts_the_sums(carded: Carded) -> None:
    """`sha256sum -c` finds every file of the release but the sums and the manifest, all OK."""
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=carded.folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    checked = {line.removesuffix(": OK") for line in done.stdout.splitlines()}
    assert checked == runs.tree(carded.folder).keys() - {"SHA256SUMS", "manifest.json"}
    listed = {document.path for document in carded.release.documents}
    assert listed == {path for path in runs.tree(carded.folder) if "/" not in path} - {
        "manifest.json"
    }


@RDF
@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")
def test_mlcroissant_validates_and_reads_the_release(
    carded: Carded, caplog: pytest.LogCaptureFixture
) -> None:
    """No error; the one warning is the date, which would differ from run to run; rows are read."""
    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(carded.folder / "croissant.json")
    warnings = [line for line in caplog.text.splitlines() if "Property" in line]
    assert len(warnings) == 1
    assert "datePublished" in warnings[0]

    metadata: Any = dataset.metadata
    assert {one.id for one in metadata.record_sets} == carded.release.configs.keys()
    assert metadata.personal_sensitive_information
    assert metadata.data_biases
    rows = list(dataset.records("sample"))
    assert len(rows) == carded.release.configs["sample"]
    by_id = {row["conversation_id"]: row for row in carded.rows}
    for row in rows[:20]:
        mine = by_id[row["sample/conversation_id"].decode()]
        contents = [m["sample/conversation/content"].decode() for m in row["sample/conversation"]]
        assert contents == [message["content"] for message in mine["conversation"]]
        assert row["sample/turn"] == mine["turn"]


@RDF
def test_provenance_is_a_graph_of_prov(carded: Carded) -> None:
    """As RDF: a release generated by an activity with a plan and an agent, from the logs."""
    text = (carded.folder / "provenance.json").read_text("utf-8")
    graph = rdflib.Graph().parse(data=text, format="json-ld", publicID="https://example.org/r/")
    prov = rdflib.Namespace("http://www.w3.org/ns/prov#")
    at = "https://example.org/r/"
    release, activity = rdflib.URIRef(f"{at}#release"), rdflib.URIRef(f"{at}#curation")

    assert (release, prov.wasGeneratedBy, activity) in graph
    assert (release, prov.wasDerivedFrom, rdflib.URIRef(f"{at}#logs")) in graph
    assert (activity, prov.wasAssociatedWith, rdflib.URIRef(f"{at}#software")) in graph
    (association,) = graph.objects(activity, prov.qualifiedAssociation)
    assert (association, prov.hadPlan, rdflib.URIRef(f"{at}#recipe")) in graph
    members = {str(one).removeprefix(at) for one in graph.objects(release, prov.hadMember)}
    assert members == runs.tree(carded.folder).keys() - {
        "manifest.json",
        "SHA256SUMS",
        "provenance.json",
    }
    sums = (carded.folder / "SHA256SUMS").read_text().split()[::2]
    told = {one["sha256"] for one in json.loads(text)["@graph"] if "bytes" in one}
    assert told <= set(sums)


def test_documents_name_no_input_place_key_or_time(carded: Carded) -> None:
    """No path of the logs or the output, no host, no key, no clock: only the release."""
    plan = carded.run.manifest.plan
    private = {source.sha256 for source in plan.inputs} | {plan.key, str(carded.folder.parent)}
    private |= {Path(source.path).name for source in plan.inputs} | {os.uname().nodename, runs.KEY}
    private |= {carded.run.manifest.started[:16], "/tmp/"}  # noqa: S108 (must not be there)

    for document in carded.release.documents:
        content = (carded.folder / document.path).read_text("utf-8")
        assert not [word for word in private if word and word in content], document.path


def test_documents_hold_no_text_of_a_user(carded: Carded) -> None:
    """No message of the release stands in a document, whole or its first forty characters."""
    texts = {m["content"][:40] for row in carded.rows for m in row["conversation"]}
    texts = {text for text in texts if len(text) == 40}
    assert len(texts) > 100

    for document in carded.release.documents:
        content = (carded.folder / document.path).read_text("utf-8")
        assert not [text for text in texts if text in content], document.path
