"""Digits that can be a valid phone number of a region, by one look instead of a parse for each."""

import re
from collections.abc import Sequence
from typing import Any

import phonenumbers
import re2

from pipeline.pii.presidio.regions import is_usable, options

_PLAIN = re.compile(r"[0-9 \-.()/\[\]\u2010-\u2015\xa0]+")  # no plus, no letter, no extension
_TIMES = re.compile(r"[0-9 \-.()/\[\]xX]+")  # x: punctuation, or an extension
_SIGNS = re.compile(r"\D+")
_KINDS = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)


class Plausible:
    """Regions in which a written number can be valid.

    python-phonenumbers takes an international prefix, the country's own code and a national
    prefix away; what stays must match one kind of number of a region with that code.

    Args:
        regions: as PhoneNumberMatcher takes them.
    """

    def __init__(self, regions: Sequence[str | None]) -> None:
        self._every = tuple(range(len(regions)))
        patterns = [_number(region) for region in regions]
        self._open = {at for at, pattern in enumerate(patterns) if pattern is None}
        self._places = [at for at, pattern in enumerate(patterns) if pattern is not None]
        self._set = re2.Set.FullMatchSet(options())
        for pattern in filter(None, patterns):
            self._set.Add(pattern)
        self._set.Compile()

    def regions(self, written: str) -> tuple[int, ...]:
        """Places of the regions in which it is worth to parse it; all, if it is unusual."""
        if _PLAIN.fullmatch(written):
            return self._of([_SIGNS.sub("", written)])
        if _TIMES.fullmatch(written) and written.lower().count("x") <= 2:  # noqa: PLR2004 - 3 are letters
            cuts = [at for at, char in enumerate(written) if char in "xX"]
            return self._of([_SIGNS.sub("", written[:cut]) for cut in (*cuts, len(written))])
        return self._every

    def _of(self, numbers: list[str]) -> tuple[int, ...]:
        found = set(self._open)
        for digits in numbers:
            found.update(self._places[hit] for hit in self._set.Match(digits.encode()) or ())
        return tuple(sorted(found))


def _number(region: str | None) -> bytes | None:
    """RE2 of all digits that may be valid for a region; None if that cannot be said."""
    about: Any = phonenumbers.PhoneMetadata.metadata_for_region(region or "ZZ", None)
    if about is None:
        return None
    lead = _lead(about)
    if lead is None:
        return None
    kinds = {
        kind.national_number_pattern
        for other in phonenumbers.region_codes_for_country_code(about.country_code)
        for kind in _kinds(other, about.country_code)
    }
    national = lead + "(?:" + "|".join(sorted(kinds)) + ")"
    abroad = f"(?:{about.international_prefix})[0-9]*" if about.international_prefix else "[^0-9]"
    pattern = f"{national}|{abroad}".replace(r"\d", "[0-9]").encode()
    return pattern if is_usable(pattern) else None


def _kinds(region: str, code: int) -> list[Any]:
    about: Any = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    kinds = [getattr(about, kind) for kind in _KINDS]
    return [kind for kind in kinds if kind is not None and kind.national_number_pattern]


def _lead(about: Any) -> str | None:
    """RE2 of what is taken away before the national number: own code, prefixes of both parses."""
    main = phonenumbers.region_code_for_country_code(about.country_code)
    prefixes = set()
    home: Any = phonenumbers.PhoneMetadata.metadata_for_region(main, None)
    for one in (about, home):
        prefix, rule = one.national_prefix_for_parsing, one.national_prefix_transform_rule
        if rule and _leaves_tail(prefix, rule):
            return "[0-9]*"
        if rule:
            return None
        if prefix:
            prefixes.add(prefix)
    either = "(?:" + "|".join(sorted(prefixes)) + "){0,2}" if prefixes else ""
    return f"(?:{about.country_code})?{either}"


def _leaves_tail(prefix: str, rule: str) -> bool:
    """The rule keeps the last group of the prefix, which ends it: the tail of the digits."""
    last = re.compile(prefix).groups
    return rule == rf"\{last}" and bool(re.fullmatch(r".*\([^()]*\)[)?]*", prefix))
