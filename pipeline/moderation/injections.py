"""A rule of words for prompts that speak to the program behind the model."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WHAT = r"(?:instructions?|prompts?|rules|directions|directives|guidelines|messages?|conversation)"
FORMER = r"(?:(?:all|any|the|your|my|of|these|those) ){0,3}(?:previous|prior|above|earlier|former)"
LEAVE = r"(?:ignore|disregard|forget|override|bypass)"
HIDDEN = r"(?:system|hidden|initial|original|secret) (?:prompt|instructions?|message)"
TELL = r"(?:show|reveal|print|repeat|output|display|tell me|give me|what (?:is|are|was|were))"
MARKS = (
    r"<\|?(?:im_start|im_end|system|assistant|endoftext|start_header_id)\|?>|\[/?INST\]|<</?SYS>>"
)
PATTERN = "|".join(
    (
        rf"\b{LEAVE} {FORMER} {WHAT}\b",
        rf"\b{LEAVE} (?:all|everything)(?: of)?(?: the| your| my)? (?:above|{WHAT})\b",
        rf"\b{TELL} (?:me )?(?:your|the) (?:\w+ )?{HIDDEN}\b",
        r"\b(?:do anything now|developer mode (?:enabled|output|on)|dan mode|jailbreak mode)\b",
        MARKS,
    )
)


def found(texts: pa.StringArray) -> np.ndarray:
    """Whether each text matches: shape (texts,) bool; null does not. RE2, linear time."""
    matched = pc.match_substring_regex(texts, f"(?i)(?:{PATTERN})")
    return pc.fill_null(matched, fill_value=False).to_numpy(zero_copy_only=False).copy()
