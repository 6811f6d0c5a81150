"""Precise positions: latitude and longitude that someone was at, not columns of numbers."""

# ruff: noqa: RUF001, SIM905 (other scripts are the subject; a list would take a line a word)

import re

import re2

from pipeline.pii.rule import Match, Rule

STRONG_CUE = re2.compile(
    (
        r"(?i)(?:\b(?:location|located|coordinates?|coords?|gps|position|geo|"
        r"lat(?:itude)?(?:\W{1,3}lo?ng?"
        r"(?:itude)?)?|latlng|my house|my home|home is|standort|koordinaten|coordonnées|"
        r"coordenadas|"
        r"ubicación|ubicado|localização|coordinate|współrzędne|koordinat\w*|konum|coördinaten|"
        r"pin)\b"
        r"|координат\w*|坐标|座標|位置|经纬度|緯度|좌표|위치|إحداثيات|الموقع|مختصات|נ״צ|"
        r"קואורדינטות|"
        r"निर्देशांक|tọa độ|📍|точк[аеу]|\bestá en|\bqui\b|\bici\b|\bhere\b"
        r"|met at|meet at|meet me at|dropped at|parked at|lives? at|staying at|i am at|i'm at)"
        r"[^\d\n]{0,16}$"
    ).encode()
)
WEAK_CUE = re2.compile((r"(?i)\b(?:at|near|in|from|to|around|bei|à|en|em|w|op)\s\(?$").encode())
PLACES = frozenset(
    (
        "40.71,-74.00 34.05,-118.24 51.50,-0.12 48.85,2.35 48.85,2.29 37.77,-122.41 "
        "41.87,-87.62 35.68,139.65 35.67,139.65 35.68,139.69 52.52,13.40 55.75,37.61 "
        "39.90,116.40 31.23,121.47 28.61,77.20 19.07,72.87 -33.86,151.20 40.74,-73.98 "
        "40.68,-74.04 47.60,-122.33 37.33,-122.03 37.42,-122.08 43.65,-79.38 19.43,-99.13 "
        "-23.55,-46.63 41.90,12.49 40.41,-3.70"
    ).split()
)
"""Cities and sights as examples give them, to two digits."""
PAIR = r"[+-]?[0-9]{1,2}\.[0-9]{3,}°?[,;] ?[+-]?[0-9]{1,3}\.[0-9]{3,}"


def _pair(value: str) -> tuple[str, str]:
    north, east, *_ = re.findall(r"[+-]?\d+\.\d+", value)
    return north, east


def _is_in_range(value: str) -> bool:
    north, east = _pair(value)
    return abs(float(north)) <= 90 and abs(float(east)) <= 180  # noqa: PLR2004 (degrees)


def _is_place(value: str) -> bool:
    """A city that examples are made of."""
    return ",".join(re.sub(r"(\.\d\d)\d*", r"\1", number) for number in _pair(value)) in PLACES


def _is_position(match: Match) -> bool:
    """A pair of its own, after words of a place."""
    if re.search(r"[\d\w.,+*/=-]\Z|\d[,;]\s*\Z", match.before):
        return False
    if not re.search("[1-9]", match.value):
        return False
    if re.match(r"\s?[,;]\s?[+-]?\d|[\w%]|\.\d|\s?[*/^=]", match.after) or not _is_in_range(
        match.value
    ):
        return False
    if STRONG_CUE.search(match.before.encode()):
        return not _is_place(match.value)
    north, east = _pair(match.value)
    fine = min(len(number.partition(".")[2]) for number in (north, east)) >= 4  # noqa: PLR2004
    far = abs(float(north)) > 1 and abs(float(east)) > 1
    return (
        fine
        and far
        and WEAK_CUE.search(match.before.encode()) is not None
        and not _is_place(match.value)
    )


def _is_named(match: Match) -> bool:
    return _is_in_range(match.value) and not _is_place(match.value)


def _is_field(match: Match) -> bool:
    """No city that examples are made of."""
    short = re.sub(r"(\.\d\d)\d*", r"\1", match.value)
    return all(short not in place.split(",") for place in PLACES)


def _is_map(match: Match) -> bool:
    return _is_in_range(match.value.replace("%2C", ",")) and not _is_place(match.value)


DEGREE = r"[0-9]{1,3}(?:\.[0-9]+)?°"
MINUTES = r"(?: ?[0-9]{1,2}(?:\.[0-9]+)?['′’])?(?: ?[0-9]{1,2}(?:\.[0-9]+)?(?:\"|″|”|''))?"


def _is_fine(match: Match) -> bool:
    """To seconds, or to three decimals."""
    return len(re.findall(r"\d+\.\d{3,}°|[\"″”]|''|\d\.\d{3,}['′]", match.value)) >= 2  # noqa: PLR2004


RULES: tuple[Rule, ...] = (
    Rule(
        "coordinates_pair",
        "coordinates",
        gate=r"[^0-9.,][0-9][0-9]?\.[0-9][0-9][0-9]+(?:\xc2\xb0)?[,;] "
        r"?[+-]?[0-9][0-9]?[0-9]?\.[0-9][0-9][0-9]",
        pattern=PAIR,
        check=_is_position,
        score=0.95,
        source="latitude, longitude in decimal degrees after words of a place",
    ),
    Rule(
        "coordinates_degrees",
        "coordinates",
        gate=r"[0-9]\xc2\xb0 ?(?:[NSns][ ,;][ ,;]?[0-9]|[0-9][0-9]?(?:\.[0-9]+)?(?:'|\xe2\x80|"
        r"\xe2\x88))",
        pattern=rf"[+-]?{DEGREE}{MINUTES} ?[NSns],?;? ?[+-]?{DEGREE}{MINUTES} ?[EWOewo]\b",
        check=_is_fine,
        score=0.5,
        source="ISO 6709 annex D: degrees, minutes and seconds",
    ),
    Rule(
        "coordinates_minutes",
        "coordinates",
        gate=r"[0-9]\.[0-9][0-9]+ ?[NS] [0-9]",
        pattern=r"\b[0-9]{1,2}[ °] ?[0-9]{1,2}\.[0-9]{2,}['′]? ?[NS] [0-9]{1,3}[ °] "
        r"?[0-9]{1,2}\.[0-9]{2,}"
        r"['′]? ?[EW]\b",
        score=0.9,
        source="degrees and minutes as receivers show them: 34 23.976N 23 30.431W",
    ),
    Rule(
        "coordinates_named",
        "coordinates",
        gate=r"(?i)lat(?:itude)?[^a-zA-Z0-9\n\x22']+[0-9][0-9]?\.[0-9][0-9][0-9]",
        pattern=r"(?i)\b(?P<value>lat(?:itude)?\s?(?:[:=]|is|"
        r"of)?\s?[+-]?[0-9]{1,2}\.[0-9]{4,}°?[NS]?"
        r"[,;]?\s*(?:and\s)?(?:lon|lng|long|longitude)\s?(?:[:=]|is|"
        r"of)?\s?[+-]?[0-9]{1,3}\.[0-9]{4,})",
        check=_is_named,
        score=0.8,
        source="lat: ..., lng: ...",
    ),
    Rule(
        "coordinates_field",
        "coordinates",
        gate=r"(?i)(?:lat|lng|lon|latitude|longitude)[\x22']: ?-?[0-9]+\.[0-9][0-9][0-9][0-9]",
        pattern=r"(?i)[\"'](?:lat|lng|lon|long|latitude|"
        r"longitude)[\"']:\s?(?P<value>-?[0-9]{1,3}\.[0-9]{4,})",
        check=_is_field,
        score=0.6,
        source="one number of a record, which still parses when it is replaced",
    ),
    Rule(
        "coordinates_map",
        "coordinates",
        gate=r"(?:/@|[?&](?:q|ll|query|center|destination|daddr|saddr)=|geo:|"
        r"mlat=)-?[0-9]+\.[0-9][0-9][0-9]",
        pattern=r"(?:maps[^\s]*?(?:/@|[?&](?:q|ll|query|center|destination|daddr|saddr)=)|geo:)"
        r"(?P<value>-?[0-9]{1,2}\.[0-9]{3,}(?:,|%2C)-?[0-9]{1,3}\.[0-9]{3,})",
        check=_is_map,
        score=0.8,
        priority=5,
        source="addresses of maps, RFC 5870",
    ),
)
