"""What kind of message one is, for a sample that holds all kinds: script, length, cue."""

import re
from typing import NamedTuple

SCRIPTS = {
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "kana": re.compile(r"[\u3040-\u30ff]"),
    "han": re.compile(r"[\u3400-\u9fff]"),
    "hangul": re.compile(r"[\u1100-\u11ff\uac00-\ud7a3]"),
    "arabic": re.compile(r"[\u0600-\u06ff]"),
    "greek": re.compile(r"[\u0370-\u03ff]"),
    "hebrew": re.compile(r"[\u0590-\u05ff]"),
    "indic": re.compile(r"[\u0900-\u0dff]"),
    "thai": re.compile(r"[\u0e00-\u0e7f]"),
}
JAPANESE = 0.1
"""Share of kana from which on a text in Han characters is Japanese."""
LOOKED_AT = 1000
"""Code points that tell the script."""
SHORT, MEDIUM = 200, 2000
"""Code points."""
NAME_CUE = re.compile(
    r"(?i)\b(?:my name|i am|i'm|dear|sincerely|regards|mr|mrs|ms|dr|signed|from:|to:|name:"
    r"|me llamo|soy|estimad[oa]|je m'appelle|cher|ch[eè]re|ich hei(?:ß|ss)e|mein name|hallo herr"
    r"|hallo frau|mi chiamo|caro|cara|meu nome|sou)\b"
    r"|меня зовут|уважаем|уважением|我叫|我是|先生|女士|私は|と申します|さん|제 이름|저는|씨|اسمي"
)
AT = re.compile(r"@|\(at\)|\[at\]| at \w+ dot ", re.IGNORECASE)
DIGITS = re.compile(r"\d")


class Stratum(NamedTuple):
    """A kind of message."""

    language: str
    role: str
    length: str
    cue: str


def stratum(text: str, role: str, language: str | None) -> Stratum:
    """The kind of a message; without a language column, its script stands for the language."""
    size = len(text)
    length = "short" if size < SHORT else "medium" if size < MEDIUM else "long"
    return Stratum(language or script(text), role, length, cue(text))


def script(text: str) -> str:
    """The script that most letters at the beginning of a text are of."""
    begin = text[:LOOKED_AT]
    counts = {name: len(letters.findall(begin)) for name, letters in SCRIPTS.items()}
    found = max(counts, key=lambda name: counts[name])
    if not counts[found]:
        return "none"
    is_japanese = counts["kana"] >= JAPANESE * (counts["kana"] + counts["han"]) > 0
    return "kana" if found == "han" and is_japanese else found


def cue(text: str) -> str:
    """The strongest sign of personal data: an @, what stands before names, a digit, or none."""
    if AT.search(text):
        return "at"
    if NAME_CUE.search(text):
        return "name"
    return "digit" if DIGITS.search(text) else "none"
