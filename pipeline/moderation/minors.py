"""A rule of words for sexual content about minors, for no labelled data exists to train on.

Found is a message in which an explicit word stands within NEAR words of a word for a minor, or a
word for a minor anywhere, if the message is known to be sexual. Words of biology, law and
education (sex, sexual, abuse, puberty) are not explicit by themselves. RE2 finds both in linear
time. The rule errs on the side of dropping; see docs/moderation.md for what it costs.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NEAR = 8
AGES = r"(?:[1-9]|1[0-7])"
MINORS = (
    r"(?:child|children|kids?|underaged?|pre-?teens?|teens?|teenagers?|teenaged?|toddlers?"
    r"|infants?|school ?(?:girl|boy)s?|(?:little|young) (?:girl|boy)s?|lolis?|lolicon|shotas?"
    r"|shotacon|jailbait|(?:first|second|third|fourth|fifth|sixth|seventh|eighth) ?grader"
    rf"|{AGES}(?: |-)?(?:yo|y/o|yr|yrs|years?)(?: |-)?(?:olds?)?"
    r"|(?:aged?|turned|only|just) (?:of )?" + AGES + r")"
)
EXPLICIT = (
    r"(?:nudes?|naked|porn|porno|pornography|pornographic|erotica?|hentai|blow ?jobs?|handjobs?"
    r"|orgasms?|masturbat(?:e|es|ed|ing|ion)|penis|vagina|cocks?|pussy|pussies|clit|cumming"
    r"|horny|topless|undress(?:es|ed|ing)?|nipples?|sexy|molest(?:s|ed|ing)?|grop(?:e|es|ed|ing)"
    r"|fuck(?:s|ed|ing)? (?:her|him|a|the|my|me|an)|lewd|smut|incest"
    r"|(?:have|has|had|having) sex(?:ual intercourse)? with|sexual (?:act|pleasure)s?)"
)
BETWEEN = rf"\b(?:\W+\w+){{0,{NEAR}}}?\W+\b"
PAIR = rf"(?i)\b{MINORS}{BETWEEN}{EXPLICIT}\b|\b{EXPLICIT}{BETWEEN}{MINORS}\b"


def found(texts: pa.StringArray, is_sexual: np.ndarray) -> np.ndarray:
    """Whether the rule holds of each text: shape (texts,) bool.

    Args:
        texts: messages; null is never found.
        is_sexual: whether a model flags them as sexual: shape (texts,) bool.
    """
    hit = np.zeros(len(texts), bool)
    suspects = np.flatnonzero(_matched(texts, rf"(?i)\b{EXPLICIT}\b") | is_sexual)
    if len(suspects):
        some = texts.take(pa.array(suspects))
        near = _matched(some, PAIR)
        hit[suspects] = near | (is_sexual[suspects] & _matched(some, rf"(?i)\b{MINORS}\b"))
    return hit


def _matched(texts: pa.StringArray, pattern: str) -> np.ndarray:
    matched = pc.match_substring_regex(texts, pattern)
    return pc.fill_null(matched, fill_value=False).to_numpy(zero_copy_only=False).copy()
