"""The committed lists of names, words and places, read from pipeline/pii/names/data."""

import functools
import importlib.resources
from collections import defaultdict

FOLDER = importlib.resources.files("pipeline.pii.names") / "data"

LOCALES = {
    "en": ("en", "en_US", "en_GB", "en_IE", "en_NZ", "en_IN", "en_KE", "en_PK"),
    "es": ("es_ES", "es_MX", "es_CO", "es_CL", "es_AR"),
    "pt": ("pt_BR", "pt_PT"),
    "fr": ("fr_FR", "fr_BE", "fr_CH", "fr_CA"),
    "de": ("de_DE", "de_AT", "de_CH"),
    "it": ("it_IT",),
    "nl": ("nl_NL", "nl_BE"),
    "pl": ("pl_PL",),
    "cs": ("cs_CZ", "sk_SK"),
    "ro": ("ro_RO",),
    "tr": ("tr_TR", "az_AZ"),
    "id": ("id_ID",),
    "vi": ("vi_VN",),
    "sv": ("sv_SE",),
    "da": ("da_DK",),
    "no": ("no_NO",),
    "fi": ("fi_FI",),
    "hu": ("hu_HU",),
    "ru": ("ru_RU",),
    "uk": ("uk_UA",),
    "bg": ("bg_BG",),
    "el": ("el_GR",),
    "ar": ("ar_SA", "ar_AA"),
    "he": ("he_IL",),
    "fa": ("fa_IR",),
    "hi": ("hi_IN",),
    "ko": ("ko_KR",),
}
"""Where names of a language's sentences come from."""
ABROAD = ("hr_HR", "lt_LT", "lv_LV", "et_EE", "sl_SI", "is_IS", "yo_NG", "zu_ZA", "tw_GH", "uz_UZ")


def rows(file: str) -> list[tuple[str, ...]]:
    """The rows of a list: columns between tabs, comments left out."""
    lines = (FOLDER / file).read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


@functools.cache
def listed(file: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Entries of names.txt, words.txt or places.txt by locale and kind."""
    return {(locale, kind): tuple(all_of.split(",")) for locale, kind, all_of in rows(file)}


def special(kind: str) -> tuple[str, ...]:
    """Words of special.txt: of a `title`, a `particle` or a `company`."""
    return next(tuple(words.split(",")) for name, words in rows("special.txt") if name == kind)


@functools.cache
def of_language(file: str, kind: str, language: str) -> tuple[str, ...]:
    """All entries of a kind in the locales of a language; English also knows names from abroad."""
    locales = LOCALES[language]
    if language == "en" and file == "names.txt":
        locales += ABROAD
    held = listed(file)
    return tuple(entry for locale in locales for entry in held.get((locale, kind), ()))


def tiers(kind: str) -> dict[str, int]:
    """Of each word in `first` or `last` names: 1 to 3, by how many locales know it."""
    known = defaultdict(set)
    for (locale, its), entries in listed("names.txt").items():
        for entry in entries if its == kind else ():
            for word in entry.lower().split():
                known[word].add(locale)
    return {word: 1 + (len(at) > 1) + (len(at) > 4) for word, at in known.items()}  # noqa: PLR2004
