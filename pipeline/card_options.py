"""What a recipe tells the readers of its release: the section `card`."""

import dataclasses
from typing import Literal, NewType

import msgspec

from schemas.manifest import ReleaseManifest

NONE = "null"

TextFile = NewType("TextFile", str)
"""In a recipe the name of a text file beside it; once built, what that file says."""

Field = Literal["text", "checkbox", "country", "date_picker"]
ASKED: dict[str, Field] = {
    "Name": "text",
    "Affiliation": "text",
    "Country": "country",
    "Purpose of use": "text",
    "I agree to the conditions above": "checkbox",
}


@dataclasses.dataclass(frozen=True)
class Card:
    """What only the publisher knows; the card says so where something is missing.

    Attributes:
        title: the name of the dataset.
        about: whose logs these are, from which service: a file, Markdown.
        authors: who is cited.
        contact: an address or URL for questions and for removal.
        homepage: a URL.
        consent: what users were told, and agreed to: a file, Markdown.
        licence: an id of the Hub's list, such as `cc-by-nc-4.0`; `other` with a text of your own.
        licence_name: how a licence of your own is called.
        licence_text: its text: a file; becomes LICENSE.md.
        gating_prompt: what readers must agree to before they may download: a file, Markdown.
        gating_fields: what they are asked: label -> text, checkbox, country or date_picker.
        citation: a file of BibTeX; made of title and authors if there is none.
        tags: further tags for the Hub's search.
        former: the manifest.json of the release before this one: a file, to tell what changed.
    """

    title: str = "Conversations of a chatbot arena"
    about: TextFile = TextFile("")
    authors: tuple[str, ...] = ()
    contact: str = ""
    homepage: str = ""
    consent: TextFile = TextFile("")
    licence: str = "other"
    licence_name: str = ""
    licence_text: TextFile = TextFile("")
    gating_prompt: TextFile = TextFile("")
    gating_fields: dict[str, Field] = dataclasses.field(default_factory=lambda: dict(ASKED))
    citation: TextFile = TextFile("")
    tags: tuple[str, ...] = ()
    former: TextFile = TextFile("")

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("title: expected a name")
        if self.licence_name and self.licence != "other":
            raise ValueError(f"licence_name: {self.licence!r} has a name; expected licence: other")
        try:
            msgspec.json.decode(self.former or NONE, type=ReleaseManifest | None)
        except msgspec.DecodeError as error:
            raise ValueError(f"former: no manifest.json of a release: {error}") from error
