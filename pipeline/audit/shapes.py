"""Shapes that prove themselves: an address has an @, a card its check digit."""

import ipaddress
import itertools
import re

from pipeline.audit.check import STAND_IN, Check, always, digits_of, entropy, is_random, value_of


def luhn(digits: str) -> bool:
    """Whether the check digit of ISO/IEC 7812 holds."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number  # noqa: PLR2004 (sum of two digits)
    return total % 10 == 0


def _is_card(match: re.Match[str]) -> bool:
    """Issued lengths and first digits, the check digit, and not a run of one digit."""
    digits = digits_of(value_of(match))
    is_issued = ISSUED.fullmatch(digits) is not None
    return is_issued and luhn(digits) and len(set(digits)) > 3  # noqa: PLR2004 (no sample)


ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[0-9]\d{14}|2[2-7]\d{14}|6\d{15}(?:\d{3})?|3[47]\d{13}|35\d{14}"
    r"|3(?:0[0-5]|[689]\d)\d{11}"
)


def _is_iban(match: re.Match[str]) -> bool:
    """ISO 13616: letters count from 10, the whole modulo 97 is 1."""
    value = re.sub(r"[ -]", "", value_of(match)).upper()
    lengths = {"NO": 15, "BE": 16, "NL": 18, "DE": 22, "GB": 22, "ES": 24, "IT": 27, "FR": 27}
    for size in (lengths.get(value[:2], len(value)),):
        moved = value[4:size] + value[:4]
        if len(value) >= size and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1:
            return len(set(value[4:])) > 3  # noqa: PLR2004 (no sample)
    return False


def _is_phone(match: re.Match[str]) -> bool:
    """As many digits as ITU-T E.164 allows, not all alike and not counted up."""
    digits = digits_of(value_of(match))
    return 8 <= len(digits) <= 15 and len(set(digits[-7:])) > 2 and "123456" not in digits  # noqa: PLR2004


def _is_public_address(match: re.Match[str]) -> bool:
    """Reachable from everywhere, and neither a resolver, a version nor a sample."""
    try:
        address = ipaddress.ip_address(value_of(match))
    except ValueError:
        return False
    text = str(address)
    is_sample = len(set(text) - {".", ":"}) < 4 or text in RESOLVERS  # noqa: PLR2004
    is_sample = is_sample or text.endswith((".1.2.3", ".2.3.4"))
    return address.is_global and not (address.is_multicast or is_sample or _is_version(match, text))


def _is_version(match: re.Match[str], text: str) -> bool:
    """Four small numbers, a network, or what "version" stands before."""
    before = match.string[max(0, match.start() - 16) : match.start()].lower()
    is_small = "." in text and (int(text.partition(".")[0]) < 10 or text.endswith((".0", ".255")))  # noqa: PLR2004
    return is_small or VERSION.search(before) is not None


def _is_mailbox(match: re.Match[str]) -> bool:
    """No role, no sample, no algorithm of OpenSSH and no picture, which are written like one."""
    return NO_MAILBOX.search(match[0]) is None


NO_MAILBOX = re.compile(
    r"(?i)@(?:openssh\.com|libssh\.org)$|\.(?:png|jpe?g|gif|svg|webp)$|mustermann|j(?:ohn|ane)[._]?doe|^(?:info|support|contact|sales"
    r"|kontakt|karriere|no-?reply)@|@(?:beispiel|firma|ejemplo|exemple|empresa|dominio|domain|company)\."
)


def _is_device(match: re.Match[str]) -> bool:
    """Not one that counts up, as samples do."""
    octets = [int(part, 16) for part in re.split("[:-]", match[0])]
    steps = {(after - before) % 256 for before, after in itertools.pairwise(octets[1:])}
    return len(steps) > 1 and len(set(match[0])) > 5  # noqa: PLR2004 (no sample)


VERSION = re.compile(r"(?:\bv|ver|version|release|build|firmware|chrome|[=<>~^]=|[a-z]/)\W{0,3}$")
RESOLVERS = frozenset(
    (
        *("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "1.2.3.4", "12.34.56.78"),
        *(
            "123.45.67.89",
            "98.76.54.32",
            "4.2.2.2",
            "208.67.222.222",
            "208.67.220.220",
            "114.114.114.114",
        ),
        *("2001:4860:4860::8888", "2001:4860:4860::8844"),
        *("2606:4700:4700::1111", "2606:4700:4700::1001"),
    )
)
"""What everybody pings."""


def _is_token(match: re.Match[str]) -> bool:
    """Random, whatever letters the chance puts together."""
    value = match[0]
    is_stand_in = re.search(r"(?i)your|example|x{6}|sample|dummy|placeholder|12345678|0{8}", value)
    return entropy(value) > 3 and not is_stand_in  # noqa: PLR2004


def _is_ssn(match: re.Match[str]) -> bool:
    """A number that was issued (until 2011: by area and group)."""
    area, group, serial = match[0].split("-")
    is_issued = area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"
    return is_issued and match[0] not in {"123-45-6789", "078-05-1120", "987-65-4321"}


def _is_chinese_id(match: re.Match[str]) -> bool:
    """GB 11643: the check sign of ISO 7064 modulo 11-2."""
    value = match[0].upper()
    total = sum((10 if c == "X" else int(c)) * 2 ** (17 - at) for at, c in enumerate(value))
    return total % 11 == 1


def _is_cpf(match: re.Match[str]) -> bool:
    """Both check digits of a Brazilian CPF."""
    digits = [int(digit) for digit in digits_of(match[0])]
    for size in (9, 10):
        total = sum(d * w for d, w in zip(digits[:size], range(size + 1, 1, -1), strict=True))
        if total * 10 % 11 % 10 != digits[size]:
            return False
    return len(set(digits)) > 1


_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
VENDORS = (
    r"sk-(?:proj-|ant-|or-)?[\w-]{20,200}|gh[pousr]_\w{30,100}|github_pat_\w{30,100}"
    r"|xox[abeprs]-[\w-]{12,100}|A(?:KIA|SIA|ROA|IDA)[A-Z2-7]{16}|AIza[\w-]{35}|glpat-[\w-]{20,50}"
    r"|hf_[A-Za-z]{30,50}|[sr]k_live_\w{16,120}|whsec_\w{24,60}|SG\.[\w-]{16,30}\.[\w-]{30,60}"
    r"|npm_\w{36}|pypi-[\w-]{50,250}|dop_v1_[0-9a-f]{64}|shp(?:at|ss|ca)_[0-9a-f]{32}"
    r"|gsk_\w{40,80}|r8_\w{30,60}|xai-\w{60,100}|ya29\.[\w-]{30,250}|\d{8,10}:AA[\w-]{32,34}"
    r"|eyJ[\w-]{10,2000}\.eyJ[\w-]{10,2000}\.[\w-]{10,1000}|(?:key|pub)-[0-9a-f]{32}"
    r"|sq0[a-z]{3}-[\w-]{22,43}|nvapi-[\w-]{60,70}|pplx-\w{40,60}"
)
TOKEN_SIGNS = (
    *("sk-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "akia", "asia", "aroa"),
    *("aida", "aiza", "glpat-", "hf_", "k_live_", "whsec_", "sg.", "npm_", "pypi-", "dop_v1_"),
    *("shpat_", "shpss_", "shpca_", "gsk_", "r8_", "xai-", "ya29.", ":aa", "eyj", "key-", "pub-"),
    *("sq0", "nvapi-", "pplx-"),
)
CHECKS = (
    Check(
        "e-mail",
        "email",
        re.compile(
            r"(?<![\w.+%'@-])(?=[A-Za-z0-9_])[\w.+%'-]{1,64}@(?:(?:[^\W_]|-){1,63}\.){1,6}"
            r"(?:[a-z]{2,18}|[A-Z]{2,18}|[\u0430-\u044f]{2,8})(?![A-Za-z0-9_@(-])"
        ),
        _is_mailbox,
        ("@",),
    ),
    Check(
        "e-mail spelled out",
        "email",
        re.compile(
            r"(?i)(?<![\w.])[\w.+-]{2,40}\s?[\[({<]\s?(?:at|@)\s?[\])}>]\s?[\w-]{2,40}"
            r"(?:\s?[\[({<]\s?(?:dot|\.)\s?[\])}>]\s?|\.| dot )[a-z]{2,12}\b"
        ),
        always,
        ("at)", "at]", "at}", "at>", "at )", "at ]", "@)", "@]", "(@", "[@"),
    ),
    Check(
        "e-mail spoken",
        "email",
        re.compile(
            r"(?i)(?<![\w.])[\w.+-]{2,40} at [\w-]{2,40} dot (?:com|org|net|edu|[a-z]{2})\b"
        ),
        always,
        (" dot ",),
    ),
    Check(
        "phone with +",
        "phone",
        re.compile(
            r"[+0](?<![\w+.,=*^)-].)(?:(?<=\+)|(?<=0)0)[1-9]"
            r"(?:[ ().\u2010-\u2015/-]{0,2}\d){7,14}(?![\d.]?\d)"
        ),
        _is_phone,
    ),
    Check(
        "phone (NNN)",
        "phone",
        re.compile(r"\((?<![\w(]\()[2-9]\d\d\)[ -.]?[2-9]\d\d[ -.]\d{4}(?!\d)"),
        _is_phone,
        ("(",),
    ),
    Check(
        "card by Luhn",
        "card",
        re.compile(r"[2-6](?<![\w.,/+-].)\d{2}(?:[ -]?\d){10,16}(?![\w]|[.,/-]\d)"),
        _is_card,
    ),
    Check(
        "IBAN by modulo 97",
        "iban",
        re.compile(
            r"[A-Z](?<![A-Za-z0-9].)[A-Z]\d\d(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b"
        ),
        _is_iban,
    ),
    Check(
        "private key",
        "secret",
        re.compile(r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----\s+[\w+/=]{16}"),
        always,
        ("private key",),
    ),
    Check(
        "vendor's token",
        "secret",
        re.compile(rf"(?<![\w-])(?:{VENDORS})(?![\w-])"),
        _is_token,
        TOKEN_SIGNS,
    ),
    Check(
        "password in a URL",
        "url_secret",
        re.compile(
            r"(?<!\w)[a-z][a-z0-9+.-]{2,20}://[^\s/:@<>]{1,60}:(?P<value>[^\s/:@<>]{3,100})@[\w.-]{1,80}"
        ),
        lambda match: (
            not STAND_IN.search(value_of(match)) and not value_of(match).startswith(("{", "$", "<"))
        ),
        ("://",),
    ),
    Check(
        "token in a URL",
        "url_secret",
        re.compile(
            r"(?i)[?&](?:access_token|token|sig|signature|api_?key|x-amz-signature|auth)="
            r"(?P<value>[\w%.-]{16,200})"
        ),
        is_random,
        ("=",),
    ),
    Check(
        "public IPv4",
        "ip",
        re.compile(r"[0-9](?<![\w.-].)\d{0,2}\.(?:\d{1,3}\.){2}\d{1,3}(?![\w-]|\.\d| ?/ ?\d)"),
        _is_public_address,
    ),
    Check(
        "public IPv6",
        "ip",
        re.compile(
            r"[0-9A-Fa-f](?<![\w:.-].)(?:(?:[0-9A-Fa-f]{0,3}:)(?:[0-9A-Fa-f]{1,4}:){6}[0-9A-Fa-f]{1,4}"
            r"|(?<=[23])[0-9A-Fa-f]{3}:[0-9A-Fa-f:]{8,34})(?![\w:-])"
        ),
        _is_public_address,
        (":",),
    ),
    Check(
        "MAC",
        "mac",
        re.compile(
            r"[0-9A-Fa-f](?<![\w:-].)[0-9A-Fa-f](?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![\w:-])"
        ),
        _is_device,
    ),
    Check(
        "US social security",
        "national_id",
        re.compile(r"[0-9](?<![\w.-].)\d\d-\d\d-\d{4}(?![\w.-])"),
        _is_ssn,
    ),
    Check(
        "Chinese identity",
        "national_id",
        re.compile(r"[1-6](?<!\w.)\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx](?!\w)"),
        _is_chinese_id,
    ),
    Check(
        "CPF", "national_id", re.compile(r"[0-9](?<![\w.-].)\d\d\.\d{3}\.\d{3}-\d\d(?!\d)"), _is_cpf
    ),
    Check("Ethereum", "wallet", re.compile(r"(?<!\w)0x[0-9a-fA-F]{40}(?!\w)"), is_random, ("0x",)),
    Check(
        "Bitcoin",
        "wallet",
        re.compile(rf"(?<!\w)(?:bc1[02-9ac-hj-np-z]{{25,60}}|[13]{_BASE58}{{25,34}})(?!\w)"),
        is_random,
    ),
)
