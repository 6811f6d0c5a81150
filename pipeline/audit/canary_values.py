"""Values of nobody that look like those of somebody, each another one, chosen by a generator.

Reserved where the redactor looks at reserved ones: example domains (RFC 2606), telephone numbers
for films (Bundesnetzagentur, ARCEP), test numbers of card issuers, bank codes that nobody has,
locally administered MACs. Addresses of machines must be public to be personal; they are in
25.0.0.0/8, which is allocated and not routed.
"""

import string
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from pipeline.audit.canary_words import GIVEN, STREETS, SURNAMES, TOWNS

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
Maker = Callable[[Random, str], str]


def value(kind: str, rng: Random, language: str) -> str:
    """A value of a kind, as people of a language write it."""
    return MAKERS[kind](rng, language)


def respelled(kind: str, value: str) -> str:
    """The same value as an answer may say it again."""
    if kind == "person" and value.isascii():
        return value.upper()
    if kind in {"phone", "card"}:
        return value.replace("-", " ").replace("  ", " ")
    return value


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(count))


def _any(rng: Random, signs: str, count: int) -> str:
    return "".join(rng.choice(signs) for _ in range(count))


def _person(rng: Random, language: str) -> str:
    given, family = rng.choice(GIVEN[language]), rng.choice(SURNAMES[language])
    match language:
        case "zh" | "ko":
            return family + given
        case "ja":
            return f"{family} {given}"
        case _:
            return f"{given} {family}"


def _email(rng: Random, _: str) -> str:
    local = f"{rng.choice(GIVEN['en'])}{rng.choice('._-')}{rng.choice(SURNAMES['en'])}".lower()
    domain = (
        f"{rng.choice(('mail', 'post', 'home', 'office'))}.example.{rng.choice(('org', 'net'))}"
    )
    address = f"{local}{rng.randrange(10, 9999)}@{domain}"
    if rng.random() < 0.15:  # noqa: PLR2004 (some hide it)
        return address.replace("@", " [at] ").replace(".example.", " [dot] example [dot] ")
    return address


DRAMA = ("30 23125", "40 66969", "69 90009", "89 99998", "221 4710")
"""Exchanges that the Bundesnetzagentur gives to films; the redactor knows the American ones."""


def _phone(rng: Random, language: str) -> str:
    if language == "fr" or rng.random() < 0.4:  # noqa: PLR2004 (a share)
        number = f"+33 1 99 00 {_digits(rng, 2)} {_digits(rng, 2)}"
    else:
        number = f"+49 {rng.choice(DRAMA)} {_digits(rng, 3)}"
    return number.replace(" ", rng.choice((" ", " ", "-")))


def _address(rng: Random, language: str) -> str:
    number, street = rng.randrange(2, 180), rng.choice(STREETS.get(language, STREETS["en"]))
    town = rng.choice(TOWNS.get(language, TOWNS["en"]))
    return street.format(number=number, town=town)


def _luhn(digits: str) -> str:
    """The digits and their check digit."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 - place % 2)
        total += number - 9 if number > 9 else number  # noqa: PLR2004 (sum of two digits)
    return f"{digits}{-total % 10}"


def _card(rng: Random, _: str) -> str:
    digits = _luhn("400000" + _digits(rng, 9))
    gap = rng.choice(("", " ", "-"))
    return gap.join(digits[at : at + 4] for at in range(0, 16, 4))


def _iban(rng: Random, _: str) -> str:
    country, account = rng.choice(
        (
            ("DE", "99" + _digits(rng, 16)),
            ("NL", "TEST" + _digits(rng, 10)),
            ("AT", _digits(rng, 16)),
        )
    )
    number = int("".join(str(int(sign, 36)) for sign in f"{account}{country}00"))
    plain = f"{country}{98 - number % 97:02}{account}"
    gap = rng.choice(("", " "))
    return gap.join(plain[at : at + 4] for at in range(0, len(plain), 4))


def _national_id(rng: Random, language: str) -> str:
    if language == "pt":
        digits = [rng.randrange(10) for _ in range(9)]
        for size in (9, 10):
            total = sum(d * w for d, w in zip(digits, range(size + 1, 1, -1), strict=True))
            digits.append(total * 10 % 11 % 10)
        said = "".join(map(str, digits))
        return f"{said[:3]}.{said[3:6]}.{said[6:9]}-{said[9:]}"
    if language == "es":
        number = rng.randrange(10_000_000, 99_999_999)
        return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"
    return f"{rng.randrange(801, 899)}-{rng.randrange(11, 99)}-{rng.randrange(1001, 9999)}"


def _bank_account(rng: Random, _: str) -> str:
    return str(rng.randrange(3 * 10**9, 9 * 10**9))


def _ip(rng: Random, _: str) -> str:
    return f"25.{rng.randrange(11, 240)}.{rng.randrange(11, 240)}.{rng.randrange(11, 240)}"


def _mac(rng: Random, _: str) -> str:
    return ":".join(["02", *(_any(rng, HEX, 2) for _ in range(5))])


def _url(rng: Random, _: str) -> str:
    who = f"{rng.choice(GIVEN['en'])}-{rng.choice(SURNAMES['en'])}-{_digits(rng, 4)}".lower()
    return f"https://www.linkedin.com/in/{who}"


def _url_secret(rng: Random, _: str) -> str:
    token = _any(rng, ALNUM, 32)
    return f"https://files.example.org/report.pdf?access_token={token}"


def _username(rng: Random, _: str) -> str:
    return (
        f"@{rng.choice(GIVEN['en'])}_{rng.choice(SURNAMES['en'])}{rng.randrange(10, 999)}".lower()
    )


def _coordinates(rng: Random, _: str) -> str:
    return f"{rng.uniform(30, 60):.6f}, {rng.uniform(-120, 40):.6f}"


def _birth(rng: Random, _: str) -> str:
    return f"{rng.randrange(1950, 2004)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"


def _secret(rng: Random, _: str) -> str:
    form = rng.choice(("ghp_", "sk-proj-", "AKIA", "hf_", "glpat-"))
    if form == "AKIA":
        return form + _any(rng, string.ascii_uppercase + "234567", 16)
    if form == "hf_":
        return form + _any(rng, string.ascii_letters, 34)
    return form + _any(rng, ALNUM, {"ghp_": 36, "sk-proj-": 48, "glpat-": 20}[form])


def _password(rng: Random, _: str) -> str:
    begin, end = _any(rng, string.ascii_letters, 4), _any(rng, ALNUM, 5)
    return f"{begin}{rng.choice('!#%&*')}{end}{_digits(rng, 2)}"


MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        "person": _person,
        "email": _email,
        "phone": _phone,
        "address": _address,
        "card": _card,
        "iban": _iban,
        "bank_account": _bank_account,
        "national_id": _national_id,
        "passport": lambda rng, _: f"{rng.choice('CXKN')}{_digits(rng, 8)}",
        "driving_licence": lambda rng, _: f"{rng.choice('DFHW')}{_digits(rng, 7)}",
        "plate": lambda rng, _: (
            f"{rng.randrange(2, 9)}{_any(rng, 'ABCDEFGHJK', 3)}{_digits(rng, 3)}"
        ),
        "ip": _ip,
        "mac": _mac,
        "url": _url,
        "url_secret": _url_secret,
        "username": _username,
        "coordinates": _coordinates,
        "date_of_birth": _birth,
        "wallet": lambda rng, _: "0x" + _any(rng, HEX, 40),
        "device_id": lambda rng, _: _luhn("35" + _digits(rng, 12)),
        "secret": _secret,
        "password": _password,
    }
)
"""One for each kind of pipeline/pii/kinds.py."""
