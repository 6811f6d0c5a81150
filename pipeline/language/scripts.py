"""Languages that their script gives away: Korean, Japanese, Thai, Greek, Hebrew and so on."""

import functools

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BLOCKS = {
    "ko": ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)),
    "ja": ((0x3041, 0x3096), (0x30A1, 0x30FA), (0x31F0, 0x31FF), (0xFF66, 0xFF9D)),
    "zh": ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFF)),
    "th": ((0x0E01, 0x0E4E),),
    "el": ((0x0370, 0x03FF), (0x1F00, 0x1FFF)),
    "he": ((0x0591, 0x05F4),),
    "hy": ((0x0531, 0x058A),),
    "ka": ((0x10A0, 0x10FF),),
    "pa": ((0x0A01, 0x0A75),),
    "gu": ((0x0A81, 0x0AFF),),
    "or": ((0x0B01, 0x0B77),),
    "ta": ((0x0B82, 0x0BFA),),
    "te": ((0x0C00, 0x0C7F),),
    "kn": ((0x0C80, 0x0CF2),),
    "ml": ((0x0D00, 0x0D7F),),
    "si": ((0x0D81, 0x0DF4),),
    "lo": ((0x0E81, 0x0EDF),),
    "my": ((0x1000, 0x109F),),
    "km": ((0x1780, 0x17FF),),
    "am": ((0x1200, 0x137F),),
}
"""Unicode blocks of scripts in which one language, of those we name, is written."""
CODES = tuple(BLOCKS)
SYLLABLES = frozenset({"ko", "ja", "zh", "am"})
SYLLABLE_LETTERS = 3
"""A character of a syllabary weighs as much as so many letters."""
KANA_SHARE = 0.1
"""Of a text in kana and Han characters, makes it Japanese."""
MOST = 0.5
"""Of a text's letters, in one script, decide its language: terms and names are often Latin."""
TABLE = 0x30000


def told(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """The language that the script of each text gives away, and the share of that script.

    Args:
        texts: prose, letters and spaces.

    Returns:
        Places in CODES, -1 where the script tells nothing: shape (texts,) int64; and shares of
        letters, (texts,) float64.
    """
    found, share = np.full(len(texts), -1), np.zeros(len(texts))
    other = np.flatnonzero(~pc.string_is_ascii(texts).to_numpy(zero_copy_only=False))
    if not len(other):
        return found, share
    weight, letters = _weights(texts.take(pa.array(other)))
    ja, zh = CODES.index("ja"), CODES.index("zh")
    has_kana = weight[:, ja] >= KANA_SHARE * (weight[:, ja] + weight[:, zh])
    weight[:, ja] += np.where(has_kana, weight[:, zh], 0)
    best = weight.argmax(1)
    most = weight[np.arange(len(other)), best]
    share[other] = most / np.maximum(letters, 1)
    found[other] = np.where((most > 0) & (share[other] >= MOST), best, -1)
    return found, share


def _weights(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """What each script of CODES, and all letters, weigh in each text: (texts, codes), (texts,)."""
    joined = "".join(texts.to_pylist()).encode("utf-32-le")
    signs = np.minimum(np.frombuffer(joined, np.uint32), TABLE - 1)
    owner = np.repeat(np.arange(len(texts)), pc.utf8_length(texts).to_numpy())
    script, weight = (table.take(signs) for table in _tables())
    width = len(CODES) + 1
    held = np.bincount(owner * width + script, weight, len(texts) * width)
    held = held.reshape(len(texts), width)
    return held[:, :-1].copy(), held.sum(1)


@functools.cache
def _tables() -> tuple[np.ndarray, np.ndarray]:
    """The script of each code point, the number of CODES for any other; and what it weighs."""
    script = np.full(TABLE, len(CODES))
    weight = np.ones(TABLE)
    weight[ord(" ")] = 0
    for place, code in enumerate(CODES):
        for first, last in BLOCKS[code]:
            script[first : last + 1] = place
            weight[first : last + 1] = SYLLABLE_LETTERS if code in SYLLABLES else 1
    return script, weight
