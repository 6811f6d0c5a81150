"""Where somebody lives or is: streets with their number, and points on Earth."""

import re

from pipeline.audit.check import Check, always, value_of


def _is_place(match: re.Match[str]) -> bool:
    """On Earth, and not where the equator meets Greenwich."""
    north, east = (float(re.sub(r"[^\d.-]", "", part)) for part in value_of(match).split(","))
    return 0 < abs(north) <= 90 and 0 < abs(east) <= 180  # noqa: PLR2004 (degrees)


CHECKS = (
    Check(
        "coordinates",
        "coordinates",
        re.compile(
            r"(?P<value>[-0-9](?<![\w.,(\[-].)(?<!\d, .)(?:(?<=-)\d{1,2}|(?<=\d)\d?)"
            r"\.\d{4,8}°?[NS]?, ?-?\d{1,3}\.\d{4,8})"
            r"(?![\w]|[.,] ?-?\d)"
        ),
        _is_place,
    ),
    Check(
        "street and number",
        "address",
        re.compile(
            r"[0-9](?<![\w.,$-].)\d{0,4}[A-Za-z]? (?:[A-Z][\w'.-]{1,20} ){1,3}"
            r"(?:(?:Street|St|Avenue|Ave|Rd|Road|Lane|Ln|Drive|Boulevard|Blvd|Court|Terrace|Highway|Parkway"
            r"|Crescent|Way|Place)\b"
            r"(?=[.,]? ?(?:\n|,|[A-Z]{2} \d|\d{4}|Apt|Suite|Unit)))"
        ),
        always,
    ),
    Check(
        "street, city, state and ZIP code",
        "address",
        re.compile(
            r"[0-9](?<![\w.,$-].)\d{0,4} (?:[A-Z][\w'.-]{1,20},? ){2,4}"
            r"(?:(?:Apt\.?|Suite|Unit) \w{1,5},? )?(?:[A-Z][\w'.-]{1,20},? ){1,2}"
            r"[A-Z]{2},? \d{4,5}(?!\w)"
        ),
        always,
    ),
    Check(
        "street and number, the other way round",
        "address",
        re.compile(
            r"(?<!\w)(?:[A-Z\xc4\xd6\xdc]\w{2,25}(?:stra(?:\xdf|ss)e|weg|platz|allee|gasse)|(?:Calle|Avenida"
            r"|Alameda|Plaza|Via|Viale|Rua|Travessa|ул\.|ш\.|пр\.)(?: [\w.'-]{1,20}){1,4},?)"
            r" (?:д\. )?\d{1,4}(?!\w|[.,]\d)"
        ),
        always,
        (
            *(
                "stra\xdfe",
                "strasse",
                "weg ",
                "platz",
                "allee",
                "gasse",
                "calle",
                "avenida",
                "rua ",
            ),
            *("alameda", "plaza", "via ", "viale", "travessa", "ул.", "ш.", "пр."),
        ),
    ),
    Check(
        "number and rue",
        "address",
        re.compile(
            r"[0-9](?<!\w.)\d{0,3}(?: bis| ter)?,? (?:rue|avenue|boulevard|chemin|all\xe9e|impasse)"
            r"(?: (?:de|du|des|la|le|l')){0,3} ?[A-Z\xc0-\xdd][\w'-]{1,20}"
        ),
        always,
        ("rue", "avenue", "boulevard", "chemin", "all\xe9e", "impasse"),
    ),
)
