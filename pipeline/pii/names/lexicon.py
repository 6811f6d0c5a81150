"""What is known of single words: is it a first name, a place, a common word; its weights' row.

The lexicon holds hashes, never words, so that it reveals nothing of the texts it was made from.
"""

from dataclasses import dataclass

import numpy as np

FIRST, LAST, COMMON, PLACE, KIND = 1, 4, 16, 32, 64
"""Places of the parts of a class, 8 bits: tier as a first and a last name (0 to 3, by how many
locales know it), whether a common word, whether in a place's name, and its KIND."""
TITLE, PARTICLE, COMPANY = 1, 2, 3
"""What KIND can be: Dr., van, Ltd."""
NAMED = 15
"""Mask of the tiers."""
CLASSES = 256
FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Lexicon:
    """Classes and rows of words by hash, an open-addressed table.

    Attributes:
        keys: hash in each slot, 0 where free: shape (slots,) uint64.
        classes: shape (slots,) uint8.
        rows: row of the word's own weights, 0 for none: shape (slots,) int32.
    """

    keys: np.ndarray
    classes: np.ndarray
    rows: np.ndarray

    @classmethod
    def of(cls, keys: np.ndarray, classes: np.ndarray, rows: np.ndarray) -> "Lexicon":
        """Build the table; half of its slots at least stay free."""
        slots = 1 << int(2 * len(keys) + 2).bit_length()
        table = np.zeros(slots, np.uint64)
        held = np.zeros(slots, np.int64)
        waiting = np.arange(len(keys))
        slot = _slots(keys, slots)
        while len(waiting):
            free = table[slot[waiting]] == 0
            _, chosen = np.unique(slot[waiting][free], return_index=True)
            lucky = waiting[free][chosen]
            table[slot[lucky]] = keys[lucky]
            held[slot[lucky]] = lucky
            waiting = waiting[table[slot[waiting]] != keys[waiting]]
            slot[waiting] = (slot[waiting] + 1) % slots
        is_held = table != 0
        return cls(
            table,
            np.where(is_held, classes[held], 0).astype(np.uint8),
            np.where(is_held, rows[held], 0).astype(np.int32),
        )

    def find(self, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Class and row of each word; 0 and 0 of a word that is not held."""
        slot = _slots(hashes, len(self.keys))
        held = self.keys.take(slot)
        wrong = np.flatnonzero((held != hashes) & (held != 0))
        while len(wrong):
            slot[wrong] = (slot[wrong] + 1) % len(self.keys)
            held = self.keys.take(slot[wrong])
            wrong = wrong[(held != hashes[wrong]) & (held != 0)]
        is_held = self.keys.take(slot) == hashes
        return (
            np.where(is_held, self.classes.take(slot), 0),
            np.where(is_held, self.rows.take(slot), 0),
        )


def _slots(hashes: np.ndarray, slots: int) -> np.ndarray:
    shift = np.uint64(65 - slots.bit_length())
    return ((hashes * FACTOR) >> shift).astype(np.int64)
