"""Texts as detectors see them: full-width forms made plain, invisible characters left out.

Only for detection; spans are given in the code points of the text as it was written.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

INVISIBLE = "".join(
    map(chr, (0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F)))
) + "".join(map(chr, (*range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFEFF)))
"""Soft hyphens, joiners, direction marks: what does not show and may stand inside a value."""
_SUSPECT = "[" + INVISIBLE + "\uff01-\uff5e\u3000]"
_HIDDEN = re.compile("[" + INVISIBLE + "]")
_PLAIN = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    **dict.fromkeys(map(ord, INVISIBLE)),
}


@dataclass(frozen=True)
class Seen:
    """The texts to look through, shape (texts,), and how to find back.

    Attributes:
        texts: plain where they were not.
        hidden: text number -> code points of the written text that were left out, ascending.
    """

    texts: pa.StringArray
    hidden: dict[int, np.ndarray]

    def written(
        self, text: np.ndarray, start: np.ndarray, end: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Code points of the written texts for bytes of the seen ones; each of shape (spans,)."""
        first, last = np.empty(len(text), np.int64), np.empty(len(text), np.int64)
        for number in np.unique(text).tolist():
            mine = np.flatnonzero(text == number)
            data = np.frombuffer(self.texts[number].as_buffer(), np.uint8)
            before = np.cumsum(np.append(0, (data & 0xC0) != 0x80))  # noqa: PLR2004 (UTF-8)
            first[mine], last[mine] = before[start[mine]], before[end[mine]]
            if number in self.hidden:
                gone = self.hidden[number] - np.arange(len(self.hidden[number]))
                first[mine] += np.searchsorted(gone, first[mine], "right")
                last[mine] += np.searchsorted(gone, last[mine] - 1, "right")
        return first, last


def of(texts: pa.StringArray) -> Seen:
    """Make texts plain; most are, and are not touched."""
    suspects = np.flatnonzero(
        pc.fill_null(pc.match_substring_regex(texts, _SUSPECT), fill_value=False).to_numpy(
            zero_copy_only=False
        )
    )
    if not len(suspects):
        return Seen(texts, {})
    found = texts.take(pa.array(suspects)).to_pylist()
    hidden = {
        number: np.array([match.start() for match in _HIDDEN.finditer(text)])
        for number, text in zip(suspects.tolist(), found, strict=True)
        if _HIDDEN.search(text)
    }
    mask = np.zeros(len(texts), bool)
    mask[suspects] = True
    plain = pa.array([text.translate(_PLAIN) for text in found], pa.string())
    return Seen(pc.replace_with_mask(texts, pa.array(mask), plain), hidden)


def folded(value: str) -> str:
    """One spelling of a value for comparison: compatibility forms, case, invisible characters."""
    return unicodedata.normalize("NFKC", value.translate(_PLAIN)).casefold()
