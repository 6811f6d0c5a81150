"""Where somebody lives or is: streets with their number, and points on Earth."""

import re

from pipeline.audit.check import Check, value_of


def _is_place(match: re.Match[str]) -> bool:
    """On Earth, and not where the equator meets Greenwich."""
    north, east = (float(re.sub(r"[^\d.-]", "", part)) for part in value_of(match).split(","))
    return 0 < abs(north) <= 90 and 0 < abs(east) <= 180  # noqa: PLR2004 (degrees)


def _is_lived_in(match: re.Match[str]) -> bool:
    """Not 123 Main Street, where only examples live."""
    return re.search(r"(?<!\d)123\d?(?!\d)", match[0]) is None and not SAMPLE.search(match[0])


SAMPLE = re.compile(
    r"(?i)example|sample|anytown|^muster|^(?:456|789) |main st|downing|mile drive|pennsylvania"
)
CHECKS = (
    Check(
        "coordinates",
        "coordinates",
        re.compile(
            r"(?P<value>[-0-9](?<![\w.,(\[-].)(?<![\w'\x22\])], .)(?<!= .)"
            r"(?:(?<=-)\d{1,2}|(?<=\d)\d?)\.\d{4,8}°?[NS]?, ?-?\d{1,3}\.\d{4,8})"
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
        _is_lived_in,
    ),
    Check(
        "street, city, state and ZIP code",
        "address",
        re.compile(
            r"[0-9](?<![\w.,$-].)\d{0,4} (?:[A-Z][\w'.-]{1,20},? ){2,4}"
            r"(?:(?:Apt\.?|Suite|Unit) \w{1,5},? )?(?:[A-Z][\w'.-]{1,20},? ){1,2}"
            r"[A-Z]{2},? \d{4,5}(?!\w)"
        ),
        _is_lived_in,
    ),
    Check(
        "street and number, the other way round",
        "address",
        re.compile(
            r"(?<!\w)(?:[A-Z\xc4\xd6\xdc]\w{2,25}(?:stra(?:\xdf|ss)e|weg|platz|allee|gasse)|(?:Calle|Avenida"
            r"|Alameda|Plaza|Via|Viale|Rua|Travessa|ул\.|ш\.|пр\.)(?: [\w.'-]{1,20}){1,4},?)"
            r" (?:д\. )?\d{1,4}(?!\w|[.,]\d)"
        ),
        _is_lived_in,
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
        _is_lived_in,
        ("rue", "avenue", "boulevard", "chemin", "all\xe9e", "impasse"),
    ),
)
