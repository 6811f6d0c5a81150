"""Made-up people: names in the script of a language, mail addresses, days of birth."""

from random import Random

from benchmarks.pii.values import NICKS, names, plain, table

HOSTS = (
    "example.org", "example.net", "mail.example.org", "uni.example.net", "post.example.org",
    "klinik.example.net", "team.example.org",
)  # fmt: skip
"""Domains of no one (RFC 2606). Addresses at example.com stand for documentation."""
VEILED = (
    (" at ", " dot "), (" [at] ", " [dot] "), ("(at)", "."), (" AT ", " DOT "), ("@", "(dot)"),
    (" (at) ", " (dot) "), ("[at]", "[.]"), (" {at} ", " {dot} "), (" @ ", " . "),
)  # fmt: skip
"""How people hide an address from machines."""
STYLES = (
    "{first}.{last}",
    "{first}{last}{n}",
    "{f}{last}",
    "{last}.{first}",
    "{first}_{n}",
    "{nick}{n}",
)


def person(language: str, rng: Random) -> tuple[str, str]:
    """Given and family name."""
    return rng.choice(names(language, "first")), rng.choice(names(language, "last"))


def full(name: tuple[str, str], language: str) -> str:
    """Both names in the order of the language."""
    shape = str(table("names")[language].get("joined", "{first} {last}"))
    return shape.format(first=name[0], last=name[1])


def in_form(name: tuple[str, str], form: str, language: str) -> str:
    """A name as it recurs: `first`, `last`, `initial`, `list`, `middle`, else in full."""
    first, last = name
    if form in {"first", "last"}:
        return first if form == "first" else last
    if form == "initial":
        return f"{first[0]}. {last}"
    if form == "list":
        return f"{last}, {first}"
    return f"{first} J. {last}" if form == "middle" else full(name, language)


def email(name: tuple[str, str], variant: str, rng: Random) -> str:
    """A mail address, of a person if the style wants a name; `veiled`: hidden from machines."""
    first, last = map(plain, name)
    style, host = rng.choice(STYLES), rng.choice(HOSTS)
    user = style.format(
        first=first, last=last, f=first[0], n=rng.randint(2, 99), nick=rng.choice(NICKS)
    )
    if not variant:
        return f"{user}@{host}"
    at, dot = rng.choice(VEILED)
    return f"{user}{at}{host.replace('.', dot)}"


def birthday(language: str, rng: Random) -> str:
    """A day between 1945 and 2005 as the language writes it."""
    how = table("days")[language]
    year, month = rng.randint(1945, 2005), rng.randint(1, 12)
    words = {"month": str(how["months"]).split()[month - 1], "m": month, "d": rng.randint(1, 28)}
    return str(rng.choice(how["shapes"])).format(**words, y=year, yy=year % 100)
