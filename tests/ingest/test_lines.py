r"""Every line of a log is read once, whatever holds it and however it is cut; it ends at `\n`."""

import gzip
import hashlib
import itertools
import tempfile
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.ingest import lines
from pipeline.ingest.lines import Damage, Limits, LongLine, Piece, Span

MARK = lines.BYTE_ORDER_MARK
Found = list[tuple[int, int, bytes]]

bits = st.sampled_from(
    (b"\n", b"\n\n", b"{}", b"a", b"\r\n", "\u2028".encode(), b"\0", b"0123456789")
)
logs = st.lists(bits, max_size=12).map(b"".join)
cuts = st.lists(st.integers(0, 40), max_size=4).map(sorted)
blocks = st.integers(1, 12)
PROSE = b"\n".join(b"%80x" % n for n in map(Random(0).getrandbits, [320] * 5000))  # noqa: S311


def read(
    content: bytes, *, block: int = lines.BLOCK, limits: Limits | None = None, **span: Any
) -> list[Piece]:
    """What is read of a file of these bytes."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(lines, "BLOCK", block):
        path = Path(folder) / "log"
        path.write_bytes(content)
        return list(lines.read(Span(str(path), 0, **span), limits or Limits()))


def found(pieces: list[Piece], longest: int = Limits.max_line_bytes) -> Found:
    """Offset, length and hash of each line; only those over the limit are over-long."""
    made: Found = []
    for piece in pieces:
        if isinstance(piece, LongLine):
            assert piece.length > longest
            made.append((piece.offset, piece.length, piece.digest))
        elif not isinstance(piece, Damage):
            assert max(map(len, piece.lines), default=0) <= longest
            made += [_line(*pair) for pair in zip(piece.offsets, piece.lines, strict=True)]
    return made


def wanted(content: bytes) -> Found:
    """The same of all lines, by Python; a byte order mark at the start belongs to none."""
    at = len(MARK) if content.startswith(MARK) else 0
    made = []
    for line in content[at:].split(b"\n"):
        made.append(_line(at, line))
        at += len(line) + 1
    return made[:-1] if content[-1:] in {b"", b"\n"} or content == MARK else made


def _line(offset: int, line: bytes) -> tuple[int, int, bytes]:
    return offset, len(line), hashlib.sha256(line).digest()[:16]


def by_spans(content: bytes, borders: list[int], **options: Any) -> list[Piece]:
    """What is read of a file cut into spans, one after the other."""
    spans = itertools.pairwise([0, *borders, None])
    return [p for start, end in spans for p in read(content, start=start, end=end, **options)]


@given(content=logs, borders=cuts, block=blocks)
def test_spans_share_a_file(content: bytes, borders: list[int], block: int) -> None:
    """However a file is cut, its spans together hold each line once, at its offset."""
    assert found(by_spans(content, borders, block=block)) == wanted(content)


def test_borders_at_and_around_line_ends() -> None:
    """A line belongs to the span in which it begins, even on its first or last byte."""
    content = b"ab\n\ncd\r\ne"
    for border in range(len(content) + 3):
        first, second = read(content, end=border), read(content, start=border)

        assert len(found(first)) == sum(offset < border for offset, *_ in wanted(content))
        assert len(found(first)) + len(found(second)) == 4


@given(content=logs, borders=cuts, block=blocks, longest=st.integers(0, 12))
def test_over_long_lines(content: bytes, borders: list[int], block: int, longest: int) -> None:
    """An over-long line is one piece of known length and hash, wherever blocks and spans end."""
    limits = Limits(max_line_bytes=longest)
    pieces = by_spans(content, borders, block=block, limits=limits)

    assert found(pieces, longest) == wanted(content)


@given(content=logs, borders=cuts, block=blocks)
def test_byte_order_marks(content: bytes, borders: list[int], block: int) -> None:
    """A mark at the start of a file is no part of its first line, which is never lost for it."""
    marked = MARK + content

    assert found(by_spans(marked, borders, block=block)) == wanted(marked)


@given(content=logs, count=st.integers(0, 9), block=blocks)
def test_no_more_lines_than_wanted(content: bytes, count: int, block: int) -> None:
    """`max_lines` lines are read, from the start."""
    pieces = read(content, max_lines=count, block=block)

    assert found(pieces) == wanted(content)[:count]


def gzipped(*members: bytes) -> bytes:
    """A file of one gzip member each."""
    return b"".join(gzip.compress(member, mtime=0) for member in members)


def zstd(*frames: bytes) -> bytes:
    """A file of one zstd frame each."""
    return b"".join(pa.Codec("zstd").compress(frame).to_pybytes() for frame in frames)


packers = pytest.mark.parametrize("pack", [gzipped, zstd], ids=lambda pack: pack.__name__)


@packers
@given(content=logs, border=st.integers(0, 40), block=blocks)
def test_compressed_files(pack: Any, content: bytes, border: int, block: int) -> None:
    """Offsets are of decompressed bytes; members and frames follow each other without a seam."""
    packed = pack(content[:border], content[border:])

    assert found(read(packed, block=block)) == wanted(content)


@packers
def test_marks_in_compressed_files(pack: Any) -> None:
    """A byte order mark means the same in a compressed file."""
    assert found(read(pack(MARK + b"{}\n"))) == wanted(MARK + b"{}\n")


def test_compression_is_told_by_content(tmp_path: Path) -> None:
    """The first bytes count; the name of a file says nothing."""
    for number, (content, kind) in enumerate(
        [(gzipped(b"a"), "gzip"), (zstd(b"a"), "zstd"), (b"{}", None), (b"\x1f", None), (b"", None)]
    ):
        path = tmp_path / f"{number}.gz"
        path.write_bytes(content)
        assert lines.compression(str(path)) == kind


@packers
@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
def test_truncated_files(pack: Any, share: float) -> None:
    """What can be decompressed is read, line by line; then comes the damage."""
    packed = pack(PROSE)
    *pieces, damage = read(packed[: int(len(packed) * share)])
    good = found(pieces)[:-1]

    assert isinstance(damage, Damage)
    assert damage.reason == "damaged_file"
    assert damage.problem
    assert good == wanted(PROSE)[: len(good)]
    assert len(good) > (share - 0.4) * 5000


@packers
@given(at=st.integers(0, 10_000), flip=st.integers(1, 255), block=st.sampled_from((7, 4096)))
def test_damaged_files(pack: Any, at: int, flip: int, block: int) -> None:
    """A byte that is wrong anywhere in a compressed file ends the reading, not the run."""
    packed = bytearray(pack(PROSE[:2000], PROSE[2000:4000]))
    packed[at % len(packed)] ^= flip
    pieces = read(bytes(packed), block=block)

    assert not [piece for piece in pieces[:-1] if isinstance(piece, Damage)]


def test_files_that_grow_too_large() -> None:
    """A file that decompresses to more than is allowed is not read on."""
    limits = Limits(max_file_bytes=1000)
    *pieces, damage = read(gzipped(PROSE), limits=limits, block=100)

    assert isinstance(damage, Damage)
    assert damage.reason == "file_too_large"
    assert 1000 < damage.offset <= 1100
    assert found(pieces) == wanted(PROSE)[: len(found(pieces))]


@pytest.mark.parametrize("content", [b"", MARK, gzipped(b""), zstd(b"")])
def test_empty_files(content: bytes) -> None:
    """A file without lines has none, and is not damaged."""
    assert found(read(content)) == []
    assert not any(isinstance(piece, Damage) for piece in read(content))


def test_missing_files(tmp_path: Path) -> None:
    """A file that cannot be opened is an error of the input, before anything is read."""
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(InputError, match="cannot read"):
            list(lines.read(Span(str(path), 0), Limits()))
