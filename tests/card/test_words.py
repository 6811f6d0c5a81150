"""The words of the card: the recipe's, what is missing, and names that are no markup."""

import dataclasses
import json
import re
from pathlib import Path

import msgspec
import pytest
import yaml

from pipeline import recipe
from pipeline.card import markdown
from pipeline.card_options import TextFile
from pipeline.errors import ForeignOutputError, RecipeError
from schemas.statistics import Cells, Statistics
from tests import runs
from tests.card.conftest import Carded
from tests.card.page import Page, inner

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
        partitions[name] = Cells(cells)
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


def test_the_sample_texts_are_used_by_their_names() -> None:
    """The commented lines of the shipped recipe are a card that works, with both sample texts."""
    lines = (runs.ROOT / "configs" / "release.yaml").read_text("utf-8").splitlines()
    shown = [line.removeprefix("# ") for line in lines[lines.index("# card:") :]]

    card = recipe.build(
        {"stages": ["drop_empty"], **yaml.safe_load("\n".join(shown))}, runs.ROOT / "configs"
    ).card

    assert card.contact == "data@example.org"
    assert card.licence_text.startswith("# Sample licence")
    assert card.gating_prompt.startswith("By asking for access")


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


def test_a_release_goes_on_from_one_with_another_card(tmp_path: Path) -> None:
    """A new contact and the former manifest change no row: all shards are taken over."""
    made = runs.small("fastchat")
    logs = runs.sample(tmp_path / "logs", 60)
    first = runs.curate(logs, tmp_path / "one", made)
    former = (tmp_path / "one" / "release" / "manifest.json").read_text("utf-8")
    words = dataclasses.replace(made.card, contact="new@example.org", former=TextFile(former))
    again = dataclasses.replace(made, card=words)

    second = runs.curate([], tmp_path / "two", again, after=str(tmp_path / "one"))

    assert second.release.files == first.release.files
    assert second.release.release != first.release.release
    page = Page((tmp_path / "two" / "release" / "README.md").read_text("utf-8"))
    assert "new@example.org" in " ".join(page.sections["Removal and contact"].text)
    files = len(first.release.files)
    changes = " ".join(page.sections["Changes"].text)
    assert f"Of {files} data files {files} are unchanged, 0 new, 0 changed; 0 are gone." in changes
    assert first.release.release in page.sections["Changes"].codes
    with pytest.raises(ForeignOutputError, match="another card in the recipe"):
        runs.curate(logs, tmp_path / "one", again)
