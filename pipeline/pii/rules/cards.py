"""Payment cards: digits of an issuer's range and length whose last one is Luhn's check digit.

A pattern would lose the card behind `1234 ` or take half of it, so all groups of digits are
looked at, as arrays: cost does not depend on what the digits are.
"""
# ruff: noqa: PLR2004, RUF001, E501 (ranges of digits; words of other scripts)

import functools
import re
from collections.abc import Iterator

import numpy as np

from pipeline.pii.rule import Match, Rule

LENGTHS = range(12, 20)
ISSUERS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("4", "5", (13, 16, 19)),  # Visa
    ("51", "56", (16,)),  # Mastercard
    ("2221", "2721", (16,)),
    ("34", "35", (15,)),  # American Express
    ("37", "38", (15,)),
    ("300", "306", (14, 16)),  # Diners Club
    ("3095", "3096", (14, 16)),
    ("36", "37", (14, 16, 19)),
    ("38", "4", (14, 16, 19)),
    ("6011", "6012", (16, 17, 18, 19)),  # Discover
    ("644", "66", (16, 17, 18, 19)),
    ("3528", "359", (16, 17, 18, 19)),  # JCB
    ("1800", "1801", (15,)),
    ("2131", "2132", (15,)),
    ("62", "63", (16, 17, 18, 19)),  # UnionPay
    ("81", "83", (16, 17, 18, 19)),  # RuPay, UnionPay
    ("60", "61", (16,)),  # RuPay, Cabal, Hipercard
    ("508", "509", (16,)),
    ("353", "354", (16,)),
    ("356", "357", (16,)),
    ("2200", "2206", (16, 17, 18, 19)),  # Mir
    ("5018", "5019", tuple(LENGTHS)),  # Maestro
    ("502", "503", tuple(LENGTHS)),
    ("5038", "5039", tuple(LENGTHS)),
    ("56", "6", tuple(LENGTHS)),
    ("0604", "0605", tuple(LENGTHS)),
    ("63", "64", tuple(LENGTHS)),
    ("67", "68", tuple(LENGTHS)),
    ("5019", "502", (16,)),  # Dankort
    ("506", "508", (16, 18, 19)),  # Verve, Elo
    ("509", "51", (16,)),
    ("9792", "9793", (16,)),  # Troy
    ("86", "87", (16,)),  # Uzcard
    ("986", "987", (16,)),  # Humo
)
"""From a prefix up to another, which is not in it, and the lengths in use.

Source: ISO/IEC 7812; the schemes' published ranges, as of 2025.
"""

DIGIT = r"(?:[0-9]|\xef\xbc[\x90-\x99]|\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xe0\xa5[\xa6-\xaf])"
JOINT = r"(?:[ .\-]|\xc2\xa0|\xe2\x80[\x80-\x95\xaf]|\xe3\x80\x80|\xef\xbc[\x8d\x8e])"
GATE = rf"(?:{DIGIT}{JOINT}{{0,2}}){{11}}{DIGIT}"
FOREIGN = ((b"\xef\xbc", 0x90), (b"\xe0\xa5", 0xA6), (b"\xd9", 0xA0), (b"\xdb", 0xB0))
"""Full-width, Devanagari, Arabic, Persian digits: the bytes before the last, and their zero."""
JOINTS = re.compile(
    rb"(?:[ .\-]|\xc2\xa0|\xe2\x80[\x80-\x95\xaf]|\xe3\x80\x80|\xef\xbc[\x8d\x8e]){1,2}"
)
MOST_GROUPS = 5
WIDEST = 6
"""Bytes of two separators."""


class Digits:
    """All digits of a text. Shapes (digits,).

    Attributes:
        value: 0 to 9.
        start: the first byte of each.
        end: the byte behind it.
        run: which run of digits, joined by separators or nothing, it belongs to.
        is_first: whether no digit stands right before it.
        is_last: whether none stands right behind it.
        is_point: whether the byte before it is a decimal point or comma.
    """

    def __init__(self, data: bytes) -> None:
        raw = np.frombuffer(data, np.uint8)
        ends = [np.flatnonzero(raw - np.uint8(48) < 10)]
        widths, zeros = [np.ones(len(ends[0]), np.int64)], [np.full(len(ends[0]), 48)]
        for head, zero in FOREIGN:
            if head in data:
                at = _behind(raw, head)
                at = at[raw[at] - np.uint8(zero) < 10]
                ends.append(at)
                widths.append(np.full(len(at), len(head) + 1))
                zeros.append(np.full(len(at), zero))
        last = np.concatenate(ends)
        order = np.argsort(last, kind="stable")
        last = last[order]
        self.end = last + 1
        self.start = self.end - np.concatenate(widths)[order]
        self.value = raw[last] - np.concatenate(zeros)[order]
        before = raw[np.maximum(self.start - 1, 0)]
        self.is_point = (before == ord(".")) | (before == ord(","))
        gap = self.start[1:] - self.end[:-1]
        self.is_last = np.append(gap > 0, True)
        self.is_first = np.concatenate([[True], gap > 0])
        self.run = np.concatenate([[0], np.cumsum(~_joined(data, raw, self.end[:-1], gap))])


def _behind(raw: np.ndarray, head: bytes) -> np.ndarray:
    """Where the byte behind each `head` is."""
    at = np.flatnonzero(raw[:-1] == head[-1]) + 1
    return at if len(head) == 1 else at[raw[np.maximum(at - 2, 0)] == head[0]]


def _joined(data: bytes, raw: np.ndarray, at: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Whether between a digit and the next stand at most two separators."""
    joined = gap == 0
    one = np.flatnonzero(gap == 1)
    byte = raw[at[one]]
    joined[one] = (byte == ord(" ")) | (byte == ord("-")) | (byte == ord("."))
    for number in np.flatnonzero((gap > 1) & (gap <= WIDEST)).tolist():
        here = int(at[number])
        joined[number] = JOINTS.fullmatch(data, here, here + int(gap[number])) is not None
    return joined


def cards(data: bytes) -> Iterator[tuple[int, int]]:
    """Cards written as people write them: in one group of digits, or some of a fair size."""
    found, begin, last, is_plain = _cards(data)
    return _merged(found, begin[is_plain], last[is_plain])


def unclear_cards(data: bytes) -> Iterator[tuple[int, int]]:
    """Other numbers of an issuer that Luhn's digit confirms: rows of figures, decimals."""
    found, begin, last, is_plain = _cards(data)
    return _merged(found, begin[~is_plain], last[~is_plain])


@functools.lru_cache(maxsize=1)
def _cards(data: bytes) -> tuple[Digits, np.ndarray, np.ndarray, np.ndarray]:
    """All of a text, plain or not; both rules ask in turn."""
    found = Digits(data)
    begin, last = _valid(found)
    return found, begin, last, _is_plain(found, begin, last)


def _merged(found: Digits, begin: np.ndarray, last: np.ndarray) -> Iterator[tuple[int, int]]:
    """Overlapping cards as one: the first byte of each, and the byte behind it."""
    order = np.argsort(begin, kind="stable")
    low = high = -1
    for start, end in zip(begin[order].tolist(), last[order].tolist(), strict=True):
        if start > high:
            if low >= 0:
                yield int(found.start[low]), int(found.end[high])
            low = start
        high = max(high, end)
    if low >= 0:
        yield int(found.start[low]), int(found.end[high])


def _is_plain(found: Digits, begin: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Whether a card is one group and no decimal, or up to five groups, none of one digit."""
    group = np.cumsum(found.is_first)
    single = np.cumsum(found.is_first & found.is_last)
    groups = group[last] - group[begin] + 1
    singles = single[last] - single[begin] + found.is_last[begin]
    is_short = found.is_last[begin] | found.is_last[begin + 1]
    point = np.cumsum(found.is_point & found.is_first)
    is_fraction = (groups == 2) & (point[last] > point[begin])
    is_odd = is_fraction | is_short | (singles > 0)
    grouped = (groups > 1) & (groups <= MOST_GROUPS) & ~is_odd
    return grouped | ((groups == 1) & ~_is_decimal(found, begin))


def _is_decimal(found: Digits, begin: np.ndarray) -> np.ndarray:
    """Whether a point and a digit stand before it."""
    before = np.maximum(begin - 1, 0)
    return (begin > 0) & (found.end[before] + 1 == found.start[begin]) & found.is_point[begin]


def _valid(found: Digits) -> tuple[np.ndarray, np.ndarray]:
    """First and last digit of each card, as places among the digits."""
    value = found.value.astype(np.int64)
    first = _promising(found, value)
    if not first.size:
        return first, first
    doubled = 2 * value - 9 * (value > 4)
    odd = np.arange(len(value)) % 2
    sums = np.array([_running(np.where(odd == parity, value, doubled)) for parity in (0, 1)])
    pieces = []
    for length in LENGTHS:
        begin = first[first + length <= len(value)]
        last = begin + length - 1
        keep = found.is_last[last] & (found.run[begin] == found.run[last])
        begin, last = begin[keep], last[keep]
        keep = _issued(value, begin, length)
        begin, last = begin[keep], last[keep]
        total = sums[last % 2, last + 1] - sums[last % 2, begin]
        keep = total % 10 == 0
        pieces.append((begin[keep], last[keep]))
    return np.concatenate([b for b, _ in pieces]), np.concatenate([e for _, e in pieces])


def _promising(found: Digits, value: np.ndarray) -> np.ndarray:
    """Digits that begin a group, have eleven behind them in their run, and an issuer's prefix."""
    size = LENGTHS.start
    first = np.flatnonzero(found.is_first[: max(0, len(value) - size + 1)])
    first = first[found.run[first] == found.run[first + size - 1]]
    return first[ANY_PREFIX[_prefix(value, first)]]


def _prefix(value: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """The number of the four digits from each place on."""
    return ((value[begin] * 10 + value[begin + 1]) * 10 + value[begin + 2]) * 10 + value[begin + 3]


def _running(values: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(values)])


def _issued(value: np.ndarray, begin: np.ndarray, length: int) -> np.ndarray:
    """Whether the four digits from each place on are a prefix of an issuer with such numbers."""
    return PREFIXES[length - LENGTHS.start][_prefix(value, begin)]


def _prefixes() -> np.ndarray:
    """Whether some issuer has the prefix: shape (lengths, 10000) bool."""
    table = np.zeros((len(LENGTHS), 10_000), bool)
    for low, high, lengths in ISSUERS:
        for length in lengths:
            table[length - LENGTHS.start, int(low.ljust(4, "0")) : int(high.ljust(4, "0"))] = True
    return table


PREFIXES = _prefixes()
ANY_PREFIX = np.logical_or.reduce(PREFIXES)

CUES = ("card", "credit", "debit", "visa", "mastercard", "master card", "amex", "american express", "cc",
        "maestro", "payment", "pan", "tarjeta", "cartão", "cartao", "carte", "carta", "karte",
        "kreditkarte", "kaart", "kort", "karta", "kartı", "kart", "kártya", "карт", "картк", "κάρτα",
        "thẻ", "kartu", "kad", "บัตร", "कार्ड", "بطاقة", "کارت", "כרטיס", "信用卡", "银行卡", "銀行卡",
        "卡号", "卡號", "カード", "카드")  # fmt: skip
SAMPLE = "567890123456"
"""The end of 1234 5678 9012 3456, which stands for a card everywhere; a Maestro by its digits."""


HASH = re.compile(r"[0-9a-f]{5}[a-f]$"), re.compile(r"[a-f][0-9a-f]{5}")
"""What stands before and behind digits in the middle of a hash."""


def is_real(match: Match) -> bool:
    """Whether it is no part of a hash, nor of the number that everybody makes up."""
    if HASH[0].search(match.before) and HASH[1].match(match.after):
        return False
    return "".join(filter(str.isdigit, match.value)) != SAMPLE


RULES = (
    Rule(
        "card",
        "card",
        GATE,
        find=cards,
        check=is_real,
        cues=CUES,
        score=0.9,
        cued=0.99,
        priority=40,
    ),
    Rule(
        "card_unclear",
        "card",
        GATE,
        find=unclear_cards,
        cues=CUES,
        score=0.1,
        cued=0.6,
        priority=30,
    ),
)
