"""Where an address that a cue announced ends: at its postcode, its city, or the sentence."""

# ruff: noqa: RUF001, SIM905 (other scripts are the subject; a list would take a line a word)

import re

import re2

from pipeline.pii.rules.streets import NOBODY, SIGHTS

STOP = re2.compile(
    (
        r"입니다|이에요|예요|です|。|！|؟|।|[!?;|<>\t\"”»」*`{}=]|\.(?:\s|$)|\)\s|\(written|https?:"
        r"|, (?:and|but|so|my|i) | (?:and|but|where|which|with|und|oder|et|pero|mas|ma|maar|is) "
        r"|(?i:phone|tel|e-?mail)\b"
    ).encode()
)
ABBREVIATION = re.compile(
    r"(?:[^\W\d_]{1,3}|apt|ste|blvd|ave|бульв|корп|просп|кварт|стр|обл|пер|наб|алл|буд|вул|"
    r"bldg|hwy|pkwy|h\.no|p\.o|n\.e|unit|block|flat|avda)",
    re.IGNORECASE,
)
CODES = (
    r"\b[0-9]{5}-[0-9]{3}\b|\b[0-9]{4}-[0-9]{3}\b|\b[0-9]{5}-[0-9]{4}\b|\b[0-9]{2}-[0-9]{3}\b|"
    r"\b[0-9]{3} [0-9]{2}\b"
    r"|\b[0-9]{4} ?[A-Z]{2}\b|\b[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]\b"
    r"|\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b|\b[A-Z][0-9][0-9W] ?[A-Z0-9]{4}\b|\b\d{4,10}\b"
)
POSTCODE = re.compile(CODES)
FINAL_CODE = re.compile(
    r"\b[A-Z]{2,3},? (?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)\b(?!-)"
    r"|\b[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b|[ -]\d{6}\b"
)
"""Postcodes behind which no city follows."""
HOUSE_BEFORE = re.compile(r"(?:^|\d[A-Za-z]?|\b[A-Za-z]{1,2}\.? ?\d+)[,. ]*$")
LAST_CODE = re.compile(r"\d{4}|\d{6,7}|\d{9,10}")
"""Postcodes that stand behind the city, if a house number does not stand before them."""
WORD = re.compile(r"[ ,/]+([\w'’\-]+|/|\([\w ]+\))")
PARTICLES = frozenset(
    (
        "a am an bei by da das de del der di do dos du e el en i im in la las le les los na nad ob "
        "of on os pod près s sous sur u upon v van y zu /"
    ).split()
)
CODE_FIRST = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,6} ")
MAX_LINES = 5
MAX_LINE = 60
"""Characters that a second or third line may have."""
STREET_WORD = re.compile(
    r"(?i)\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|way|"
    r"square|close|terrace|apt|suite|flat|unit|floor|box|block|sector|house|nagar|marg|colony|"
    r"rue|chemin|allée|impasse|quai|calle|avenida|plaza|paseo|carrera|via|viale|piazza|corso|rua|"
    r"travessa|strada|bulevardul|soseaua|ulica|ul|plac|jalan|jl|đường|phố|quận|phường|xã|tỉnh|thôn|"
    r"ấp|khóm|hẻm|edif|depto|peatonal|circuito|οδός)\b"
    r"|straße|strasse|str\.|weg\b|gasse|platz|allee|straat|laan\b|plein|gatan|vägen|mah\.|cad\.|"
    r"sok\.|sokak|caddesi|mahallesi|ул|пер\.|просп|шоссе|ш\.|д\.|дом|кв|вул|буд|شارع|خیابان|کوچه|"
    r"پلاک|רחוב|דירה|रोड|नगर|मार्ग|वडा|ถนน|หมู่|ต\.|ถ\.|อ\.|ქ\.|փող|küç|pr\.|বাড়ী|রোড|ফ্ল্যাট|واحد"
)
UNSPACED_STREET = re.compile(
    r"(?:로|길|가|동|리|번지|호|号|號|番|丁目|路|街|弄|巷|室|楼|町|区|村)\s?[0-9０-９]"
    r"|[0-9０-９]\s?(?:号|號|番|丁目|室|楼|동|호|번지)|(?:路|街|道)\w{0,3}座"
)
DIGIT = re.compile(rb"[0-9]|[\xd9\xdb][\xa0-\xb9]|\xe0[\xa5\xa7\xa9\xab\xad\xaf][\xa6-\xaf]")
UNSPACED = re.compile(r"[぀-ヿ㐀-鿿가-힯]")
OTHER_THAN_YEAR = re.compile(r"\b(?!(?:1[5-9]|20)\d\d\b)\w*\d")
HANGUL = re.compile(r"[가-힣]")
HANGUL_PLACE = re.compile(r"[가-힣](?:시|도|군|구|읍|면|동|리)[ ,]")
NOT_AN_ADDRESS = re.compile(
    r"(?i)^(?:\d{1,3}(?:\.\d{1,3}){3}|0x|https?:|www\.|[\w.+-]+@|/|::|\d+ (?:minutes?|hours?|"
    r"miles?|km|years?|bedrooms?|people|stor|days?|blocks?|bytes?|bits?)|(?-i:the|a|an|your|all|"
    r"this|"
    r"these|those|any|each|that|which|there|it|if|when|for|our|every)\b|\[|<|\{|\$|%|_)"
    r"|[=\[\]{}<>]|://|@|\b0x"
)


def value_of(text: str) -> str:
    """The address at the beginning of a text, over at most five lines; empty: there is none."""
    lines = text.split("\n")[:MAX_LINES]
    found = _cut(lines[0])
    is_whole = found == lines[0] or (
        found == lines[0].rstrip(" .") and CODE_FIRST.match("".join(lines[1:2]))
    )
    if is_whole and not _has_code(found):
        more = _more(lines[1:])
        found = lines[0] + more if more else found
    found = found.rstrip(" \t\n,.、。-–:")
    return found if text.startswith(found) and _is_address(found) else ""


def _more(lines: list[str]) -> str:
    """Further lines, if the last of them has a postcode."""
    for number, line in enumerate(lines):
        tail = _cut(line, is_later=True)
        if len(tail) > MAX_LINE or ":" in tail:
            return ""
        code = POSTCODE.search(tail)
        if code:
            is_bare = number == 0 and tail == line and code.end() == len(tail) < 9  # noqa: PLR2004 (a code alone)
            city = "".join(lines[1:2]) if is_bare else ""
            city = city[: _city_end(f" {city}", 0) - 1] if city[:1].isupper() else ""
            return "".join(f"\n{part}" for part in [*lines[:number], tail, city] if part)
        if tail != line or not line[:1].isupper():
            return ""
    return ""


def _cut(line: str, *, is_later: bool = False) -> str:
    """A line up to the end of its sentence, or of its postcode."""
    line = line[: _sentence_end(line)]
    final = FINAL_CODE.search(line)
    if final:
        return line[: final.end()]
    codes = [code for code in POSTCODE.finditer(line) if code.start() > 6 or is_later]  # noqa: PLR2004
    if not codes:
        return line
    code = codes[-1]
    before = line[: code.start()]
    if LAST_CODE.fullmatch(code.group()) and not HOUSE_BEFORE.search(before):
        return line[: code.end()]
    return line[: _city_end(line, code.end())]


def _sentence_end(text: str) -> int:
    """Where the sentence ends on this line."""
    data = text.encode()
    at = 0
    while match := STOP.search(data, at):
        start = match.start()
        if data[start : start + 1] == b".":
            word = re.search(r"[^\s,]*$", data[:start].decode("utf-8", "ignore"))
            is_abbreviation = word is not None and _is_abbreviation(word.group())
            is_number = data[start + 1 : start + 3].strip().isdigit()
            if (is_abbreviation or is_number or not DIGIT.search(data[:start])) and start + 2 < len(
                data
            ):
                at = start + 1
                continue
        if data[start : start + 1] == b")":
            start += 1
        return len(data[:start].decode("utf-8", "ignore"))
    return len(text)


def _is_abbreviation(word: str) -> bool:
    return ABBREVIATION.fullmatch(word) is not None and not (len(word) > 1 and word.isupper())


def _city_end(line: str, end: int) -> int:
    """Behind the capitalised words that follow a postcode."""
    last = end
    while word := WORD.match(line, end):
        found = word.group(1)
        end = word.end()
        if found[:1].isupper() or found[:1] == "(":
            last = end
        elif found not in PARTICLES:
            break
    return last


def _has_code(line: str) -> bool:
    return any(found.start() > 6 for found in POSTCODE.finditer(line))  # noqa: PLR2004


def _is_address(value: str) -> bool:
    """A number, and a word that streets are called by or a postcode."""
    if len(value.encode()) < 9 or NOT_AN_ADDRESS.search(value) or not re.search(r"\d", value):  # noqa: PLR2004
        return False
    if not re.search(r"[^\W\d_]{2}", value) or len(value.split()) > 22:  # noqa: PLR2004 (words)
        return False
    if SIGHTS.search(value) or NOBODY.search(value) or not OTHER_THAN_YEAR.search(value):
        return False
    if UNSPACED.search(value):
        is_placed = not HANGUL.search(value) or HANGUL_PLACE.search(value) is not None
        return is_placed and UNSPACED_STREET.search(value) is not None
    if STREET_WORD.search(value) and re.search(r"[^\W\d_][.,]?\s?\d|\d[,/ ]*[^\W\d_]", value):
        return True
    is_begun = not (value[:1].islower() and value[:1].isascii())
    return (
        is_begun and POSTCODE.search(value) is not None and re.search(r"[,\n]", value) is not None
    )
