"""A rendered card, taken apart: its tables, its sentences, and the numbers in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
NAMES = re.compile(r"LMSYS-Chat-1M|SHA-256|W3C|MB\b|90th|99th")
"""Names that hold a digit and count nothing."""


@dataclass
class Section:
    """What stands under one heading.

    Attributes:
        tables: their rows, the head first; a cell is its text, code without its fence.
        text: sentences outside tables, without what is code in them.
        codes: what is code in them.
        fences: blocks of code.
    """

    tables: list[list[list[str]]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    fences: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> list[str]:
        """The numbers of its sentences, in order; those in code and in names aside."""
        return NUMBER.findall(NAMES.sub(" ", " ".join(self.text)))


class Page:
    """A card.

    Attributes:
        data: its YAML.
        sections: heading -> what stands under it.
        tokens: what Markdown makes of the text, as GitHub and the Hub read it.
    """

    def __init__(self, card: str) -> None:
        _, head, body = card.split("---\n", 2)
        self.data: dict[str, Any] = yaml.safe_load(head)
        self.tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(body)
        self.sections: dict[str, Section] = {}
        self._walk(iter(self.tokens))

    def table(self, heading: str, at: int = 0) -> list[list[str]]:
        """The rows of a table, without its head."""
        return self.sections[heading].tables[at][1:]

    def _walk(self, tokens: Iterator[Token]) -> None:
        section, in_table = Section(), False
        for token in tokens:
            match token.type:
                case "heading_open":
                    heading = next(tokens).content
                    section = self.sections[heading] = Section()
                case "table_open":
                    in_table = True
                    section.tables.append([])
                case "table_close":
                    in_table = False
                case "tr_open":
                    section.tables[-1].append([])
                case "inline" if in_table:
                    section.tables[-1][-1].append(plain(token))
                case "inline":
                    section.text.append(plain(token, with_code=False))
                    section.codes += [t.content for t in inner(token) if t.type == "code_inline"]
                case "fence":
                    section.fences.append(token.content)


def inner(token: Token) -> list[Token]:
    """What stands in a line."""
    return token.children or []


def plain(token: Token, *, with_code: bool = True) -> str:
    """The text of a line, markup aside."""
    kinds = {"text", "text_special", "softbreak"} | ({"code_inline"} if with_code else set())
    found = [" " if t.type == "softbreak" else t.content for t in inner(token) if t.type in kinds]
    return "".join(found).replace("\u2003", "").strip()


def whole(cell: str) -> int:
    """A number as the card writes it."""
    return int(cell.replace(",", ""))
