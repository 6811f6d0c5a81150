"""Count the tokens of messages."""

import functools
import hashlib
import unicodedata
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.messages import Messages, lengths, views
from pipeline.shingles import UNSPACED
from pipeline.stage import BatchStage, put

OWN = "unicode_words"
TABLE = 0x30000
NONE, WORD, ALONE = 0, 1, 2


@dataclass(frozen=True)
class ScoreTokens(BatchStage):
    """Count the tokens of each message, and of all prompts and all answers.

    `unicode_words` counts a run of letters, marks and digits as one token, and each character of
    scripts that do not space their words (Chinese, Japanese, Thai, Lao, Khmer, Burmese); signs do
    not count. It needs no file, and no vocabulary that another release would not have. English
    has about 1.3 tokens of a language model to one of it.

    Options:
        tokenizer: `unicode_words`, or a `tokenizer.json` as Hugging Face's `tokenizers` reads it
            (extra `tokenizers`); special tokens are not counted.
    """

    name: ClassVar[str] = "score_tokens"
    reads: ClassVar[tuple[str, ...]] = ("conversation",)
    writes: ClassVar[tuple[str, ...]] = (
        "message_tokens",
        "prompt_tokens",
        "answer_tokens",
        "tokenizer",
    )

    tokenizer: str = OWN

    def __post_init__(self) -> None:
        if self.tokenizer == OWN:
            return
        if not Path(self.tokenizer).is_file():
            raise ValueError(f"tokenizer: expected {OWN!r} or a file, found {self.tokenizer!r}")
        if find_spec("tokenizers") is None:
            raise ValueError("tokenizer: a file needs the extra `tokenizers`")

    @property
    def fingerprint(self) -> str:
        if self.tokenizer == OWN:
            return ""
        return hashlib.sha256(Path(self.tokenizer).read_bytes()).hexdigest()

    @property
    def called(self) -> str:
        """How the released column calls the tokenizer: a file by its content, not its path."""
        return OWN if self.tokenizer == OWN else f"sha256:{self.fingerprint[:16]}"

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        flat = Messages(batch["conversation"])
        texts = pc.fill_null(flat.texts, "")
        own = self.tokenizer == OWN
        found = unicode_words(texts) if own else _with_file(texts, self.tokenizer)
        ends = np.concatenate([[0], np.cumsum(flat.counts)]).astype(np.int32)
        per_message = pa.ListArray.from_arrays(pa.array(ends), pa.array(found.astype(np.int32)))
        for name, column in (
            ("message_tokens", per_message),
            ("prompt_tokens", pa.array(flat.sum(found * flat.by("user")))),
            ("answer_tokens", pa.array(flat.sum(found * flat.by("assistant")))),
            ("tokenizer", pa.array([self.called] * batch.num_rows, pa.string())),
        ):
            batch = put(batch, name, column)
        return batch


def unicode_words(texts: pa.StringArray) -> np.ndarray:
    """Words and unspaced characters of each text: shape (texts,) int64."""
    is_ascii = pc.string_is_ascii(texts).to_numpy(zero_copy_only=False)
    found = np.zeros(len(texts), np.int64)
    for where in (is_ascii, ~is_ascii):
        part = texts.filter(pa.array(where))
        whole = b"".join(views(part))
        if whole.isascii():
            codes, sizes = np.frombuffer(whole, np.uint8), lengths(part)
        else:
            wide = whole.decode().encode("utf-32-le")
            codes = np.minimum(np.frombuffer(wide, np.uint32), TABLE - 1)
            sizes = pc.utf8_length(part).to_numpy().astype(np.int64)
        found[where] = _starts(_kinds().take(codes), sizes)
    return found


def _starts(kinds: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """How many tokens begin in each text, whose characters are of these kinds."""
    begins = kinds != NONE
    begins[1:] &= (kinds[1:] != WORD) | (kinds[:-1] != WORD)
    ends = np.cumsum(sizes)
    first = (ends - sizes)[sizes > 0]
    begins[first] = kinds[first] != NONE
    total = np.concatenate([[0], np.cumsum(begins)])
    return total[ends] - total[ends - sizes]


@functools.cache
def _kinds() -> np.ndarray:
    """Whether each code point is part of a word, a token alone, or neither."""
    kinds = np.zeros(TABLE, np.uint8)
    for code in range(TABLE):
        if unicodedata.category(chr(code))[0] in "LNM":
            kinds[code] = WORD
    for first, last in UNSPACED:
        kinds[first : last + 1] *= ALONE
    return kinds


def _with_file(texts: pa.StringArray, path: str) -> np.ndarray:
    encoded = _loaded(path).encode_batch(texts.to_pylist(), add_special_tokens=False)
    return np.array([len(one.ids) for one in encoded], np.int64)


@functools.cache
def _loaded(path: str) -> Any:
    from tokenizers import Tokenizer  # noqa: PLC0415 (an extra)

    made = Tokenizer.from_file(path)
    made.no_truncation()
    made.no_padding()
    return made
