"""Made-up places and days: streets that are nowhere, points in the sea, the first of January."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.pii.fakes.draw import Draw, Slots
from pipeline.pii.fakes.given import HAN_GIVEN, HANGUL_GIVEN, JAPANESE_FAMILIES, SPACED
from pipeline.pii.fakes.lettering import cased, laid_out
from pipeline.pii.fakes.people import script_of

_HOUSES = tuple(str(number) for number in range(100, 1000))
_YEARS = tuple(str(year) for year in range(1950, 2000))
_KANA = re.compile(r"[\u3041-\u30ff\u4e01\u756a\u90fd\u770c\u5e9c]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_HAN = re.compile(r"[\u3400-\u9fff]")
NULL_ISLAND = "0.0, 0.0"
"""In the place of whole degrees."""
_BOX = re.compile(r"(?i)\s*(p\.?\s*o\.?\s*box|postfach|apartado|casilla|bo[iî]te postale)\b")
_WAY = re.compile(
    r"(?i)\b(street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|way"
    r"|terrace|square|parkway|pkwy|highway|hwy)\b"
)
_WAY_FIRST = re.compile(
    r"(?i)\b(rue|avenue|boulevard|calle|avenida|av\.|via|viale|piazza|rua|travessa|plaza|ulica|ul\.)"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MONTHS = {
    "january": "january jan february feb march mar april apr may june jun july jul august aug"
    " september sept sep october oct november nov december dec",
    "enero": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "janeiro": "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro",
    "janvier": "janvier février mars avril mai juin juillet août septembre octobre novembre"
    " décembre",
    "januar": "januar februar märz april juni juli oktober dezember",
    "gennaio": "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre",
    "января": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_WORD = re.compile(r"[^\W\d_]+")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)


class _Street(NamedTuple):
    """How streets are written: `{0}` is the name, `{1}` the house."""

    form: str
    names: tuple[str, ...]


def _streets() -> Iterator[tuple[str, _Street]]:
    pairs = tuple(one + other for one in HAN_GIVEN for other in HAN_GIVEN)
    yield "Han", _Street("{0}路{1}号", pairs)
    yield "Kana", _Street("{0}町{1}番地", JAPANESE_FAMILIES)
    hangul = tuple(one + other for one in HANGUL_GIVEN for other in HANGUL_GIVEN)
    yield "Hangul", _Street("{0}로 {1}", hangul)
    forms = {"Cyrillic": "ул. {0}, д. {1}", "Arabic": "شارع {0} {1}", "Hebrew": "רחוב {0} {1}"}
    for script, form in (forms | {"Devanagari": "{1} {0} मार्ग"}).items():
        yield script, _Street(form, SPACED[script].feminine or SPACED[script].families)


_STREETS = dict(_streets())


def address(written: str, seed: str, draw: Draw) -> str:
    """A street and a house, in the order of the script and of the street's word."""
    street = _street(written)
    name, house = draw.filled("address", seed, (street.names, _HOUSES))
    made = street.form.format(name, house)
    return cased(written, made) if street.form not in {s.form for s in _STREETS.values()} else made


def is_our_address(value: str, draw: Draw) -> bool:
    """Whether `address` gives it."""
    street = _street(value)
    name, house = (re.escape(f"{{{at}}}") for at in (0, 1))
    form = re.escape(street.form).replace(name, "(?P<name>.+)").replace(house, "(?P<house>[0-9]+)")
    found = re.fullmatch(form, value.strip(), re.IGNORECASE)
    if found is None:
        return False
    folded = {name.casefold(): name for name in street.names}
    parts = (folded.get(found["name"].casefold(), ""), found["house"])
    return draw.has_filled("address", parts, (street.names, _HOUSES))


def _street(written: str) -> _Street:
    for script, pattern in (("Hangul", _HANGUL), ("Kana", _KANA), ("Han", _HAN)):
        if pattern.search(written):
            return _STREETS[script]
    script = script_of(written)
    if script in _STREETS:
        return _STREETS[script]
    names = SPACED["Latin"].families
    if box := _BOX.match(written):
        return _Street(box[1] + " {0} {1}", names)
    if first := _WAY_FIRST.match(written.strip()):
        return _Street(first[1] + " {0} {1}", names)
    if way := _WAY.search(written):
        return _Street("{1} {0} " + way[1], names)
    return _Street("{0} {1}" if written.strip()[:1].isalpha() else "{1} {0}", names)


def coordinates(written: str, seed: str, draw: Draw) -> str:
    """A point of the Gulf of Guinea, within a degree of 0, 0; as precise as the written one."""
    slots = _of_point(written)
    if not slots:
        return NULL_ISLAND
    return _filled_point(written, "".join(draw.filled("coordinates", seed, slots)))


def is_our_point(value: str, draw: Draw) -> bool:
    """Whether `coordinates` gives it."""
    if value == NULL_ISLAND:
        return True
    slots = _of_point(value)
    digits = "".join(_behind(found, value) for found in _NUMBER.finditer(value))
    is_near = all(
        found[0].partition(".")[0] == "0"
        for found in _NUMBER.finditer(value)
        if _is_degree(found, value)
    )
    return bool(slots) and is_near and draw.has_filled("coordinates", digits, slots)


def _of_point(written: str) -> Slots:
    slots: list[str] = []
    for found in _NUMBER.finditer(written):
        digits = _behind(found, written)
        is_whole = digits and not _is_degree(found, written)
        slots += ["012345" if is_whole and not at else "0123456789" for at in range(len(digits))]
    return slots


def _is_degree(found: re.Match[str], text: str) -> bool:
    """Whether a number is degrees, not minutes or seconds."""
    after = text[found.end() : found.end() + 2].lstrip()[:1]
    return after not in {"'", '"', "\u2032", "\u2033", "\u2019", "\u201d"}


def _behind(found: re.Match[str], text: str) -> str:
    """The digits of a number that are drawn: of degrees those behind the point."""
    whole, _, rest = found[0].partition(".")
    return rest if _is_degree(found, text) else whole.zfill(2) + rest


def _filled_point(written: str, digits: str) -> str:
    left = iter(digits)

    def one(found: re.Match[str]) -> str:
        whole, point, rest = found[0].partition(".")
        before = "0"
        if not _is_degree(found, written):
            before = "".join(next(left) for _ in whole.zfill(2))
        return before + point + "".join(next(left) for _ in rest)

    return _NUMBER.sub(one, written)


def day(written: str, seed: str, draw: Draw) -> str:
    """The first of January of a year of the key's choice, in the same format."""
    (year,) = draw.filled("date_of_birth", seed, (_YEARS,))
    place = _year_in(written)

    def one(found: re.Match[str]) -> str:
        if found.start() == place:
            return laid_out(found[0], year[-len(found[0]) :])
        return laid_out(found[0], "1".zfill(len(found[0])))

    made = re.sub(r"\d+", one, written)
    return _ORDINAL.sub("st", _WORD.sub(_in_january, made))


def is_our_day(value: str, draw: Draw) -> bool:
    """Whether `day` gives it."""
    place = _year_in(value)
    numbers = [(found.start(), found[0]) for found in re.finditer(r"\d+", value)]
    year = next((number for at, number in numbers if at == place), "")
    others = {number.lstrip("0") for at, number in numbers if at != place}
    if place < 0:
        return others == {"1"} and _WORD.sub(_in_january, value) == value
    if others - {"1"} or _WORD.sub(_in_january, value) != value or not year.isascii():
        return False
    whole = year if len(year) == len(_YEARS[0]) else "19" + year
    return draw.has_filled("date_of_birth", (whole,), (_YEARS,))


def _year_in(written: str) -> int:
    """Where the year stands: the number of four digits, else the last of two; -1 for no year."""
    numbers = list(re.finditer(r"\d+", written))
    long = [found.start() for found in numbers if len(found[0]) == len(_YEARS[0])]
    short = [found.start() for found in numbers if len(found[0]) == 2]  # noqa: PLR2004 (as in 80)
    return (long or short[-1:] or [-1])[0]


def _in_january(found: re.Match[str]) -> str:
    word = found[0].lower()
    for january, months in _MONTHS.items():
        if word in months.split():
            short = january[:3] if len(word) <= 3 and january == "january" else january  # noqa: PLR2004
            return short.upper() if found[0].isupper() else _capital(found[0], short)
    return found[0]


def _capital(written: str, made: str) -> str:
    return made.capitalize() if written[:1].isupper() else made
