"""The parts of FastAnalyzer, each against what it stands for."""

import re
from typing import Any

import phonenumbers
import pytest
import re2
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import phonenumbermatcher

from pipeline.pii.presidio import phone, registries
from pipeline.pii.presidio.atoms import Untranslatable, odd_digits, odd_letters
from pipeline.pii.presidio.blank import BlankNlpEngine
from pipeline.pii.presidio.context import ChunkWords, TangledError, TextWords
from pipeline.pii.presidio.exact import Exact
from pipeline.pii.presidio.regions import options
from pipeline.pii.presidio.superset import superset
from pipeline.pii.presidio.tokens import ChunkTokens

REGIONS = ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR")
PATTERNS = sorted(
    {
        (pattern.regex, recognizer.global_regex_flags)
        for recognizer in registries.default_registry().recognizers
        for pattern in getattr(recognizer, "patterns", ())
    }
    | {
        (pattern, 26)
        for pattern in (
            r"a?b+?(?:c|d{2,3})*e",
            r"(?:(?:ab?)+c?){2}",
            r"(\w)\1(?:x|\1)",
            r"x(?:(?=y)|z)?[^\d\s]{3,12}$",
            r"(?:a|b|c|d|e|f|g|hij|k|l|m|n|o|p|q|rst|uvw)!",
            r"é[à-ü]+|ß",
            r"(a)?(?(1)b|c)d",
            r"(?s:.)\d{12}(?-i:K)",
        )
    }
)


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_superset(pattern: str, flags: int) -> None:
    """Whatever a pattern matches holds a match of its superset, or an odd character."""
    found = superset(pattern, flags)
    finder = re2.compile(found.source, options())
    bare = re.sub(r"\(\?<?[!=](?:\\.|\[[^\]]*\]|[^()])*\)", "", pattern)  # no lookaround to dodge

    @settings(max_examples=15)
    @given(st.from_regex(re.compile(bare, flags & ~re.DOTALL)), st.text(max_size=3))
    def holds(text: str, around: str) -> None:
        for match in regex.finditer(pattern, around + text + around, flags):
            if match[0] and not set(match[0]) & found.odd:
                assert finder.search(match[0].encode("utf-8", "surrogatepass"))

    holds()


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_exact(pattern: str, flags: int) -> None:
    """A pattern that RE2 may run gives the spans of `regex` on ASCII text."""
    try:
        exact = Exact(pattern, flags)
    except Untranslatable:
        return
    bare = re.compile(pattern, (flags & ~re.DOTALL) | re.ASCII)

    @settings(max_examples=15)
    @given(st.lists(st.from_regex(bare) | st.sampled_from(["", " ", "1", "a.b"]), max_size=3))
    def same(parts: list[str]) -> None:
        text = "".join(parts).encode("ascii", "ignore")
        spans = [m.span() for m in regex.finditer(pattern, text.decode(), flags) if m[0]]
        assert exact.spans(text) == spans

    same()


@pytest.mark.parametrize(
    "pattern", [r"(?:a){e<=1}", r"\p{L}", "[[:alpha:]]", "a*", "(?r)a", "[a--b]", "(?a:a)", "("]
)
def test_untranslatable(pattern: str) -> None:
    """What `re` reads otherwise than `regex`, and what may match nothing, is left alone."""
    with pytest.raises(Untranslatable):
        superset(pattern, 26)


def test_odd_characters() -> None:
    """Three letters beyond ASCII match an ASCII letter; digits of all scripts match a digit."""
    assert odd_letters() == "\u0130\u017f\u212a"
    assert {"\u0663", "\u0967", "\uff11"} < set(odd_digits())


def test_phone_alphabet() -> None:
    """No candidate of python-phonenumbers holds a character that we take for its end."""
    codes, beyond = phone.eaten()
    sets = re.findall(r"\[(?:\\.|[^\]\\])+\]", phonenumbermatcher._PATTERN.pattern)
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    held = set().union(*(re.findall(one, every, re.IGNORECASE) for one in [*sets, r"\d", "[a-z]"]))
    assert {char for char in held if not char.isascii()} <= beyond
    letters = set("extnsioa")
    assert {ord(char) for char in held if char.isascii() and not char.isalpha()} <= codes
    assert {ord(char) for char in letters} <= codes


NUMBERS = st.lists(
    st.sampled_from(
        [
            *"0123456789+() -./x#~",
            "ext. ",
            "202",
            "555 0143",
            "00",
            "+44",
            "011",
            "30",
            "2023-04-",
            ":00",
            "$",
            "é",
        ]
    ),
    max_size=20,
).map("".join)


@settings(max_examples=150)
@given(NUMBERS | st.from_regex(r"[0-9 ()+./-]{4,24}", fullmatch=True))
def test_phones(text: str) -> None:
    """One scan finds what eight regional matchers find."""
    assert scanned(text) == matched(text)


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS)[::8])
def test_phone_of_region(region: str) -> None:
    """Examples of each region are found as its own matcher finds them, in several styles."""
    scan = phone.PhoneScan((region,), 1)
    number = phonenumbers.example_number(region)
    assert number is not None
    for style in (0, 1, 2, 3):
        written = phonenumbers.format_number(number, style)
        for text in (f"call {written} now", written + "0", written[1:], "00" + written):
            ours = set().union(*(scan.spans(text, *span) for span in scan.runs(text.encode())))
            theirs = phonenumbers.PhoneNumberMatcher(text, region, leniency=1)
            assert ours == {(match.start, match.end) for match in theirs}


SCAN = phone.PhoneScan(REGIONS, 1)


def scanned(text: str) -> set[tuple[int, int]]:
    """Spans by our scan."""
    data = text.encode()
    found: set[tuple[int, int]] = set()
    for start, end in SCAN.runs(data):
        before = len(data[:start].decode("utf-8", "ignore"))
        inside = len(data[start:end].decode("utf-8", "ignore"))
        found |= SCAN.spans(text, before, before + inside)
    return found


def matched(text: str) -> set[tuple[int, int]]:
    """Spans by the original, region by region."""
    return {
        (match.start, match.end)
        for region in REGIONS
        for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=1)
    }


WORDS = "the be don't :) : ) ( = 3 ' s a.m. 10km foo::the e.g. I'm cannot x . - * _ Mr o O be:it"
PIECES = st.lists(
    st.sampled_from([" ", " ", " ", "  ", "\n", "\u00a0", *WORDS.split()]), min_size=1, max_size=25
).map("".join)


@settings(max_examples=200)
@given(PIECES, st.data())
def test_words(text: str, data: Any) -> None:
    """Words near a place, from tokens of few chunks, are those of the whole text."""
    artifacts = TextWords.of(ENGINE.process_text(text, "en"), 5, 1)
    start = data.draw(st.integers(0, len(text) - 1))
    assert outcome(TextWords(*CHUNKS.whole(text), 5, 1), start) == outcome(artifacts, start)
    assert outcome(ChunkWords(CHUNKS, text, 5, 1), start) in (
        outcome(artifacts, start),
        TangledError,
    )


ENGINE = BlankNlpEngine()
ENGINE.load()
CHUNKS = ChunkTokens(ENGINE, "en")


def outcome(words: Any, start: int) -> Any:
    """The words, or the kind of error."""
    try:
        return words(start)
    except ValueError as error:
        return type(error)
