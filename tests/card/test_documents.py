"""The documents of a release work: tools of others read them, and no text of data breaks them."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import mlcroissant
import msgspec
import pyarrow.parquet as pq
import pytest
import rdflib
from datasets import Features
from huggingface_hub import DatasetCard

from pipeline import recipe
from pipeline.card import markdown
from pipeline.errors import RecipeError
from schemas.statistics import Statistics
from tests import runs
from tests.card.conftest import Carded
from tests.card.page import Page, inner

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
HOSTILE = (
    "a|b",
    "`tick`",
    "``two``",
    "<img src=x onerror=alert(1)>",
    "[link](https://example.org)",
    "**bold** _low_",
    "line\nbreak\r\u2028end",
    "\u202eright to left",
    "https://example.org",
    "@everyone",
    "---",
    "{{ release }}{% raw %}",
    "&amp;",
    "# head",
    "\\",
    "",
    "e\x00nd",
    "long " * 90,
)


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


def test_the_licence_and_the_gate_are_the_recipes(carded: Carded) -> None:
    """A licence text becomes a file, a gating prompt the Hub's fields; both in YAML and text."""
    found = carded.documents(
        licence_text="Do no harm.",
        licence_name="harmless-1",
        gating_prompt="You agree: not to\n'identify' \"anyone\" # ever.",
        gating_fields={"Name: first | last": "text", "I agree": "checkbox"},
        contact="removal@example.org",
        title='Chats: "a" | #1 `x`',
        authors=("Ada Example", "Bob Example"),
        tags=("extra",),
    )
    page = Page(found["README.md"])

    assert found["LICENSE.md"] == "Do no harm.\n"
    assert page.data["license_name"] == "harmless-1"
    assert page.data["license_link"] == "LICENSE.md"
    assert page.data["extra_gated_prompt"] == "You agree: not to\n'identify' \"anyone\" # ever."
    assert page.data["extra_gated_fields"] == {"Name: first | last": "text", "I agree": "checkbox"}
    assert page.data["pretty_name"] == 'Chats: "a" | #1 `x`'
    assert "extra" in page.data["tags"]
    assert 'Chats: "a" | #1 `x`' in next(
        t for t in page.tokens if t.type == "inline"
    ).content.replace("\\", "")
    text = " ".join(page.sections["Removal and contact"].text)
    assert "removal@example.org" in text
    assert "author = {Ada Example and Bob Example}" in page.sections["Citation"].fences[0]
    whole = " ".join(line for section in page.sections.values() for line in section.text)
    assert "No licence was given" not in whole
    assert "No contact was given" not in whole


def test_what_is_missing_is_said(carded: Carded, bare: Carded) -> None:
    """Without licence, contact, redaction or tags the card says so and claims nothing."""
    first = " ".join(carded.page.sections["Conversations of a chatbot arena"].text)
    assert "No licence was given" in first
    assert "No contact was given" in first
    assert "extra_gated_prompt" not in carded.page.data
    assert "LICENSE.md" not in runs.tree(carded.folder)

    text = (bare.folder / "README.md").read_text("utf-8")
    assert "Nothing looked for personal data" in text
    assert "it links all that one\n  address wrote" in text
    for heading in ("Languages", "Topics", "Moderation"):
        assert heading not in bare.page.sections
    assert "language" not in bare.page.data


def _hostile(whole: Statistics) -> Statistics:
    partitions = dict(whole.partitions)
    for name in ("model", "topic", "language", "tokenizer", "moderation_model"):
        cells = {f"{text}{name}" if text else "": 50 - at for at, text in enumerate(HOSTILE)}
        partitions[name] = msgspec.structs.replace(whole.partitions["model"], counts=cells)
    return msgspec.structs.replace(whole, partitions=partitions)


def test_names_from_the_data_cannot_become_markup(carded: Carded) -> None:
    """Names of models and topics stay code in their cell: no HTML, link, head, row or YAML."""
    plain = Page(carded.documents()["README.md"])
    page = Page(carded.documents(_hostile(carded.whole()))["README.md"])

    assert list(page.sections) == list(plain.sections)
    kinds = {token.type for line in page.tokens for token in [line, *inner(line)]}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "hr"}
    assert page.data["configs"] == plain.data["configs"]
    for heading in ("Models", "Topics", "Languages"):
        rows = page.table(heading)
        assert len(rows) == len(HOSTILE)
        assert all(len(row) == 3 for row in rows)
        assert not re.search(r"[\x00-\x1f\u2028\u202e]", "".join(row[0] for row in rows))


@pytest.mark.parametrize("value", HOSTILE)
def test_plain_text_stays_what_it_was(value: str) -> None:
    """What is escaped reads, as Markdown, like the line that it was."""
    tokens = Page(f"---\na: 1\n---\n# {markdown.text(value)}x\n").tokens
    shown = "".join(token.content for token in inner(tokens[1]))

    assert shown == markdown.line(value) + "x"
    assert {token.type for token in inner(tokens[1])} <= {"text", "text_special"}


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


def test_changes_are_told_from_the_former_manifest(carded: Carded) -> None:
    """Rows, files and columns are compared with those of the release before."""
    former = msgspec.json.decode((carded.folder / "manifest.json").read_bytes())
    gone = former["files"].pop(0)
    former["files"][0]["sha256"] = "0" * 64
    former["configs"][gone["config"]] -= gone["rows"]
    former["columns"]["conversations"]["old"] = "string"
    del former["columns"]["conversations"]["turn"]
    former["release"] = "f" * 32

    page = Page(carded.documents(former=json.dumps(former))["README.md"])

    text = " ".join(page.sections["Changes"].text)
    files = len(carded.release.files)
    now = carded.release.configs[gone["config"]]
    assert f": {now:,} rows, after {now - gone['rows']:,}." in text
    assert f"Of {files} data files {files - 2} are unchanged, 1 new, 1 changed; 0 are gone." in text
    assert {"old", "turn", "f" * 32} <= set(page.sections["Changes"].codes)
    assert "another one" not in text


def test_a_recipe_of_a_bad_card_says_what_is_wrong(tmp_path: Path) -> None:
    """A text that is not there, a manifest that is none, a name for a licence that has one."""
    (tmp_path / "manifest.json").write_text("{}")
    for card, fault in (
        ({"about": "nowhere.md"}, "card.about: cannot read the text 'nowhere.md'"),
        ({"former": "manifest.json"}, "former: no manifest.json of a release"),
        ({"licence": "mit", "licence_name": "mine"}, "licence_name: 'mit' has a name"),
        ({"title": " "}, "title: expected a name"),
        ({"gating_fields": {"Name": "words"}}, "card.gating_fields"),
    ):
        with pytest.raises(RecipeError, match=re.escape(fault)):
            recipe.build({"stages": ["drop_empty"], "card": card}, tmp_path)


def test_an_empty_release_has_a_card(tmp_path: Path) -> None:
    """Nothing released is nothing to load, and no division by zero."""
    made = recipe.build({"stages": [{"drop_outside_dates": {"since": "2031-01-01"}}]})
    runs.curate(runs.sample(tmp_path / "logs", 20), tmp_path / "out", made)

    page = Page((tmp_path / "out" / "release" / "README.md").read_text("utf-8"))

    assert "configs" not in page.data
    assert page.table("Conversations of a chatbot arena")[0] == ["conversations", "0"]
