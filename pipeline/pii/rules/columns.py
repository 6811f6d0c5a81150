"""Values that stand under their name: columns of CSV, tables and SQL's INSERT."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pipeline.pii.rule import Check, Match
from pipeline.pii.rules.cued import compiled

CELLS = {
    separator: re.compile(rb'[ \t]*("[^"\n]*"|[^\n' + re.escape(separator) + rb"]*)")
    for separator in (b"\t", b"|", b";", b",")
}
SEPARATORS = (*CELLS,)
INSERT = re.compile(rb"(?i)insert into [^\s()]{1,80} ?\(([^()]{1,400})\)\s{0,3}values\s{0,3}")
TUPLE = re.compile(rb"\s{0,8},?\s{0,8}\(((?:'[^'\n]*'|[^()'\n])*)\)")
FIELD = re.compile(rb"\s*((?:'[^'\n]*')+|[^,']*)\s*(?:,|$)")
MARKS = b" \t\r\"'`*"
MAX_HEAD, MAX_NAME, MAX_CELLS = 300, 40, 40

Cell = tuple[int, int]


def found(names: str) -> Callable[[bytes], Iterable[tuple[int, int]]]:
    """A finder of what stands in columns of these names.

    Args:
        names: alternatives of a regular expression, the whole of a column's name in lower case.
    """
    named = re.compile(f"(?:{names})", re.IGNORECASE)
    cell = compiled(rf"(?i)(?:^|[\n,;|\t(])[ \"'`*]*(?:{names})[ \"'`*\r]*(?:[\n,;|\t)]|$)")

    def is_named(cell: bytes) -> bool:
        name = cell.strip(MARKS).decode("utf-8", "ignore")
        return len(name) <= MAX_NAME and named.fullmatch(name) is not None

    def find(data: bytes) -> Iterator[tuple[int, int]]:
        first = cell.search(data)
        if first is not None:
            yield from _under(data, first.start(), cell, is_named)
            yield from _inserted(data, is_named)

    return find


def alone(check: Check) -> Check:
    """A check of a cell that does not see what stands around it: commas join no numbers there."""
    return lambda match: check(Match(match.value, "", ""))


def _under(data: bytes, first: int, cell: Any, is_named: Callable[[bytes], bool]) -> Iterator[Cell]:
    """Cells under a head, which is a line with a cell of a name asked for.

    A table ends at the first line of another number of cells, which may be a head again.
    """
    at = first
    while True:
        start = data.rfind(b"\n", 0, at) + 1 if data[at : at + 1] != b"\n" else at + 1
        end = _line_end(data, start)
        separator, columns, width = _head(data[start:end], is_named)
        start = end + 1
        while separator and start <= len(data):
            end = _line_end(data, start)
            line = data[start:end]
            cells = _cells(line, separator) if line.count(separator) >= width - 1 else []
            if not width <= len(cells) <= width + 1:  # a comma in a cell, a separator at the end
                break
            yield from (_bare(data, start, cells[column]) for column in columns)
            start = end + 1
        found = cell.search(data, start - 1) if start <= len(data) else None
        if found is None:
            return
        at = found.start()


def _line_end(data: bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return len(data) if end < 0 else end


def _head(line: bytes, is_named: Callable[[bytes], bool]) -> tuple[bytes, list[int], int]:
    """Separator, columns asked for and number of all of them; no separator: this is no head."""
    if 0 < len(line) <= MAX_HEAD:
        for separator in SEPARATORS:
            if 0 < line.count(separator) < MAX_CELLS:
                cells = [line[a:b] for a, b in _cells(line, separator)]
                columns = [number for number, cell in enumerate(cells) if is_named(cell)]
                inner = cells[1:-1] if separator == b"|" else cells
                if columns and all(0 < len(cell.strip()) <= MAX_NAME for cell in inner):
                    return separator, columns, len(cells)
    return b"", [], 0


def _cells(line: bytes, separator: bytes) -> list[Cell]:
    cells, at = [], 0
    while at <= len(line):
        cell = CELLS[separator].match(line, at)
        if cell is None:  # it matches nothing at least
            break
        cells.append(cell.span(1))
        at = cell.end() + 1
    return cells


def _bare(data: bytes, offset: int, cell: Cell) -> Cell:
    """A cell without its blanks and quotes."""
    start, end = offset + cell[0], offset + cell[1]
    text = data[start:end]
    start += len(text) - len(text.lstrip(MARKS))
    return start, max(start, start + len(text.strip(MARKS)))


def _inserted(data: bytes, is_named: Callable[[bytes], bool]) -> Iterator[Cell]:
    """Values of SQL's INSERT in the columns asked for."""
    for insert in INSERT.finditer(data):
        columns = [n for n, cell in enumerate(insert[1].split(b",")) if is_named(cell)]
        row = TUPLE.match(data, insert.end()) if columns else None
        while row is not None:
            fields = [field.span(1) for field in FIELD.finditer(row[1])]
            yield from (_bare(data, row.start(1), fields[n]) for n in columns if n < len(fields))
            row = TUPLE.match(data, row.end())
