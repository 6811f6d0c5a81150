r"""Bytes of a log -> its lines, by byte ranges, plain, gzip or zstd.

A line ends at the byte `\n` only: `str.splitlines` would break JSON lines that hold U+2028. A
range owns the lines that *begin* in it, so ranges of one file share it without loss.
"""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from isal import isal_zlib

from pipeline import files

BLOCK, SMALL_BLOCK = 4 << 20, 1 << 16
DAMAGED = (OSError, EOFError, zlib.error, isal_zlib.error)
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Limits:
    """What a log may ask of us; what exceeds it is quarantined.

    Attributes:
        max_line_bytes: longest line that is read whole.
        max_depth: deepest nesting of a line's unknown fields.
        max_messages: most messages of one conversation.
        max_file_bytes: most decompressed bytes of one file.
    """

    max_line_bytes: int = 16 << 20
    max_depth: int = 32
    max_messages: int = 2_000
    max_file_bytes: int = 1 << 40


@dataclass(frozen=True)
class Span:
    """A range of bytes of one file.

    Attributes:
        path: path or URI of the file.
        file: its place among the inputs of the run.
        start: first byte.
        end: byte after the last in which a line may begin; None: to the end of the file.
        max_lines: read no more lines than that; None: all.
    """

    path: str
    file: int
    start: int = 0
    end: int | None = None
    max_lines: int | None = None


@dataclass(frozen=True)
class Damage:
    """A file that could not be read to its end.

    Attributes:
        offset: where reading stopped, in decompressed bytes.
        reason: a code for the quarantine.
        problem: what is wrong with it, for a person.
    """

    offset: int
    reason: str
    problem: str


@dataclass(frozen=True)
class LongLine:
    """A line over the limit, of which only size and hash are known."""

    offset: int
    length: int
    digest: bytes


@dataclass(frozen=True)
class Lines:
    """Some lines that follow each other: shape (lines,), and where each begins."""

    lines: list[bytes]
    offsets: list[int]


Piece = Lines | LongLine | Damage


def compression(path: str) -> str | None:
    """`gzip`, `zstd` or None, by the first bytes of the file, whatever its name says."""
    with files.open_input(path) as stream:
        magic = stream.read(4)
    if magic[:2] == GZIP:
        return "gzip"
    return "zstd" if magic == ZSTD else None


def read(span: Span, limits: Limits) -> Iterator[Piece]:
    """Read the lines of a span, block by block.

    Yields:
        Lines, over-long lines and, at most once and last, the damage that ended the reading.

    Raises:
        InputError: the file cannot be opened.
    """
    pieces = _pieces(span, limits)
    return pieces if span.max_lines is None else _at_most(pieces, span.max_lines)


def _at_most(pieces: Iterator[Piece], wanted: int) -> Iterator[Piece]:
    for piece in pieces:
        if wanted <= 0:
            return
        if isinstance(piece, Lines):
            yield Lines(piece.lines[:wanted], piece.offsets[:wanted])
            wanted -= len(piece.lines)
        else:
            yield piece
            wanted -= 1


def _pieces(span: Span, limits: Limits) -> Iterator[Piece]:
    kind = compression(span.path)
    with files.open_input(span.path) as raw:
        position = _begin(raw, span.start) if kind is None else 0
        cutter = _Cutter(position, limits.max_line_bytes, span.end)
        blocks = _unmarked(_blocks(raw, kind), cutter) if position == 0 else _blocks(raw, kind)
        while not cutter.is_done:
            try:
                block = next(blocks, b"")
            except DAMAGED as error:  # type: ignore[misc]
                yield from cutter.rest()
                yield Damage(cutter.position, "damaged_file", files.plain(error))
                return
            if not block:
                break
            yield from cutter.feed(block)
            if cutter.position > limits.max_file_bytes:
                problem = f"more than {limits.max_file_bytes:,} bytes when decompressed"
                yield Damage(cutter.position, "file_too_large", problem)
                return
        yield from cutter.rest()


def _begin(raw: Any, start: int) -> int:
    """Move to the first line that begins at or after `start`; returns its offset."""
    if start == 0:
        return 0
    if start <= len(BYTE_ORDER_MARK) and raw.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK:
        return len(BYTE_ORDER_MARK)
    at = start - 1
    raw.seek(at)
    while block := raw.read(1 << 16):
        found = block.find(b"\n")
        if found >= 0:
            raw.seek(at + found + 1)
            return int(at + found + 1)
        at += len(block)
    return int(at)


def _unmarked(blocks: Iterator[bytes], cutter: "_Cutter") -> Iterator[bytes]:
    """The blocks without the byte order mark that some editors put at the start of a file."""
    first = b""
    while len(first) < len(BYTE_ORDER_MARK) and (block := next(blocks, b"")):
        first += block
    if first.startswith(BYTE_ORDER_MARK):
        cutter.skip(len(BYTE_ORDER_MARK))
        first = first.removeprefix(BYTE_ORDER_MARK)
    yield first or next(blocks, b"")
    yield from blocks


def _blocks(raw: Any, kind: str | None) -> Iterator[bytes]:
    if kind == "gzip":
        yield from _gunzipped(raw)
        return
    stream = pa.CompressedInputStream(raw, "zstd") if kind == "zstd" else raw
    while block := stream.read(BLOCK if kind is None else SMALL_BLOCK):
        yield block


def _gunzipped(raw: Any) -> Iterator[bytes]:
    """All members of a gzip file, block by block, up to where it breaks off.

    Raises:
        EOFError: the file ends in the middle of a member.
    """
    member = isal_zlib.decompressobj(wbits=31)
    waiting, has_begun = b"", False
    while True:
        waiting = waiting or raw.read(SMALL_BLOCK)
        if not waiting:
            break
        if member.eof:
            if not waiting.strip(b"\0"):  # padding behind the last member
                waiting = b""
                continue
            member, has_begun = isal_zlib.decompressobj(wbits=31), False
        block = member.decompress(waiting, BLOCK)
        has_begun = True
        waiting = member.unused_data if member.eof else member.unconsumed_tail
        if block:
            yield block
    if has_begun and not member.eof:
        raise EOFError("the file ends in the middle of its compressed data")


class _Cutter:
    """Cuts a stream of blocks into lines.

    Attributes:
        position: bytes read so far, from the start of the file.
        is_done: whether the end of the span is reached.
    """

    def __init__(self, position: int, longest: int, end: int | None) -> None:
        self.position = position
        self.longest = longest
        self.end = end
        self.is_done = end is not None and position >= end
        self._open = b""
        self._long: tuple[int, Any] | None = None

    def skip(self, count: int) -> None:
        """Pass over bytes that belong to no line."""
        self.position += count
        self.is_done = self.end is not None and self.position >= self.end

    def feed(self, block: bytes) -> Iterator[Piece]:
        """The lines that this block completes."""
        if self._long:
            ended, block = self._end_long(block, *self._long)
            if not ended:
                return
            yield ended
        begin = self.position - len(self._open)
        last = block.rfind(b"\n")
        if last >= 0:
            yield from self._cut((self._open + block[:last]).split(b"\n"), begin)
            self._open = block[last + 1 :]
        else:
            self._open += block
        self.position += len(block)
        if self.end is not None and self.position - len(self._open) >= self.end:
            self.is_done, self._open = True, b""
        if len(self._open) > self.longest:
            self._long = (self.position - len(self._open), hashlib.sha256(self._open))
            self._open = b""

    def rest(self) -> Iterator[Piece]:
        """The last line, if the file does not end with a line end."""
        if self._long:
            start, digest = self._long
            yield LongLine(start, self.position - start, digest.digest()[:16])
        elif self._open:
            yield from self._cut([self._open], self.position - len(self._open))
        self._open, self._long = b"", None

    def _cut(self, lines: list[bytes], begin: int) -> Iterator[Piece]:
        offsets, at = [], begin
        for line in lines:
            offsets.append(at)
            at += len(line) + 1
        if self.end is not None and at > self.end:
            count = sum(offset < self.end for offset in offsets)
            lines, offsets = lines[:count], offsets[:count]
        if max(map(len, lines), default=0) <= self.longest:
            yield Lines(lines, offsets)
            return
        for line, offset in zip(lines, offsets, strict=True):
            if len(line) <= self.longest:
                yield Lines([line], [offset])
            else:
                yield LongLine(offset, len(line), hashlib.sha256(line).digest()[:16])

    def _end_long(self, block: bytes, start: int, digest: Any) -> tuple[LongLine | None, bytes]:
        """Read on to the end of an over-long line: the line, once, and what follows it."""
        found = block.find(b"\n")
        inside = block if found < 0 else block[:found]
        digest.update(inside)
        self.position += len(inside) + (found >= 0)
        if found < 0:
            return None, b""
        self._long = None
        self.is_done = self.end is not None and self.position >= self.end
        ended = LongLine(start, self.position - 1 - start, digest.digest()[:16])
        return ended, b"" if self.is_done else block[found + 1 :]
