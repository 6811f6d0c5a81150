"""Texts as sparse rows for fitting, and fitted weights as tables for `linear`."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import scipy.sparse

from pipeline.moderation import features, ideas, linear

FINEST = 2047
"""The largest weight of a head as a whole number: 12 bits, and the file stays small."""


@dataclass(frozen=True)
class Counts:
    """Which features each text has, and how many words.

    Attributes:
        words, pairs, pieces: sparse, (texts, size of the table); pieces in how many of its words.
        size: distinct words of each text, at least 1.
        hashes: of all words.
    """

    words: Any
    pairs: Any
    pieces: Any
    size: np.ndarray
    hashes: np.ndarray

    @classmethod
    def of(cls, texts: list[str]) -> "Counts":
        """Count the features of some texts."""
        parts = [_counted(features.of(c)) for c in features.chunks(pa.array(texts, pa.string()))]
        words, pairs, pieces = (
            scipy.sparse.vstack([part[at] for part in parts]).tocsr() for at in range(3)
        )
        size = np.maximum(np.asarray(words.sum(axis=1)).ravel(), 1)
        return cls(words, pairs, pieces, size, np.concatenate([part[3] for part in parts]))


def _counted(terms: features.Terms) -> tuple[Any, Any, Any, np.ndarray]:
    size = len(terms.words)
    mine = _ones(terms.text, terms.word, (terms.texts, size))
    return (
        mine @ _ones(np.arange(size), terms.words, (size, 1 << features.WORD_BITS)),
        _ones(terms.pair_text, terms.pairs, (terms.texts, 1 << features.PAIR_BITS)),
        mine @ _ones(terms.piece_word, terms.pieces, (size, 1 << features.PIECE_BITS)),
        terms.hashes,
    )


def _ones(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> Any:
    return scipy.sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape)


@dataclass(frozen=True)
class Space:
    """How counts become the rows that a head is fitted to.

    A feature weighs by its rarity in the texts of the fit (idf), a text's features together by
    one over the root of its words; each block is scaled so that its median row has length 1.

    Attributes:
        factors: of each feature of words, pairs and pieces.
        used: the columns that any text of the fit has.
    """

    factors: tuple[np.ndarray, np.ndarray, np.ndarray]
    used: np.ndarray

    @classmethod
    def of(cls, counts: Counts) -> "Space":
        """The space of the texts of a fit."""
        factors = []
        for block in (counts.words, counts.pairs, counts.pieces):
            held = np.asarray((block > 0).sum(axis=0)).ravel()
            rarity = np.log((1 + block.shape[0]) / (1 + held)) + 1
            rows = block @ scipy.sparse.diags(rarity)
            lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel() / counts.size)
            typical = float(np.median(lengths[lengths > 0])) if (lengths > 0).any() else 1.0
            factors.append(rarity / typical)
        space = cls((factors[0], factors[1], factors[2]), np.zeros(0, np.int64))
        used = np.flatnonzero(np.asarray((space._all(counts) != 0).sum(axis=0)).ravel())
        return cls(space.factors, used)

    @property
    def is_idea(self) -> np.ndarray:
        """Whether each column is an idea, not a word or a part of one: bool."""
        return self.used >= sum(map(len, self.factors))

    def rows(self, counts: Counts) -> Any:
        """Sparse rows of some texts: (texts, used columns)."""
        return self._all(counts)[:, self.used]

    def _all(self, counts: Counts) -> Any:
        words, pairs = ideas.tables()
        blocks = (counts.words, counts.pairs, counts.pieces)
        told = scipy.sparse.csr_matrix(counts.words @ words + counts.pairs @ pairs)
        whole = [b @ scipy.sparse.diags(f) for b, f in zip(blocks, self.factors, strict=True)]
        return (
            scipy.sparse.diags(1 / np.sqrt(counts.size))
            @ scipy.sparse.hstack([*whole, told]).tocsr()
        )

    def folded(self, weights: np.ndarray, hashes: np.ndarray) -> dict[str, np.ndarray]:
        """The arrays of a model from fitted weights: shape (used columns, heads).

        What an idea weighs is added to each of its words.
        """
        full = np.zeros((sum(map(len, self.factors)) + len(ideas.named()), weights.shape[1]))
        full[self.used] = weights
        borders = np.cumsum([len(one) for one in self.factors])
        parts = np.split(full, borders)
        tables = [part * f[:, None] for part, f in zip(parts, self.factors, strict=False)]
        for at, members in enumerate(ideas.tables()):
            tables[at] += members @ parts[3]
        largest = np.max([np.abs(table).max(axis=0) for table in tables], axis=0)
        scale = FINEST / np.maximum(largest, 1e-9)
        arrays = {"scale": scale, "known": _known(hashes)}
        for name, table in zip(linear.BLOCKS, tables, strict=True):
            whole = np.rint(table * scale).astype(np.int16)
            used = np.flatnonzero(whole.any(axis=1)).astype(np.int32)
            arrays |= {f"{name}_rows": whole[used], f"{name}_used": used}
            arrays[f"{name}_size"] = np.array(len(whole))
        return arrays


def _known(hashes: np.ndarray) -> np.ndarray:
    """A bit for each word that was seen."""
    bits = np.zeros(1 << linear.KNOWN_BITS, np.uint8)
    bits[(hashes & np.uint64((1 << linear.KNOWN_BITS) - 1)).astype(np.int64)] = 1
    return np.packbits(bits, bitorder="little")
